#pragma once

#include "scenarios/analyses/steady/continuation.hpp"
#include "scenarios/analyses/steady/steady.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// What was found, line by line, in plain words with numbers.
std::vector<std::string> describe(const Scenario& scenario, const std::vector<double>& settings,
                                  const SteadyStates& found);
std::vector<std::string> describe(const Scenario& scenario, const Continuation& result);
/// Why there is no branch, where none was found.
std::string no_branch(const Scenario& scenario, const Continuation& result);

} // namespace osteoflare::scenarios
