#include "scenarios/reading/threshold_reader.hpp"

#include "scenarios/reading/library_tables.hpp"
#include "scenarios/reading/sweep_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

Outcome read_outcome(TomlTable& table, const ModelEntry& model)
{
    const TomlValue value = table.require("outcome");
    const std::string name = value.text();
    Outcome outcome;
    outcome.name = name;
    const auto summary = std::ranges::find(model.summaries, name, &model::Summary::name);
    if (summary != model.summaries.end()) {
        outcome.index = static_cast<std::size_t>(summary - model.summaries.begin());
        outcome.unit = summary->unit;
        return outcome;
    }
    for (const auto& [of, entries] :
         {std::pair(Outcome::Of::species, &model.species), std::pair(Outcome::Of::readout, &model.readouts)}) {
        outcome.of = of;
        outcome.index = index_of(*entries, name);
        if (outcome.index < entries->size()) {
            outcome.unit = (*entries)[outcome.index].unit;
            return outcome;
        }
    }
    std::vector<std::string> known;
    std::ranges::transform(model.summaries, std::back_inserter(known),
                           [](const auto& s) { return std::string(s.name); });
    for (const auto* entries : {&model.species, &model.readouts}) {
        const auto names = names_of(*entries);
        known.insert(known.end(), names.begin(), names.end());
    }
    value.fail({fmt::format("unknown outcome '{}'", name),
                fmt::format("the model {} has no such summary, species or read-out", model.name),
                suggest_name(name, known, "see osteoflare list readouts")});
}

} // namespace

ThresholdPlan read_threshold(TomlTable table, Scenario& scenario)
{
    if (scenario.model->is_spatial) {
        table.fail({"a threshold of agents", "chance decides on which side of it a run ends",
                    "sweep the quantity with replicates"});
    }
    ThresholdPlan plan;
    plan.axis = read_range(table.require("vary").table(), scenario);
    const std::vector<Axis> others = scenario.sweep ? scenario.sweep->axes : std::vector<Axis>();
    if (std::ranges::find(others, plan.axis.name, &Axis::name) != others.end()) {
        throw InputError(plan.axis.place, {fmt::format("'{}' varies twice", plan.axis.name),
                                           "the sweep varies it already", "leave it out of one of them"});
    }
    plan.outcome = read_outcome(table, *scenario.model);
    const auto above = table.find("above"), below = table.find("below");
    if (above.has_value() == below.has_value()) {
        table.fail({above ? "above and below" : "no level", "the outcome lies on one side of one number",
                    above ? "leave one out" : "add for example above = 0.25"});
    }
    plan.outcome.above = above.has_value();
    plan.outcome.level = (above ? *above : *below).quantity(plan.outcome.unit);

    const auto& range = std::get<Uniform>(plan.axis.spread);
    const bool is_time = plan.axis.unit == "d" && plan.axis.target.kind != Target::Kind::setting;
    const double least = is_time ? 2 / static_cast<double>(ticks_per_day) : 1e-12 * (range.to - range.from);
    plan.resolution = std::max(least, 1e-4 * (range.to - range.from));
    if (const auto resolution = table.find("resolution")) {
        plan.resolution = resolution->quantity(plan.axis.unit);
        if (!(plan.resolution >= least && plan.resolution <= range.to - range.from)) {
            resolution->fail({fmt::format("a resolution of {:g}", plan.resolution),
                              fmt::format("it must lie from {:.2g} to the range, {:g}", least, range.to - range.from),
                              "choose such a number, or leave it out"});
        }
    }
    table.done();
    return plan;
}

} // namespace osteoflare::scenarios
