#include "scenarios/analyses/abc/abc.hpp"
#include "scenarios/analyses/fitting/shown_parameter.hpp"
#include "solvers/sampling/weighted.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace osteoflare::scenarios {
namespace {

using output::Panel;
using output::ResultsReader;

/// All rounds of a file.
struct Rounds {
    std::size_t n_rounds = 0, n_particles = 0, n_parameters = 0;
    std::vector<double> values, weights; ///< (round, particle, parameter), (round, particle)

    double value(std::size_t round, std::size_t particle, std::size_t parameter) const
    {
        return values[(round * n_particles + particle) * n_parameters + parameter];
    }
    std::span<const double> weights_of(std::size_t round) const
    {
        return std::span(weights).subspan(round * n_particles, n_particles);
    }
};

/// A round's density of a parameter between its bounds: a normal kernel on each particle (Silverman's width), mirrored
/// at the bounds, at which a density need not be 0.
output::Line density(const Rounds& rounds, std::size_t round, std::size_t parameter, const ShownParameter& shown)
{
    const auto weights = rounds.weights_of(round);
    std::vector<double> x;
    double mean = 0, squares = 0, variance = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        x.push_back(shown.on_axis(rounds.value(round, i, parameter)));
        mean += weights[i] * x[i];
        squares += weights[i] * weights[i];
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
        variance += weights[i] * (x[i] - mean) * (x[i] - mean);
    }
    constexpr double silverman = 1.06;
    const double width = silverman * std::sqrt(variance) * std::pow(squares, 0.2); // squares: 1/ESS
    output::Line line{.label = "", .x = {}, .y = {}, .colour = 0};
    constexpr std::size_t n_points = 240;
    for (std::size_t k = 0; k <= n_points; ++k) {
        const double at = shown.lower + (shown.upper - shown.lower) * static_cast<double>(k) / n_points;
        double sum = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            for (const double place : {x[i], 2 * shown.lower - x[i], 2 * shown.upper - x[i]}) {
                const double z = (at - place) / width;
                sum += weights[i] * std::exp(-z * z / 2);
            }
        }
        line.x.push_back(at);
        line.y.push_back(sum / (width * std::sqrt(2 * std::numbers::pi)));
    }
    return line;
}

/// Leaves out what is next to nothing in all lines at both ends.
void trim(std::vector<output::Line>& lines)
{
    constexpr double next_to_nothing = 0.005; // of the highest
    double highest = 0;
    for (const auto& line : lines) {
        highest = std::max(highest, std::ranges::max(line.y));
    }
    double from = std::numeric_limits<double>::infinity(), until = -from;
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.x.size(); ++i) {
            if (line.y[i] > next_to_nothing * highest) {
                from = std::min(from, line.x[i]);
                until = std::max(until, line.x[i]);
            }
        }
    }
    for (auto& line : lines) {
        std::vector<double> x, y;
        for (std::size_t i = 0; i < line.x.size(); ++i) {
            if (line.x[i] >= from && line.x[i] <= until) {
                x.push_back(line.x[i]);
                y.push_back(line.y[i]);
            }
        }
        line.x = std::move(x);
        line.y = std::move(y);
    }
}

Panel marginal_panel(const Rounds& rounds, std::size_t parameter, const ShownParameter& shown)
{
    Panel panel;
    panel.title = shown.name;
    panel.x_label = shown.label;
    panel.y_label = "density";
    for (std::size_t round = rounds.n_rounds; round-- > 1;) { // the first lines lie on top
        constexpr double palest = 0.2;
        const double share =
            rounds.n_rounds > 2 ? static_cast<double>(round - 1) / static_cast<double>(rounds.n_rounds - 2) : 1;
        panel.lines.push_back(density(rounds, round, parameter, shown));
        panel.lines.back().strength = palest + (1 - palest) * share;
        panel.lines.back().label = round + 1 == rounds.n_rounds ? "last round; paler: the rounds before" : "";
    }
    panel.lines.push_back(shown.prior(shown.lower, shown.upper));
    trim(panel.lines);
    return panel;
}

Panel tolerance_panel(const ResultsReader& file)
{
    const auto tolerances = file.numbers("tolerance"), simulated = file.numbers("simulated");
    Panel panel;
    panel.title = "how close simulated data must come";
    panel.x_label = "simulations so far";
    panel.y_label = "tolerance [usual deviations]";
    panel.x_shown = {0};
    output::Line line{.label = "", .x = {}, .y = {}, .colour = 0};
    output::Points points{.label = "", .x = {}, .y = {}, .colour = 0};
    double n = simulated[0];
    for (std::size_t round = 1; round < tolerances.size(); ++round) { // the first has none
        n += simulated[round];
        line.x.push_back(n);
        line.y.push_back(tolerances[round]);
    }
    points.x = line.x;
    points.y = line.y;
    panel.lines.push_back(std::move(line));
    panel.points.push_back(std::move(points));
    return panel;
}

} // namespace

output::Figure abc_figure(const ResultsReader& file)
{
    const auto shape = file.shape("value");
    const Rounds rounds{shape[0], shape[1], shape[2], file.numbers("value"), file.numbers("weight")};
    constexpr std::size_t n_draws = 400;
    std::vector<double> draws;
    for (const std::size_t particle :
         solvers::sampling::chosen_by_weight(rounds.weights_of(rounds.n_rounds - 1), n_draws)) {
        for (std::size_t p = 0; p < rounds.n_parameters; ++p) {
            draws.push_back(rounds.value(rounds.n_rounds - 1, particle, p));
        }
    }
    auto all = shown_parameters(file, draws, true);
    output::Figure figure;
    figure.title = file.text_attribute("", "title").value_or("ABC-SMC");
    const auto tolerances = file.numbers("tolerance");
    figure.subtitle = fmt::format(
        "{} rounds of {} particles; tolerance {:.3g} of usual deviations; {}. Dotted: the prior.", rounds.n_rounds,
        rounds.n_particles, tolerances.back(), file.text_attribute("", "verdict").value_or(""));
    for (std::size_t p = 0; p < all.size(); ++p) {
        figure.panels.push_back(marginal_panel(rounds, p, all[p]));
    }
    figure.panels.push_back(tolerance_panel(file));
    for (Panel& panel : pair_panels(all)) {
        figure.panels.push_back(std::move(panel));
    }
    figure.columns = figure.panels.size() > 4 ? 3 : 2;
    return figure;
}

} // namespace osteoflare::scenarios
