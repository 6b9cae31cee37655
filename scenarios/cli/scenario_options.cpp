#include "scenarios/cli/scenario_options.hpp"

#include "output/file_error.hpp"
#include "scenarios/exporting/subject.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::cli {

namespace fs = std::filesystem;

void ScenarioOptions::add_to(CLI::App& verb)
{
    if (with_models) {
        verb.add_option("NAME", scenario, "a model, or a scenario: a file, or a name from osteoflare list scenarios")
            ->required();
    } else {
        verb.add_option("SCENARIO", scenario, "a scenario file, or a name from: osteoflare list scenarios")->required();
    }
    verb.add_option("--set", overrides.set, "change a parameter or input, e.g. --set il10_competence=0.8 (repeatable)")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    verb.add_option("--genotype", overrides.genotype, "another genotype, from: osteoflare list genotypes")
        ->type_name("NAME");
}

scenarios::Scenario ScenarioOptions::read(const scenarios::Library& library) const
{
    const auto model = std::ranges::find(scenarios::models(), scenario, &scenarios::ModelEntry::name);
    if (with_models && model != scenarios::models().end()) {
        return scenarios::model_scenario(*model, library, overrides);
    }
    if (const auto file = scenarios::find_scenario(scenario, library)) {
        return scenarios::read_scenario(*file, library, overrides);
    }
    if (with_models) {
        auto known = scenarios::names_of_files(library.scenarios);
        std::ranges::transform(scenarios::models(), std::back_inserter(known),
                               [](const scenarios::ModelEntry& entry) { return std::string(entry.name); });
        throw scenarios::InputError({"command line", 1, 1},
                                    {fmt::format("unknown name '{}'", scenario), "neither a model nor a scenario",
                                     scenarios::suggest_name(scenario, known, "see osteoflare list models")});
    }
    throw scenarios::InputError({"command line", 1, 1}, scenarios::unknown_scenario(scenario, library));
}

fs::path output_path(const std::string& chosen, const std::string& name, const std::string& ending)
{
    if (!chosen.empty()) {
        return chosen;
    }
    std::error_code error;
    fs::create_directories("results", error);
    if (error) {
        throw output::FileError("results", "cannot be made", error.message(), "choose a file with -o");
    }
    return fs::path("results") / (name + ending);
}

void require_another_file(const std::filesystem::path& made, const std::filesystem::path& from)
{
    std::error_code none;
    if (fs::equivalent(made, from, none)) {
        throw scenarios::InputError({"--output", 1, 1},
                                    {fmt::format("'{}' is what is asked about", made.string()),
                                     "it would be overwritten, --force or not", "choose another name"});
    }
}

} // namespace osteoflare::cli
