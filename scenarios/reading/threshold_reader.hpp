#pragma once

#include "scenarios/reading/toml_table.hpp"
#include "scenarios/scenario.hpp"

namespace osteoflare::scenarios {

/// Reads [threshold]; the scenario's sweep has been read.
ThresholdPlan read_threshold(TomlTable table, Scenario& scenario);

} // namespace osteoflare::scenarios
