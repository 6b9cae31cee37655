#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace osteoflare::output {

/// A file descriptor that closes itself; -1 for none.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    Descriptor& operator=(Descriptor&& other) noexcept;

    int number() const { return number_; }

private:
    int number_;
};

/// Reads all of `bytes` from a position in the file; false if it ends before (errno 0) or cannot be read.
bool read_at(int descriptor, off_t position, std::span<std::byte> bytes);
/// Writes all of `bytes` at a position; false if that fails (errno says why).
bool write_at(int descriptor, off_t position, std::span<const std::byte> bytes);
std::optional<off_t> file_size(int descriptor);
/// Waits until the folder of a file knows its name on the disk, too. File systems that cannot do that need no help.
void sync_folder(const std::filesystem::path& file);

/// Locks an open file for this process alone until it is closed; false if another process holds it. Where the file
/// system has no locks, nobody can hold it.
bool lock(int descriptor);

/// What an error number of the operating system means, in words.
std::string system_reason(int error_number);

/// What to do about a failed write with this reason.
std::string write_advice(const std::string& reason);

} // namespace osteoflare::output
