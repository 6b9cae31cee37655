#include "scenarios/analyses/fitting/prediction.hpp"

#include "scenarios/analyses/fitting/fit_problem.hpp"
#include "solvers/sampling/weighted.hpp"

#include <fmt/format.h>

namespace osteoflare::scenarios {
namespace {

/// The draws of a file, (draw, parameter), and their weights.
struct Draws {
    std::vector<double> values, weights;
};

Draws draws_of(const output::ResultsReader& sample, const std::string& sample_name, std::size_t n_parameters)
{
    const auto analysis = sample.text_attribute("", "analysis");
    if (analysis != "sample" && analysis != "abc") {
        throw InputError({sample_name, 1, 1}, {"no draws of a posterior", "the file holds something else",
                                               "name the results file of osteoflare sample"});
    }
    Draws draws{sample.numbers("value"), {}};
    if (analysis == "sample") {
        draws.weights.assign(draws.values.size() / n_parameters, 1);
        return draws;
    }
    const auto shape = sample.shape("value"); // the last round is the posterior
    const auto last = [&](const std::vector<double>& all) {
        return std::vector<double>(all.end() - static_cast<std::ptrdiff_t>(all.size() / shape[0]), all.end());
    };
    return {last(draws.values), last(sample.numbers("weight"))};
}

} // namespace

PredictionAtDraws predict_at_draws(const output::ResultsReader& sample, const std::string& sample_name,
                                   Scenario scenario, std::size_t n_members)
{
    const auto names = sample.has("parameter_name") ? sample.texts("parameter_name") : std::vector<std::string>{};
    const auto [values, weights] = draws_of(sample, sample_name, names.size());
    const std::string model = sample.text_attribute("", "model").value_or("");
    if (model != scenario.model->name) {
        throw InputError({sample_name, 1, 1},
                         {fmt::format("draws of the model {}", model),
                          fmt::format("the scenario is about {}", scenario.model->name), "choose another scenario"});
    }
    const auto units = sample.texts("parameter_units");
    const auto draws = solvers::sampling::chosen_by_weight(weights, n_members);
    scenario.sweep.reset();
    PredictionAtDraws prediction;
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
    prediction.scenario.sweep->each_has_its_chance = true;
    return prediction;
}

} // namespace osteoflare::scenarios
