#include "scenarios/analyses/steady/steady_words.hpp"

#include "scenarios/analyses/steady/end_system.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

/// "swelling 0.08, il1b 0.318 pM, …"
std::string numbers_of(const Scenario& scenario, const StateReader& reader, std::span<const double> state)
{
    const ModelEntry& model = *scenario.model;
    const auto readouts = reader.readouts(state);
    std::string words;
    for (const std::string& name : telling_quantities(model)) {
        const std::size_t species = index_of(model.species, name), readout = index_of(model.readouts, name);
        const bool is_species = species < model.species.size();
        words += fmt::format("{}{} {:.3g}{}", words.empty() ? "" : ", ", name,
                             is_species ? state[species] : readouts[readout],
                             unit_suffix(is_species ? model.species[species].unit : model.readouts[readout].unit));
    }
    return words;
}

std::string pace(const SteadyState& state)
{
    const auto leading = state.eigenvalues.front();
    const double halving = std::log(2.0) / std::abs(leading.real());
    const std::string swings =
        leading.imag() != 0 ? fmt::format(", swinging every {:.3g} d", 2 * std::acos(-1.0) / std::abs(leading.imag()))
                            : "";
    return state.is_stable() ? fmt::format("the slowest push halves every {:.3g} d{}", halving, swings)
                             : fmt::format("leaves in {} direction{}, a push doubles every {:.3g} d{}",
                                           state.n_unstable, state.n_unstable == 1 ? "" : "s", halving, swings);
}

const char* words_of(Region region)
{
    switch (region) {
    case Region::healthy: return "healthy";
    case Region::bistable: return "bistable";
    case Region::inflamed: return "inflamed";
    case Region::none: return "without a stable state";
    }
    return "";
}

std::string starts_that_went_wrong(std::size_t n_failed, std::size_t n_unsettled)
{
    return fmt::format("{} start{} failed, {} did not settle", n_failed, n_failed == 1 ? "" : "s", n_unsettled);
}

} // namespace

std::vector<std::string> describe(const Scenario& scenario, const std::vector<double>& settings,
                                  const SteadyStates& found)
{
    const StateReader reader(scenario, settings);
    const auto n_stable = std::ranges::count_if(found.states, &SteadyState::is_stable);
    std::vector<std::string> lines = {fmt::format(
        "{} stable steady state{}, {} unstable; {} starts in the last of {} round{}, {}", n_stable,
        n_stable == 1 ? "" : "s", found.states.size() - static_cast<std::size_t>(n_stable), found.n_starts,
        found.n_rounds, found.n_rounds == 1 ? "" : "s", starts_that_went_wrong(found.n_failed, found.n_unsettled))};
    for (std::size_t i = 0; i < found.states.size(); ++i) {
        const SteadyState& state = found.states[i];
        const std::string kind = !reader.knows_illness() ? "" : state.is_ill ? "inflamed, " : "healthy, ";
        lines.push_back(fmt::format("state {}: {}{}", i, kind, state.is_stable() ? "stable" : "unstable"));
        lines.push_back("  " + numbers_of(scenario, reader, state.state));
        lines.push_back("  " + pace(state)
                        + (state.is_stable() ? fmt::format("; {:.0f} % of the starts end here",
                                                           100.0 * static_cast<double>(state.n_starts)
                                                               / static_cast<double>(found.n_starts))
                                             : ""));
    }
    return lines;
}

std::vector<std::string> describe(const Scenario& scenario, const Continuation& result)
{
    const ContinuationPlan& plan = *scenario.continuation;
    StateReader reader(scenario, result.settings);
    const std::string at_second =
        plan.second ? fmt::format(" at {} = {:g}", plan.second->name, result.settings[plan.second->setting]) : "";
    std::vector<std::string> lines = {
        fmt::format("{} branch{} of steady states{}, through {} found at five values of {}; {}", result.branches.size(),
                    result.branches.size() == 1 ? "" : "es", at_second, result.n_seeds, plan.first.name,
                    starts_that_went_wrong(result.n_failed, result.n_unsettled))};
    if (result.n_lost > 0) {
        lines.push_back(fmt::format("{} could not be followed to the end", result.n_lost));
    }
    for (std::size_t b = 0; b < result.branches.size(); ++b) {
        const auto& branch = result.branches[b];
        lines.push_back(fmt::format("branch {}: from {} = {:.4g} to {:.4g}{}", b, plan.first.name,
                                    branch.points.front().p, branch.points.back().p,
                                    branch.specials.empty() ? "; stability does not change" : ""));
        for (const auto& special : branch.specials) {
            reader.set(plan.first.setting, special.at.p);
            const bool is_fold = special.kind == solvers::steady::Special::fold;
            lines.push_back(fmt::format("  {} at {} = {:.8g}: {}", is_fold ? "fold" : "Hopf point", plan.first.name,
                                        special.at.p, numbers_of(scenario, reader, special.at.y)));
        }
    }
    if (!result.map) {
        return lines;
    }
    for (const auto& curve : result.map->fold_curves) {
        const auto &begin = curve.points.front(), &end = curve.points.back();
        lines.push_back(fmt::format("curve of folds: from {} = {:.4g}, {} = {:.4g} to {:.4g}, {:.4g}", plan.first.name,
                                    begin.p, plan.second->name, begin.q, end.p, end.q));
        for (const auto& cusp : curve.cusps) {
            lines.push_back(
                fmt::format("  cusp at {} = {:.6g}, {} = {:.6g}", plan.first.name, cusp.p, plan.second->name, cusp.q));
        }
    }
    double shares[4] = {};
    std::size_t n_lost = 0;
    for (const MapRow& row : result.map->rows) {
        n_lost += row.n_lost;
        double low = plan.first.from;
        for (std::size_t i = 0; i < row.regions.size(); ++i) {
            const double high = i < row.borders.size() ? row.borders[i] : plan.first.to;
            shares[static_cast<std::size_t>(row.regions[i])] +=
                (high - low) / (plan.first.to - plan.first.from) / static_cast<double>(result.map->rows.size());
            low = high;
        }
    }
    std::string words =
        fmt::format("map of {} by {}, {} rows:", plan.second->name, plan.first.name, result.map->rows.size());
    for (std::size_t region = 0; region < 4; ++region) {
        if (shares[region] > 0) {
            words += fmt::format(" {:.0f} % {},", 100 * shares[region], words_of(static_cast<Region>(region)));
        }
    }
    words.pop_back();
    lines.push_back(words + (n_lost > 0 ? fmt::format("; {} branches were lost", n_lost) : ""));
    return lines;
}

std::string no_branch(const Scenario& scenario, const Continuation& result)
{
    return fmt::format("no steady state was found at any of five values of {}: {} starts failed, {} did not settle",
                       scenario.continuation->first.name, result.n_failed, result.n_unsettled);
}

} // namespace osteoflare::scenarios
