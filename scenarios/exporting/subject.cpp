#include "scenarios/exporting/subject.hpp"

#include "scenarios/reading/units.hpp"
#include "scenarios/study.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

bool sets(const std::vector<std::pair<std::size_t, double>>& changes, std::size_t setting)
{
    return std::ranges::find(changes, setting, &std::pair<std::size_t, double>::first) != changes.end();
}

std::string origin_of(const model::Description& entry, double value, const std::string& who)
{
    if (value == entry.value) {
        return std::string(text(entry.origin));
    }
    return fmt::format("{}; the model's default is {}{} ({})", who, entry.value, unit_suffix(entry.unit),
                       text(entry.origin));
}

std::string reason_of(const Scenario& scenario, const Change& change)
{
    return change.intervention ? scenario.interventions[*change.intervention].title : "back to its base";
}

} // namespace

Subject subject_of(Scenario scenario)
{
    if (!scenario.model->equations) {
        throw InputError({scenario.name, 1, 1},
                         {"cells cannot be exported",
                          fmt::format("the model {} has no equations for the whole", scenario.model->name),
                          "export the niche, whose rates they follow"});
    }
    scenario.sweep.reset();
    const Study study(std::move(scenario));
    const Scenario& checked = study.scenario();
    const ModelEntry& model = *checked.model;
    const Member member = study.member(0);

    Subject subject{.model = &model,
                    .name = checked.name,
                    .title = checked.title,
                    .question = checked.question,
                    .genotype = "",
                    .start_day = to_days(checked.start),
                    .end_day = to_days(checked.end),
                    .species = {},
                    .settings = {},
                    .moments = {}};
    const Genotype* genotype = checked.genotypes.empty() ? nullptr : &checked.genotypes[member.genotype];
    if (genotype) {
        subject.genotype = fmt::format("{}: {}", genotype->name, genotype->title);
    }
    for (std::size_t i = 0; i < model.species.size(); ++i) {
        const double value = checked.start_state[i];
        subject.species.push_back(
            {&model.species[i], value, origin_of(model.species[i], value, "set by the scenario"), true});
    }
    for (std::size_t i = 0; i < model.settings.size(); ++i) {
        const bool is_scenarios = sets(checked.overrides, i) || !genotype || !sets(genotype->settings, i);
        const std::string who = is_scenarios ? "set by the scenario" : fmt::format("genotype {}", genotype->name);
        subject.settings.push_back(
            {&model.settings[i], member.settings[i], origin_of(model.settings[i], member.settings[i], who), false});
    }
    for (const Change& change : member.changes) {
        Valued& setting = subject.settings[change.setting];
        if (change.at <= checked.start) {
            setting.value = change.value;
            setting.origin = origin_of(*setting.quantity, change.value, reason_of(checked, change));
            continue;
        }
        setting.is_changed_later = true;
        if (subject.moments.empty() || subject.moments.back().day != to_days(change.at)) {
            subject.moments.push_back({to_days(change.at), {}});
        }
        subject.moments.back().assigned.push_back({change.setting, change.value, reason_of(checked, change)});
    }
    return subject;
}

Scenario model_scenario(const ModelEntry& model, const Library& library, const Overrides& overrides)
{
    const std::string name(model.name);
    return parse_scenario(fmt::format("title = \"{}\"\nmodel = \"{}\"\n", model.title, name), name + ".toml", library,
                          overrides);
}

} // namespace osteoflare::scenarios
