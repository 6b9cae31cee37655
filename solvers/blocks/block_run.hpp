#pragma once

#include "solvers/blocks/block_problem.hpp"

#include <span>
#include <vector>

namespace osteoflare::solvers::blocks {

/// The engine among `engines` (one per instruction set) for this machine: see lanes::chosen_instruction_set.
const BlockEngine& best_engine(std::span<const BlockEngine* const> engines);

/// Tolerances and limits of a run.
struct BlockTolerance {
    double relative = 1e-6;
    std::vector<double> block, border; ///< absolute, one per state
    double longest_step = 60;
    std::size_t most_steps = 1'000'000; ///< of one advance
};

/// One system of blocks on its way through time. Between advances, settings change and the border's states jump.
class BlockRun {
public:
    /// Throws std::invalid_argument if there are no blocks, or tolerances are missing or not positive.
    BlockRun(const BlockEngine& engine, BlockTolerance tolerance, std::size_t n_blocks);
    BlockRun(const BlockRun&) = delete;
    BlockRun& operator=(const BlockRun&) = delete;
    ~BlockRun();

    /// blocks: (block, state)
    void set_state(double time, std::span<const double> border, std::span<const double> blocks);
    void get_state(std::span<double> border, std::span<double> blocks) const;
    void set_block(std::size_t block, std::span<const double> settings);
    void set_border(std::span<const double> settings);
    void add_to_border(std::size_t state, double amount);
    /// Numbers in a row of advance: the border's states, then those of block after block.
    std::size_t n_row() const;
    /// Goes on to `until` and lands on it. Rows (time, state) are filled at `times`, which ascend and lie behind where
    /// the run stands and not behind `until`.
    BlockReport advance(double until, std::span<const double> times = {}, double* rows = nullptr);

private:
    const BlockEngine& engine_;
    BlockTolerance tolerance_;
    std::size_t n_blocks_;
    void* self_;
};

} // namespace osteoflare::solvers::blocks
