#pragma once

#include "solvers/lanes/lane_solver.hpp"

#include <new>

namespace osteoflare::solvers::lanes {

/// The engine for one kernel on the pack that suits this source's instruction set. Each instruction set has its own
/// pack type, so the templates made here have names of their own and the linker never mixes them.
#if defined(__AVX512F__) && defined(__AVX512DQ__)
using WidestPack = Pack8;
#elif defined(__AVX2__) && defined(__FMA__)
using WidestPack = Pack4;
#else
using WidestPack = Pack1;
#endif

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
