#pragma once

#include "scenarios/reading/toml_table.hpp"
#include "scenarios/scenario.hpp"

namespace osteoflare::scenarios {

/// Reads [tissue] of a scenario that runs cell by cell; without one, all is at its default. Throws InputError.
void read_tissue(TomlTable& root, Scenario& scenario);

/// What can only be checked when the whole scenario is known: that times fall on steps, and that the box can hold its
/// cells.
void check_tissue(TomlTable& root, const Scenario& scenario);

} // namespace osteoflare::scenarios
