#pragma once

#include "solvers/lanes/lane_solver.hpp"

#include <new>

namespace osteoflare::solvers::lanes {

template <class Pack, class Kernel>
void run_lanes(const LaneProblem& problem, const LaneClient& client)
{
    using Solver = LaneSolver<Pack, Kernel>;
    auto* solver = new (std::align_val_t(alignof(Solver))) Solver(problem, client);
    try {
        solver->run();
    } catch (...) {
        solver->~Solver();
        operator delete(solver, std::align_val_t(alignof(Solver)));
        throw;
    }
    solver->~Solver();
    operator delete(solver, std::align_val_t(alignof(Solver)));
}

template <class Pack, class Kernel>
constexpr LaneEngine make_engine(const char* instruction_set)
{
    return {instruction_set,    Pack::width,      Kernel::n_states,        Kernel::n_settings,
            Kernel::n_readouts, Kernel::n_fluxes, &run_lanes<Pack, Kernel>};
}

} // namespace osteoflare::solvers::lanes
