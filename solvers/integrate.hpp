#pragma once

#include "solvers/system.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

/// The reference solver: Boost.Odeint's steppers under a loop of ours that lands on events, checks every step and never
/// hangs.
namespace osteoflare::solvers {

enum class Method {
    dopri5,      ///< Dormand–Prince 5(4), explicit, for non-stiff systems; continuous output of order 4
    rosenbrock4, ///< Rosenbrock 4(3) of Hairer & Wanner (RODAS), for stiff systems; continuous output of order 3
};

enum class RunStatus : std::uint8_t {
    reached_end = 0,
    step_limit = 1,
    step_too_small = 2,
    not_finite = 3,
    overcrowded = 4, ///< of a spatial model: no room for those who come
    not_run = 5,     ///< nobody has run it: in what is put together of an unfinished study
};

std::string_view text(RunStatus status);

/// How a run ended. Never ignored: a failed run is data, not an exception.
struct [[nodiscard]] RunReport {
    RunStatus status = RunStatus::reached_end;
    double time = 0;                     ///< last time reached
    std::size_t steps = 0, rejected = 0; ///< accepted and rejected
    explicit operator bool() const { return status == RunStatus::reached_end; }
};

/// A step is accepted when |error_i| <= absolute_i + relative * max(|y_i| before, after) for every i.
struct Options {
    Method method = Method::rosenbrock4;
    double relative_tolerance = 1e-6;
    std::vector<double> absolute_tolerance = {1e-9}; ///< one per equation, or one for all
    double first_step = 0;                           ///< after the start and after each interruption; 0 chooses it
    double longest_step = std::numeric_limits<double>::infinity();
    std::size_t most_steps = 100'000; ///< accepted and rejected together
};

/// An accepted step with its continuous output; valid only while an observer is called.
struct Step {
    double begin = 0, end = 0;
    bool last = false; ///< the run ends here
    std::span<const double> state_begin, state_end;
    /// Writes the state at begin <= t <= end.
    const std::function<void(double t, std::span<double> state)>& at;
};

/// Sees every accepted step, in order.
using Observer = std::function<void(const Step&)>;

/// A moment that the solver meets exactly, where `apply` may change the state and whatever the right-hand side refers
/// to. Steps before it see the old world, steps after it the new one.
struct Interruption {
    double time = 0;
    std::function<void(std::span<double> state)> apply;
};

/// Integrates `system` from `from` to `to`, in place: `state` ends as the last state that was reached and finite.
/// `interruptions` are sorted by time within [from, to]; those at `to` are not applied.
/// Throws std::invalid_argument for options or interruptions that make no sense.
RunReport integrate(const System& system, std::span<double> state, double from, double to,
                    std::span<const Interruption> interruptions, const Options& options, const Observer& observer);

} // namespace osteoflare::solvers
