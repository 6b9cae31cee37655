#pragma once

#include "output/file_error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace osteoflare::output {

/// A line through points; `x` and `y` have one length. Points with a NaN, infinite or larger than 1e300 break it. Lines
/// with the same `colour` number share a colour over panels; any whole number will do.
struct Line {
    std::string label = {};
    std::vector<double> x = {}, y = {};
    int colour = 0;
    bool steps = false;  ///< constant until the next point, as a survival or incidence curve is
    bool dotted = false; ///< what is not seen to happen, as an unstable state
    double strength = 1; ///< of the colour, from 0, the paper, to 1: what came before is paler
};

/// How a point looks.
enum class Sign {
    dot,
    tick, ///< a short upright line, as where watching ended on a survival curve
    triangle,
    diamond,
    cross,
};

/// Single points, with intervals where these columns are not empty; columns that are not have one length.
struct Points {
    std::string label = {};
    std::vector<double> x = {}, y = {};
    std::vector<double> x_low = {}, x_high = {}, y_low = {}, y_high = {};
    int colour = 0;
    Sign sign = Sign::dot;
};

/// Bars that lie in rows, each from somewhere to somewhere; the columns have one length.
struct Spans {
    std::string label = {};
    std::vector<double> row = {}, from = {}, until = {};
    int colour = 0;
    double strength = 1;  ///< of the colour, as a line's
    double thickness = 1; ///< of a row's bar: 1 is the thickest
};

/// A row of words below the x axis.
struct RowBelow {
    std::string label = {};
    std::vector<std::string> cells = {}; ///< (tick): of Panel::x_ticks
    int colour = 0;
};

/// A band between two courses; the columns have one length. Gaps as in a line.
struct Band {
    std::vector<double> x = {}, low = {}, high = {};
    int colour = 0;
};

/// A span of time that deserves a word: a treatment, an injury.
struct Mark {
    std::string label = {};
    double from = 0, until = 0; ///< equal for a moment; infinite for no end
};

/// Labels carry their units: "time [d]", "IL-1β [pM]". Where the x label ends with "[d]", ticks stand at weeks or
/// months.
struct Panel {
    std::string title = {}, x_label = {}, y_label = {};
    std::vector<Band> bands = {};
    std::vector<Line> lines = {};
    std::vector<Points> points = {};
    std::vector<Mark> marks = {};
    bool from_zero = true;            ///< the y axis includes zero
    std::vector<double> x_shown = {}; ///< what the x axis includes, whether or not something is drawn there
    std::vector<double> y_shown = {}; ///< the same of the y axis
    /// Words at y = 0, 1, 2… instead of numbers, the first at the top: a row for each of these.
    std::vector<std::string> rows = {};
    std::vector<Spans> spans = {};
    std::vector<double> x_ticks = {}; ///< where ticks stand; at round numbers if there are none
    /// Words under the ticks, as the numbers at risk under survival curves.
    std::string below_title = {};
    std::vector<RowBelow> below = {};
};

/// Panels in rows, left to right; the legend names each colour once, by the first label that it has, and likewise each
/// sign that is no dot.
struct Figure {
    std::string title = {}, subtitle = {};
    std::vector<Panel> panels = {};
    int columns = 2;
};

/// The text of an SVG picture of the figure, drawn by gnuplot: about 460 by 300 pixels for each panel, more with many
/// rows. Equal figures give equal texts. Throws FileError if gnuplot is missing or fails, std::invalid_argument if
/// columns differ in length.
std::string svg(const Figure& figure);

/// Writes text to `path`, whole or not at all. Throws FileError if it exists and `overwrite` is false.
void write_text(const std::filesystem::path& path, const std::string& text, bool overwrite);

} // namespace osteoflare::output
