#include "scenarios/cli/lists/lists.hpp"

#include "scenarios/analyses/fitting/fit_problem.hpp"
#include "scenarios/patients/trial.hpp"
#include "scenarios/reading/units.hpp"
#include "scenarios/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::cli {
namespace {

using scenarios::Library;
using scenarios::ModelEntry;

std::string range_text(const model::Description& entry)
{
    const double high = entry.range.high;
    if (entry.range.low <= model::any_number.low) {
        return "any";
    }
    if (high >= model::non_negative.high) {
        return entry.range.low > 0 ? "> 0" : ">= 0";
    }
    return fmt::format("{:g} to {:g}", entry.range.low, high);
}

Listing list_scenarios(const Library& library)
{
    Listing listing{{"name", "model", "title", "question"}, {}};
    for (const auto& file : library.scenarios) {
        const auto scenario = scenarios::read_scenario(file, library);
        listing.rows.push_back({scenario.name, std::string(scenario.model->name), scenario.title, scenario.question});
    }
    return listing;
}

Listing list_problems(const Library& library)
{
    Listing listing{{"name", "model", "title", "question"}, {}};
    for (const auto& file : library.problems) {
        const auto problem = scenarios::read_problem(file, library);
        listing.rows.push_back({problem.name, std::string(problem.model().name), problem.title, problem.question});
    }
    return listing;
}

Listing list_trials(const Library& library)
{
    Listing listing{{"name", "children", "arms", "title", "question"}, {}, {"children", "arms"}};
    listing.of_patients = true;
    for (const auto& file : library.trials) {
        const auto trial = scenarios::patients::read_trial(file, library);
        listing.rows.push_back({trial.name, fmt::format("{}", trial.cohort.n_children),
                                fmt::format("{}", trial.arms.size()), trial.title, trial.question});
    }
    return listing;
}

Listing list_genotypes(const Library& library)
{
    Listing listing{{"name", "title", "parameters", "observed", "firmness", "source"}, {}};
    const ModelEntry& niche = scenarios::models().front();
    for (const auto& genotype : library.genotypes) {
        std::string parameters;
        for (const auto& [setting, value] : genotype.settings) {
            parameters += fmt::format("{}{}={:g}", parameters.empty() ? "" : " ", niche.settings[setting].name, value);
        }
        const auto& observed = genotype.observed;
        listing.rows.push_back({genotype.name, genotype.title, parameters, observed ? observed->text : "",
                                observed ? observed->firmness : "", observed ? observed->source : genotype.source});
    }
    return listing;
}

Listing list_treatments(const Library& library)
{
    Listing listing{{"name", "title", "inputs", "exposure", "source", "meaning"}, {}};
    const ModelEntry& niche = scenarios::models().front();
    for (const auto& treatment : library.treatments) {
        std::string inputs, unit;
        for (const auto& input : treatment.inputs) {
            const auto& entry = niche.settings[input.setting];
            inputs += fmt::format("{}{}{}", inputs.empty() ? "" : " ", entry.name,
                                  input.value ? fmt::format("={:g}", *input.value) : "");
            unit = input.value ? unit : std::string(entry.unit);
        }
        std::string exposure = fmt::format("required{}", unit.empty() || unit == "1" ? "" : ", in " + unit);
        if (!treatment.refused.empty()) {
            exposure = "";
        } else if (treatment.exposure) {
            exposure = fmt::format("{:g}{}", *treatment.exposure, scenarios::unit_suffix(unit));
        }
        listing.rows.push_back({treatment.name,
                                treatment.refused.empty() ? treatment.title : "refused: " + treatment.refused, inputs,
                                exposure, treatment.source, treatment.meaning});
    }
    return listing;
}

Listing list_models()
{
    Listing listing{{"name", "title", "species", "parameters", "source"}, {}, {"species", "parameters"}};
    for (const ModelEntry& model : scenarios::models()) {
        listing.rows.push_back({std::string(model.name), std::string(model.title),
                                fmt::format("{}", model.species.size()),
                                fmt::format("{}", model.settings.size() - model.n_inputs), std::string(model.source)});
    }
    listing.rows.push_back(patient_as_model());
    return listing;
}

Listing list_of_model(const std::string& kind, const ModelEntry& model)
{
    const auto part = [&](bool inputs) {
        std::vector<model::Description> entries;
        for (std::size_t i = 0; i < model.settings.size(); ++i) {
            if (model.is_input(i) == inputs) {
                entries.push_back(model.settings[i]);
            }
        }
        return entries;
    };
    if (kind == "parameters") {
        return quantities(part(false), true);
    }
    if (kind == "inputs") {
        return quantities(part(true), true);
    }
    if (kind == "species") {
        return quantities(model.species, true);
    }
    if (kind == "readouts") {
        return quantities(model.readouts, false);
    }
    if (kind == "fluxes") {
        return quantities(model.fluxes, false);
    }
    return quantities(model.intermediates, false);
}

} // namespace

const std::vector<std::string> kinds = {
    "scenarios", "genotypes",     "treatments", "models", "parameters", "inputs",     "species",  "readouts",
    "fluxes",    "intermediates", "problems",   "trials", "sites",      "population", "regimens", "drugs"};

bool is_of_model(const std::string& kind)
{
    static const std::vector<std::string> all = {"parameters", "inputs", "species",
                                                 "readouts",   "fluxes", "intermediates"};
    return std::ranges::find(all, kind) != all.end();
}

std::vector<std::string> listed_models()
{
    std::vector<std::string> names = scenarios::names_of(scenarios::models());
    names.emplace_back(patient_model);
    return names;
}

Listing quantities(const std::vector<model::Description>& entries, bool with_value)
{
    Listing listing;
    listing.numbers = {"value"};
    listing.columns = with_value
                          ? std::vector<std::string>{"name", "symbol", "value", "unit", "range", "origin", "meaning"}
                          : std::vector<std::string>{"name", "symbol", "unit", "meaning"};
    for (const auto& e : entries) {
        std::vector<std::string> row = {std::string(e.name), std::string(e.symbol)};
        if (with_value) {
            row.push_back(fmt::format("{}", e.value));
        }
        row.emplace_back(e.unit);
        if (with_value) {
            row.push_back(range_text(e));
            row.emplace_back(text(e.origin));
        }
        row.emplace_back(e.meaning);
        listing.rows.push_back(row);
    }
    return listing;
}

Listing list_of(const std::string& kind, const std::string& model)
{
    if (is_of_model(kind) && model != patient_model) {
        return list_of_model(kind, *std::ranges::find(scenarios::models(), model, &ModelEntry::name));
    }
    if (kind == "models") {
        return list_models();
    }
    if (kind == "genotypes" || kind == "problems" || kind == "treatments" || kind == "scenarios" || kind == "trials") {
        const Library library = scenarios::read_library(scenarios::library_folder());
        return kind == "genotypes"    ? list_genotypes(library)
               : kind == "problems"   ? list_problems(library)
               : kind == "trials"     ? list_trials(library)
               : kind == "treatments" ? list_treatments(library)
                                      : list_scenarios(library);
    }
    return list_of_patients(kind);
}

} // namespace osteoflare::cli
