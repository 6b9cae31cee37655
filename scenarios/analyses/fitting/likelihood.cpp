#include "scenarios/analyses/fitting/likelihood.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

using solvers::fitting::Noise;
using solvers::fitting::Predictions;

bool same(const Intervention& a, const Intervention& b)
{
    return a.name == b.name && a.from == b.from && a.until == b.until && a.of_life == b.of_life
           && std::ranges::equal(a.sets, b.sets, [](const Assignment& s, const Assignment& t) {
                  return s.setting == t.setting && s.value == t.value && s.is_exposure == t.is_exposure;
              });
}

bool same_but_genotype(const Scenario& a, const Scenario& b)
{
    return a.overrides == b.overrides && a.start_state == b.start_state && a.start == b.start && a.end == b.end
           && a.numerics.relative_tolerance == b.numerics.relative_tolerance
           && a.numerics.most_steps == b.numerics.most_steps && a.genotypes.empty() == b.genotypes.empty()
           && std::ranges::equal(a.interventions, b.interventions, same);
}

} // namespace

Likelihood::Likelihood(FitProblem problem) : problem_(std::move(problem))
{
    for (const Experiment& experiment : problem_.experiments) {
        if (experiment.scenario.model->is_spatial) {
            throw InputError(experiment.place,
                             {fmt::format("experiment '{}' has no likelihood", experiment.name),
                              "its cells act by chance", "use osteoflare sample, which compares data by ABC"});
        }
    }
    const std::size_t n_species = problem_.model().species.size();
    for (const Observable& observable : problem_.observables) {
        const bool is_species = observable.quantity < n_species;
        auto& list = is_species ? species_ : readouts_;
        const std::size_t index = is_species ? observable.quantity : observable.quantity - n_species;
        if (std::ranges::find(list, index) == list.end()) {
            list.push_back(index);
        }
    }
    groups_ = grouped(false);
}

std::vector<Likelihood::Group> Likelihood::grouped(bool all) const
{
    std::vector<Group> groups;
    for (std::size_t e = 0; e < problem_.experiments.size(); ++e) {
        const Scenario& scenario = problem_.experiments[e].scenario;
        if (!all && std::ranges::find(problem_.data, e, &FitDatum::experiment) == problem_.data.end()) {
            continue; // nothing to compare it with; it costs no time in the search
        }
        auto group = std::ranges::find_if(
            groups, [&](const Group& known) { return same_but_genotype(known.scenario, scenario); });
        if (group == groups.end()) {
            groups.push_back({.scenario = scenario,
                              .experiments = {},
                              .genotypes = {},
                              .parameters = {},
                              .axes = {},
                              .base = {},
                              .times = {},
                              .data = {}});
            group = groups.end() - 1;
            group->scenario.genotypes.clear();
        }
        if (!scenario.genotypes.empty()) {
            group->genotypes.push_back(group->scenario.genotypes.size());
            group->scenario.genotypes.push_back(scenario.genotypes.front());
        }
        group->experiments.push_back(e);
    }
    for (Group& group : groups) {
        finish(group, all);
    }
    return groups;
}

void Likelihood::finish(Group& group, bool all) const
{
    Scenario& scenario = group.scenario;
    scenario.output = {};
    scenario.output.species = species_;
    scenario.output.readouts = readouts_;
    scenario.sensitivities = {};
    if (!scenario.genotypes.empty()) {
        group.axes.push_back({"genotype", "", {Target::Kind::genotype, 0}, Choices{}, {}});
    }
    std::vector<Member> members; // as they are without the fit
    for (std::size_t i = 0; i < group.experiments.size(); ++i) {
        Scenario own = scenario;
        own.genotypes = own.genotypes.empty() ? own.genotypes : std::vector{own.genotypes[i]};
        members.push_back(Study(own).member(0));
    }
    for (std::size_t p = 0; p < problem_.parameters.size(); ++p) {
        const FitParameter& parameter = problem_.parameters[p];
        std::optional<Target> target;
        std::vector<double> base;
        for (std::size_t i = 0; i < group.experiments.size(); ++i) {
            const auto own = parameter.targets[group.experiments[i]];
            target = own ? own : target;
        }
        if (!target) {
            continue;
        }
        for (const Member& member : members) {
            const auto& sets = scenario.interventions;
            base.push_back(target->kind == Target::Kind::setting
                               ? member.settings[target->index]
                               : std::ranges::find(sets[target->index].sets, true, &Assignment::is_exposure)->value);
        }
        group.parameters.push_back(p);
        group.axes.push_back({parameter.name, parameter.unit, *target, Choices{}, parameter.place});
        group.base.push_back(std::move(base));
        if (!all) {
            const double usual = parameter.is_log ? std::sqrt(parameter.lower * parameter.upper)
                                                  : std::max(std::abs(parameter.lower), std::abs(parameter.upper));
            scenario.sensitivities.to.push_back({parameter.name, parameter.unit, *target, usual});
        }
    }
    if (!scenario.sensitivities.to.empty()) {
        scenario.sensitivities.species = species_;
        scenario.sensitivities.readouts = readouts_;
    }
    for (std::size_t i = 0; i < problem_.data.size(); ++i) {
        const FitDatum& datum = problem_.data[i];
        if (std::ranges::find(group.experiments, datum.experiment) != group.experiments.end()) {
            group.data.push_back(i);
            group.times.push_back(datum.time);
            if (datum.since) {
                group.times.push_back(*datum.since);
            }
        }
    }
    std::ranges::sort(group.times);
    group.times.erase(std::unique(group.times.begin(), group.times.end()), group.times.end());
}

