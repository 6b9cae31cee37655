#include "scenarios/analyses/thresholds/thresholds_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace osteoflare::scenarios {
namespace {

using output::Figure;
using output::Line;
using output::Panel;
using output::ResultsReader;

std::string labelled(const std::string& name, const std::string& unit)
{
    return unit.empty() || unit == "1" ? name : fmt::format("{} [{}]", name, unit);
}

/// The outcome's number over the range, for some members from first to last.
Panel scan_panel(const ResultsReader& file, const std::string& varied, const std::string& outcome)
{
    constexpr std::size_t most_lines = 5;
    const auto places = file.numbers("place"), values = file.numbers("outcome_value");
    const auto names = file.texts("member_name");
    const std::size_t n_members = names.size(), n_lines = std::min(most_lines, n_members);
    Panel panel;
    panel.title = "Outcome";
    panel.x_label = labelled(varied, file.text_attribute("place", "units").value_or(""));
    panel.y_label = labelled(outcome, file.text_attribute("outcome_value", "units").value_or(""));
    for (std::size_t line = 0; line < n_lines; ++line) {
        const std::size_t member = n_lines == 1 ? 0 : line * (n_members - 1) / (n_lines - 1);
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(member * places.size());
        panel.lines.push_back({.label = names[member],
                               .x = places,
                               .y = {first, first + static_cast<std::ptrdiff_t>(places.size())},
                               .colour = static_cast<int>(line) + 1});
    }
    const double level = file.number_attribute("", "outcome_level").value_or(0);
    panel.lines.push_back({.label = "asked about",
                           .x = {places.front(), places.back()},
                           .y = {level, level},
                           .colour = 6,
                           .dotted = true});
    return panel;
}

/// Where the outcome turns, against a quantity that the sweep varies; shaded, where it is so, if that is plain.
Panel turning_panel(const ResultsReader& file, const std::string& varied, const std::string& parameter,
                    const std::string& question)
{
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    const auto at = file.numbers(parameter), places = file.numbers("place"), answers = file.numbers("answer");
    const auto members = file.numbers("turning_member");
    const auto low = file.numbers("turning_low"), high = file.numbers("turning_high");
    Panel panel;
    panel.title = "Where it turns";
    panel.x_label =
        labelled(parameter.substr(parameter.find('/') + 1), file.text_attribute(parameter, "units").value_or(""));
    panel.y_label = labelled(varied, file.text_attribute("place", "units").value_or(""));
    panel.x_shown = at;
    output::Points points{.colour = 0};
    for (std::size_t t = 0; t < members.size(); ++t) {
        points.x.push_back(at[static_cast<std::size_t>(members[t])]);
        points.y.push_back((low[t] + high[t]) / 2);
    }
    std::vector<std::size_t> order(at.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return at[i]; });
    Line edge{.label = question};
    output::Band band;
    bool is_plain = true;
    for (const std::size_t i : order) {
        const double answer = answers[i * places.size()];
        double from = answer == 1 ? places.front() : nothing, until = answer == 1 ? places.back() : nothing;
        std::size_t n_turnings = 0;
        for (std::size_t t = 0; t < members.size(); ++t) {
            if (members[t] == static_cast<double>(i)) {
                ++n_turnings;
                from = answer == 1 ? places.front() : (low[t] + high[t]) / 2;
                until = answer == 1 ? (low[t] + high[t]) / 2 : places.back();
            }
        }
        is_plain = is_plain && n_turnings < 2 && (band.x.empty() || at[i] > band.x.back());
        band.x.push_back(at[i]);
        band.low.push_back(from);
        band.high.push_back(until);
    }
    if (is_plain) {
        edge.x = points.x;
        edge.y = points.y;
        panel.bands.push_back(std::move(band));
        panel.lines.push_back(std::move(edge));
    }
    panel.points.push_back(std::move(points));
    return panel;
}

} // namespace

Figure thresholds_figure(const ResultsReader& file)
{
    const std::string varied = file.text_attribute("", "varied").value_or("");
    const std::string outcome = file.text_attribute("", "outcome").value_or("");
    const std::string unit = file.text_attribute("outcome_value", "units").value_or("1");
    const std::string question =
        fmt::format("{} {} {:g}{}", outcome, file.text_attribute("", "outcome_side").value_or(""),
                    file.number_attribute("", "outcome_level").value_or(0), unit == "1" ? "" : " " + unit);
    Figure figure;
    figure.title = file.text_attribute("", "title").value_or("");
    figure.subtitle = file.text_attribute("", "question").value_or("");
    figure.panels.push_back(scan_panel(file, varied, outcome));
    for (const std::string& name : file.variables()) {
        if (name.starts_with("parameter/") && file.has("turning_low")) {
            figure.panels.push_back(turning_panel(file, varied, name, question));
        }
    }
    return figure;
}

} // namespace osteoflare::scenarios
