#pragma once

#include "output/film/colours.hpp"
#include "output/film/scene.hpp"
#include "output/text.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace osteoflare::output::film {

struct Box {
    double left = 0, top = 0, width = 0, height = 0; ///< [px]

    double right() const { return left + width; }
    double bottom() const { return top + height; }
};

enum class Align { left, centre, right };

/// Corner points in pixels from the left and from the top.
using Polygons = std::vector<std::vector<Point>>;

/// A sheet of white paper, on which cairo draws. Equal calls give equal bytes on one machine. Throws std::bad_alloc
/// where there is no memory for the picture, and FileError("picture", …) for everything else that cairo cannot do.
class Canvas {
public:
    /// `zoom` pixels of the picture for each pixel that the drawing counts in.
    Canvas(double width, double height, double zoom);
    ~Canvas();
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;

    void fill(const Polygons& polygons, Colour colour);
    void fill(const Box& box, Colour colour) { fill({corners(box)}, colour); }
    void hatch(const Polygons& polygons, Colour colour, Hatching hatching);
    void outline(const Box& box, Colour colour, double width);
    void stroke(const std::vector<Point>& points, Colour colour, double width, bool dashed = false);
    /// Several open lines at once.
    void strokes(const Polygons& lines, Colour colour, double width, bool dashed = false);
    void ellipse(Point centre, double width, double height, const Category& look);
    /// Colours of all pixels of a box, asked for in the middle of each [px].
    void shade(const Box& box, const std::function<Colour(Point)>& colour);
    /// `at` is on the base line.
    void text(const std::string& text, Point at, Font font, Colour colour, Align align = Align::left);
    double width_of(const std::string& text, Font font);

    /// Draws only inside the box while `draw` runs.
    void inside(const Box& box, const std::function<void()>& draw);

    /// The picture as a PNG file's bytes.
    std::string png();

    static std::vector<Point> corners(const Box& box);

private:
    struct Cairo;
    std::unique_ptr<Cairo> cairo_;
};

} // namespace osteoflare::output::film
