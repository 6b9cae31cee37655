#include "scenarios/reading/continuation_reader.hpp"

#include "scenarios/reading/library_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

Moved read_moved(TomlTable& table, const TomlValue& name, const char* from_key, const char* to_key,
                 const Scenario& scenario)
{
    const ModelEntry& model = *scenario.model;
    const std::size_t setting = index_of(model.settings, name.text());
    if (setting == model.settings.size()) {
        name.fail({fmt::format("unknown parameter '{}'", name.text()),
                   fmt::format("the model {} has no such parameter or input", model.name),
                   suggest_name(name.text(), names_of(model.settings), "see osteoflare list parameters")});
    }
    const model::Description& entry = model.settings[setting];
    for (const Intervention& intervention : scenario.interventions) {
        const bool lasts = !intervention.until || *intervention.until >= scenario.end;
        if (lasts && std::ranges::find(intervention.sets, setting, &Assignment::setting) != intervention.sets.end()) {
            name.fail({fmt::format("'{}' cannot be moved", entry.name),
                       fmt::format("'{}' sets it to the end of the run", intervention.title),
                       intervention.of_life ? "choose another parameter" : "remove that, or end it earlier"});
        }
    }
    const TomlValue from = table.require(from_key), to = table.require(to_key);
    const Moved moved{std::string(entry.name), std::string(entry.unit), setting, setting_value(model, setting, from),
                      setting_value(model, setting, to)};
    if (moved.to <= moved.from) {
        to.fail({fmt::format("'{}' goes from {:g} to {:g}", moved.name, moved.from, moved.to),
                 "the second must be larger", "swap them"});
    }
    return moved;
}

} // namespace

ContinuationPlan read_continuation(TomlTable table, const Scenario& scenario)
{
    if (scenario.model->is_spatial) {
        table.fail({"[continue] of agents", "cells that act by chance have no steady state",
                    "write model = \"niche\", or sweep a parameter with replicates"});
    }
    ContinuationPlan plan;
    plan.first = read_moved(table, table.require("parameter"), "from", "to", scenario);
    if (const auto second = table.find("second")) {
        plan.second = read_moved(table, *second, "second_from", "second_to", scenario);
        if (plan.second->setting == plan.first.setting) {
            second->fail({fmt::format("'{}' stands twice", plan.first.name), "a map needs two parameters",
                          "choose another one, or remove it"});
        }
    }
    table.done();
    return plan;
}

} // namespace osteoflare::scenarios
