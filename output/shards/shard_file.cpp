#include "output/shards/shard_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace osteoflare::output {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 18U;

/// The header as it stands in the file, in the machine's byte order; zeros up to shard_header_bytes.
struct StoredHeader {
    std::array<char, 16> magic{'o', 's', 't', 'e', 'o', 'f', 'l', 'a', 'r', 'e', '-', 's', 'h', 'a', 'r', 'd'};
    std::uint32_t version = 1;
    std::uint32_t byte_order = 0x01020304;
    Digest study{};
    std::uint64_t block = 0, first = 0, n_members = 0, payload = 0;
};
static_assert(sizeof(StoredHeader) == 72);

using HeaderBytes = std::array<std::byte, shard_header_bytes>;

HeaderBytes stored(const ShardHeader& header)
{
    StoredHeader fields;
    fields.study = header.study;
    fields.block = header.block;
    fields.first = header.first;
    fields.n_members = header.n_members;
    fields.payload = header.payload;
    HeaderBytes bytes{};
    std::memcpy(bytes.data(), &fields, sizeof fields);
    return bytes;
}

std::string numbered(std::uint64_t block, const char* ending)
{
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "%08llu.%s", static_cast<unsigned long long>(block), ending);
    return name.data();
}

} // namespace

std::string shard_name(std::uint64_t block)
{
    return numbered(block, "shard");
}

OpenShard::OpenShard(const fs::path& folder, const ShardHeader& header)
    : header_(header),
      part_(folder / numbered(header.block, "part")),
      path_(folder / shard_name(header.block)),
      descriptor_(::open(part_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666))
{
    if (descriptor_.number() < 0) {
        fail(errno);
    }
    write(stored(header_));
}

OpenShard::~OpenShard()
{
    if (!closed_ && descriptor_.number() >= 0) {
        ::unlink(part_.c_str());
    }
}

void OpenShard::append(std::span<const std::byte> values)
{
    // Piece by piece, so that what the checksum has brought into the cache is written from there.
    while (!values.empty()) {
        const auto chunk = values.first(std::min(values.size(), chunk_bytes));
        write(chunk);
        values = values.subspan(chunk.size());
    }
}

void OpenShard::start_writing()
{
#ifdef SYNC_FILE_RANGE_WRITE
    ::sync_file_range(descriptor_.number(), 0, 0, SYNC_FILE_RANGE_WRITE); // a wish: close() waits and checks
#endif
}

void OpenShard::close()
{
    const Digest digest = sum_.digest();
    if (!write_at(descriptor_.number(), static_cast<off_t>(position_), std::as_bytes(std::span(digest)))
        || ::fsync(descriptor_.number()) != 0 || ::rename(part_.c_str(), path_.c_str()) != 0) {
        fail(errno);
    }
    closed_ = true;
    descriptor_ = Descriptor();
    sync_folder(path_); // the name must survive a power cut, too
}

void OpenShard::write(std::span<const std::byte> bytes)
{
    sum_.add(bytes);
    if (!write_at(descriptor_.number(), static_cast<off_t>(position_), bytes)) {
        fail(errno);
    }
    position_ += bytes.size();
}

void OpenShard::fail(int error_number) const
{
    const std::string reason = system_reason(error_number);
    throw FileError(path_, "cannot be written", reason, write_advice(reason));
}

std::optional<ShardProblem> check_shard(const fs::path& path, const ShardHeader& expected)
{
    const auto damaged = [](const std::string& why) { return ShardProblem{false, why}; };
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto size = file.number() < 0 ? std::nullopt : file_size(file.number());
    if (!size) {
        return damaged("it cannot be read: " + system_reason(errno));
    }
    const std::uint64_t least = shard_header_bytes + sizeof(Digest);
    if (static_cast<std::uint64_t>(*size) < least) {
        return damaged("it is cut off");
    }
    HeaderBytes header;
    Digest digest;
    std::vector<std::byte> buffer(chunk_bytes);
    Checksum sum;
    bool readable =
        read_at(file.number(), 0, header)
        && read_at(file.number(), *size - static_cast<off_t>(sizeof digest), std::as_writable_bytes(std::span(digest)));
    const std::uint64_t end = static_cast<std::uint64_t>(*size) - sizeof digest;
    for (std::uint64_t at = 0; readable && at < end;) {
        const std::span bytes(buffer.data(), std::min<std::uint64_t>(buffer.size(), end - at));
        readable = read_at(file.number(), static_cast<off_t>(at), bytes);
        sum.add(bytes);
        at += bytes.size();
    }
    if (!readable) {
        return damaged("it cannot be read: " + system_reason(errno));
    }
    StoredHeader fields;
    std::memcpy(&fields, header.data(), sizeof fields);
    if (fields.magic != StoredHeader{}.magic) {
        return damaged("it does not begin as a shard");
    }
    const std::uint64_t payload = static_cast<std::uint64_t>(*size) - least; // that is there
    if (sum.digest() != digest) {
        return damaged(payload < fields.payload ? "it is cut off" : "its checksum does not match");
    }
    if (fields.version != StoredHeader{}.version || fields.byte_order != StoredHeader{}.byte_order) {
        return ShardProblem{true, "another version of Osteoflare or another kind of machine wrote it"};
    }
    if (fields.study != expected.study) {
        return ShardProblem{true, "it belongs to another study: scenario, changes, library or program differ"};
    }
    if (fields.block != expected.block || fields.first != expected.first || fields.n_members != expected.n_members
        || fields.payload != expected.payload) {
        return damaged("it holds block " + std::to_string(fields.block) + ", not " + std::to_string(expected.block));
    }
    if (payload != fields.payload) {
        return damaged("it says that it holds " + std::to_string(fields.payload) + " bytes of values, and holds "
                       + std::to_string(payload));
    }
    return std::nullopt;
}

} // namespace osteoflare::output
