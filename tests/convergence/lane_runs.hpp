#pragma once

#include "solvers/lanes/engines.hpp"

#include "catch.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <vector>

/// Members in lanes without a scenario: a kernel, starts and settings, and what comes out.
namespace lane_runs {

namespace lanes = osteoflare::solvers::lanes;

/// What all members share.
struct Question {
    double from = 0, to = 1;
    double tolerance = 1e-6;
    std::vector<double> absolute = {1e-9}; ///< one per state, or one for all
    double step = 0;                       ///< every step exactly this long, whatever the error; 0 lets it choose
    std::size_t most_steps = 100'000;
    std::vector<double> times = {}; ///< when all columns are asked for
    std::vector<std::uint16_t> columns =
        {}; ///< states, then read-outs (squares), then fluxes (rates); none: all states
    std::vector<lanes::LaneSummary> summaries = {};
    /// What all states are differentiated by: a setting (which follows from a phase on), a start, or the beginning of
    /// a phase.
    struct Quantity {
        std::optional<std::uint16_t> setting = {};
        std::size_t follows_from = 0; ///< the phase
        std::optional<std::int32_t> start_state = {};
        std::size_t phase = 0; ///< whose beginning moves, from 1; 0 for none
    };
    std::vector<Quantity> quantities = {};
};

/// One member: settings hold from the beginning of their phase to that of the next.
struct Asked {
    std::vector<double> start;
    std::vector<double> begins;
    std::vector<std::vector<double>> settings;
    std::vector<double> levels = std::vector<double>(lanes::most_summaries, 0.0);
};

struct Answer {
    lanes::LaneReport report;
    std::vector<double> last_state;
    std::vector<std::vector<double>> rows; ///< (time, column), NaN where it was not reached
    std::vector<double> summaries;
    std::vector<std::vector<std::vector<double>>> sensitivities; ///< (quantity, time, state)
};

/// Calls claim(*one) for each of `made`, of which there is one for every instruction set, that can run on this machine.
void with_every_instruction_set(const auto& made, const auto& claim)
{
    const auto usable = lanes::usable_instruction_sets();
    for (const auto* one : made) {
        if (std::ranges::find(usable, one->instruction_set) != usable.end()) {
            INFO(one->instruction_set);
            claim(*one);
        }
    }
}

/// Runs the members, as many at a time as the engine has lanes; answers in the order of the questions.
std::vector<Answer> run(const lanes::LaneEngine& engine, const Question& question, std::span<const Asked> members);

/// One member of a problem from its own start, with its own parameters.
template <class Problem>
Asked plain(const Question& question)
{
    return {.start = {Problem::start.begin(), Problem::start.end()},
            .begins = {question.from},
            .settings = {{Problem::parameters.begin(), Problem::parameters.end()}}};
}

} // namespace lane_runs
