#pragma once

#include "output/file_error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace osteoflare::output {

/// A line through points. Points with a NaN break it. Lines with the same `colour` number share a colour over panels.
struct Line {
    std::string label = {};
    std::vector<double> x = {}, y = {};
    int colour = 0;
    bool steps = false; ///< constant until the next point, as a survival or incidence curve is
};

/// A band between two courses.
struct Band {
    std::vector<double> x = {}, low = {}, high = {};
    int colour = 0;
};

/// A span of time that deserves a word: a treatment, an injury.
struct Mark {
    std::string label = {};
    double from = 0, until = 0; ///< equal for a moment
};

struct Panel {
    std::string title = {}, x_label = {}, y_label = {};
    std::vector<Band> bands = {};
    std::vector<Line> lines = {};
    std::vector<Mark> marks = {};
    bool from_zero = true; ///< the y axis includes zero
};

/// Panels in rows, left to right; the legend names each colour once.
struct Figure {
    std::string title = {}, subtitle = {};
    std::vector<Panel> panels = {};
    int columns = 2;
};

/// The text of an SVG picture of the figure, drawn by gnuplot. Throws FileError if gnuplot is missing or fails.
std::string svg(const Figure& figure);

/// Writes text to `path`, whole or not at all. Throws FileError if it exists and `overwrite` is false.
void write_text(const std::filesystem::path& path, const std::string& text, bool overwrite);

} // namespace osteoflare::output
