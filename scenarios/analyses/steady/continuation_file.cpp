#include "scenarios/analyses/steady/end_system.hpp"
#include "scenarios/analyses/steady/steady_results.hpp"
#include "scenarios/recording/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace osteoflare::scenarios {
namespace {

using output::Element;
using output::Labels;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

struct Columns {
    output::ResultsWriter& file;
    std::string dimension;

    void numbers(const std::string& name, const Labels& labels, const std::vector<double>& values) const
    {
        file.variable(name, {dimension}, Element::float64, labels);
        file.write(name, 0, std::span<const double>(values));
    }
    void counts(const std::string& name, const std::string& meaning, const std::vector<std::int64_t>& values) const
    {
        file.variable(name, {dimension}, Element::int64, {"1", meaning, "", "computed"});
        file.write(name, 0, std::span<const std::int64_t>(values));
    }
};

Labels about(const Scenario& scenario, const Moved& moved)
{
    const model::Description& entry = scenario.model->settings[moved.setting];
    return {moved.unit, std::string(entry.meaning), std::string(entry.symbol), std::string(text(entry.origin))};
}

void write_branches(output::ResultsWriter& file, const Scenario& scenario, const Continuation& result)
{
    const Moved& moved = scenario.continuation->first;
    std::vector<const solvers::steady::BranchPoint*> points, specials;
    std::vector<std::int64_t> branch, n_unstable, after;
    std::vector<double> p, leading, special_p, frequency;
    std::vector<std::uint8_t> kinds;
    for (std::size_t b = 0; b < result.branches.size(); ++b) {
        for (const auto& special : result.branches[b].specials) {
            specials.push_back(&special.at);
            special_p.push_back(special.at.p);
            after.push_back(static_cast<std::int64_t>(points.size() + special.after));
            const bool is_hopf = special.kind == solvers::steady::Special::hopf;
            kinds.push_back(is_hopf ? 1 : 0);
            const auto crossing = std::ranges::min_element(special.at.eigenvalues, {}, [](const auto& value) {
                return value.imag() > 0 ? std::abs(value.real()) : std::numeric_limits<double>::infinity();
            });
            frequency.push_back(is_hopf ? crossing->imag() : missing);
        }
        for (const auto& point : result.branches[b].points) {
            points.push_back(&point);
            p.push_back(point.p);
            branch.push_back(static_cast<std::int64_t>(b));
            n_unstable.push_back(static_cast<std::int64_t>(point.n_unstable));
            leading.push_back(point.eigenvalues.front().real());
        }
    }
    const auto rows = [&](const char* dimension, const char* group, const auto& states) {
        return StateRows{dimension, group, states.size(),
                         [&](std::size_t i) { return std::span<const double>(states[i]->y); },
                         [&](std::size_t i, StateReader& reader) { reader.set(moved.setting, states[i]->p); }};
    };
    file.counted_dimension("point", points.size(), {"1", "point on a branch, branch after branch"});
    const Columns along{file, "point"};
    along.numbers("parameter/" + moved.name, about(scenario, moved), p);
    along.counts("branch", "which branch the point is on", branch);
    along.counts("n_unstable", "eigenvalues with a positive real part; 0 for a stable state", n_unstable);
    along.numbers("leading_eigenvalue", {"1/d", "greatest real part of the eigenvalues", "", "computed"}, leading);
    write_states(file, scenario, result.settings, rows("point", "", points));
    if (specials.empty()) {
        return;
    }
    file.counted_dimension("special_point", specials.size(), {"1", "fold or Hopf point on a branch"});
    const Columns at{file, "special_point"};
    file.variable("special/kind", {"special_point"}, Element::uint8,
                  {"1",
                   "what happens there",
                   "",
                   "computed",
                   {{"flag_values", std::vector<std::uint8_t>{0, 1}}, {"flag_meanings", std::string("fold hopf")}}});
    file.write("special/kind", 0, std::span<const std::uint8_t>(kinds));
    at.numbers("special/" + moved.name, about(scenario, moved), special_p);
    at.counts("special/after_point", "it lies between this point and the next", after);
    at.numbers("special/frequency", {"1/d", "imaginary part of the pair that crosses, of a Hopf point", "", "computed"},
               frequency);
    write_states(file, scenario, result.settings, rows("special_point", "special/", specials));
}

void write_fold_curves(output::ResultsWriter& file, const Scenario& scenario, const Continuation& result)
{
    const Moved &first = scenario.continuation->first, &second = *scenario.continuation->second;
    std::vector<const solvers::steady::FoldPoint*> folds;
    std::vector<double> p, q, cusp_p, cusp_q;
    std::vector<std::int64_t> curve;
    for (std::size_t c = 0; c < result.map->fold_curves.size(); ++c) {
        for (const auto& fold : result.map->fold_curves[c].points) {
            folds.push_back(&fold);
            p.push_back(fold.p);
            q.push_back(fold.q);
            curve.push_back(static_cast<std::int64_t>(c));
        }
        for (const auto& cusp : result.map->fold_curves[c].cusps) {
            cusp_p.push_back(cusp.p);
            cusp_q.push_back(cusp.q);
        }
    }
    if (folds.empty()) {
        return;
    }
    file.counted_dimension("fold_point", folds.size(), {"1", "point on a curve of folds, curve after curve"});
    const Columns along{file, "fold_point"};
    along.counts("fold/curve", "which curve the fold is on", curve);
    along.numbers("fold/" + first.name, about(scenario, first), p);
    along.numbers("fold/" + second.name, about(scenario, second), q);
    write_states(file, scenario, result.settings,
                 {"fold_point", "fold/", folds.size(),
                  [&](std::size_t i) { return std::span<const double>(folds[i]->y); },
                  [&](std::size_t i, StateReader& reader) {
                      reader.set(first.setting, folds[i]->p);
                      reader.set(second.setting, folds[i]->q);
                  }});
    if (!cusp_p.empty()) {
        file.counted_dimension("cusp_point", cusp_p.size(), {"1", "where two folds meet and vanish"});
        const Columns at{file, "cusp_point"};
        at.numbers("cusp/" + first.name, about(scenario, first), cusp_p);
        at.numbers("cusp/" + second.name, about(scenario, second), cusp_q);
    }
}

void write_map(output::ResultsWriter& file, const Scenario& scenario, const RegionMap& map)
{
    const Moved& second = *scenario.continuation->second;
    constexpr std::uint8_t absent = 255;
    std::size_t n_regions = 1;
    for (const MapRow& row : map.rows) {
        n_regions = std::max(n_regions, row.regions.size());
    }
    std::vector<double> q, borders;
    std::vector<std::uint8_t> regions;
    for (const MapRow& row : map.rows) {
        q.push_back(row.second);
        for (std::size_t i = 0; i < n_regions; ++i) {
            regions.push_back(i < row.regions.size() ? static_cast<std::uint8_t>(row.regions[i]) : absent);
        }
        for (std::size_t i = 0; i < n_regions; ++i) {
            borders.push_back(i < row.borders.size() ? row.borders[i] : missing);
        }
    }
    file.dimension(second.name, q, about(scenario, second));
    file.counted_dimension("map_region", n_regions, {"1", "region, from low to high values of the first parameter"});
    file.variable("map/region", {second.name, "map_region"}, Element::uint8,
                  {"1",
                   "what a site does in the long run; region i ends at border i, the last one at the end of the range",
                   "",
                   "computed",
                   {{"flag_values", std::vector<std::uint8_t>{0, 1, 2, 3, absent}},
                    {"flag_meanings", std::string("healthy bistable inflamed no_stable_state absent")}}});
    file.write("map/region", 0, std::span<const std::uint8_t>(regions));
    file.variable("map/border", {second.name, "map_region"}, Element::float64,
                  about(scenario, scenario.continuation->first));
    file.write("map/border", 0, std::span<const double>(borders));
}

} // namespace

void record_continuation(const Scenario& scenario, const Continuation& result, output::ResultsWriter& file)
{
    const ContinuationPlan& plan = *scenario.continuation;
    write_provenance(file, scenario, "continue");
    file.attribute({"analysis", std::string("continue")});
    std::vector<std::size_t> moved = {plan.first.setting};
    const auto range = [&](const std::string& key, const Moved& of) {
        file.attribute({key, of.name});
        file.attribute({key + "_from", of.from});
        file.attribute({key + "_to", of.to});
        file.attribute({key + "_value", result.settings[of.setting]});
    };
    range("parameter", plan.first);
    if (plan.second) {
        range("second", *plan.second);
    }
    file.attribute({"n_failed_starts", static_cast<std::int64_t>(result.n_failed)});
    file.attribute({"n_unsettled_starts", static_cast<std::int64_t>(result.n_unsettled)});
    file.attribute({"n_lost_branches", static_cast<std::int64_t>(result.n_lost)});
    write_end_settings(file, scenario, result.settings, moved);
    write_branches(file, scenario, result);
    if (result.map) {
        write_fold_curves(file, scenario, result);
        write_map(file, scenario, *result.map);
    }
    file.finish();
}

} // namespace osteoflare::scenarios
