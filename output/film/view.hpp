#pragma once

#include "output/film/canvas.hpp"
#include "output/film/scene.hpp"

namespace osteoflare::output::film {

/// Where a grid is at least `level`, as polygons, and the lines between there and elsewhere.
struct Region {
    Polygons inside = {}, border = {};
};
Region region_above(const Grid& grid, double level);

/// Height that a view needs at this width [px], caption included.
double view_height(const View& view, double width, double most);

/// Draws the view into the box, whose height view_height gave: the whole width of it or, where that would leave a strip
/// too thin to read, twice as large the part around its focus.
void draw_view(Canvas& canvas, const View& view, const Film& film, const Box& box);

} // namespace osteoflare::output::film
