#include "output/checksum.hpp"

#include <xxhash.h>

#include <algorithm>
#include <iterator>
#include <new>

namespace osteoflare::output {
namespace {

Digest canonical(XXH128_hash_t hash)
{
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, hash);
    Digest digest;
    std::copy(std::begin(bytes.digest), std::end(bytes.digest), digest.begin());
    return digest;
}

} // namespace

std::string hexadecimal(const Digest& digest)
{
    std::string text;
    for (const unsigned char byte : digest) {
        text += "0123456789abcdef"[byte >> 4U];
        text += "0123456789abcdef"[byte & 15U];
    }
    return text;
}

Checksum::Checksum() : state_(XXH3_createState())
{
    if (!state_ || XXH3_128bits_reset(state_.get()) != XXH_OK) {
        throw std::bad_alloc();
    }
}

void Checksum::Free::operator()(XXH3_state_s* state) const
{
    XXH3_freeState(state);
}

void Checksum::add(std::span<const std::byte> bytes)
{
    XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
}

Digest Checksum::digest() const
{
    return canonical(XXH3_128bits_digest(state_.get()));
}

Digest checksum(std::span<const std::byte> bytes)
{
    return canonical(XXH3_128bits(bytes.data(), bytes.size()));
}

Digest checksum(std::string_view bytes)
{
    return checksum(std::as_bytes(std::span(bytes)));
}

} // namespace osteoflare::output
