// Writes what a page may name when Osteoflare is built: write_model FILE.json. Quantities, summaries and steps of life
// of the niche, and the genotypes and treatments of the library, all of them from where the program has them.
#include "scenarios/build_info.hpp"
#include "scenarios/catalogue.hpp"
#include "scenarios/scenario.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

using namespace osteoflare;
using namespace osteoflare::scenarios;

namespace {

toml::array quantities(const std::vector<model::Description>& entries)
{
    toml::array list;
    for (const model::Description& entry : entries) {
        toml::table one{{"name", entry.name},   {"symbol", entry.symbol},       {"unit", entry.unit},
                        {"value", entry.value}, {"origin", text(entry.origin)}, {"meaning", entry.meaning}};
        if (entry.range.low > model::any_number.low) {
            one.insert("low", entry.range.low);
        }
        if (entry.range.high < model::any_number.high) {
            one.insert("high", entry.range.high);
        }
        list.push_back(std::move(one));
    }
    return list;
}

toml::array genotypes(const Library& library, const ModelEntry& niche)
{
    toml::array list;
    for (const Genotype& genotype : library.genotypes) {
        toml::table settings;
        for (const auto& [setting, value] : genotype.settings) {
            settings.insert(niche.settings[setting].name, value);
        }
        toml::table one{{"name", genotype.name}, {"title", genotype.title}, {"source", genotype.source}};
        one.insert("settings", std::move(settings));
        if (genotype.observed) {
            one.insert("observed", genotype.observed->text);
            one.insert("firmness", genotype.observed->firmness);
            one.insert("source", genotype.observed->source);
        }
        list.push_back(std::move(one));
    }
    return list;
}

/// The library's scenarios of the niche, for what they assume where the library itself says nothing.
std::vector<Scenario> scenarios_of(const Library& library, const ModelEntry& niche)
{
    std::vector<Scenario> list;
    for (const auto& file : library.scenarios) {
        Scenario scenario = read_scenario(file, library);
        if (scenario.model == &niche) {
            list.push_back(std::move(scenario));
        }
    }
    return list;
}

/// How strongly the first scenario that gives this treatment does so, and its name.
std::optional<std::pair<double, std::string>> exposure_in(const std::vector<Scenario>& known,
                                                          const Treatment& treatment)
{
    for (const Scenario& scenario : known) {
        for (const Intervention& one : scenario.interventions) {
            const auto given = std::ranges::find(one.sets, true, &Assignment::is_exposure);
            if (one.name == treatment.name && given != one.sets.end()) {
                return std::pair(given->value, scenario.name);
            }
        }
    }
    return std::nullopt;
}

/// Those that can be given. An input without a value follows the exposure.
toml::array treatments(const Library& library, const ModelEntry& niche)
{
    const std::vector<Scenario> known = scenarios_of(library, niche);
    toml::array list;
    for (const Treatment& treatment : library.treatments) {
        if (!treatment.refused.empty()) {
            continue;
        }
        toml::array inputs;
        for (const Treatment::Input& input : treatment.inputs) {
            toml::table set{{"name", niche.settings[input.setting].name}};
            if (input.value) {
                set.insert("value", *input.value);
            }
            inputs.push_back(std::move(set));
        }
        toml::table one{{"name", treatment.name}, {"title", treatment.title}, {"meaning", treatment.meaning}};
        one.insert("source", treatment.source);
        one.insert("inputs", std::move(inputs));
        if (treatment.exposure) {
            one.insert("exposure", *treatment.exposure);
        } else if (const auto elsewhere = exposure_in(known, treatment)) {
            one.insert("exposure", elsewhere->first);
            one.insert_or_assign("source", "as in the scenario " + elsewhere->second + "; " + treatment.source);
        }
        list.push_back(std::move(one));
    }
    return list;
}

/// The injury of the library's example, which lasts or heals by the strength of IL-10.
toml::table injury(const Library& library)
{
    const Scenario scenario = read_scenario(*library.scenario("injury_with_weak_il10"), library);
    const auto found = std::ranges::find(scenario.interventions, "injury", &Intervention::name);
    return toml::table{
        {"from", to_days(found->from)}, {"until", to_days(*found->until)}, {"value", found->sets.front().value}};
}

toml::table everything()
{
    const ModelEntry& niche = models().front();
    const Library library = read_library(library_folder());
    toml::array summaries, life;
    for (const model::Summary& summary : niche.summaries) {
        summaries.push_back(toml::table{{"name", summary.name}, {"unit", summary.unit}, {"meaning", summary.meaning}});
    }
    for (const model::LifeEvent& event : niche.life) {
        life.push_back(toml::table{{"name", event.name}, {"day", event.day}, {"meaning", event.meaning}});
    }
    toml::table all{
        {"version", build::version}, {"model", niche.name}, {"start", niche.start_day}, {"end", niche.end_day}};
    all.insert("species", quantities(niche.species));
    all.insert("readouts", quantities(niche.readouts));
    all.insert("settings", quantities(niche.settings));
    all.insert("summaries", std::move(summaries));
    all.insert("life", std::move(life));
    all.insert("genotypes", genotypes(library, niche));
    all.insert("treatments", treatments(library, niche));
    all.insert("injury", injury(library));
    return all;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: write_model FILE.json\n");
        return 2;
    }
    std::ofstream file(argv[1]);
    file << toml::json_formatter{everything()} << '\n';
    file.flush();
    if (!file) {
        std::fprintf(stderr, "write_model: cannot write %s\n", argv[1]);
        return 1;
    }
    return 0;
}
