#include "scenarios/analyses/steady/steady.hpp"

#include "scenarios/analyses/steady/end_system.hpp"
#include "solvers/designs.hpp"
#include "solvers/ensemble.hpp"
#include "solvers/integrate.hpp"
#include "solvers/steady/roots.hpp"

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

namespace steady = solvers::steady;

/// Two states this near, in the solver's even coordinates, are one.
constexpr double same = 1e-5;

/// The least and the greatest of each species, widened by the design's spread. What is zero everywhere has its usual
/// size instead.
struct StartBox {
    std::vector<double> low, high;

    StartBox(const Scenario& scenario, const std::vector<std::vector<double>>& known, double spread)
    {
        for (std::size_t i = 0; i < scenario.model->species.size(); ++i) {
            double least = INFINITY, greatest = 0;
            for (const auto& state : known) {
                least = state[i] > 0 ? std::min(least, state[i]) : least;
                greatest = std::max(greatest, state[i]);
            }
            const double usual = scenario.model->species[i].value;
            if (greatest == 0) {
                least = greatest = usual > 0 ? usual : 1;
            }
            low.push_back(least / spread);
            high.push_back(greatest * spread);
        }
    }
    std::vector<double> start(const solvers::UnitDesign& design, std::size_t point) const
    {
        std::vector<double> state(low.size());
        for (std::size_t i = 0; i < low.size(); ++i) {
            state[i] = low[i] * std::pow(high[i] / low[i], design(point, i));
        }
        return state;
    }
};

/// Newton's method from points on the straight line, in even coordinates, between two states.
void look_between(const Scenario& scenario, const steady::Family& family, const std::vector<double>& one,
                  const std::vector<double>& other, std::vector<std::vector<double>>& found)
{
    constexpr int n_points = 40;
    const auto a = steady::to_even(family, one), b = steady::to_even(family, other);
    for (int k = 1; k < n_points; ++k) {
        std::vector<double> between(a.size());
        const double share = static_cast<double>(k) / n_points;
        for (std::size_t i = 0; i < a.size(); ++i) {
            between[i] = a[i] + share * (b[i] - a[i]);
        }
        const auto root = steady::find_root(family, steady::from_even(family, between), {});
        if (root && is_possible(scenario, *root)) {
            steady::merge(family, found, *root, same);
        }
    }
}

} // namespace

Settled settle(const Scenario& scenario, const std::vector<double>& settings, std::vector<double> start, double days)
{
    const Instance instance = scenario.model->make();
    instance.set(settings);
    solvers::Options options = scenario.numerics;
    options.method = solvers::Method::rosenbrock4;                         // far starts may be stiff in any model
    options.most_steps = std::min<std::size_t>(options.most_steps, 3'000); // who still moves then will not settle
    const auto report = solvers::integrate(instance.system, start, 0, days, {}, options, [](const solvers::Step&) {});
    if (!report) {
        return {std::move(start), true, false};
    }
    const steady::Family family = family_of(scenario, settings, {});
    const auto root = steady::find_root(family, start, {});
    // A root far away is another state than the one that was reached.
    constexpr double near = 0.1;
    if (!root || !is_possible(scenario, *root) || steady::distance(family, *root, start) > near
        || steady::n_unstable(steady::eigenvalues(family, *root, {})) > 0) {
        return {std::move(start), false, false};
    }
    return {*root, false, true};
}

SteadyStates find_steady_states(const Scenario& scenario, const std::vector<double>& settings,
                                const StartDesign& design, std::size_t threads)
{
    const steady::Family family = family_of(scenario, settings, {});
    const solvers::UnitDesign unit(solvers::Design::sobol, design.size, family.size, design.seed);
    std::vector<std::vector<double>> stable, known = {scenario.start_state};
    const Settled own = settle(scenario, settings, scenario.start_state, design.days);
    if (own.settled) {
        steady::merge(family, stable, own.state, same);
    }
    known.push_back(own.state);

    SteadyStates result;
    std::vector<std::size_t> counts;
    std::vector<std::vector<double>> restless; // of the last round: ends that still move
    for (bool grown = true; grown && result.n_rounds < design.most_rounds; ++result.n_rounds) {
        const StartBox box(scenario, known, design.spread);
        std::vector<Settled> ends(design.size);
        solvers::for_each_member(design.size, threads, [&](std::size_t i) {
            ends[i] = settle(scenario, settings, box.start(unit, i), design.days);
        });
        grown = false;
        counts.assign(stable.size(), 0);
        result.n_starts = design.size;
        result.n_failed = result.n_unsettled = 0;
        restless.clear();
        for (const Settled& end : ends) {
            result.n_failed += end.failed ? 1 : 0;
            result.n_unsettled += !end.failed && !end.settled ? 1 : 0;
            if (!end.settled) {
                restless.push_back(end.state);
                continue;
            }
            const std::size_t index = steady::merge(family, stable, end.state, same);
            if (index == counts.size()) {
                counts.push_back(0);
                known.push_back(end.state);
                grown = true;
            }
            ++counts[index];
        }
    }

    auto all = stable;
    for (std::size_t i = 0; i < stable.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            look_between(scenario, family, stable[j], stable[i], all);
        }
    }
    // What swings does so around a steady state.
    for (const auto& state : restless) {
        const auto root = steady::find_root(family, state, {});
        if (root && is_possible(scenario, *root)) {
            steady::merge(family, all, *root, same);
        }
    }
    const StateReader reader(scenario, settings);
    for (std::size_t i = 0; i < all.size(); ++i) {
        SteadyState state{all[i], reader.readouts(all[i]), steady::eigenvalues(family, all[i], {})};
        state.n_unstable = steady::n_unstable(state.eigenvalues);
        state.is_ill = reader.is_ill(all[i]);
        state.n_starts = i < counts.size() ? counts[i] : 0;
        result.states.push_back(std::move(state));
    }
    std::ranges::stable_sort(result.states, [&](const SteadyState& a, const SteadyState& b) {
        const double one = reader.knows_illness() ? reader.excess(a.state) : a.state[0];
        const double other = reader.knows_illness() ? reader.excess(b.state) : b.state[0];
        return a.is_stable() != b.is_stable() ? a.is_stable() : one < other;
    });
    return result;
}

} // namespace osteoflare::scenarios