Block Likelihood::run(const Group& group, std::span<const double> x, std::span<const double> times) const
{
    std::vector<std::vector<double>> values;
    if (!group.genotypes.empty()) {
        values.emplace_back(group.genotypes.begin(), group.genotypes.end());
    }
    for (std::size_t k = 0; k < group.parameters.size(); ++k) {
        const FitParameter& parameter = problem_.parameters[group.parameters[k]];
        values.push_back(group.base[k]);
        for (std::size_t i = 0; i < group.experiments.size(); ++i) {
            if (parameter.targets[group.experiments[i]]) {
                values.back()[i] = parameter.outward(x[group.parameters[k]]);
            }
        }
    }
    const std::size_t n_members = group.experiments.size();
    if (values.empty()) { // a model without genotypes of which nothing is fitted
        return run_block(Study(group.scenario), times, 0, 1);
    }
    return run_block(Study(at_points(group.scenario, group.axes, std::move(values))), times, 0, n_members);
}

std::size_t Likelihood::column_of(const Observable& observable) const
{
    const std::size_t n_species = problem_.model().species.size();
    if (observable.quantity < n_species) {
        return static_cast<std::size_t>(std::ranges::find(species_, observable.quantity) - species_.begin());
    }
    const auto found = std::ranges::find(readouts_, observable.quantity - n_species);
    return species_.size() + static_cast<std::size_t>(found - readouts_.begin());
}

void Likelihood::predict_one(const FitDatum& datum, std::span<const double> x, const Quantity& now,
                             const Quantity& before, std::size_t index, Predictions& at_x) const
{
    const std::size_t n = problem_.parameters.size();
    const Measured seen = measured(problem_, datum, x, now, before);
    at_x.m[index] = seen.m.value;
    at_x.s[index] = seen.s;
    std::ranges::copy(seen.m.by_x, at_x.m_by_x.begin() + static_cast<std::ptrdiff_t>(index * n));
    if (seen.spread_parameter) {
        at_x.s_by_x[index * n + *seen.spread_parameter] = seen.s_by_x;
    }
}

Likelihood::Cell Likelihood::place_of(const FitDatum& datum, const Group& group, double time) const
{
    return {
        static_cast<std::size_t>(std::ranges::find(group.experiments, datum.experiment) - group.experiments.begin()),
        static_cast<std::size_t>(std::ranges::lower_bound(group.times, time) - group.times.begin()),
        column_of(problem_.observables[datum.observable])};
}

bool Likelihood::predict(std::span<const double> x, Predictions& at_x) const
{
    const std::size_t n = problem_.parameters.size();
    const auto n_priors = static_cast<std::size_t>(std::ranges::count_if(
        problem_.parameters, [](const FitParameter& parameter) { return parameter.prior.has_value(); }));
    const std::size_t n_rows = problem_.data.size() + n_priors;
    at_x.m.assign(n_rows, 0);
    at_x.s.assign(n_rows, 0);
    at_x.m_by_x.assign(n_rows * n, 0);
    at_x.s_by_x.assign(n_rows * n, 0);
    for (const Group& group : groups_) {
        const Block block = run(group, x, group.times);
        if (!std::ranges::all_of(block.reports, [](const auto& report) { return static_cast<bool>(report); })) {
            return false;
        }
        const std::size_t n_columns = species_.size() + readouts_.size(), n_times = group.times.size();
        const auto quantity_at = [&](const FitDatum& datum, double time) {
            const Cell cell = place_of(datum, group, time);
            const auto value = [&](std::size_t c) {
                return block.columns[(c * block.size + cell.experiment) * n_times + cell.time];
            };
            Quantity quantity{value(cell.column), std::vector<double>(n, 0)};
            for (std::size_t k = 0; k < group.parameters.size(); ++k) {
                const FitParameter& parameter = problem_.parameters[group.parameters[k]];
                if (parameter.targets[datum.experiment]) {
                    const double chain = parameter.is_log ? parameter.outward(x[group.parameters[k]]) : 1;
                    quantity.by_x[group.parameters[k]] = chain * value(n_columns + k * n_columns + cell.column);
                }
            }
            return quantity;
        };
        for (const std::size_t i : group.data) {
            const FitDatum& datum = problem_.data[i];
            predict_one(datum, x, quantity_at(datum, datum.time),
                        datum.since ? quantity_at(datum, *datum.since) : Quantity{}, i, at_x);
        }
    }
    std::size_t row = problem_.data.size();
    for (std::size_t p = 0; p < n; ++p) {
        const FitParameter& parameter = problem_.parameters[p];
        if (parameter.prior) {
            at_x.m[row] = parameter.outward(x[p]);
            at_x.s[row] = parameter.prior->spread;
            at_x.m_by_x[row * n + p] = parameter.is_log ? at_x.m[row] : 1;
            ++row;
        }
    }
    return true;
}

