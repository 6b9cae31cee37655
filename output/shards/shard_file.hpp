#pragma once

#include "output/checksum.hpp"
#include "output/descriptor.hpp"
#include "output/file_error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

/// Shards: finished pieces of a long computation, each a file of its own that survives whatever happens to the rest.
namespace osteoflare::output {

/// What a shard says about itself.
struct ShardHeader {
    Digest study{};              ///< of everything that its values depend on
    std::uint64_t block = 0;     ///< its number
    std::uint64_t first = 0;     ///< member
    std::uint64_t n_members = 0; ///< from there on
    std::uint64_t payload = 0;   ///< bytes of values
};

/// Where the values begin, in every shard.
inline constexpr std::size_t shard_header_bytes = 4096;

/// "00000003.shard".
std::string shard_name(std::uint64_t block);

/// A shard that is being written: header, values, and the XXH3-128 of both. It grows as NNNNNNNN.part and takes its
/// name when it is closed; one that is destroyed before leaves nothing. Every failure is a FileError.
class OpenShard {
public:
    OpenShard(const std::filesystem::path& folder, const ShardHeader& header);
    ~OpenShard();
    OpenShard(const OpenShard&) = delete;
    OpenShard& operator=(const OpenShard&) = delete;

    void append(std::span<const std::byte> values);
    /// All values are there: lets the disk begin with them while others compute.
    void start_writing();
    /// Waits for the disk and gives the shard its name.
    void close();

    const ShardHeader& header() const { return header_; }

private:
    void write(std::span<const std::byte> bytes);
    [[noreturn]] void fail(int error_number) const;

    ShardHeader header_;
    std::filesystem::path part_, path_;
    Descriptor descriptor_;
    Checksum sum_;
    std::uint64_t position_ = 0;
    bool closed_ = false;
};

/// What is wrong with a shard.
struct ShardProblem {
    bool foreign = false; ///< whole, but of another study
    std::string why;
};

/// Reads a shard from end to end. Nothing if it is whole and the one that is expected.
std::optional<ShardProblem> check_shard(const std::filesystem::path& path, const ShardHeader& expected);

} // namespace osteoflare::output
