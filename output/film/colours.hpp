#pragma once

#include "output/figures/axis.hpp"

#include <vector>

namespace osteoflare::output::film {

struct Colour {
    double red = 0, green = 0, blue = 0, opacity = 1; ///< 0 to 1
};

/// 0xRRGGBB.
constexpr Colour colour_of(unsigned rgb, double opacity = 1)
{
    const auto part = [rgb](unsigned shift) { return static_cast<double>((rgb >> shift) & 0xffU) / 255; };
    return {part(16), part(8), part(0), opacity};
}

/// Colours from light to dark for 0 to 1, in equal steps of lightness, never so dark that a dot on them is lost.
Colour field_colour(double share);

/// How values become shares of the colour bar.
struct Scale {
    enum class Kind { linear, root, logarithmic };
    Kind kind = Kind::linear;
    double low = 0, high = 1; ///< values beyond them take the colour of the end

    double share(double value) const;
    /// Round values inside the range; about `n`.
    std::vector<Tick> ticks(int n) const;
};

/// A scale on which most of the values can be told apart: linear from zero, and where they are spread over decades a
/// square root or a logarithm. The largest half percent share the last colour.
Scale scale_of(std::vector<double> values);

} // namespace osteoflare::output::film
