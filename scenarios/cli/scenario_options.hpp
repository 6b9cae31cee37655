#pragma once

#include "scenarios/scenario.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>

namespace osteoflare::cli {

/// What `run`, `sweep`, `check` and `export` ask for alike: a scenario and changes to it.
struct ScenarioOptions {
    std::string scenario;
    scenarios::Overrides overrides;
    bool with_models = false; ///< whether a model's name will do, which stands for its usual run

    void add_to(CLI::App& verb);
    /// Reads the scenario: a file, a name in the library, or a model's usual run.
    scenarios::Scenario read(const scenarios::Library& library) const;
};

/// Where results go: `chosen`, or results/NAME.ENDING, whose folder is made.
std::filesystem::path output_path(const std::string& chosen, const std::string& name, const std::string& ending);

/// Throws InputError if what is made would take the place of what it is made from.
void require_another_file(const std::filesystem::path& made, const std::filesystem::path& from);

} // namespace osteoflare::cli
