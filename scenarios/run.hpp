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

/// A time course in the results: a column, or how one moves with a quantity.
struct SensitivityColumn {
    std::string name, unit, meaning; ///< of the derivative
};

/// The derivatives that a scenario asks for, in order: by the first quantity of each species and read-out, by the next…
std::vector<SensitivityColumn> sensitivity_columns(const Scenario& scenario);

/// Runs one member with Odeint. Its result depends on the member alone.
Course run_member(const Scenario& scenario, const Member& member, std::span<const double> times);

/// What came out of members [first, first + size): everything a results file keeps, in the file's own order.
struct Block {
    std::size_t first = 0, size = 0;
    std::vector<double> columns;             ///< (column, member, time); columns as in column_descriptions, then as in
                                             ///< sensitivity_columns; NaN where not reached; empty for summaries only
    std::vector<double> summaries;           ///< (summary, member); NaN throughout for a member that failed
    std::vector<double> last_states;         ///< (species, member)
    std::vector<solvers::RunReport> reports; ///< (member)
};

/// Runs members [first, last) on the calling thread, with the solver that the scenario names. Each member's result
/// depends on the member alone.
Block run_block(const Study& study, std::span<const double> times, std::size_t first, std::size_t last);

/// Runs all members on `threads` threads (0: as many as the machine has) and hands over what came out, block by block,
/// one at a time but in no particular order. For what is not recorded: nothing is kept.
void run_blocks(const Study& study, std::span<const double> times, std::size_t threads,
                const std::function<void(const Block&)>& take);

/// An empty block of this size: columns missing, summaries too.
Block empty_block(const Scenario& scenario, std::size_t n_times, std::size_t first, std::size_t size);
/// Puts what came out of one member into its place; `n_times` are the rows of each of its columns.
void store(const Course& course, std::size_t n_times, std::size_t index, Block& block);
/// The same as run_block, with the lane solver; a member on which it fails is tried again with run_member.
Block run_block_in_lanes(const Study& study, std::span<const double> times, std::size_t first, std::size_t last);

} // namespace osteoflare::scenarios
