#include "output/figures/curves.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

namespace osteoflare::output {
namespace {

constexpr double tick_height = 9;      ///< of Sign::tick [px]
constexpr double thickest_span = 0.76; ///< of the distance between rows

/// Index ranges in which all columns can be drawn.
using Columns = std::vector<const std::vector<double>*>;
std::vector<std::pair<std::size_t, std::size_t>> runs(const Columns& columns)
{
    std::vector<std::pair<std::size_t, std::size_t>> result;
    bool inside = false;
    for (std::size_t i = 0; i < columns.front()->size(); ++i) {
        const bool drawn = std::all_of(columns.begin(), columns.end(), [i](auto* c) { return plottable((*c)[i]); });
        if (drawn && !inside) {
            result.emplace_back(i, i);
        }
        if (drawn) {
            result.back().second = i + 1;
        }
        inside = drawn;
    }
    return result;
}

void include(const Columns& columns, Extents& extents)
{
    for (const auto& [begin, end] : runs(columns)) {
        for (std::size_t i = begin; i < end; ++i) {
            extents.x.include((*columns[0])[i]);
            for (std::size_t column = 1; column < columns.size(); ++column) {
                extents.y.include((*columns[column])[i]);
            }
        }
    }
}

/// The `plot` command as it grows.
class Plot {
public:
    Plot(const Axis& y, Picture& picture)
        : picture_(picture),
          // A curve outside the axes, so that there is something to plot in an empty panel.
          text_(script_number(y.from - (y.until - y.from)) + " with lines lc rgb '#ffffff' notitle")
    {
    }

    /// Each run of points that can be drawn, in the style for so many of them.
    template <class Style>
    void add(const Columns& columns, const Style& style)
    {
        std::string order = "1";
        for (std::size_t column = 2; column <= columns.size(); ++column) {
            order.append(":").append(std::to_string(column));
        }
        for (const auto& [begin, end] : runs(columns)) {
            text_.append(", \\\n").append(block(columns, begin, end)).append(" using ").append(order);
            text_.append(" with ").append(style(end - begin)).append(" notitle");
        }
    }

    const std::string& text() const { return text_; }

private:
    std::string block(const Columns& columns, std::size_t begin, std::size_t end)
    {
        const std::string name = "$block" + std::to_string(n_blocks_++);
        std::string data = name + " << END\n";
        for (std::size_t i = begin; i < end; ++i) {
            for (const auto* column : columns) {
                data += script_number((*column)[i]) + ' ';
            }
            data += '\n';
        }
        picture_.add(data + "END\n");
        return name;
    }

