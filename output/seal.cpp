#include "output/seal.hpp"

#include "output/sha256.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <vector>

namespace osteoflare::output {
namespace {

constexpr std::string_view opening = "\nosteoflare-seal sha256 ";
constexpr std::size_t digits = 64;
constexpr std::size_t seal_size = opening.size() + digits + 1;

std::string seal_of(const std::string& sha256_digits)
{
    return std::string(opening) + sha256_digits + '\n';
}

/// Reads [from, from + size) piece by piece; false if the file ends before or cannot be read.
template <class Take>
bool read_range(int descriptor, off_t from, off_t size, Take take)
{
    std::vector<char> buffer(std::size_t{1} << 20U);
    while (size > 0) {
        const auto wanted = std::min(buffer.size(), static_cast<std::size_t>(size));
        const ssize_t got = ::pread(descriptor, buffer.data(), wanted, from);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        take(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
        from += got;
        size -= got;
    }
    return true;
}

std::optional<off_t> size_of(int descriptor)
{
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 ? std::optional(status.st_size) : std::nullopt;
}

std::optional<std::string> sha256_of_first(int descriptor, off_t size)
{
    Sha256 hash;
    const bool complete = read_range(descriptor, 0, size, [&](std::string_view bytes) { hash.add(bytes); });
    return complete ? std::optional(hash.hexadecimal()) : std::nullopt;
}

} // namespace

bool add_seal(int descriptor)
{
    const auto size = size_of(descriptor);
    const auto hash = size ? sha256_of_first(descriptor, *size) : std::nullopt;
    if (!hash) {
        return false;
    }
    const std::string seal = seal_of(*hash);
    std::size_t done = 0;
    while (done < seal.size()) {
        const ssize_t written =
            ::pwrite(descriptor, seal.data() + done, seal.size() - done, *size + static_cast<off_t>(done));
        if (written < 0 && errno != EINTR) {
            return false;
        }
        done += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
    return true;
}

Seal check_seal(int descriptor)
{
    const auto size = size_of(descriptor);
    if (!size) {
        return Seal::broken;
    }
    const off_t content = *size - static_cast<off_t>(seal_size);
    if (content < 0) {
        return Seal::absent;
    }
    std::string seal;
    if (!read_range(descriptor, content, static_cast<off_t>(seal_size), [&](std::string_view b) { seal += b; })) {
        return Seal::broken;
    }
    if (seal.substr(0, opening.size()) != opening) {
        return Seal::absent;
    }
    const auto hash = sha256_of_first(descriptor, content);
    return hash && seal == seal_of(*hash) ? Seal::intact : Seal::broken;
}

} // namespace osteoflare::output
