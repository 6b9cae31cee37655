#pragma once

#include <cstddef>
#include <cstdint>

/// What a lane solver is asked and what it answers: plain data, because the code behind it is compiled once for each
/// instruction set and must share no inline functions with the rest of the program.
namespace osteoflare::solvers::lanes {

enum class LaneSummaryKind : std::uint8_t { first_above, maximum, minimum, final };

/// One number per member, made from the course of a quantity (numbered like columns; fluxes cannot be summarised).
struct LaneSummary {
    LaneSummaryKind kind = LaneSummaryKind::final;
    std::uint16_t quantity = 0;
};
inline constexpr std::size_t most_summaries = 32;

/// A quantity by which the states are differentiated: it moves settings, the start of a state, or moments at which
/// settings change.
struct LaneSensitivity {
    const std::uint16_t* settings = nullptr; ///< that move with it, each by as much, in phases where they follow it
    std::size_t n_settings = 0;              ///< at most 32
    std::int32_t start_state = -1;           ///< whose start moves with it; none if negative
};

/// What all members share.
struct LaneProblem {
    double from = 0, to = 0;
    double relative_tolerance = 0;
    const double* absolute_tolerance = nullptr; ///< one per state
    double first_step = 0;                      ///< at the start and after each change; 0 chooses it
    double longest_step = 0;
    std::size_t most_steps = 0;    ///< accepted and rejected together
    const double* times = nullptr; ///< ascending; the state is asked for at each
    std::size_t n_times = 0;
    const std::uint16_t* columns =
        nullptr; ///< what is asked for: states, then read-outs, then fluxes, numbered through
    std::size_t n_columns = 0;
    const LaneSummary* summaries = nullptr;
    std::size_t n_summaries = 0;
    const LaneSensitivity* sensitivities = nullptr;
    std::size_t n_sensitivities = 0;
    const double* sensitivity_tolerance = nullptr; ///< (sensitivity, state): absolute; beside the relative one of all
    const std::uint16_t* sensitivity_columns = nullptr; ///< what is differentiated: states, then read-outs
    std::size_t n_sensitivity_columns = 0;
};

/// One member. All pointers stay valid until the member is done.
struct LaneMember {
    std::size_t number = 0;
    const double* start_state = nullptr;
    const double* phase_begins = nullptr;    ///< the first is where the run starts; between two, settings are constant
    const double* const* settings = nullptr; ///< of each phase; equal pointers are equal settings
    std::size_t n_phases = 0;
    const double* levels = nullptr;         ///< of each summary; used by first_above
    double* rows = nullptr;                 ///< (time, row_stride): room for the columns, filled where they are reached
    double* summaries = nullptr;            ///< room for one per summary; NaN for a level that was never exceeded
    const std::uint32_t* follows = nullptr; ///< (phase, sensitivity): bit i says that settings[i] of it follow it then
    /// (phase, sensitivity): where not null, the quantity moves the beginning of the phase, and these settings would
    /// rule for the time by which it came later.
    const double* const* instead = nullptr;
    double* sensitivities = nullptr; ///< (sensitivity, time, row_stride): room for the sensitivity columns
};

enum class LaneStatus : std::uint8_t { reached_end, step_limit, step_too_small, not_finite };

struct LaneReport {
    LaneStatus status = LaneStatus::reached_end;
    double time = 0;
    std::size_t steps = 0, rejected = 0;
};

/// Where members come from and where they go.
struct LaneClient {
    void* self = nullptr;
    bool (*next)(void* self, LaneMember& member) = nullptr; ///< false when there are none left
    void (*done)(void* self, const LaneMember& member, const LaneReport& report, const double* last_state) = nullptr;
};

/// Numbers between the beginnings of two rows of a member, for this many columns.
constexpr std::size_t row_stride(std::size_t n_columns)
{
    return (n_columns + 7) / 8 * 8;
}

/// The code for one model and one instruction set.
struct LaneEngine {
    const char* instruction_set = "";
    std::size_t width = 1; ///< members that advance together
    std::size_t n_states = 0, n_settings = 0, n_readouts = 0, n_fluxes = 0;
    void (*run)(const LaneProblem& problem, const LaneClient& client) = nullptr;
};

} // namespace osteoflare::solvers::lanes