    Picture& picture_;
    std::string text_;
    int n_blocks_ = 0;
};

void add_spans(Plot& plot, const Spans& spans)
{
    const double half = thickest_span * spans.thickness / 2;
    std::vector<double> middle, low, high;
    for (std::size_t i = 0; i < spans.row.size(); ++i) {
        middle.push_back(spans.from[i] + (spans.until[i] - spans.from[i]) / 2);
        low.push_back(spans.row[i] - half);
        high.push_back(spans.row[i] + half);
    }
    plot.add({&middle, &spans.row, &spans.from, &spans.until, &low, &high},
             [&](std::size_t) { return "boxxyerror " + bar_style(spans.colour, spans.strength); });
}

void add_line(Plot& plot, const Line& line)
{
    plot.add({&line.x, &line.y}, [&](std::size_t n) { // a point between two gaps would be lost as a line
        const std::string style = line.dotted ? dotted_style(line.colour) : line_style(line.colour, line.strength);
        return n == 1 ? point_style(line.colour) : (line.steps ? "steps " : "lines ") + style;
    });
}

void add_intervals(Plot& plot, const Points& points)
{
    const auto add = [&](const std::vector<double>& x1, const std::vector<double>& y1, const std::vector<double>& x2,
                         const std::vector<double>& y2) {
        for (std::size_t i = 0; i < x1.size() && i < y1.size() && i < x2.size() && i < y2.size(); ++i) {
            const std::vector<double> x = {x1[i], x2[i]}, y = {y1[i], y2[i]};
            if (runs({&x, &y}) == std::vector{std::pair<std::size_t, std::size_t>{0, 2}}) {
                plot.add({&x, &y}, [&](std::size_t) { return interval_style(points.colour); });
            }
        }
    };
    add(points.x_low, points.y, points.x_high, points.y);
    add(points.x, points.y_low, points.x, points.y_high);
}

/// Upright lines of one height in pixels, whatever the axis is.
void add_ticks(Plot& plot, const Points& points, double height)
{
    std::vector<double> y;
    for (const double middle : points.y) {
        y.push_back(middle - height / 2);
    }
    const std::vector<double> across(y.size(), 0), up(y.size(), height);
    plot.add({&points.x, &y, &across, &up},
             [&](std::size_t) { return "vectors nohead " + upright_style(points.colour); });
}

void add_points(Plot& plot, const Points& points, double tick)
{
    add_intervals(plot, points);
    if (points.sign == Sign::tick) {
        add_ticks(plot, points, tick);
        return;
    }
    if (points.sign != Sign::dot) {
        plot.add({&points.x, &points.y}, [&](std::size_t) { return halo_style(points.sign); });
    }
    plot.add({&points.x, &points.y}, [&](std::size_t) { return marker_style(points.colour, points.sign); });
}

} // namespace

void check_columns(const Panel& panel)
{
    const auto require = [&](bool fits, const std::string& what) {
        if (!fits) {
            throw std::invalid_argument("panel \"" + panel.title + "\": " + what
                                        + " cannot be drawn (its columns differ in length)");
        }
    };
    for (const Line& line : panel.lines) {
        require(line.x.size() == line.y.size(), "line \"" + line.label + "\"");
    }
    for (const Points& points : panel.points) {
        for (const auto* column : {&points.x_low, &points.x_high, &points.y_low, &points.y_high}) {
            require(points.x.size() == points.y.size() && (column->empty() || column->size() == points.x.size()),
                    "points \"" + points.label + "\"");
        }
    }
    for (const Band& band : panel.bands) {
        require(band.x.size() == band.low.size() && band.x.size() == band.high.size(), "a band");
    }
    for (const Spans& spans : panel.spans) {
        require(spans.row.size() == spans.from.size() && spans.row.size() == spans.until.size(),
                "spans \"" + spans.label + "\"");
    }
    for (const RowBelow& row : panel.below) {
        require(row.cells.size() == panel.x_ticks.size(), "row \"" + row.label + "\" below its ticks");
    }
}

Extents extents_of(const Panel& panel)
{
    Extents extents;
    for (const Spans& spans : panel.spans) {
        include({&spans.from, &spans.row}, extents);
        include({&spans.until, &spans.row}, extents);
    }
    for (const Band& band : panel.bands) {
        include({&band.x, &band.low, &band.high}, extents);
    }
    for (const Line& line : panel.lines) {
        include({&line.x, &line.y}, extents);
    }
    for (const Points& points : panel.points) {
        for (const auto* end : {&points.x, &points.x_low, &points.x_high}) {
            if (!end->empty()) {
                include({end, &points.y}, extents);
            }
        }
        for (const auto* end : {&points.y_low, &points.y_high}) {
            if (!end->empty()) {
                include({&points.x, end}, extents);
            }
        }
    }
    return extents;
}

std::string curves_of(const Panel& panel, const Axis& y, double height, Picture& picture)
{
    Plot plot(y, picture);
    for (const Spans& spans : panel.spans) {
        add_spans(plot, spans);
    }
    for (const Band& band : panel.bands) {
        plot.add({&band.x, &band.low, &band.high},
                 [&](std::size_t) { return "filledcurves " + band_style(band.colour); });
    }
    // The first lines on top: where courses coincide, the gaps of a dashed line show the full line below.
    for (auto each = panel.lines.rbegin(); each != panel.lines.rend(); ++each) {
        add_line(plot, *each);
    }
    for (const Points& points : panel.points) {
        add_points(plot, points, tick_height * (y.until - y.from) / height);
    }
    return plot.text();
}

} // namespace osteoflare::output
