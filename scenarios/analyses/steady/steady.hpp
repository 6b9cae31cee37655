#pragma once

#include "scenarios/scenario.hpp"

#include <complex>
#include <cstdint>
#include <functional>
#include <vector>

/// The steady states of a scenario: all that a design of starts leads to, and those that lie between them.
namespace osteoflare::scenarios {

/// Starts are drawn from a scrambled Sobol' sequence. Each species is log-uniform between a `spread`-th of the least
/// and `spread` times the greatest value that it has in the states known so far: the scenario's start, what that leads
/// to, and every stable state found. Whenever that box has grown by a new stable state, it is drawn from again.
struct StartDesign {
    std::size_t size = 64;
    std::uint64_t seed = 1;
    double spread = 10;
    double days = 3000; ///< each start is followed for so long, then polished by Newton's method
    std::size_t most_rounds = 5;
};

struct SteadyState {
    std::vector<double> state;
    std::vector<double> readouts;
    std::vector<std::complex<double>> eigenvalues; ///< [1/d], the greatest real part first
    std::size_t n_unstable = 0;                    ///< of them; 0 for a stable state
    bool is_ill = false;                           ///< by the level of the model's onset; false if it has none
    std::size_t n_starts = 0;                      ///< of the last round, that led here

    bool is_stable() const { return n_unstable == 0; }
};

struct SteadyStates {
    std::vector<SteadyState> states; ///< stable ones first; in both, by the quantity of illness or the first species
    std::size_t n_starts = 0;        ///< of the last round
    std::size_t n_failed = 0;        ///< of these, that the solver gave up
    std::size_t n_unsettled = 0;     ///< of these, that led to no steady state: they still move, or oscillate
    std::size_t n_rounds = 0;
};

/// The steady states under `settings` (settings_at_end). Unstable ones are looked for by Newton's method from points
/// between each two stable ones, and from where starts that do not settle are at the end. The same whatever the
/// threads.
SteadyStates find_steady_states(const Scenario& scenario, const std::vector<double>& settings,
                                const StartDesign& design, std::size_t threads);

/// Where one start leads under `settings`: the stable steady state, or nothing. `failed` if the solver gave up.
struct Settled {
    std::vector<double> state;
    bool failed = false, settled = false;
};
Settled settle(const Scenario& scenario, const std::vector<double>& settings, std::vector<double> start, double days);

} // namespace osteoflare::scenarios
