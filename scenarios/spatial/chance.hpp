#pragma once

#include "solvers/agents/turning.hpp"

#include <cstdint>

// Private to the sources of Tissue.
namespace osteoflare::scenarios::spatial {

/// What a random number is for: part of its key.
enum Purpose : std::uint32_t {
    dying = 1,
    gaining_nucleus,
    arriving_neutrophils,
    arriving_macrophages,
    arriving_precursors,
    dividing_macrophages,
    fusing,
    maturing,
    opening,
    first_number,
    standing,
    dying_newcomers,
};

/// The chance that an event of this many expected ones happens, 1 - exp(-expected): theory eq. (A2).
inline double chance(double expected)
{
    // Most are rare: the series is exact to 1e-12 of them, and quicker.
    constexpr double rare = 1e-3;
    if (expected < rare) {
        return expected * (1 - expected / 2 * (1 - expected / 3 * (1 - expected / 4)));
    }
    return solvers::agents::probability(expected);
}

/// Of those who come evenly over a step in which one expects this many deaths each, the share alive at its end: (A13).
inline double share_left(double expected)
{
    return expected > 0 ? chance(expected) / expected : 1;
}

inline constexpr double minutes_per_day = 1440;

} // namespace osteoflare::scenarios::spatial
