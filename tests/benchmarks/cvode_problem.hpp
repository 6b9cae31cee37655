#pragma once

#include "niche_kernel.hpp"
#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/pack.hpp"
#include "tests/benchmarks/methods.hpp"
#include "tests/benchmarks/sundials.hpp"

#include <cvodes/cvodes_ls.h>

#include <memory>
#include <span>
#include <vector>

/// The niche model for SUNDIALS, by the generated kernels in one lane.
namespace osteoflare::benchmarks {

using solvers::lanes::Pack1;

/// One lane is one double, so a vector of SUNDIALS is an array of lanes.
static_assert(sizeof(Pack1) == sizeof(double) && alignof(Pack1) == alignof(double));
inline Pack1* lanes_in(N_Vector vector)
{
    return reinterpret_cast<Pack1*>(N_VGetArrayPointer(vector));
}

struct CvodeProblem {
    using Kernel = kernels::niche;
    Pack1 coefficients[Kernel::n_coefficients]; ///< of the present phase
    Pack1 rates[Kernel::n_states];
    Pack1 jacobian[Kernel::n_jacobian];
    const double* settings = nullptr; ///< of the present phase
};

/// A matrix, what forms I - scale J in it, and what solves with it.
struct CvodeLinearParts {
    SUNMatrix matrix = nullptr;
    SUNLinearSolver solver = nullptr;
    CVLsLinSysFn form = nullptr;
};
CvodeLinearParts make_linear(CvodeLinear kind, SUNContext context);

int rates_for_cvode(double t, N_Vector y, N_Vector ydot, void* problem);

/// The rates of all sensitivities together: J s + df/dp, with the generated Jacobian and df/dp by dual numbers.
int sensitivity_rates_for_cvodes(int count, double t, N_Vector y, N_Vector ydot, N_Vector* sensitivities,
                                 N_Vector* rates, void* problem, N_Vector, N_Vector);

/// A CVODE memory with its vectors, matrix and linear solver, ready for one animal after the other; on demand with the
/// sensitivities of all states by the varied parameters.
class CvodeRun {
public:
    CvodeRun(CvodeLinear linear, const Workload& workload, double relative_tolerance, bool with_sensitivities = false);
    CvodeRun(const CvodeRun&) = delete;
    CvodeRun& operator=(const CvodeRun&) = delete;
    ~CvodeRun();

    /// Computes an animal: `rows` (time, state) and, if they are computed, `sensitivities` (time, parameter, state).
    void run(const Animal& animal, std::span<double> rows, std::span<double> sensitivities = {});
    Effort effort() const { return effort_; }

private:
    struct Parts;
    void begin(const Animal& animal, std::size_t phase);
    /// Every output time of the present phase, and its end, in order.
    void advance(double from, double to, std::span<double> rows, std::span<double> sensitivities);

    const Workload& workload_;
    CvodeProblem problem_;
    std::unique_ptr<Parts> parts_;
    std::size_t next_time_ = 0;
    Effort effort_;
};

} // namespace osteoflare::benchmarks
