#include "scenarios/analyses/fitting/sample.hpp"
#include "scenarios/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace osteoflare::scenarios {
namespace {

using output::Panel;
using output::ResultsReader;

/// A parameter on the axis that shows it: log10 of what is searched on the scale of logarithms and spans much.
struct Shown {
    std::string label;
    std::vector<double> x; ///< (draw, chain, walker)
    double lower = 0, upper = 0;
    bool as_log = false, is_log = false;
    double kind = 0, prior_value = 0, prior_spread = 0;

    /// The prior's density on this axis, but for a constant.
    double prior(double at) const
    {
        const double value = as_log ? std::pow(10, at) : at;
        const double z = kind == 2   ? std::log(value / prior_value) / prior_spread
                         : kind == 1 ? (value - prior_value) / prior_spread
                                     : 0;
        const double uniform = is_log && !as_log ? 1 / value : 1;
        return uniform * std::exp(-z * z / 2);
    }
};

std::vector<Shown> parameters_of(const ResultsReader& file)
{
    const auto names = file.texts("parameter_name"), units = file.texts("parameter_units");
    const auto values = file.numbers("value"), lower = file.numbers("lower"), upper = file.numbers("upper");
    const auto is_log = file.numbers("is_log"), prior = file.numbers("prior");
    const auto prior_value = file.numbers("prior_value"), prior_spread = file.numbers("prior_spread");
    std::vector<Shown> all;
    for (std::size_t p = 0; p < names.size(); ++p) {
        Shown own;
        for (std::size_t i = p; i < values.size(); i += names.size()) {
            own.x.push_back(values[i]);
        }
        const auto [least, greatest] = std::ranges::minmax(own.x);
        constexpr double wide = 5; // spans that a straight axis would press into a corner
        own.is_log = is_log[p] == 1;
        own.as_log = own.is_log && greatest > wide * least;
        own.lower = own.as_log ? std::log10(lower[p]) : lower[p];
        own.upper = own.as_log ? std::log10(upper[p]) : upper[p];
        for (double& x : own.x) {
            x = own.as_log ? std::log10(x) : x;
        }
        own.label = fmt::format("{}{}{}", own.as_log ? "log10 " : "", names[p],
                                units[p] == "1" ? "" : fmt::format(" [{}]", units[p]));
        own.kind = prior[p];
        own.prior_value = prior_value[p];
        own.prior_spread = prior_spread[p];
        all.push_back(std::move(own));
    }
    return all;
}

/// The posterior as a histogram and the prior as a line, both of area 1.
Panel marginal_panel(const Shown& shown, const std::string& name)
{
    constexpr std::size_t n_bins = 40, n_points = 400;
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
    // The prior reaches far beyond what is shown where the data say much: its area is that between the bounds.
    const double step = (shown.upper - shown.lower) / n_points;
    double area = 0;
    for (std::size_t i = 0; i < n_points; ++i) {
        area += step * shown.prior(shown.lower + (static_cast<double>(i) + 0.5) * step);
    }
    const double room = 0.15 * (greatest - least);
    const double from = std::max(shown.lower, least - room), until = std::min(shown.upper, greatest + room);
    output::Line prior{.label = "prior", .x = {}, .y = {}, .colour = 3, .dotted = true};
    constexpr std::size_t n_shown = 100;
    for (std::size_t i = 0; i <= n_shown; ++i) {
        prior.x.push_back(from + (until - from) * static_cast<double>(i) / n_shown);
        prior.y.push_back(shown.prior(prior.x.back()) / area);
    }
    Panel panel;
    panel.title = name;
    panel.x_label = shown.label;
    panel.y_label = "density";
    panel.lines.push_back(std::move(posterior));
    panel.lines.push_back(std::move(prior));
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

double correlation(const std::vector<double>& x, const std::vector<double>& y)
{
    const double n = static_cast<double>(x.size());
    double x_mean = 0, y_mean = 0, xx = 0, yy = 0, xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        x_mean += x[i] / n;
        y_mean += y[i] / n;
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - x_mean) * (x[i] - x_mean);
        yy += (y[i] - y_mean) * (y[i] - y_mean);
        xy += (x[i] - x_mean) * (y[i] - y_mean);
    }
    return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

/// The pairs that go together most.
std::vector<Panel> pair_panels(const std::vector<Shown>& all)
{
    struct Pair {
        double r = 0;
        std::size_t first = 0, second = 0;
    };
    std::vector<Pair> pairs;
    for (std::size_t p = 0; p < all.size(); ++p) {
        for (std::size_t q = 0; q < p; ++q) {
            pairs.push_back({correlation(all[p].x, all[q].x), q, p});
        }
    }
    std::ranges::stable_sort(pairs, [](const Pair& a, const Pair& b) { return std::abs(a.r) > std::abs(b.r); });
    constexpr std::size_t most_pairs = 3, most_points = 400;
    pairs.resize(std::min(pairs.size(), most_pairs));
    std::vector<Panel> panels;
    for (const Pair& pair : pairs) {
        const std::size_t stride = all[pair.first].x.size() / most_points + 1;
        output::Points points{.label = "", .x = {}, .y = {}, .colour = 0};
        for (std::size_t i = 0; i < all[pair.first].x.size(); i += stride) {
            points.x.push_back(all[pair.first].x[i]);
            points.y.push_back(all[pair.second].x[i]);
        }
        Panel panel;
        panel.title = fmt::format("they go together: r = {:.2f}", pair.r);
        panel.x_label = all[pair.first].label;
        panel.y_label = all[pair.second].label;
        panel.from_zero = false;
        panel.points.push_back(std::move(points));
        panels.push_back(std::move(panel));
    }
    return panels;
}

} // namespace

output::Figure sample_figure(const ResultsReader& file)
{
    const auto all = parameters_of(file);
    const auto names = file.texts("parameter_name");
    const auto shape = file.shape("value");
    output::Figure figure;
    figure.title = file.text_attribute("", "title").value_or("sample");
    figure.subtitle = fmt::format("{} draws of the posterior by {} chains of {} walkers, {}. Dotted: the prior.",
                                  shape[0] * shape[1] * shape[2], shape[1], shape[2],
                                  file.text_attribute("", "verdict").value_or(""));
    for (std::size_t p = 0; p < all.size(); ++p) {
        figure.panels.push_back(marginal_panel(all[p], names[p]));
    }
    figure.panels.push_back(course_panel(file));
    for (Panel& panel : pair_panels(all)) {
        figure.panels.push_back(std::move(panel));
    }
    figure.columns = figure.panels.size() > 4 ? 3 : 2;
    return figure;
}

} // namespace osteoflare::scenarios
