#include "solvers/random.hpp"

#include <Random123/philox.h>

namespace osteoflare::solvers {

std::array<std::uint32_t, 4> random_words(std::uint64_t seed, std::uint32_t purpose, std::uint64_t i, std::uint32_t j)
{
    const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
    const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
    const r123::Philox4x32::ctr_type counter = {{low(i), high(i), j, purpose}};
    const r123::Philox4x32::key_type key = {{low(seed), high(seed)}};
    const auto words = r123::Philox4x32()(counter, key);
    return {words[0], words[1], words[2], words[3]};
}

std::uint64_t random_bits(std::uint64_t seed, std::uint32_t purpose, std::uint64_t i, std::uint32_t j)
{
    const auto words = random_words(seed, purpose, i, j);
    return (static_cast<std::uint64_t>(words[1]) << 32) | words[0];
}

double to_unit_interval(std::uint64_t bits)
{
    return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
}

double word_to_unit_interval(std::uint32_t word)
{
    return (static_cast<double>(word) + 0.5) * 0x1p-32;
}

} // namespace osteoflare::solvers
