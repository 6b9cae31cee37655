#pragma once

#include "solvers/lanes/lane_problem.hpp"

#include <cstddef>

/// Many equal blocks that meet only in a border: what a solver for them is asked and what it answers. Plain data,
/// because the code behind it is compiled once for each instruction set.
namespace osteoflare::solvers::blocks {

struct BlockProblem {
    double relative_tolerance = 0;
    const double* block_tolerance = nullptr;  ///< absolute, one per state of a block
    const double* border_tolerance = nullptr; ///< absolute, one per state of the border
    double longest_step = 0;
    std::size_t most_steps = 0; ///< of one advance, accepted and rejected together
};

struct BlockReport {
    lanes::LaneStatus status = lanes::LaneStatus::reached_end;
    double time = 0;
    std::size_t steps = 0, rejected = 0; ///< of this advance
};

/// When the state is asked for on the way. A row has the border's states, then those of block after block.
struct BlockRows {
    const double* times = nullptr; ///< ascending, after where the advance begins and not after where it ends
    std::size_t n_times = 0;
    double* rows = nullptr; ///< (time, state): filled where they are reached
};

/// The code for one pair of kernels and one instruction set. A solver is an opaque `self`; states and settings change
/// only between advances.
struct BlockEngine {
    const char* instruction_set = "";
    std::size_t width = 1; ///< blocks that advance together
    std::size_t n_block_states = 0, n_block_settings = 0, n_border_states = 0, n_border_settings = 0;

    void* (*make)(const BlockProblem& problem, std::size_t n_blocks) = nullptr;
    void (*destroy)(void* self) = nullptr;
    void (*set_state)(void* self, double time, const double* border, const double* blocks) = nullptr;
    void (*get_state)(void* self, double* border, double* blocks) = nullptr; ///< blocks: (block, state)
    void (*set_block)(void* self, std::size_t block, const double* settings) = nullptr;
    void (*set_border)(void* self, const double* settings) = nullptr;
    void (*add_to_border)(void* self, std::size_t state, double amount) = nullptr;
    BlockReport (*advance)(void* self, double until, const BlockRows& rows) = nullptr;
};

} // namespace osteoflare::solvers::blocks
