#pragma once

#include "tests/benchmarks/methods.hpp"

#include <cstddef>
#include <vector>

/// What a method costs at which error that it really makes.
namespace osteoflare::benchmarks {

/// A method at one tolerance.
struct CurvePoint {
    double relative_tolerance = 0;
    double error = 0;                   ///< achieved, of the median animal
    double steps = 0, rejected = 0;     ///< per animal
    double operations = 0;              ///< per animal; counted for the lanes only
    std::vector<double> seconds_each{}; ///< CPU time per animal, one per repeat
};

using Curve = std::vector<CurvePoint>; ///< from loose to tight

/// Courses (animal, time, state) to compare with.
struct Reference {
    std::size_t n_states = 0, n_times = 0;
    std::vector<double> courses;
    std::vector<double> floors; ///< (animal, state): 1e-3 of the largest value over time

    /// Largest over times and states of |y - ref| / (|ref| + floor).
    double error_of(std::size_t animal, Course course) const;
};

/// What a method says at this tolerance of courses with so many columns, at so many times.
Reference make_reference(const Method& method, double relative_tolerance, std::size_t n_columns, std::size_t n_times);

/// The states of the first `count` animals by the lanes at a relative tolerance of 1e-12.
Reference make_reference(const Workload& workload, std::size_t count);

/// A method's errors and steps at a ladder of `per_decade` tolerances a decade, from 1e-2 until the error is below
/// `smallest`. Times nothing.
Curve explore(const Method& method, const Reference& reference, double smallest, int per_decade);

/// Where on the curve the error `target` lies: it is met at point `second`, the first that does, and missed at `first`.
/// If the loosest tolerance meets it already, both are that one.
struct Between {
    std::size_t first = 0, second = 0;
    double share = 0; ///< of the way from first to second, in the logarithm of the error

    /// A quantity there, interpolated in its logarithm.
    double interpolate(double at_first, double at_second) const;
};
Between find(const Curve& curve, double target);

} // namespace osteoflare::benchmarks
