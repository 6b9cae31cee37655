#include "scenarios/analyses/steady/continuation.hpp"
#include "scenarios/analyses/steady/end_system.hpp"
#include "solvers/ensemble.hpp"
#include "solvers/steady/roots.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace osteoflare::scenarios {
namespace {

namespace steady = solvers::steady;
using steady::Branch;
using steady::BranchPoint;

/// A stable state at p on the line between two points of a branch.
struct Crossing {
    bool stable = false, ill = false;
};

/// What lies on all branches at p.
std::vector<Crossing> states_at(const std::vector<Branch>& branches, const std::vector<std::vector<double>>& excess,
                                double p)
{
    std::vector<Crossing> crossings;
    for (std::size_t b = 0; b < branches.size(); ++b) {
        const auto& points = branches[b].points;
        for (std::size_t i = 1; i < points.size(); ++i) {
            const double before = points[i - 1].p - p, after = points[i].p - p;
            if ((before <= 0) == (after <= 0)) {
                continue;
            }
            // Between two points whose stability differs, the special one says on which side p is.
            std::size_t n_unstable = points[i - 1].n_unstable;
            double from = before;
            for (const steady::SpecialPoint& special : branches[b].specials) {
                if (special.after == i - 1 && (special.at.p - p) * from > 0) {
                    n_unstable = points[i].n_unstable;
                    from = special.at.p - p;
                }
            }
            const double share = before / (before - after);
            const double there = excess[b][i - 1] + share * (excess[b][i] - excess[b][i - 1]);
            crossings.push_back({n_unstable == 0, there > 0});
        }
    }
    return crossings;
}

Region region_of(const std::vector<Crossing>& crossings)
{
    const auto n_stable = std::ranges::count(crossings, true, &Crossing::stable);
    if (n_stable != 1) {
        return n_stable == 0 ? Region::none : Region::bistable;
    }
    return std::ranges::find(crossings, true, &Crossing::stable)->ill ? Region::inflamed : Region::healthy;
}

/// The regions along one row, from the branches there.
void divide(const Scenario& scenario, const std::vector<double>& settings, const Moved& moved,
            const std::vector<Branch>& branches, MapRow& row)
{
    StateReader reader(scenario, settings);
    std::vector<std::vector<double>> excess(branches.size());
    std::vector<double> cuts = {moved.from, moved.to};
    for (std::size_t b = 0; b < branches.size(); ++b) {
        for (const BranchPoint& point : branches[b].points) {
            reader.set(moved.setting, point.p);
            excess[b].push_back(reader.knows_illness() ? reader.excess(point.y) : -1);
        }
        for (std::size_t i = 1; i < excess[b].size(); ++i) {
            const double a = excess[b][i - 1], z = excess[b][i];
            if ((a > 0) != (z > 0)) { // on a smooth branch; to the square of a step
                const auto& points = branches[b].points;
                cuts.push_back(points[i - 1].p + a / (a - z) * (points[i].p - points[i - 1].p));
            }
        }
        for (const steady::SpecialPoint& special : branches[b].specials) {
            cuts.push_back(special.at.p);
            if (special.kind == steady::Special::fold) {
                row.folds.push_back({special.at.y, special.at.p, row.second});
            }
        }
    }
    std::ranges::sort(cuts);
    for (std::size_t i = 1; i < cuts.size(); ++i) {
        if (cuts[i] - cuts[i - 1] < 1e-9 * (moved.to - moved.from)) {
            continue;
        }
        const Region region = region_of(states_at(branches, excess, (cuts[i - 1] + cuts[i]) / 2));
        if (!row.regions.empty() && row.regions.back() == region) {
            continue;
        }
        if (!row.regions.empty()) {
            row.borders.push_back(cuts[i - 1]);
        }
        row.regions.push_back(region);
    }
}

/// What seeds of the main branches lead to at another value of the second parameter: from the scenario's start, the
/// least and the most ill of them, at both ends of the first parameter and in its middle.
std::vector<Seed> seeds_of_row(const Scenario& scenario, std::vector<double> settings, const Moved& moved,
                               const std::vector<std::vector<double>>& starts)
{
    std::vector<Seed> seeds;
    for (const double p : {moved.from, (moved.from + moved.to) / 2, moved.to}) {
        settings[moved.setting] = p;
        for (const auto& start : starts) {
            Settled end = settle(scenario, settings, start, StartDesign{}.days);
            if (end.settled) {
                seeds.push_back({p, std::move(end.state)});
            }
        }
    }
    return seeds;
}

/// Whether a fold lies on a curve that was followed: no farther from one of its points than a step.
bool lies_on(const steady::FoldCurve& curve, const steady::Family& family, const steady::FoldPoint& fold)
{
    constexpr double near = 0.05;
    return std::ranges::any_of(curve.points, [&](const steady::FoldPoint& point) {
        return std::abs(point.p - fold.p) < near * family.parameter_scale[0]
               && std::abs(point.q - fold.q) < near * family.parameter_scale[1]
               && steady::distance(family, point.y, fold.y) < near * std::sqrt(static_cast<double>(family.size));
    });
}

} // namespace

RegionMap map_regions(const Scenario& scenario, const Continuation& along, const std::vector<Seed>& seeds,
                      std::size_t n_rows, std::size_t threads)
{
    const Moved &first = scenario.continuation->first, &second = *scenario.continuation->second;
    std::vector<std::vector<double>> starts = {scenario.start_state};
    const StateReader reader(scenario, along.settings);
    const auto by_illness = [&](const Seed& seed) {
        return reader.knows_illness() ? reader.excess(seed.state) : seed.state[0];
    };
    if (!seeds.empty()) {
        const auto [least, most] = std::ranges::minmax_element(seeds, {}, by_illness);
        starts.push_back(least->state);
        starts.push_back(most->state);
    }
    RegionMap map;
    map.rows.resize(n_rows);
    solvers::for_each_member(n_rows, threads, [&](std::size_t i) {
        MapRow& row = map.rows[i];
        const double share = static_cast<double>(i) / static_cast<double>(n_rows - 1);
        row.second = i + 1 == n_rows ? second.to : second.from + share * (second.to - second.from);
        auto settings = along.settings;
        settings[second.setting] = row.second;
        const auto branches =
            follow_branches(scenario, settings, first, seeds_of_row(scenario, settings, first, starts));
        for (const Branch& branch : branches) {
            const auto lost = [](steady::TraceEnd end) {
                return end == steady::TraceEnd::lost || end == steady::TraceEnd::step_limit;
            };
            row.n_lost += lost(branch.begin) || lost(branch.end) ? 1 : 0;
        }
        divide(scenario, settings, first, branches, row);
    });

    steady::Family family = family_of(scenario, along.settings, {first.setting, second.setting});
    family.parameter_scale = {first.to - first.from, second.to - second.from};
    steady::BranchOptions options;
    options.is_possible = [&](std::span<const double> state) { return is_possible(scenario, state); };
    for (const MapRow& row : map.rows) {
        for (const steady::FoldPoint& fold : row.folds) {
            const bool known = std::ranges::any_of(
                map.fold_curves, [&](const steady::FoldCurve& curve) { return lies_on(curve, family, fold); });
            if (!known) {
                map.fold_curves.push_back(
                    steady::continue_fold(family, fold, {first.from, first.to}, {second.from, second.to}, options));
            }
        }
    }
    return map;
}

} // namespace osteoflare::scenarios
