#include "scenarios/reading/sensitivity_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

using Kind = Target::Kind;

/// How far a quantity usually is from 0: what its derivatives are tolerated by.
double usual(double value, double otherwise = 1)
{
    return value != 0 ? std::abs(value) : otherwise;
}

Sensitivity by_setting(const Scenario& scenario, std::size_t setting)
{
    const model::Description& entry = scenario.model->settings[setting];
    double given = 0; // inputs are 0 until something gives them a value
    for (const Intervention& intervention : scenario.interventions) {
        for (const Assignment& assignment : intervention.sets) {
            given = std::max(given, assignment.setting == setting ? std::abs(assignment.value) : 0);
        }
    }
    return {
        std::string(entry.name), std::string(entry.unit), {Kind::setting, setting}, usual(entry.value, usual(given))};
}

/// NAME.at, .from, .until, .duration, .value or .exposure of an event or treatment.
Sensitivity by_intervention(const Scenario& scenario, std::size_t index, const std::string& key, const TomlValue& where)
{
    const Intervention& intervention = scenario.interventions[index];
    const std::string name = fmt::format("{}.{}", intervention.name, key);
    if (key == "at" || key == "from") {
        return {name, "d", {Kind::from, index}, 1};
    }
    if ((key == "until" && !intervention.has_duration) || (key == "duration" && intervention.has_duration)) {
        if (!intervention.until || *intervention.until >= scenario.end) {
            where.fail({fmt::format("'{}' lasts to the end of the run", intervention.name),
                        "no result depends on what comes after", "remove it, or let it end earlier"});
        }
        return {name, "d", {key == "until" ? Kind::until : Kind::duration, index}, 1};
    }
    const auto exposed = std::ranges::find(intervention.sets, true, &Assignment::is_exposure);
    if ((key == "value" || key == "exposure") && exposed != intervention.sets.end()) {
        return {name,
                std::string(scenario.model->settings[exposed->setting].unit),
                {Kind::value, index},
                usual(exposed->value)};
    }
    where.fail({fmt::format("'{}' has no '{}' to differentiate by", intervention.name, key),
                intervention.until
                    ? fmt::format("its length is given by its {}", intervention.has_duration ? "duration" : "end")
                    : "it lasts to the end of the run",
                "there are at or from, duration or until as the scenario has it, and value or exposure"});
}

Sensitivity read_quantity(const TomlValue& value, const Scenario& scenario)
{
    const ModelEntry& model = *scenario.model;
    const std::string name = value.text();
    const std::size_t setting = index_of(model.settings, name);
    if (setting < model.settings.size()) {
        return by_setting(scenario, setting);
    }
    const std::size_t dot = std::min(name.rfind('.'), name.size());
    const std::string owner = name.substr(0, dot), key = dot < name.size() ? name.substr(dot + 1) : "";
    if (owner == "initial" && index_of(model.species, key) < model.species.size()) {
        const std::size_t species = index_of(model.species, key);
        return {name,
                std::string(model.species[species].unit),
                {Kind::initial, species},
                usual(scenario.start_state[species], usual(model.species[species].value))};
    }
    const auto named =
        std::ranges::find_if(scenario.interventions, [&](const auto& i) { return !i.of_life && i.name == owner; });
    if (named != scenario.interventions.end() && !key.empty()) {
        return by_intervention(scenario, static_cast<std::size_t>(named - scenario.interventions.begin()), key, value);
    }
    auto known = setting_names(model);
    for (const model::Description& species : model.species) {
        known.push_back(fmt::format("initial.{}", species.name));
    }
    for (const Intervention& intervention : scenario.interventions) {
        for (const char* of : {"from", "until", "duration", "value", "exposure"}) {
            if (!intervention.of_life) {
                known.push_back(fmt::format("{}.{}", intervention.name, of));
            }
        }
    }
    value.fail({fmt::format("cannot differentiate by '{}'", name),
                "it is no parameter, input, initial.SPECIES, event or treatment of this scenario",
                suggest_name(name, known, "see osteoflare list parameters")});
}

void read_variables(const TomlValue& of, const Scenario& scenario, SensitivityPlan& plan)
{
    plan.species.clear();
    plan.readouts.clear();
    for (const TomlValue& value : of.list()) {
        const auto add = [&](const auto& entries, std::vector<std::size_t>& indices) {
            const std::size_t index = index_of(entries, value.text());
            const bool known = index < entries.size();
            if (known && std::ranges::find(indices, index) != indices.end()) {
                value.fail({fmt::format("'{}' stands twice", value.text()), "once is enough", "remove one"});
            }
            if (known) {
                indices.push_back(index);
            }
            return known;
        };
        if (!add(scenario.model->species, plan.species) && !add(scenario.model->readouts, plan.readouts)) {
            auto known = names_of(scenario.model->species);
            const auto more = names_of(scenario.model->readouts);
            known.insert(known.end(), more.begin(), more.end());
            value.fail({fmt::format("cannot differentiate '{}'", value.text()),
                        fmt::format("the model {} has no such species or read-out", scenario.model->name),
                        suggest_name(value.text(), known, "see osteoflare list species")});
        }
    }
}

} // namespace

SensitivityPlan read_sensitivities(TomlTable table, const Scenario& scenario)
{
    if (scenario.solver != Solver::lanes) {
        table.fail({"sensitivities with solver = \"odeint\"", "only the lane solver computes them",
                    "choose solver = \"lanes\", and no method"});
    }
    if (!scenario.output.courses) {
        table.fail({"sensitivities of nothing", "keep = \"summaries\" records no time courses",
                    "write keep = \"all\", and name the variables you need"});
    }
    SensitivityPlan plan;
    plan.species = scenario.output.species;
    plan.readouts = scenario.output.readouts;
    if (const auto of = table.find("of")) {
        read_variables(*of, scenario, plan);
    }
    for (const TomlValue& value : table.require("to").list()) {
        Sensitivity quantity = read_quantity(value, scenario);
        if (std::ranges::find(plan.to, quantity.name, &Sensitivity::name) != plan.to.end()) {
            value.fail({fmt::format("'{}' stands twice", quantity.name), "once is enough", "remove one"});
        }
        plan.to.push_back(std::move(quantity));
    }
    if (plan.to.empty() || plan.species.size() + plan.readouts.size() == 0) {
        table.fail({"sensitivities of nothing", "both lists need a name",
                    "write for example to = [\"il1b_clearance\"] and of = [\"bone\"]"});
    }
    table.done();
    return plan;
}

} // namespace osteoflare::scenarios
