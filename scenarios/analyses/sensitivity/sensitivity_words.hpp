#pragma once

#include "scenarios/analyses/sensitivity/global_sensitivity.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// An index is settled if its half-width is smaller than this.
inline constexpr double settled_half_width = 0.05;

/// What was found, in lines: for each response a table with the factors that matter most first, how much is
/// interaction, and whether there are enough rows. Of a time course, the end of the run.
std::vector<std::string> describe(const GlobalPlan& plan, const GlobalRuns& runs,
                                  const std::vector<ResponseAnalysis>& analyses);

} // namespace osteoflare::scenarios
