#pragma once

#include "scenarios/analyses/fitting/fit_problem.hpp"
#include "scenarios/reading/toml_table.hpp"

namespace osteoflare::scenarios {

/// Reads one entry of a problem's [parameter]; its experiments are known by now. Throws InputError.
FitParameter read_fit_parameter(const std::string& name, TomlTable table, const FitProblem& problem);

} // namespace osteoflare::scenarios
