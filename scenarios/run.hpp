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

/// What came out of members [first, first + size): everything a results file keeps, in the file's own order.
struct Block {
    std::size_t first = 0, size = 0;
    std::vector<double> columns;     ///< (column, member, time); columns as in column_descriptions; NaN where not
                                     ///< reached; empty for summaries only
    std::vector<double> summaries;   ///< (summary, member); NaN throughout for a member that failed
    std::vector<double> last_states; ///< (species, member)
    std::vector<solvers::RunReport> reports; ///< (member)
};

/// Runs members [first, last) on the calling thread. Each member's result depends on the member alone.
Block run_block(const Study& study, std::span<const double> times, std::size_t first, std::size_t last);

} // namespace osteoflare::scenarios
