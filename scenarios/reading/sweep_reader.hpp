#pragma once

#include "scenarios/reading/toml_table.hpp"
#include "scenarios/scenario.hpp"

namespace osteoflare::scenarios {

/// Reads [sweep]. Genotypes that it varies are looked up in `known` and added to the scenario's.
Sweep read_sweep(TomlTable table, Scenario& scenario, const std::vector<Genotype>& known);

/// Reads `vary` where one quantity goes from here to there: an axis whose spread is Uniform.
Axis read_range(TomlTable vary, Scenario& scenario);

} // namespace osteoflare::scenarios
