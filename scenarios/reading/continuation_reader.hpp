#pragma once

#include "scenarios/reading/toml_table.hpp"
#include "scenarios/scenario.hpp"

namespace osteoflare::scenarios {

/// Reads [continue].
ContinuationPlan read_continuation(TomlTable table, const Scenario& scenario);

} // namespace osteoflare::scenarios
