#pragma once

#include "solvers/fields/sweep_problem.hpp"

namespace osteoflare::solvers::fields {

/// The sweeps that suit this machine best, or those that the environment variable OSTEOFLARE_INSTRUCTION_SET names.
/// Throws std::invalid_argument if the named set does not exist or cannot run here.
const SweepEngine& best_sweep_engine();

} // namespace osteoflare::solvers::fields
