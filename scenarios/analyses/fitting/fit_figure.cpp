#include "scenarios/analyses/fitting/fit_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

using output::Panel;
using output::ResultsReader;

/// The waterfall: how far above the best each start ended, best first.
Panel waterfall(const ResultsReader& file)
{
    std::vector<double> reached;
    for (const double value : file.numbers("start_negative_log_likelihood")) {
        if (std::isfinite(value)) {
            reached.push_back(value);
        }
    }
    std::ranges::sort(reached);
    output::Points points{.label = "", .x = {}, .y = {}, .colour = 0};
    for (std::size_t i = 0; i < reached.size(); ++i) {
        points.x.push_back(static_cast<double>(i + 1));
        constexpr double resolved = 1e-4; // searches that end nearer to each other have found the same
        const double above = reached[i] - reached.front();
        points.y.push_back(above < resolved ? 0 : std::log10(1 + above));
    }
    Panel panel;
    panel.title = "where the starts ended, best first";
    panel.x_label = "start [rank]";
    panel.y_label = "log10(1 + −log L above the best)";
    panel.points.push_back(std::move(points));
    return panel;
}

std::vector<std::string> distinct(const std::vector<std::string>& texts)
{
    std::vector<std::string> once;
    for (const std::string& text : texts) {
        if (std::ranges::find(once, text) == once.end()) {
            once.push_back(text);
        }
    }
    return once;
}

/// All measurements, as the panels need them.
struct Data {
    std::vector<std::string> experiment, observable;
    std::vector<double> time, since, value, spread, censored, noise, residual, n;

    static constexpr double reach = 1.96;

    explicit Data(const ResultsReader& file)
        : experiment(file.texts("datum_experiment")),
          observable(file.texts("datum_observable")),
          time(file.numbers("datum_time")),
          since(file.has("datum_since") ? file.numbers("datum_since") : std::vector<double>(time.size(), std::nan(""))),
          value(file.numbers("datum_value")),
          spread(file.numbers("datum_spread")),
          censored(file.numbers("datum_censored")),
          noise(file.numbers("datum_noise")),
          residual(file.numbers("datum_residual")),
          n(file.numbers("datum_n"))
    {
    }

    /// What is drawn of a measurement: the value, or the share that is ill by then where animals were counted from one
    /// inspection to the next (Kaplan and Meier 1958), with Greenwood's 95 % interval.
    struct Drawn {
        double value = 0, low = 0, high = 0;
    };
    Drawn drawn(std::size_t i) const
    {
        if (std::isnan(since[i])) {
            const auto [low, high] = interval(i);
            return {value[i], low, high};
        }
        double spared = 1, relative_variance = 0;
        for (std::size_t k = 0; k < time.size(); ++k) {
            if (experiment[k] == experiment[i] && observable[k] == observable[i] && !std::isnan(since[k])
                && time[k] <= time[i]) {
                spared *= 1 - value[k];
                relative_variance += value[k] / (n[k] * (1 - value[k]));
            }
        }
        const double half = spared > 0 ? reach * spared * std::sqrt(relative_variance) : 0;
        return {1 - spared, std::max(0.0, 1 - spared - half), std::min(1.0, 1 - spared + half)};
    }

    /// The 95 % interval of the noise around a measurement; from 0 to the limit of one below it.
    std::pair<double, double> interval(std::size_t i) const
    {
        if (censored[i] == 1) {
            return {0, value[i]};
        }
        if (noise[i] == 2) { // Wilson's interval of a share
            const double centre = (value[i] + reach * reach / (2 * n[i])) / (1 + reach * reach / n[i]);
            const double half = reach / (1 + reach * reach / n[i])
                                * std::sqrt(value[i] * (1 - value[i]) / n[i] + reach * reach / (4 * n[i] * n[i]));
            return {centre - half, centre + half};
        }
        if (noise[i] == 1) {
            return {value[i] * std::exp(-reach * spread[i]), value[i] * std::exp(reach * spread[i])};
        }
        return {value[i] - reach * spread[i], value[i] + reach * spread[i]};
    }
};

