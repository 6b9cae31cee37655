#pragma once

#include "scenarios/reading/toml_table.hpp"
#include "scenarios/scenario.hpp"

namespace osteoflare::scenarios {

/// Reads [output] of a scenario whose model, start and end are known; without one, all is at its default. Throws
/// InputError.
void read_output(TomlTable& root, Scenario& scenario);

/// A time, to the second. Throws InputError for one that no run reaches.
Tick read_time(const TomlValue& value);

} // namespace osteoflare::scenarios
