#pragma once

#include "scenarios/reading/toml_table.hpp"
#include "scenarios/scenario.hpp"

namespace osteoflare::scenarios {

/// Reads a scenario from a table, of which some keys may have been asked for already. `name` is that of the scenario.
/// Throws InputError.
Scenario read_scenario_table(TomlTable& root, const std::string& name, const Library& library,
                             const Overrides& overrides = {});

} // namespace osteoflare::scenarios
