#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/lists/lists.hpp"
#include "scenarios/reading/library.hpp"
#include "scenarios/reading/library_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace osteoflare::cli {
namespace {

using scenarios::Library;

/// What an entry of a list of this kind is called.
std::string singular(const std::string& kind)
{
    if (kind == "species" || kind == "population") {
        return kind;
    }
    return kind == "fluxes" ? "flux" : kind.substr(0, kind.size() - 1);
}

void show_row(const Listing& listing, std::size_t r)
{
    std::size_t width = 11;
    for (const std::string& column : listing.columns) {
        width = std::max(width, column.size() + 1);
    }
    const auto& row = listing.rows[r];
    for (std::size_t c = 1; c < row.size(); ++c) {
        if (!row[c].empty()) {
            fmt::print("  {:<{}}{}\n", listing.columns[c], width, row[c]);
        }
    }
    if (!listing.sources.empty()) {
        for (const auto& source : listing.sources[r]) {
            fmt::print("  {}: {} ({})\n", source.key, source.from, source.grade);
        }
    }
}

void show(const std::string& name)
{
    const Library library = scenarios::read_library(scenarios::library_folder());
    bool found = false, of_patients = false;
    std::vector<std::string> known;
    for (const std::string& kind : kinds) {
        std::vector<std::vector<std::string>> shown;
        for (const std::string& model : is_of_model(kind) ? listed_models() : std::vector<std::string>{""}) {
            const Listing listing = list_of(kind, model);
            for (std::size_t r = 0; r < listing.rows.size(); ++r) {
                const auto& row = listing.rows[r];
                known.push_back(row[0]);
                // What a model shares with one before, as the agents do with the niche, is shown once.
                if (row[0] != name || std::ranges::find(shown, row) != shown.end()) {
                    continue;
                }
                shown.push_back(row);
                fmt::print("{}{} {}\n", found ? "\n" : "", singular(kind), name);
                found = true;
                of_patients = of_patients || listing.of_patients;
                if (is_of_model(kind)) {
                    fmt::print("  {:<11}{}\n", "model", model);
                }
                show_row(listing, r);
            }
        }
    }
    for (const auto& file : {library.scenario(name), library.problem(name)}) {
        if (file) {
            fmt::print("\n{}", scenarios::read_text(*file));
        }
    }
    if (of_patients) {
        fmt::print("\n{}\n", not_for_care);
    }
    if (!found) {
        throw scenarios::InputError({"command line", 1, 1},
                                    {fmt::format("unknown name '{}'", name), "nothing is called so",
                                     scenarios::suggest_name(name, known, "see osteoflare list")});
    }
}

void require_known(const std::string& kind, const std::string& model)
{
    if (std::ranges::find(kinds, kind) == kinds.end()) {
        throw scenarios::InputError({"command line", 1, 1},
                                    {fmt::format("cannot list '{}'", kind), "there is no such kind",
                                     scenarios::suggest_name(kind, kinds, "see osteoflare list --help")});
    }
    const auto models = listed_models();
    if (std::ranges::find(models, model) == models.end()) {
        throw scenarios::InputError({"--model", 1, 1},
                                    {fmt::format("unknown model '{}'", model), "there is no such model",
                                     scenarios::suggest_name(model, models, "")});
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
        require_known(options->kind, options->model);
        print(list_of(options->kind, options->model), options->json       ? Form::json
                                                      : options->markdown ? Form::markdown
                                                                          : Form::plain);
    });
}

void add_show(CLI::App& program, int& /*exit_code*/)
{
    auto name = std::make_shared<std::string>();
    CLI::App* verb = program.add_subcommand("show", "show all that is known of a name");
    verb->add_option("NAME", *name,
                     "a scenario, genotype, treatment, model, parameter, input, species, read-out, flux, intermediate, "
                     "problem, site, number of the population, regimen or drug")
        ->required();
    verb->footer("Example: osteoflare show cmo");
    verb->callback([name] { show(*name); });
}

} // namespace osteoflare::cli
