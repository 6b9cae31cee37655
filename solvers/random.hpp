#pragma once

#include <array>
#include <cstdint>

/// Random numbers without hidden state: each is a pure function of what it is for (Random123's Philox4x32-10).
namespace osteoflare::solvers {

/// Sixty-four random bits for (seed, purpose, i, j). Different arguments give independent bits.
std::uint64_t random_bits(std::uint64_t seed, std::uint32_t purpose, std::uint64_t i, std::uint32_t j);

/// The same draw in full: four words of thirty-two bits, of which random_bits is the first two.
std::array<std::uint32_t, 4> random_words(std::uint64_t seed, std::uint32_t purpose, std::uint64_t i, std::uint32_t j);

/// The number in (0, 1) that these bits stand for: one of 2^52 equidistant values, never 0 or 1.
double to_unit_interval(std::uint64_t bits);
/// The same for one word: one of 2^32 values.
double word_to_unit_interval(std::uint32_t word);

} // namespace osteoflare::solvers
