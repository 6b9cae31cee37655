#pragma once

#include "output/film/canvas.hpp"
#include "output/film/scene.hpp"

#include <vector>

/// What stands around the views of a picture. Each returns the height it has used [px].
namespace osteoflare::output::film {

inline constexpr double colour_bar_height = 78;
double draw_colour_bar(Canvas& canvas, const Film& film, Point corner, double width);

/// The kinds of dots with their counts, one column per moment, and the other signs below.
double draw_legend(Canvas& canvas, const Film& film, const std::vector<const Moment*>& moments, Point corner,
                   double width);
double legend_height(const Film& film, std::size_t n_moments);

/// The courses one below the other, the moments marked in each.
void draw_courses(Canvas& canvas, const Film& film, const std::vector<const Moment*>& moments, const Box& box);

} // namespace osteoflare::output::film
