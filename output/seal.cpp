#include "output/seal.hpp"

#include "output/descriptor.hpp"
#include "output/sha256.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace osteoflare::output {
namespace {

constexpr std::string_view opening = "\nosteoflare-seal ";
constexpr std::string_view ours = "xxh3-128-64MiB ", former = "sha256 ";
constexpr std::size_t longest_seal = opening.size() + former.size() + 64 + 1;

/// Reads the first `size` bytes piece by piece; false if the file ends before or cannot be read.
template <class Take>
bool read_content(int descriptor, std::uint64_t size, Take take)
{
    std::vector<std::byte> buffer(std::size_t{1} << 18U);
    for (std::uint64_t from = 0; from < size;) {
        const std::span bytes(buffer.data(), std::min<std::uint64_t>(buffer.size(), size - from));
        if (!read_at(descriptor, static_cast<off_t>(from), bytes)) {
            return false;
        }
        take(bytes);
        from += bytes.size();
    }
    return true;
}

std::optional<std::string> our_seal(int descriptor, std::uint64_t size)
{
    static_assert(seal_piece % (std::uint64_t{1} << 18U) == 0, "no read crosses two pieces");
    std::vector<Digest> pieces;
    Checksum piece;
    std::uint64_t done = 0;
    const bool complete = read_content(descriptor, size, [&](std::span<const std::byte> bytes) {
        piece.add(bytes);
        done += bytes.size();
        if (done % seal_piece == 0 || done == size) {
            pieces.push_back(piece.digest());
            piece = Checksum();
        }
    });
    return complete ? std::optional(seal_line(pieces)) : std::nullopt;
}

std::optional<std::string> former_seal(int descriptor, std::uint64_t size)
{
    Sha256 hash;
    const bool complete = read_content(descriptor, size, [&](std::span<const std::byte> bytes) {
        hash.add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    });
    return complete ? std::optional(std::string(opening) + std::string(former) + hash.hexadecimal() + '\n')
                    : std::nullopt;
}

} // namespace

std::string seal_line(std::span<const Digest> pieces)
{
    Checksum all;
    for (const Digest& piece : pieces) {
        all.add(std::as_bytes(std::span(piece)));
    }
    return std::string(opening) + std::string(ours) + hexadecimal(all.digest()) + '\n';
}

Seal check_seal(int descriptor)
{
    const auto size = file_size(descriptor);
    if (!size) {
        return Seal::broken;
    }
    std::string end(std::min(longest_seal, static_cast<std::size_t>(*size)), '\0');
    if (!read_at(descriptor, *size - static_cast<off_t>(end.size()), std::as_writable_bytes(std::span(end)))) {
        return Seal::broken;
    }
    const std::size_t begin = end.rfind(opening);
    if (begin == std::string::npos) {
        return Seal::absent;
    }
    const std::string line = end.substr(begin);
    const std::uint64_t content = static_cast<std::uint64_t>(*size) - line.size();
    const auto is = [&](std::string_view algorithm) { return line.substr(opening.size()).starts_with(algorithm); };
    std::optional<std::string> wanted;
    if (is(ours)) {
        wanted = our_seal(descriptor, content);
    } else if (is(former)) {
        wanted = former_seal(descriptor, content);
    }
    return wanted == line ? Seal::intact : Seal::broken;
}

} // namespace osteoflare::output
