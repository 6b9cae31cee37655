#include "scenarios/analyses/fitting/shown_parameter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

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

} // namespace

double ShownParameter::on_axis(double value) const
{
    return as_log ? std::log10(value) : value;
}

double ShownParameter::unscaled_prior(double at) const
{
    const double value = as_log ? std::pow(10, at) : at;
    const double z = kind == 2   ? std::log(value / prior_value) / prior_spread
                     : kind == 1 ? (value - prior_value) / prior_spread
                                 : 0;
    const double uniform = is_log && !as_log ? 1 / value : 1;
    return uniform * std::exp(-z * z / 2);
}

output::Line ShownParameter::prior(double from, double until) const
{
    // It may reach far beyond what is shown: its area is that between the bounds.
    constexpr std::size_t n_points = 400, n_shown = 100;
    const double step = (upper - lower) / n_points;
    double area = 0;
    for (std::size_t i = 0; i < n_points; ++i) {
        area += step * unscaled_prior(lower + (static_cast<double>(i) + 0.5) * step);
    }
    output::Line line{.label = "prior", .x = {}, .y = {}, .colour = 3, .dotted = true};
    for (std::size_t i = 0; i <= n_shown; ++i) {
        line.x.push_back(from + (until - from) * static_cast<double>(i) / n_shown);
        line.y.push_back(unscaled_prior(line.x.back()) / area);
    }
    return line;
}

std::vector<ShownParameter> shown_parameters(const output::ResultsReader& file, const std::vector<double>& draws,
                                             bool with_bounds)
{
    const auto names = file.texts("parameter_name"), units = file.texts("parameter_units");
    const auto lower = file.numbers("lower"), upper = file.numbers("upper");
    const auto is_log = file.numbers("is_log"), prior = file.numbers("prior");
    const auto prior_value = file.numbers("prior_value"), prior_spread = file.numbers("prior_spread");
    std::vector<ShownParameter> all;
    for (std::size_t p = 0; p < names.size(); ++p) {
        ShownParameter own;
        own.name = names[p];
        for (std::size_t i = p; i < draws.size(); i += names.size()) {
            own.x.push_back(draws[i]);
        }
        const auto [least, greatest] = std::ranges::minmax(own.x);
        constexpr double wide = 5; // spans that a straight axis would press into a corner
        own.is_log = is_log[p] == 1;
        own.as_log = own.is_log && (with_bounds ? upper[p] > wide * lower[p] : greatest > wide * least);
        own.lower = own.on_axis(lower[p]);
        own.upper = own.on_axis(upper[p]);
        for (double& x : own.x) {
            x = own.on_axis(x);
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

std::vector<output::Panel> pair_panels(const std::vector<ShownParameter>& all)
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
    std::vector<output::Panel> panels;
    for (const Pair& pair : pairs) {
        const std::size_t stride = all[pair.first].x.size() / most_points + 1;
        output::Points points{.label = "", .x = {}, .y = {}, .colour = 0};
        for (std::size_t i = 0; i < all[pair.first].x.size(); i += stride) {
            points.x.push_back(all[pair.first].x[i]);
            points.y.push_back(all[pair.second].x[i]);
        }
        output::Panel panel;
        panel.title = fmt::format("they go together: r = {:.2f}", pair.r);
        panel.x_label = all[pair.first].label;
        panel.y_label = all[pair.second].label;
        panel.from_zero = false;
        panel.points.push_back(std::move(points));
        panels.push_back(std::move(panel));
    }
    return panels;
}

} // namespace osteoflare::scenarios
