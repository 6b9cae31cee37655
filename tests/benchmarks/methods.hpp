#pragma once

#include "tests/benchmarks/workload.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

/// The methods that are compared, each behind the same call.
namespace osteoflare::benchmarks {

/// One animal's course: state k at output time i is at[i * stride + k].
struct Course {
    const double* at = nullptr;
    std::size_t stride = 0;
};

/// Sees each animal's course as soon as it is there; nothing if only the time it takes is wanted.
using Take = std::function<void(std::size_t animal, Course course)>;

/// Steps of all animals together.
struct Effort {
    std::size_t steps = 0, rejected = 0;
};

struct Method {
    std::string key, title;
    /// Animals it is measured with: fewer for dear ones.
    std::size_t n_animals = 0;
    /// Computes the first `count` animals of its workload. Throws std::runtime_error if one cannot be computed.
    std::function<Effort(double relative_tolerance, std::size_t count, const Take& take)> run;
};

/// This project's ensemble engine, on the widest lanes that the machine has.
Effort run_lanes(const Workload& workload, double relative_tolerance, std::size_t count, const Take& take);
/// The same with sensitivities by the varied parameters: the courses are theirs, (time, parameter, state).
Effort run_lane_sensitivities(const Workload& workload, double relative_tolerance, std::size_t count, const Take& take);
/// Floating-point operations of all animals together: a fused multiply-add counts two, a division one; comparisons and
/// changes of sign count nothing. Counted by running the lane solver on a number that counts.
double lane_operations(const Workload& workload, double relative_tolerance, std::size_t count);

/// Boost.Odeint's steppers under this project's loop, as `solver = "odeint"` has them.
Effort run_odeint(solvers::Method method, const Workload& workload, double relative_tolerance, std::size_t count,
                  const Take& take);

/// The linear solver under CVODE's Newton iteration. Both get the generated rates and the generated analytic Jacobian.
enum class CvodeLinear {
    dense,        ///< dense LU with pivoting
    generated_lu, ///< the sparse LU that the model compiler wrote for the lanes
};
Effort run_cvode(CvodeLinear linear, const Workload& workload, double relative_tolerance, std::size_t count,
                 const Take& take);

/// CVODES with forward sensitivities by the varied parameters, (time, parameter, state): staggered corrector,
/// sensitivities in the error control with tolerances after those of the states, analytic right-hand sides.
Effort run_cvodes(CvodeLinear linear, const Workload& workload, double relative_tolerance, std::size_t count,
                  const Take& take);
/// Where the varied parameters stand among the settings.
const std::vector<std::size_t>& varied_settings();

} // namespace osteoflare::benchmarks
