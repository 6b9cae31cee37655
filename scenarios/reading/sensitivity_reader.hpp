#pragma once

#include "scenarios/reading/toml_table.hpp"
#include "scenarios/scenario.hpp"

namespace osteoflare::scenarios {

/// Reads [sensitivities]; the scenario's events, treatments, output and solver are known by now.
SensitivityPlan read_sensitivities(TomlTable table, const Scenario& scenario);

} // namespace osteoflare::scenarios
