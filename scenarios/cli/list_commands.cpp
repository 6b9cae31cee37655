#include "scenarios/analyses/fitting/fit_problem.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/reading/library_tables.hpp"
#include "scenarios/reading/units.hpp"
#include "scenarios/scenario.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>

namespace osteoflare::cli {
namespace {

using scenarios::Library;
using scenarios::ModelEntry;

/// What can be listed: rows of named texts and numbers, the first column being the name.
struct Listing {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> numbers = {}; ///< the columns that are numbers in JSON
};

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
    return listing;
}

Listing list(const std::string& kind, const ModelEntry& model)
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
    if (kind == "models") {
        return list_models();
    }
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
    if (kind == "intermediates") {
        return quantities(model.intermediates, false);
    }
    const Library library = scenarios::read_library(scenarios::library_folder());
    if (kind == "genotypes") {
        return list_genotypes(library);
    }
    if (kind == "problems") {
        return list_problems(library);
    }
    return kind == "treatments" ? list_treatments(library) : list_scenarios(library);
}

void print_plain(const Listing& listing)
{
    std::vector<std::size_t> widths(listing.columns.size());
    for (std::size_t c = 0; c < widths.size(); ++c) {
        widths[c] = listing.columns[c].size();
        for (const auto& row : listing.rows) {
            widths[c] = std::max(widths[c], row[c].size());
        }
    }
    const auto print = [&](const std::vector<std::string>& row) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            line += c + 1 == row.size() ? row[c] : fmt::format("{:<{}}  ", row[c], widths[c]);
        }
        fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
    };
    print(listing.columns);
    for (const auto& row : listing.rows) {
        print(row);
    }
}

void print_markdown(const Listing& listing)
{
    fmt::print("| {} |\n|{}\n", fmt::join(listing.columns, " | "), [&] {
        std::string line;
        for (std::size_t c = 0; c < listing.columns.size(); ++c) {
            line += " --- |";
        }
        return line;
    }());
    for (auto row : listing.rows) {
        row[0] = fmt::format("`{}`", row[0]);
        fmt::print("| {} |\n", fmt::join(row, " | "));
    }
}

void print_json(const Listing& listing)
{
    toml::array rows;
    for (const auto& row : listing.rows) {
        toml::table object;
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (std::ranges::find(listing.numbers, listing.columns[c]) != listing.numbers.end()) {
                object.insert(listing.columns[c], std::stod(row[c]));
            } else {
                object.insert(listing.columns[c], row[c]);
            }
        }
        rows.push_back(object);
    }
    std::cout << toml::json_formatter{rows} << '\n';
}

const std::vector<std::string> kinds = {"scenarios", "genotypes", "treatments", "models",        "parameters", "inputs",
                                        "species",   "readouts",  "fluxes",     "intermediates", "problems"};

const ModelEntry& require_model(const std::string& name)
{
    const auto found = std::ranges::find(scenarios::models(), name, &ModelEntry::name);
    if (found == scenarios::models().end()) {
        throw scenarios::InputError({"--model", 1, 1},
                                    {fmt::format("unknown model '{}'", name), "there is no such model",
                                     scenarios::suggest_name(name, scenarios::names_of(scenarios::models()), "")});
    }
    return *found;
}

void show(const std::string& name)
{
    const Library library = scenarios::read_library(scenarios::library_folder());
    bool found = false;
    std::vector<std::string> known;
    for (const std::string& kind : kinds) {
        std::vector<std::vector<std::string>> shown;
        for (const ModelEntry& model : scenarios::models()) {
            const bool of_model = kind != "scenarios" && kind != "genotypes" && kind != "treatments" && kind != "models"
                                  && kind != "problems";
            if (!of_model && &model != &scenarios::models().front()) {
                continue;
            }
            const Listing listing = list(kind, model);
            for (const auto& row : listing.rows) {
                known.push_back(row[0]);
                // What a model shares with one before, as the agents do with the niche, is shown once.
                if (row[0] != name || std::ranges::find(shown, row) != shown.end()) {
                    continue;
                }
                shown.push_back(row);
                const std::string singular = kind == "species"  ? kind
                                             : kind == "fluxes" ? "flux"
                                                                : kind.substr(0, kind.size() - 1);
                fmt::print("{}{} {}\n", found ? "\n" : "", singular, name);
                found = true;
                if (of_model) {
                    fmt::print("  {:<11}{}\n", "model", model.name);
                }
                for (std::size_t c = 1; c < row.size(); ++c) {
                    if (!row[c].empty()) {
                        fmt::print("  {:<11}{}\n", listing.columns[c], row[c]);
                    }
                }
            }
        }
    }
    for (const auto& file : {library.scenario(name), library.problem(name)}) {
        if (file) {
            fmt::print("\n{}", scenarios::read_text(*file));
        }
    }
    if (!found) {
        throw scenarios::InputError({"command line", 1, 1},
                                    {fmt::format("unknown name '{}'", name), "nothing is called so",
                                     scenarios::suggest_name(name, known, "see osteoflare list")});
    }
}

} // namespace

void add_list(CLI::App& program, int& /*exit_code*/)
{
    struct ListOptions {
        std::string kind, model = "niche";
        bool json = false, markdown = false;
    };
    auto options = std::make_shared<ListOptions>();
    CLI::App* verb = program.add_subcommand("list", "list what there is to choose from");
    verb->add_option("KIND", options->kind, fmt::format("{}", fmt::join(kinds, ", ")))->required()->type_name("");
    verb->add_option("--model", options->model, "whose parameters, inputs, species, readouts, fluxes or intermediates");
    auto* json = verb->add_flag("--json", options->json, "as JSON");
    verb->add_flag("--markdown", options->markdown, "as a Markdown table")->excludes(json);
    verb->footer("Example: osteoflare list parameters --model niche --json");
    verb->callback([options] {
        if (std::ranges::find(kinds, options->kind) == kinds.end()) {
            throw scenarios::InputError({"command line", 1, 1},
                                        {fmt::format("cannot list '{}'", options->kind), "there is no such kind",
                                         scenarios::suggest_name(options->kind, kinds, "see osteoflare list --help")});
        }
        const Listing listing = list(options->kind, require_model(options->model));
        if (options->json) {
            print_json(listing);
        } else if (options->markdown) {
            print_markdown(listing);
        } else {
            print_plain(listing);
        }
    });
}

void add_show(CLI::App& program, int& /*exit_code*/)
{
    auto name = std::make_shared<std::string>();
    CLI::App* verb = program.add_subcommand("show", "show all that is known of a name");
    verb->add_option("NAME", *name,
                     "a scenario, genotype, treatment, model, parameter, input, species, read-out, flux, intermediate "
                     "or problem")
        ->required();
    verb->footer("Example: osteoflare show cmo");
    verb->callback([name] { show(*name); });
}

} // namespace osteoflare::cli
