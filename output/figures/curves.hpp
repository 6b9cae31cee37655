#pragma once

#include "output/figures/axis.hpp"
#include "output/figures/figure.hpp"
#include "output/figures/picture.hpp"

#include <string>

namespace osteoflare::output {

/// Throws std::invalid_argument if the columns of something in the panel differ in length.
void check_columns(const Panel& panel);

/// How far all that can be drawn of a panel reaches.
struct Extents {
    Extent x, y;
};
Extents extents_of(const Panel& panel);

/// What gnuplot's `plot` has to draw of a panel: spans, bands, lines, points, from the back to the front. Their numbers
/// are added to the picture. `height` is that of the y axis [px].
std::string curves_of(const Panel& panel, const Axis& y, double height, Picture& picture);

} // namespace osteoflare::output
