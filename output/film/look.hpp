#pragma once

#include "output/film/colours.hpp"

#include <string>

/// What all pictures of a film have in common.
namespace osteoflare::output::film {

inline constexpr Colour ink = colour_of(0x222222), grey = colour_of(0x666666), faint = colour_of(0xdddddd);

/// A whole number as such, others with one decimal.
std::string plain_number(double value);

} // namespace osteoflare::output::film
