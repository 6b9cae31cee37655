#include "solvers/blocks/block_run.hpp"

#include "solvers/lanes/engines.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace osteoflare::solvers::blocks {
namespace {

void require(bool holds, const char* what)
{
    if (!holds) {
        throw std::invalid_argument(std::string("BlockRun: ") + what);
    }
}

} // namespace

const BlockEngine& best_engine(std::span<const BlockEngine* const> engines)
{
    const auto wanted = lanes::chosen_instruction_set();
    const auto found =
        std::ranges::find_if(engines, [&](const BlockEngine* engine) { return engine->instruction_set == wanted; });
    require(found != engines.end(), "no engine for this instruction set");
    return **found;
}

BlockRun::BlockRun(const BlockEngine& engine, BlockTolerance tolerance, std::size_t n_blocks)
    : engine_(engine), tolerance_(std::move(tolerance)), n_blocks_(n_blocks), self_(nullptr)
{
    const auto positive = [](double number) { return number > 0; };
    require(n_blocks > 0, "no blocks");
    require(tolerance_.relative > 0 && tolerance_.longest_step > 0 && tolerance_.most_steps > 0,
            "a limit is not positive");
    require(tolerance_.block.size() == engine.n_block_states && tolerance_.border.size() == engine.n_border_states,
            "not one absolute tolerance per state");
    require(std::ranges::all_of(tolerance_.block, positive) && std::ranges::all_of(tolerance_.border, positive),
            "an absolute tolerance is not positive");
    self_ = engine.make({.relative_tolerance = tolerance_.relative,
                         .block_tolerance = tolerance_.block.data(),
                         .border_tolerance = tolerance_.border.data(),
                         .longest_step = tolerance_.longest_step,
                         .most_steps = tolerance_.most_steps},
                        n_blocks);
}

BlockRun::~BlockRun()
{
    engine_.destroy(self_);
}

void BlockRun::set_state(double time, std::span<const double> border, std::span<const double> blocks)
{
    require(border.size() == engine_.n_border_states && blocks.size() == n_blocks_ * engine_.n_block_states,
            "a state of another size");
    engine_.set_state(self_, time, border.data(), blocks.data());
}

void BlockRun::get_state(std::span<double> border, std::span<double> blocks) const
{
    require(border.size() == engine_.n_border_states && blocks.size() == n_blocks_ * engine_.n_block_states,
            "room of another size");
    engine_.get_state(self_, border.data(), blocks.data());
}

void BlockRun::set_block(std::size_t block, std::span<const double> settings)
{
    require(block < n_blocks_ && settings.size() == engine_.n_block_settings, "settings of another size");
    engine_.set_block(self_, block, settings.data());
}

void BlockRun::set_border(std::span<const double> settings)
{
    require(settings.size() == engine_.n_border_settings, "settings of another size");
    engine_.set_border(self_, settings.data());
}

void BlockRun::add_to_border(std::size_t state, double amount)
{
    require(state < engine_.n_border_states, "no such state");
    engine_.add_to_border(self_, state, amount);
}

std::size_t BlockRun::n_row() const
{
    return engine_.n_border_states + n_blocks_ * engine_.n_block_states;
}

BlockReport BlockRun::advance(double until, std::span<const double> times, double* rows)
{
    require(std::ranges::is_sorted(times) && (times.empty() || times.back() <= until), "times do not ascend");
    return engine_.advance(self_, until, {.times = times.data(), .n_times = times.size(), .rows = rows});
}

} // namespace osteoflare::solvers::blocks
