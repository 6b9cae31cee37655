#pragma once

#include "scenarios/analyses/fitting/fit_problem.hpp"
#include "scenarios/reading/toml_table.hpp"

namespace osteoflare::scenarios {

/// Reads [observable.NAME] of a problem whose experiments and parameters are known; marks the parameters that it uses.
/// Throws InputError.
Observable read_observable(const std::string& name, TomlTable table, FitProblem& problem, std::vector<bool>& is_used);

} // namespace osteoflare::scenarios
