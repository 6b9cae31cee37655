#include "scenarios/analyses/steady/continuation.hpp"

#include "scenarios/analyses/steady/end_system.hpp"
#include "solvers/steady/roots.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace osteoflare::scenarios {
namespace {

namespace steady = solvers::steady;

/// Whether a branch passes through a seed: Newton's method from the points around leads there.
bool passes_through(const steady::Branch& branch, const steady::Family& family, const Seed& seed)
{
    constexpr double same = 1e-5;
    for (std::size_t i = 1; i < branch.points.size(); ++i) {
        const steady::BranchPoint &a = branch.points[i - 1], &b = branch.points[i];
        if ((a.p - seed.p) * (b.p - seed.p) > 0) {
            continue;
        }
        const double share = b.p == a.p ? 0 : (seed.p - a.p) / (b.p - a.p);
        std::vector<double> between(a.y.size());
        for (std::size_t k = 0; k < between.size(); ++k) {
            between[k] = a.y[k] + share * (b.y[k] - a.y[k]);
        }
        const auto root = steady::find_root(family, between, {&seed.p, 1});
        if (root && steady::distance(family, *root, seed.state) < same) {
            return true;
        }
    }
    return false;
}

bool is_lost(steady::TraceEnd end)
{
    return end == steady::TraceEnd::lost || end == steady::TraceEnd::step_limit;
}

} // namespace

std::vector<steady::Branch> follow_branches(const Scenario& scenario, const std::vector<double>& settings,
                                            const Moved& moved, const std::vector<Seed>& seeds)
{
    steady::Family family = family_of(scenario, settings, {moved.setting});
    family.parameter_scale = {moved.to - moved.from};
    steady::BranchOptions options;
    options.is_possible = [&](std::span<const double> state) { return is_possible(scenario, state); };
    std::vector<steady::Branch> branches;
    for (const Seed& seed : seeds) {
        const bool known = std::ranges::any_of(
            branches, [&](const steady::Branch& branch) { return passes_through(branch, family, seed); });
        if (known) {
            continue;
        }
        try {
            branches.push_back(steady::continue_branch(family, seed.state, seed.p, {moved.from, moved.to}, options));
        } catch (const std::invalid_argument&) {
            // A seed at a fold, to rounding: its branch is found from the others.
        }
    }
    return branches;
}

Continuation continue_states(const Scenario& scenario, std::size_t threads)
{
    constexpr int n_values = 5, n_rows = 49;
    const StartDesign design{.size = 16};
    const ContinuationPlan& plan = *scenario.continuation;
    Continuation result;
    result.settings = settings_at_end(scenario);
    std::vector<Seed> seeds;
    for (int k = 0; k < n_values; ++k) {
        const double p = plan.first.from + (plan.first.to - plan.first.from) * k / (n_values - 1);
        auto settings = result.settings;
        settings[plan.first.setting] = p;
        const SteadyStates found = find_steady_states(scenario, settings, design, threads);
        for (const SteadyState& state : found.states) {
            seeds.push_back({p, state.state});
        }
        result.n_failed += found.n_failed;
        result.n_unsettled += found.n_unsettled;
    }
    result.n_seeds = seeds.size();
    result.branches = follow_branches(scenario, result.settings, plan.first, seeds);
    for (const steady::Branch& branch : result.branches) {
        result.n_lost += is_lost(branch.begin) || is_lost(branch.end) ? 1 : 0;
    }
    if (plan.second) {
        result.map = map_regions(scenario, result, seeds, n_rows, threads);
    }
    return result;
}

} // namespace osteoflare::scenarios
