#include "scenarios/analyses/steady/end_system.hpp"
#include "scenarios/analyses/steady/steady_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace osteoflare::scenarios {
namespace {

using output::Figure;
using output::Panel;
using output::ResultsReader;

// Colours of the figure: those whose lines are full, and one for each meaning.
constexpr int state_colour = 20, fold_colour = 30, hopf_colour = 5, own_colour = 13;
constexpr int region_colour[] = {0, 25, 15, 10};
constexpr const char* region_word[] = {"healthy", "healthy or inflamed, by what happened before", "inflamed",
                                       "no stable state"};

std::string with_unit(const ResultsReader& file, const std::string& name, const std::string& variable)
{
    const std::string unit = file.text_attribute(variable, "units").value_or("1");
    return unit == "1" ? name : fmt::format("{} [{}]", name, unit);
}

/// Lines along the branches, cut where the stability changes; folds and Hopf points on them.
Panel branch_panel(const ResultsReader& file, const std::string& variable, const std::string& parameter)
{
    Panel panel;
    panel.title = file.text_attribute(variable, "long_name").value_or(variable);
    panel.y_label = with_unit(file, variable, variable);
    panel.x_label = with_unit(file, parameter, "parameter/" + parameter);
    const auto p = file.numbers("parameter/" + parameter), y = file.numbers(variable);
    const auto branch = file.numbers("branch"), n_unstable = file.numbers("n_unstable");
    std::vector<double> special_p, special_y, after, kind;
    if (file.has("special/kind")) {
        special_p = file.numbers("special/" + parameter);
        special_y = file.numbers("special/" + variable);
        after = file.numbers("special/after_point");
        kind = file.numbers("special/kind");
    }
    const auto begin_line = [&](bool stable) {
        panel.lines.push_back({.label = "steady state; dotted: unstable", .colour = state_colour, .dotted = !stable});
    };
    const auto add = [&](double at, double value) {
        panel.lines.back().x.push_back(at);
        panel.lines.back().y.push_back(value);
    };
    for (std::size_t i = 0; i < p.size(); ++i) {
        const bool stable = n_unstable[i] == 0;
        if (i == 0 || branch[i] != branch[i - 1]) {
            begin_line(stable);
        } else if (stable != (n_unstable[i - 1] == 0)) {
            for (std::size_t s = 0; s < after.size(); ++s) {
                if (after[s] == static_cast<double>(i - 1)) {
                    add(special_p[s], special_y[s]);
                }
            }
            const double last_x = panel.lines.back().x.back(), last_y = panel.lines.back().y.back();
            begin_line(stable);
            add(last_x, last_y);
        }
        add(p[i], y[i]);
    }
    output::Points folds{.label = "fold", .colour = fold_colour}, hopfs{.label = "Hopf point", .colour = hopf_colour};
    for (std::size_t s = 0; s < kind.size(); ++s) {
        output::Points& points = kind[s] == 0 ? folds : hopfs;
        points.x.push_back(special_p[s]);
        points.y.push_back(special_y[s]);
    }
    for (output::Points* points : {&folds, &hopfs}) {
        if (!points->x.empty()) {
            panel.points.push_back(*points);
        }
    }
    return panel;
}

/// The rows of the map as they are in the file.
struct MapColumns {
    std::vector<double> second, region, border;
    std::size_t n_regions = 0;
    double from = 0, to = 0;

    MapColumns(const ResultsReader& file, const std::string& second_name)
        : second(file.numbers(second_name)),
          region(file.numbers("map/region")),
          border(file.numbers("map/border")),
          n_regions(file.shape("map/region").at(1)),
          from(file.number_attribute("", "parameter_from").value_or(0)),
          to(file.number_attribute("", "parameter_to").value_or(1))
    {
    }

    /// The span of the `nth` region of this kind in a row, or none.
    std::optional<std::pair<double, double>> span(std::size_t row, int kind, std::size_t nth) const
    {
        double low = from;
        for (std::size_t i = 0; i < n_regions; ++i) {
            const double end = border[row * n_regions + i];
            const double high = std::isfinite(end) ? end : to;
            if (region[row * n_regions + i] == kind && nth-- == 0) {
                return std::pair{low, high};
            }
            if (!std::isfinite(end)) {
                break;
            }
            low = high;
        }
        return std::nullopt;
    }
};

Panel map_panel(const ResultsReader& file, const std::string& first, const std::string& second)
{
    const MapColumns map(file, second);
    Panel panel;
    panel.title = "what a site does in the long run";
    panel.x_label = with_unit(file, second, second);
    panel.y_label = with_unit(file, first, "map/border");
    for (int kind = 0; kind < 4; ++kind) {
        for (std::size_t nth = 0; nth < map.n_regions; ++nth) {
            output::Band band{.colour = region_colour[kind]};
            bool any = false;
            const std::size_t n_rows = map.second.size();
            for (std::size_t row = 0; row < n_rows; ++row) {
                auto span = map.span(row, kind, nth);
                any = any || span;
                // Where a region begins between two rows, it begins with no height at the edge it touches.
                for (const std::size_t beside : {row + 1, row - 1}) {
                    const auto next = !span && beside < n_rows ? map.span(beside, kind, nth) : std::nullopt;
                    if (next) {
                        const double edge = next->first == map.from  ? map.from
                                            : next->second == map.to ? map.to
                                                                     : (next->first + next->second) / 2;
                        span = {edge, edge};
                    }
                }
                constexpr double none = std::numeric_limits<double>::quiet_NaN();
                band.x.push_back(map.second[row]);
                band.low.push_back(span ? span->first : none);
                band.high.push_back(span ? span->second : none);
            }
            if (any) {
                panel.bands.push_back(band);
                // A line without points: its label names the band's colour.
                panel.lines.push_back({.label = region_word[kind], .colour = region_colour[kind]});
            }
        }
    }
    if (file.has("fold/curve")) {
        const auto p = file.numbers("fold/" + first), q = file.numbers("fold/" + second),
                   curve = file.numbers("fold/curve");
        for (std::size_t i = 0; i < p.size(); ++i) {
            if (i == 0 || curve[i] != curve[i - 1]) {
                panel.lines.push_back({.label = "fold", .colour = fold_colour});
            }
            panel.lines.back().x.push_back(q[i]);
            panel.lines.back().y.push_back(p[i]);
        }
    }
    if (file.has("cusp/" + first)) {
        panel.points.push_back({"cusp", file.numbers("cusp/" + second), file.numbers("cusp/" + first)});
        panel.points.back().colour = hopf_colour;
    }
    panel.points.push_back({.label = "this animal",
                            .x = {*file.number_attribute("", "second_value")},
                            .y = {*file.number_attribute("", "parameter_value")},
                            .colour = own_colour});
    return panel;
}

} // namespace

Figure continuation_figure(const ResultsReader& file, const std::string& file_name,
                           const std::vector<std::string>& variables)
{
    const std::string first = file.text_attribute("", "parameter").value_or("");
    const auto second = file.text_attribute("", "second");
    Figure figure;
    figure.title = file.text_attribute("", "title").value_or(file_name);
    figure.subtitle = file.text_attribute("", "question").value_or("");
    if (second) {
        figure.subtitle += fmt::format(" Curves: {} = {:g}.", *second, *file.number_attribute("", "second_value"));
        figure.panels.push_back(map_panel(file, first, *second));
    }
    for (const std::string& variable : drawn_quantities(file, file_name, variables)) {
        figure.panels.push_back(branch_panel(file, variable, first));
    }
    figure.columns = figure.panels.size() > 4 ? 3 : 2;
    return figure;
}

} // namespace osteoflare::scenarios
