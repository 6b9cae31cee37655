#pragma once

#include "scenarios/study.hpp"

#include <functional>
#include <vector>

namespace osteoflare::scenarios {

/// What came out of one member. Rows that an unfinished run did not reach are NaN.
struct Course {
    solvers::RunReport report;
    std::vector<double> columns;   ///< (variable, time): the output plan's species, read-outs and fluxes in this order
    std::vector<double> summaries; ///< one per summary of the model
    std::vector<double> end_state; ///< the last state reached, the offending one of a failed run
};

/// Names, units and meanings of the columns, in order.
std::vector<model::Description> column_descriptions(const Scenario& scenario);

/// Runs one member. Its result depends on the member alone.
Course run_member(const Scenario& scenario, const Member& member, std::span<const double> times);

} // namespace osteoflare::scenarios
