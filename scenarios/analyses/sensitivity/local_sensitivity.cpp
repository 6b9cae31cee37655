#include "scenarios/analyses/sensitivity/local_sensitivity.hpp"

#include "scenarios/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace osteoflare::scenarios {
namespace {

using Kind = Target::Kind;

/// What a quantity is in this animal.
double value_of(const Scenario& scenario, const Member& animal, const Target& target)
{
    switch (target.kind) {
    case Kind::setting: return animal.settings[target.index];
    case Kind::initial: return scenario.start_state[target.index];
    case Kind::value: {
        const auto& sets = scenario.interventions[target.index].sets;
        return std::ranges::find(sets, true, &Assignment::is_exposure)->value;
    }
    default: return 0;
    }
}

std::string_view why_left_out(const Target& target, double value)
{
    switch (target.kind) {
    case Kind::genotype: return "a genotype has no derivative";
    case Kind::from:
    case Kind::until:
    case Kind::duration: return "a moment has no logarithm";
    default: return value > 0 ? "" : "it is 0, which has no logarithm";
    }
}

std::vector<Sensitivity> wanted_quantities(const Scenario& scenario)
{
    auto quantities = scenario.sensitivities.to;
    if (quantities.empty() && scenario.sweep) {
        for (const Axis& axis : scenario.sweep->axes) {
            quantities.push_back({axis.name, axis.unit, axis.target, 1});
        }
    }
    return quantities;
}

void choose_observables(const std::vector<std::string>& of, Scenario& scenario)
{
    SensitivityPlan& plan = scenario.sensitivities;
    if (plan.species.empty() && plan.readouts.empty()) {
        plan.species = scenario.output.species;
        plan.readouts = scenario.output.readouts;
    }
    if (!of.empty()) {
        plan.species.clear();
        plan.readouts.clear();
    }
    for (const std::string& name : of) {
        const std::size_t species = index_of(scenario.model->species, name);
        const std::size_t readout = index_of(scenario.model->readouts, name);
        if (species < scenario.model->species.size()) {
            plan.species.push_back(species);
        } else if (readout < scenario.model->readouts.size()) {
            plan.readouts.push_back(readout);
        } else {
            auto known = names_of(scenario.model->species);
            const auto more = names_of(scenario.model->readouts);
            known.insert(known.end(), more.begin(), more.end());
            throw InputError({"--of", 1, 1},
                             {fmt::format("no time course is called '{}'", name),
                              fmt::format("the model {} has no such species or read-out", scenario.model->name),
                              suggest_name(name, known, "see osteoflare list readouts")});
        }
        if (std::ranges::count(of, name) > 1) {
            throw InputError({"--of", 1, 1}, {fmt::format("'{}' stands twice", name), "once is enough", "remove one"});
        }
    }
    scenario.output.species = plan.species;
    scenario.output.readouts = plan.readouts;
    scenario.output.fluxes.clear();
    if (plan.species.empty() && plan.readouts.empty()) {
        throw InputError({scenario.name, 1, 1},
                         {"no time course to look at", "keep = \"summaries\" records none", "name some with --of"});
    }
}

} // namespace

LocalPlan plan_local_sensitivity(Scenario scenario, const LocalOptions& options)
{
    const Place place{scenario.name, 1, 1};
    if (scenario.solver != Solver::lanes) {
        throw InputError(place, {"local sensitivities with this solver", "only the lane solver computes derivatives",
                                 "leave solver and method out of the scenario, and use no agents"});
    }
    LocalPlan plan;
    plan.relative_error = options.relative_error;
    auto quantities = wanted_quantities(scenario);
    if (quantities.empty()) {
        throw InputError(place, {"nothing to differentiate by", "the scenario has neither [sensitivities] nor [sweep]",
                                 "add for example [sensitivities] with to = [\"il1b_clearance\"]"});
    }
    scenario.sweep.reset();
    choose_observables(options.of, scenario);
    scenario.sensitivities.to.clear();
    const Member animal = Study(scenario).member(0);
    for (Sensitivity& quantity : quantities) {
        const double value = value_of(scenario, animal, quantity.target);
        const std::string_view why = why_left_out(quantity.target, value);
        if (!why.empty()) {
            plan.left_out.push_back(fmt::format("{} is left out: {}", quantity.name, why));
            continue;
        }
        quantity.scale = value;
        plan.factors.push_back(quantity.name);
        plan.units.push_back(quantity.unit);
        plan.values.push_back(value);
        scenario.sensitivities.to.push_back(std::move(quantity));
    }
    if (plan.factors.empty()) {
        throw InputError(place, {"nothing to differentiate by", plan.left_out.front(), "name others"});
    }
    const double start = to_days(scenario.start), end = to_days(scenario.end);
    plan.times = options.at.empty() ? output_times(scenario) : options.at;
    std::ranges::sort(plan.times);
    for (const double day : plan.times) {
        if (day < start || day > end) {
            throw InputError({"--at", 1, 1},
                             {fmt::format("day {:g}", day),
                              fmt::format("the run goes from day {:g} to {:g}", start, end), "choose days within it"});
        }
    }
    plan.times.erase(std::unique(plan.times.begin(), plan.times.end()), plan.times.end());
    scenario.output.courses = true;
    plan.scenario = std::move(scenario);
    plan.observed = column_descriptions(plan.scenario);
    return plan;
}

LocalAnalysis analyse(const LocalPlan& plan)
{
    const Block block = run_block(Study(plan.scenario), plan.times, 0, 1);
    LocalAnalysis analysis;
    analysis.report = block.reports.front();
    const std::size_t n_observed = plan.observed.size(), n_times = plan.times.size(), n_factors = plan.factors.size();
    analysis.courses.assign(block.columns.begin(),
                            block.columns.begin() + static_cast<std::ptrdiff_t>(n_observed * n_times));
    std::vector<double> data;
    for (std::size_t datum = 0; datum < n_observed * n_times; ++datum) {
        const auto course = std::span(analysis.courses).subspan(datum / n_times * n_times, n_times);
        const double largest = std::abs(*std::ranges::max_element(course, {}, [](double y) { return std::abs(y); }));
        const double y = block.columns[datum];
        const double error = plan.relative_error * std::max(std::abs(y), detection_share * largest);
        const bool is_seen = std::isfinite(y) && error > 0;
        analysis.n_data += is_seen ? 1 : 0;
        for (std::size_t a = 0; a < n_factors; ++a) {
            // Derivatives stand behind the courses, by the first factor of each course, by the next…
            const double moved = plan.values[a] * block.columns[(1 + a) * n_observed * n_times + datum];
            analysis.slopes.push_back(is_seen && y != 0 ? moved / y : std::numeric_limits<double>::quiet_NaN());
            if (is_seen) {
                data.push_back(moved / error);
            }
        }
    }
    if (analysis.report && !data.empty()) {
        // Slopes are as exact as the run.
        analysis.modes = solvers::information_modes(data, n_factors, plan.scenario.numerics.relative_tolerance);
    }
    return analysis;
}

} // namespace osteoflare::scenarios
