#include "scenarios/analyses/steady/end_system.hpp"
#include "scenarios/analyses/steady/steady_results.hpp"
#include "scenarios/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {

using output::Figure;
using output::Panel;
using output::ResultsReader;

std::vector<std::string> drawn_quantities(const ResultsReader& file, const std::string& file_name,
                                          const std::vector<std::string>& wanted)
{
    const std::string model_name = file.text_attribute("", "model").value_or("");
    const auto model = std::ranges::find(models(), model_name, &ModelEntry::name);
    if (model == models().end()) {
        throw output::FileError(file_name, "cannot be drawn", fmt::format("its model '{}' is unknown", model_name),
                                "use the version of Osteoflare that wrote it");
    }
    auto known = names_of(model->species);
    const auto more = names_of(model->readouts);
    known.insert(known.end(), more.begin(), more.end());
    for (const std::string& name : wanted) {
        if (std::ranges::find(known, name) == known.end() || !file.has(name)) {
            throw InputError({"--variables", 1, 1}, {fmt::format("unknown variable '{}'", name),
                                                     fmt::format("{} holds no such species or read-out", file_name),
                                                     suggest_name(name, known, "see osteoflare list species")});
        }
    }
    return wanted.empty() ? telling_quantities(*model) : wanted;
}

namespace {

/// Room on both sides of a panel's points: a band without height, which is not seen.
void add_room(Panel& panel)
{
    double low = 0, high = 0;
    for (const output::Points& points : panel.points) {
        for (const double x : points.x) {
            low = std::min(low, x);
            high = std::max(high, x);
        }
    }
    constexpr int unnamed_colour = 34; // of no state, so that no legend shows the band
    const double room = 0.06 * (high - low);
    panel.bands.push_back({{low - room, high + room}, {0, 0}, {0, 0}, unnamed_colour});
}

} // namespace

Figure steady_figure(const ResultsReader& file, const std::string& file_name, const std::vector<std::string>& variables)
{
    const auto stable = file.numbers("stable"), share = file.numbers("share_of_starts");
    const std::size_t n = stable.size(), n_values = file.shape("eigenvalue_real").at(1);
    if (n == 0) {
        throw output::FileError(file_name, "has nothing to draw", "no steady state was found",
                                "run the scenario and see whether it oscillates");
    }
    const auto label = [&](std::size_t i) {
        return stable[i] != 0 ? fmt::format("state {}, stable, {:.0f} % of starts", i, 100 * share[i])
                              : fmt::format("state {}, unstable", i);
    };
    Figure figure;
    figure.title = file.text_attribute("", "title").value_or(file_name);
    figure.subtitle = file.text_attribute("", "question").value_or("");

    Panel sizes;
    sizes.title = "the steady states, relative to state 0";
    sizes.x_label = "log10 of the ratio to state 0";
    const auto names = drawn_quantities(file, file_name, variables);
    for (const std::string& name : names) {
        sizes.rows.push_back(name);
    }
    Panel eigenvalues;
    eigenvalues.title = "eigenvalues: right of 0 a push grows";
    eigenvalues.x_label = "real part [1/d]";
    eigenvalues.y_label = "imaginary part [1/d]";
    eigenvalues.from_zero = true;
    const auto real = file.numbers("eigenvalue_real"), imaginary = file.numbers("eigenvalue_imaginary");
    constexpr double slow = -1; // faster ones decay within a day, and hide the telling ones
    for (std::size_t i = 0; i < n; ++i) {
        output::Points points{.label = label(i), .colour = static_cast<int>(i)}, values = points;
        for (std::size_t k = 0; k < names.size(); ++k) {
            const auto value = file.numbers(names[k]);
            if (value[0] > 0 && value[i] > 0) {
                points.x.push_back(std::log10(value[i] / value[0]));
                points.y.push_back(static_cast<double>(k));
            }
        }
        for (std::size_t k = 0; k < n_values; ++k) {
            if (real[i * n_values + k] > slow) {
                values.x.push_back(real[i * n_values + k]);
                values.y.push_back(imaginary[i * n_values + k]);
            }
        }
        sizes.points.push_back(points);
        eigenvalues.points.push_back(values);
    }
    add_room(sizes);
    add_room(eigenvalues);
    figure.panels = {sizes, eigenvalues};
    return figure;
}

} // namespace osteoflare::scenarios