solvers::fitting::Problem Likelihood::as_seen_by_solver() const
{
    solvers::fitting::Problem problem;
    for (const FitDatum& datum : problem_.data) {
        problem.data.push_back(datum.datum);
    }
    for (const FitParameter& parameter : problem_.parameters) {
        problem.lower.push_back(parameter.inward(parameter.lower));
        problem.upper.push_back(parameter.inward(parameter.upper));
        if (parameter.prior) {
            problem.data.push_back({.noise = parameter.prior->noise, .value = parameter.prior->value});
        }
    }
    problem.predict = [this](std::span<const double> x, Predictions& at_x) { return predict(x, at_x); };
    return problem;
}

bool Likelihood::check_touched(std::span<const double> x) const
{
    Predictions at_x;
    if (!predict(x, at_x)) {
        return false;
    }
    const std::size_t n = problem_.parameters.size();
    for (std::size_t p = 0; p < n; ++p) {
        bool is_touched = false;
        for (std::size_t i = 0; i < n_data(); ++i) {
            is_touched = is_touched || at_x.m_by_x[i * n + p] != 0 || at_x.s_by_x[i * n + p] != 0;
        }
        if (!is_touched) {
            throw InputError(problem_.parameters[p].place,
                             {fmt::format("no data depend on '{}'", problem_.parameters[p].name),
                              "all derivatives by it are 0 where the fit starts",
                              "remove it, or add data that it moves"});
        }
    }
    return true;
}

std::vector<double> Likelihood::inward(std::span<const double> values) const
{
    std::vector<double> x;
    for (std::size_t p = 0; p < values.size(); ++p) {
        x.push_back(problem_.parameters[p].inward(values[p]));
    }
    return x;
}

std::vector<double> Likelihood::outward(std::span<const double> x) const
{
    std::vector<double> values;
    for (std::size_t p = 0; p < x.size(); ++p) {
        values.push_back(problem_.parameters[p].outward(x[p]));
    }
    return values;
}

std::vector<double> Likelihood::start() const
{
    std::vector<double> values;
    for (const FitParameter& parameter : problem_.parameters) {
        values.push_back(parameter.start);
    }
    return inward(values);
}

std::vector<double> Likelihood::courses(std::span<const double> x, const std::vector<double>& times) const
{
    const std::size_t n_observables = problem_.observables.size(), n = problem_.parameters.size();
    std::vector<double> courses(problem_.experiments.size() * n_observables * times.size(),
                                std::numeric_limits<double>::quiet_NaN());
    Predictions one{{0}, {0}, std::vector<double>(n), std::vector<double>(n)};
    for (const Group& group : grouped(true)) {
        const double start = to_days(group.scenario.start), end = to_days(group.scenario.end);
        const auto first = std::ranges::lower_bound(times, start), last = std::ranges::upper_bound(times, end);
        const std::span<const double> own(first, last);
        if (own.empty()) {
            continue;
        }
        const Block block = run(group, x, own);
        for (std::size_t i = 0; i < group.experiments.size(); ++i) {
            for (std::size_t o = 0; o < n_observables; ++o) {
                const std::size_t column = column_of(problem_.observables[o]);
                FitDatum datum;
                datum.observable = o;
                datum.datum.noise = problem_.observables[o].noise;
                for (std::size_t t = 0; t < own.size(); ++t) {
                    const double value = block.columns[(column * block.size + i) * own.size() + t];
                    predict_one(datum, x, {value, {}}, {}, 0, one);
                    const bool is_share = datum.datum.noise == Noise::binomial;
                    const double m = is_share ? std::exp(solvers::fitting::log_normal_cdf(one.m[0])) : one.m[0];
                    const auto time = static_cast<std::size_t>(first - times.begin()) + t;
                    courses[(group.experiments[i] * n_observables + o) * times.size() + time] = m;
                }
            }
        }
    }
    return courses;
}

} // namespace osteoflare::scenarios
