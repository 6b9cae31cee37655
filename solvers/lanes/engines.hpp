#pragma once

#include "solvers/lanes/lane_problem.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace osteoflare::solvers::lanes {

/// Instruction sets that kernels are built for, the fastest first.
std::vector<std::string_view> instruction_sets();

/// Those of them that this machine has.
std::vector<std::string_view> usable_instruction_sets();

/// The one that suits this machine best, or, if the environment variable OSTEOFLARE_INSTRUCTION_SET names one, that.
/// Every choice gives the same numbers.
/// Throws std::invalid_argument if the named one does not exist or cannot run here.
std::string_view chosen_instruction_set();

/// The engine among `engines` (one per instruction set) for the chosen one.
const LaneEngine& best_engine(std::span<const LaneEngine* const> engines);

} // namespace osteoflare::solvers::lanes