Panel observable_panel(const ResultsReader& file, const Data& data, const std::string& name,
                       const std::vector<std::string>& experiments)
{
    const auto course_experiment = file.texts("course_experiment"), course_observable = file.texts("course_observable");
    const auto units = file.texts("course_units");
    const auto times = file.numbers("time"), courses = file.numbers("course_prediction");
    Panel panel;
    panel.title = name;
    panel.x_label = fmt::format("{} [d]", file.text_attribute("time", "long_name").value_or("time"));
    for (std::size_t e = 0; e < experiments.size(); ++e) {
        const int colour = static_cast<int>(e);
        output::Points points{.label = experiments[e], .x = {}, .y = {}, .colour = colour};
        for (std::size_t i = 0; i < data.time.size(); ++i) {
            if (data.observable[i] == name && data.experiment[i] == experiments[e]) {
                const auto [value, low, high] = data.drawn(i);
                points.x.push_back(data.time[i]);
                points.y.push_back(value);
                points.y_low.push_back(low);
                points.y_high.push_back(high);
            }
        }
        for (std::size_t c = 0; c < course_experiment.size(); ++c) {
            if (course_observable[c] == name && course_experiment[c] == experiments[e]) {
                panel.y_label = units[c] == "1" ? name : fmt::format("{} [{}]", name, units[c]);
                const auto first = courses.begin() + static_cast<std::ptrdiff_t>(c * times.size());
                panel.lines.push_back({.label = experiments[e],
                                       .x = times,
                                       .y = {first, first + static_cast<std::ptrdiff_t>(times.size())},
                                       .colour = colour,
                                       .dotted = points.x.empty()});
            }
        }
        if (!points.x.empty()) {
            panel.points.push_back(std::move(points));
        }
    }
    return panel;
}

Panel residuals_panel(const ResultsReader& file, const Data& data, const std::vector<std::string>& experiments)
{
    Panel panel;
    panel.title = "what is left over";
    panel.x_label = fmt::format("{} [d]", file.text_attribute("time", "long_name").value_or("time"));
    panel.y_label = "residual [standard deviations]";
    for (std::size_t e = 0; e < experiments.size(); ++e) {
        output::Points points{.label = experiments[e], .x = {}, .y = {}, .colour = static_cast<int>(e)};
        for (std::size_t i = 0; i < data.time.size(); ++i) {
            if (data.experiment[i] == experiments[e]) {
                points.x.push_back(data.time[i]);
                points.y.push_back(data.residual[i]);
            }
        }
        if (!points.x.empty()) {
            panel.points.push_back(std::move(points));
        }
    }
    return panel;
}

} // namespace

output::Figure fit_figure(const ResultsReader& file)
{
    const Data data(file);
    const auto experiments = distinct(file.texts("course_experiment"));
    output::Figure figure;
    figure.title = file.text_attribute("", "title").value_or("fit");
    const auto starts = file.shape("start").at(0);
    figure.subtitle =
        fmt::format("{} of {} starts end within 0.1 of the best. Points: data with 95 % of the noise "
                    "(from 0 to the limit where below "
                    "it); lines: what the best parameters predict, finely dotted where nothing was measured.",
                    file.number_attribute("", "starts_within_0.1").value_or(0), starts);
    for (const std::string& name : distinct(file.texts("course_observable"))) {
        figure.panels.push_back(observable_panel(file, data, name, experiments));
    }
    figure.panels.push_back(residuals_panel(file, data, experiments));
    if (starts > 1) {
        figure.panels.push_back(waterfall(file));
    }
    figure.columns = figure.panels.size() > 4 ? 3 : 2;
    return figure;
}

} // namespace osteoflare::scenarios
