#include "output/part_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace osteoflare::output {
namespace fs = std::filesystem;
namespace {

void check_name(const fs::path& path, bool overwrite)
{
    if (!path.has_filename()) {
        throw FileError(path, "cannot be written", "this is not the name of a file", "give a file name");
    }
    std::error_code error;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const fs::file_status folder_status = fs::status(folder, error);
    if (!fs::exists(folder_status)) {
        const bool absent = folder_status.type() == fs::file_type::not_found;
        throw FileError(path, "cannot be written",
                        "the folder " + folder.string()
                            + (absent ? " does not exist" : " cannot be reached: " + error.message()),
                        "make the folder first or choose another");
    }
    if (!fs::is_directory(folder_status)) {
        throw FileError(path, "cannot be written", folder.string() + " is not a folder", "choose another folder");
    }
    const fs::file_status target = fs::status(path, error);
    if (fs::is_directory(target)) {
        throw FileError(path, "cannot be written", "this is a folder", "choose a file name inside it");
    }
    // The link itself counts: what it points to may be absent, and would still be replaced by a rename.
    if (!overwrite && fs::exists(fs::symlink_status(path, error))) {
        throw FileError(path, "exists already", "nothing is overwritten unless that is asked for",
                        "choose another name, or overwrite it with --force");
    }
    if (fs::exists(target) && !fs::is_regular_file(target)) {
        throw FileError(path, "cannot be written", "this is not a regular file", "choose another name");
    }
}

Descriptor open_new(const fs::path& part)
{
    return Descriptor(::open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
}

FileError busy(const fs::path& path, const fs::path& part)
{
    return FileError(path, "cannot be written", "another run is writing " + part.string(),
                     "wait for it to end or choose another name");
}

Descriptor create_part(const fs::path& path, const fs::path& part)
{
    Descriptor created = open_new(part);
    if (created.number() < 0 && errno == EEXIST) {
        const Descriptor leftover(::open(part.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
        if (leftover.number() >= 0 && !lock(leftover.number())) {
            throw busy(path, part);
        }
        // The run that made it is gone. What cannot be removed (a folder, say) is named by the next error.
        ::unlink(part.c_str());
        created = open_new(part);
    }
    if (created.number() < 0) {
        throw FileError(path, "cannot be written", part.string() + ": " + system_reason(errno),
                        "choose a folder that you may write to, or another name");
    }
    struct stat status {};
    const bool mine = lock(created.number()) && ::fstat(created.number(), &status) == 0 && status.st_nlink > 0;
    if (!mine) {
        throw busy(path, part);
    }
    return created;
}

/// 0, or the error number. EEXIST if `to` exists.
int rename_without_replacing(const fs::path& from, const fs::path& to)
{
#ifdef RENAME_NOREPLACE
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return errno;
    }
#endif
    if (::link(from.c_str(), to.c_str()) == 0) {
        ::unlink(from.c_str());
        return 0;
    }
    if (errno == EEXIST) {
        return errno;
    }
    // A file system without either (FAT, some network folders): the check and the rename are then two steps.
    std::error_code error;
    if (fs::exists(fs::symlink_status(to, error))) {
        return EEXIST;
    }
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

} // namespace

PartFile::PartFile(fs::path path, bool overwrite)
    : path_(std::move(path)), part_(path_.native() + ".part"), overwrite_(overwrite)
{
    check_name(path_, overwrite_);
    descriptor_ = create_part(path_, part_);
}

PartFile::~PartFile()
{
    if (unfinished_) {
        ::unlink(part_.c_str());
    }
}

void PartFile::append(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            const std::string reason = system_reason(errno);
            throw FileError(path_, "cannot be written", reason, write_advice(reason));
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void PartFile::sync() const
{
    if (::fsync(descriptor()) != 0) {
        const std::string reason = system_reason(errno);
        throw FileError(path_, "cannot be written to disk", reason, write_advice(reason));
    }
}

void PartFile::take_name()
{
    sync();
    int error = 0;
    if (overwrite_) {
        error = ::rename(part_.c_str(), path_.c_str()) == 0 ? 0 : errno;
    } else {
        error = rename_without_replacing(part_, path_);
    }
    unfinished_ = false; // whatever happened: the content is complete, and never thrown away from here on
    if (error == EEXIST) {
        throw FileError(path_, "exists already", "somebody made it during this run",
                        "the new file is complete and stands in " + part_.string() + ": rename it");
    }
    if (error != 0) {
        throw FileError(path_, "cannot take its name", system_reason(error),
                        "the file is complete and stands in " + part_.string() + ": rename it");
    }
    sync_folder(path_); // the name itself must survive a power cut, too
}

} // namespace osteoflare::output
