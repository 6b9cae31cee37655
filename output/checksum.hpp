#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct XXH3_state_s;

namespace osteoflare::output {

/// An XXH3-128 checksum, its most significant byte first. It finds accidents, not forgeries.
using Digest = std::array<unsigned char, 16>;

/// Thirty-two hexadecimal digits.
std::string hexadecimal(const Digest& digest);

/// XXH3-128 of bytes that arrive in pieces.
class Checksum {
public:
    Checksum();

    void add(std::span<const std::byte> bytes);
    void add(std::string_view bytes) { add(std::as_bytes(std::span(bytes))); }
    Digest digest() const;

private:
    struct Free {
        void operator()(XXH3_state_s* state) const;
    };
    std::unique_ptr<XXH3_state_s, Free> state_;
};

Digest checksum(std::span<const std::byte> bytes);
Digest checksum(std::string_view bytes);

} // namespace osteoflare::output
