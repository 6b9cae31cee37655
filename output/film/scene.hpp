#pragma once

#include "output/film/colours.hpp"

#include <cstddef>
#include <string>
#include <vector>

/// What a film shows, in words of geometry: lengths in the film's own unit (µm), x to the right, y upwards.
namespace osteoflare::output::film {

struct Point {
    double x = 0, y = 0;
};

/// Values at the centres of nx by ny squares, row by row from below; the lower left corner of the first is (0, 0).
struct Grid {
    std::size_t nx = 0, ny = 0;
    double spacing = 1;
    std::vector<double> values = {};
    bool wraps_x = true, wraps_y = true; ///< whether opposite edges are one and the same

    double width() const { return spacing * static_cast<double>(nx); }
    double height() const { return spacing * static_cast<double>(ny); }
    /// Between the centres linear, beyond the outermost ones constant or wrapped.
    double at(Point where) const;
};

/// Lines at 45 degrees; rising ones go up to the right.
enum class Hatching { none, rising, falling };

/// Where a grid exceeds levels: hatched above the first, a contour line at each. Levels rise; there is
/// at least one.
struct Relief {
    Grid grid = {};
    std::vector<double> levels = {};
    Colour colour = {};
    Hatching hatching = Hatching::rising;
};

/// Filled from `lower` up to `upper`, heights at the centres of equal columns; nothing where they meet.
struct Ground {
    double spacing = 1;
    std::vector<double> lower = {}, upper = {};
    Colour fill = {}, line = {}; ///< `line` for hatching and upper edge
    Hatching hatching = Hatching::none;
};

struct Stroke {
    std::vector<Point> points = {};
    Colour colour = {};
    double width = 1; ///< [px]
    bool dashed = false, above_dots = false;
};

/// How the dots of one kind look.
struct Category {
    std::string label = {};
    Colour fill = {}, outline = {};
    double line = 0; ///< width of the outline [px]; 0 for none
};

struct Dot {
    Point centre = {};
    double width = 0, height = 0;
    std::size_t category = 0;
};

/// One picture of a piece of the world, drawn in the order of its members.
struct View {
    std::string caption = {};
    double width = 0, height = 0;
    double focus = 0; ///< the x that must be seen where there is no room for all
    Grid field = {};
    std::vector<Relief> reliefs = {};
    std::vector<Ground> grounds = {};
    std::vector<Stroke> strokes = {};
    std::vector<Dot> dots = {};
};

/// What changes from picture to picture.
struct Moment {
    std::string label = {};               ///< "day 42"
    double time = 0;                      ///< on the axis of the courses
    std::vector<View> views = {};         ///< the same number in every moment; the first one largest
    std::vector<std::string> counts = {}; ///< one for each category
};

/// A sign beside the categories in the legend.
struct Sign {
    enum class Shape { dashes, patch };
    Shape shape = Shape::patch;
    std::string label = {};
    Colour fill = {}, line = {};
    Hatching hatching = Hatching::none;
};

struct Course {
    std::string label = {}; ///< with its unit
    std::vector<double> x = {}, y = {};
    Colour colour = {};
    bool from_zero = true;
};

/// What stays.
struct Film {
    std::string title = {}, subtitle = {}, footer = {};
    std::string field_label = {}; ///< with its unit
    std::string field_note = {};  ///< what else is to be known of the colours
    Scale scale = {};
    std::vector<Category> categories = {};
    std::vector<Sign> signs = {};
    std::vector<Course> courses = {};
    std::string time_label = {};
    std::string length_unit = "µm";
    double scale_bar = 100; ///< half of it where that is large
};

} // namespace osteoflare::output::film
