#include "scenarios/analyses/fitting/sample.hpp"
#include "scenarios/analyses/fitting/shown_parameter.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

using output::Panel;
using output::ResultsReader;

/// The posterior as a histogram and the prior as a line, both of area 1.
Panel marginal_panel(const ShownParameter& shown)
{
    constexpr std::size_t n_bins = 40;
    const auto [least, greatest] = std::ranges::minmax(shown.x);
    const double width = greatest > least ? (greatest - least) / n_bins : 1;
    std::vector<double> counts(n_bins, 0);
    for (const double x : shown.x) {
        counts[std::min(static_cast<std::size_t>((x - least) / width), n_bins - 1)] += 1;
    }
    output::Line posterior{.label = "posterior", .x = {least}, .y = {0}, .colour = 0, .steps = true};
    for (std::size_t i = 0; i < n_bins; ++i) {
        posterior.x.push_back(least + static_cast<double>(i) * width);
        posterior.y.push_back(counts[i] / (width * static_cast<double>(shown.x.size())));
    }
    posterior.x.insert(posterior.x.end(), {greatest, greatest});
    posterior.y.insert(posterior.y.end(), {posterior.y.back(), 0});
    const double room = 0.15 * (greatest - least);
    const double from = std::max(shown.lower, least - room), until = std::min(shown.upper, greatest + room);
    Panel panel;
    panel.title = shown.name;
    panel.x_label = shown.label;
    panel.y_label = "density";
    panel.lines.push_back(std::move(posterior));
    panel.lines.push_back(shown.prior(from, until));
    return panel;
}

/// The walkers' mean of the posterior in each chain.
Panel course_panel(const ResultsReader& file)
{
    const auto shape = file.shape("log_posterior");
    const auto values = file.numbers("log_posterior"), steps = file.numbers("draw");
    constexpr std::size_t most_points = 1000;
    const std::size_t stride = shape[0] / most_points + 1;
    Panel panel;
    panel.title = "course of the chains: mean over walkers";
    panel.x_label = "step after the warm-up";
    panel.y_label = "log posterior";
    panel.from_zero = false;
    for (std::size_t chain = 0; chain < shape[1]; ++chain) {
        output::Line line{.label = "", .x = {}, .y = {}, .colour = static_cast<int>(chain)};
        for (std::size_t i = 0; i < shape[0]; i += stride) {
            double mean = 0;
            for (std::size_t w = 0; w < shape[2]; ++w) {
                mean += values[(i * shape[1] + chain) * shape[2] + w] / static_cast<double>(shape[2]);
            }
            line.x.push_back(steps[i]);
            line.y.push_back(mean);
        }
        panel.lines.push_back(std::move(line));
    }
    return panel;
}

} // namespace

output::Figure sample_figure(const ResultsReader& file)
{
    const auto all = shown_parameters(file, file.numbers("value"));
    const auto shape = file.shape("value");
    output::Figure figure;
    figure.title = file.text_attribute("", "title").value_or("sample");
    figure.subtitle = fmt::format("{} draws of the posterior by {} chains of {} walkers, {}. Dotted: the prior.",
                                  shape[0] * shape[1] * shape[2], shape[1], shape[2],
                                  file.text_attribute("", "verdict").value_or(""));
    for (const ShownParameter& shown : all) {
        figure.panels.push_back(marginal_panel(shown));
    }
    figure.panels.push_back(course_panel(file));
    for (Panel& panel : pair_panels(all)) {
        figure.panels.push_back(std::move(panel));
    }
    figure.columns = figure.panels.size() > 4 ? 3 : 2;
    return figure;
}

} // namespace osteoflare::scenarios
