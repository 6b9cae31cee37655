#include "scenarios/analyses/fitting/prediction.hpp"

#include "scenarios/analyses/fitting/fit_problem.hpp"
#include "solvers/random.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

constexpr std::uint32_t choice_of_draw = 4201; ///< what a random number is for

std::vector<std::size_t> chosen_draws(std::size_t n_draws, std::size_t n_members)
{
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < n_members; ++i) {
        const double u = solvers::to_unit_interval(solvers::random_bits(1, choice_of_draw, i, 0));
        const double place =
            (static_cast<double>(i) + u) / static_cast<double>(n_members) * static_cast<double>(n_draws);
        chosen.push_back(std::min(static_cast<std::size_t>(place), n_draws - 1));
    }
    return chosen;
}

} // namespace

Prediction predict_at_draws(const output::ResultsReader& sample, const std::string& sample_name, Scenario scenario,
                            std::size_t n_members)
{
    if (sample.text_attribute("", "analysis") != "sample") {
        throw InputError({sample_name, 1, 1}, {"no draws of a posterior", "the file holds something else",
                                               "name the results file of osteoflare sample"});
    }
    const std::string model = sample.text_attribute("", "model").value_or("");
    if (model != scenario.model->name) {
        throw InputError({sample_name, 1, 1},
                         {fmt::format("draws of the model {}", model),
                          fmt::format("the scenario is about {}", scenario.model->name), "choose another scenario"});
    }
    const auto names = sample.texts("parameter_name"), units = sample.texts("parameter_units");
    const auto values = sample.numbers("value");
    const auto draws = chosen_draws(values.size() / names.size(), n_members);
    scenario.sweep.reset();
    Prediction prediction;
    std::vector<Axis> axes;
    std::vector<std::vector<double>> columns;
    for (std::size_t p = 0; p < names.size(); ++p) {
        const auto target = target_of(scenario, names[p]);
        if (!target) {
            prediction.unused.push_back(names[p]);
            continue;
        }
        prediction.set.push_back(names[p]);
        axes.push_back({names[p], units[p], *target, Choices{}, {sample_name, 1, 1}});
        columns.emplace_back();
        for (const std::size_t draw : draws) {
            columns.back().push_back(values[draw * names.size() + p]);
        }
    }
    if (axes.empty()) {
        throw InputError(
            {sample_name, 1, 1},
            {"draws that change nothing", "none of their parameters acts in the scenario", "choose another scenario"});
    }
    prediction.scenario = at_points(std::move(scenario), std::move(axes), std::move(columns));
    return prediction;
}

} // namespace osteoflare::scenarios
