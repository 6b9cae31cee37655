#include "scenarios/reading/fit_parameter_reader.hpp"

#include "scenarios/reading/library_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

using solvers::fitting::Noise;

/// The setting that a target moves.
std::size_t moved_setting(const Scenario& scenario, const Target& target)
{
    if (target.kind == Target::Kind::setting) {
        return target.index;
    }
    return std::ranges::find(scenario.interventions[target.index].sets, true, &Assignment::is_exposure)->setting;
}

FitParameter::Prior read_prior(TomlTable table, const FitParameter& parameter)
{
    FitParameter::Prior prior;
    const auto normal = table.find("normal"), lognormal = table.find("lognormal");
    if (!normal == !lognormal) {
        table.fail({"a prior needs one distribution", "exactly one of normal and lognormal says it",
                    "write for example prior = { lognormal = [50, 0.3] }"});
    }
    const auto pair = (normal ? *normal : *lognormal).list();
    if (pair.size() != 2) {
        table.fail({fmt::format("{} numbers for a prior", pair.size()), "it has a middle and a spread",
                    "write for example prior = { lognormal = [50, 0.3] }"});
    }
    prior.noise = normal ? Noise::normal : Noise::lognormal;
    prior.value = pair[0].quantity(parameter.unit);
    prior.spread = pair[1].quantity(normal ? parameter.unit : "1");
    if (prior.spread <= 0 || (lognormal && prior.value <= 0)) {
        pair[1].fail({"a prior that cannot be", "spreads, and medians of lognormal ones, lie above 0",
                      "choose positive numbers"});
    }
    table.done();
    return prior;
}

/// Which experiments a parameter acts in.
std::vector<bool> read_membership(TomlTable& table, const FitProblem& problem)
{
    const auto names = table.find("experiments");
    std::vector<bool> is_member(problem.experiments.size(), !names);
    for (std::size_t i = 0; names && i < names->list().size(); ++i) {
        const TomlValue value = names->list()[i];
        const auto found = std::ranges::find(problem.experiments, value.text(), &Experiment::name);
        if (found == problem.experiments.end()) {
            value.fail({fmt::format("unknown experiment '{}'", value.text()), "the problem has no such [[experiment]]",
                        suggest_name(value.text(), names_of(problem.experiments), "name one of them")});
        }
        is_member[static_cast<std::size_t>(found - problem.experiments.begin())] = true;
    }
    return is_member;
}

} // namespace

std::optional<Target> target_of(const Scenario& scenario, const std::string& name)
{
    const std::size_t setting = index_of(scenario.model->settings, name);
    if (setting < scenario.model->settings.size()) {
        return Target{Target::Kind::setting, setting};
    }
    for (std::size_t i = 0; i < scenario.interventions.size(); ++i) {
        const Intervention& done = scenario.interventions[i];
        const bool is_named = name == done.name + ".value" || name == done.name + ".exposure";
        if (is_named && !done.of_life && std::ranges::any_of(done.sets, &Assignment::is_exposure)) {
            return Target{Target::Kind::value, i};
        }
    }
    return std::nullopt;
}

FitParameter read_fit_parameter(const std::string& name, TomlTable table, const FitProblem& problem)
{
    FitParameter parameter;
    parameter.name = name;
    parameter.place = table.place();
    const auto acts_in = read_membership(table, problem);
    std::optional<double> usual;
    const model::Description* entry = nullptr;
    for (std::size_t e = 0; e < problem.experiments.size(); ++e) {
        const Scenario& scenario = problem.experiments[e].scenario;
        const auto target = acts_in[e] ? target_of(scenario, name) : std::nullopt;
        parameter.targets.push_back(target);
        if (target) {
            entry = &scenario.model->settings[moved_setting(scenario, *target)];
            parameter.unit = entry->unit;
            usual = target->kind == Target::Kind::setting ? std::optional(entry->value) : usual;
        }
    }
    parameter.is_free = !entry;
    parameter.unit = table.text("unit").value_or(parameter.unit);
    const TomlValue from = table.require("from"), to = table.require("to");
    parameter.lower = from.quantity(parameter.unit);
    parameter.upper = to.quantity(parameter.unit);
    if (parameter.lower >= parameter.upper) {
        to.fail({fmt::format("'{}' from {:g} to {:g}", name, parameter.lower, parameter.upper),
                 "there is nothing to search", "give a larger end"});
    }
    if (const auto log = table.find("log")) {
        parameter.is_log = log->boolean();
    }
    if (parameter.is_log && parameter.lower <= 0) {
        from.fail({fmt::format("'{}' from {:g} on a scale of logarithms", name, parameter.lower),
                   "logarithms begin above 0", "give a positive lower bound, or write log = false"});
    }
    if (entry) {
        check_range(*entry, parameter.lower, from);
        check_range(*entry, parameter.upper, to);
    }
    const double middle =
        parameter.is_log ? std::sqrt(parameter.lower * parameter.upper) : (parameter.lower + parameter.upper) / 2;
    const auto is_inside = [&](double value) { return value >= parameter.lower && value <= parameter.upper; };
    parameter.start = usual && is_inside(*usual) ? *usual : middle;
    if (const auto start = table.find("start")) {
        parameter.start = start->quantity(parameter.unit);
        if (!is_inside(parameter.start)) {
            start->fail({fmt::format("'{}' starts at {:g}", name, parameter.start),
                         fmt::format("its bounds are {:g} and {:g}", parameter.lower, parameter.upper),
                         "start between them"});
        }
    }
    if (const auto prior = table.find("prior")) {
        parameter.prior = read_prior(prior->table(), parameter);
    }
    table.done();
    return parameter;
}

} // namespace osteoflare::scenarios
