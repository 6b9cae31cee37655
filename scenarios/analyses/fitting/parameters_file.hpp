#pragma once

#include "output/results_writer.hpp"
#include "scenarios/analyses/fitting/fit_problem.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// Numbers without a unit of their own over dimensions that exist, written at once.
void write_numbers(output::ResultsWriter& file, const std::string& name, const std::vector<std::string>& axes,
                   const char* meaning, const std::vector<double>& values);

/// A problem's parameters with bounds and priors, over the dimension `parameter`, which must exist.
void write_parameters_with_priors(output::ResultsWriter& file, const FitProblem& problem);

} // namespace osteoflare::scenarios
