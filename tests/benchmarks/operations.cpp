#include "tests/benchmarks/counted_pack.hpp"
// The counting pack stands before what uses it.
#include "niche_kernel.hpp"
#include "solvers/lanes/make_engine.hpp"
#include "tests/benchmarks/lane_run.hpp"

namespace osteoflare::benchmarks {

double lane_operations(const Workload& workload, double relative_tolerance, std::size_t count)
{
    using solvers::lanes::CountedPack;
    CountedPack::operations = 0;
    (void)run_lanes_with(&solvers::lanes::run_lanes<CountedPack, kernels::niche>, workload, relative_tolerance, count,
                         nullptr);
    return CountedPack::operations;
}

} // namespace osteoflare::benchmarks
