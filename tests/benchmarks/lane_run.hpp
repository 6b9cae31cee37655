#pragma once

#include "solvers/lanes/lane_problem.hpp"
#include "tests/benchmarks/methods.hpp"

namespace osteoflare::benchmarks {

/// The lane solver with any pack.
Effort run_lanes_with(void (*run)(const solvers::lanes::LaneProblem&, const solvers::lanes::LaneClient&),
                      const Workload& workload, double relative_tolerance, std::size_t count, const Take& take);

} // namespace osteoflare::benchmarks
