#include "output/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace osteoflare::output {

Descriptor::~Descriptor()
{
    if (number_ >= 0) {
        ::close(number_);
    }
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept
{
    std::swap(number_, other.number_);
    return *this;
}

bool read_at(int descriptor, off_t position, std::span<std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t got = ::pread(descriptor, bytes.data(), bytes.size(), position);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            errno = got == 0 ? 0 : errno;
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(got));
        position += got;
    }
    return true;
}

bool write_at(int descriptor, off_t position, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor, bytes.data(), bytes.size(), position);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        position += written;
    }
    return true;
}

std::optional<off_t> file_size(int descriptor)
{
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? std::optional(status.st_size) : std::nullopt;
}

void sync_folder(const std::filesystem::path& file)
{
    const std::filesystem::path parent = file.has_parent_path() ? file.parent_path() : ".";
    const Descriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number() >= 0) {
        ::fsync(folder.number());
    }
}

bool lock(int descriptor)
{
#ifdef F_OFD_SETLK
    // A lock of the open file, not of the process: it survives that HDF5 opens and closes the same file meanwhile.
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    return ::fcntl(descriptor, F_OFD_SETLK, &whole) == 0 || (errno != EAGAIN && errno != EACCES);
#else
    return descriptor >= 0;
#endif
}

std::string system_reason(int error_number)
{
    return std::generic_category().message(error_number);
}

std::string write_advice(const std::string& reason)
{
    for (const int full : {ENOSPC, EDQUOT, EFBIG}) {
        if (reason.find(system_reason(full)) != std::string::npos) {
            return "free some disk space or choose another disk, then run again";
        }
    }
    return "check the disk and the folder, then run again";
}

} // namespace osteoflare::output
