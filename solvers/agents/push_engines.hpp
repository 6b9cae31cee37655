#pragma once

#include "solvers/agents/push_problem.hpp"

namespace osteoflare::solvers::agents {

/// The engine for the instruction set that was chosen (lanes::chosen_instruction_set).
const PushEngine& best_push_engine();

} // namespace osteoflare::solvers::agents
