#include "tests/benchmarks/work_precision.hpp"

#include "tests/benchmarks/measure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace osteoflare::benchmarks {

double Reference::error_of(std::size_t animal, Course course) const
{
    const double* expected = courses.data() + animal * n_times * n_states;
    const double* floor = floors.data() + animal * n_states;
    double worst = 0;
    for (std::size_t i = 0; i < n_times; ++i) {
        for (std::size_t k = 0; k < n_states; ++k) {
            const double wanted = expected[i * n_states + k];
            const double difference = std::abs(course.at[i * course.stride + k] - wanted);
            worst = std::max(worst, difference / (std::abs(wanted) + floor[k]));
        }
    }
    return worst;
}

Reference make_reference(const Workload& workload, std::size_t count)
{
    const auto run = [&](double relative_tolerance, std::size_t n, const Take& take) {
        return run_lanes(workload, relative_tolerance, n, take);
    };
    return make_reference({"lanes", "", count, run}, 1e-12, workload.n_states(), workload.times.size());
}

Reference make_reference(const Method& method, double relative_tolerance, std::size_t n_columns, std::size_t n_times)
{
    Reference reference{.n_states = n_columns, .n_times = n_times, .courses = {}, .floors = {}};
    const std::size_t n = n_columns, size = reference.n_times * n;
    reference.courses.resize(method.n_animals * size);
    reference.floors.resize(method.n_animals * n);
    (void)method.run(relative_tolerance, method.n_animals, [&](std::size_t animal, Course course) {
        for (std::size_t i = 0; i < reference.n_times; ++i) {
            for (std::size_t k = 0; k < n; ++k) {
                const double value = course.at[i * course.stride + k];
                reference.courses[animal * size + i * n + k] = value;
                double& floor = reference.floors[animal * n + k];
                floor = std::max(floor, 1e-3 * std::abs(value));
            }
        }
    });
    for (double& floor : reference.floors) {
        // A column that stays at zero has no size that an error could be compared with.
        floor = floor > 0 ? floor : std::numeric_limits<double>::infinity();
    }
    return reference;
}

Curve explore(const Method& method, const Reference& reference, double smallest, int per_decade)
{
    Curve curve;
    const std::size_t count = method.n_animals;
    for (int rung = 0;; ++rung) {
        const double tolerance = std::pow(10.0, -2.0 - static_cast<double>(rung) / per_decade);
        if (tolerance < 1e-12) {
            return curve;
        }
        std::vector<double> errors(count);
        const Effort effort = method.run(tolerance, count, [&](std::size_t animal, Course course) {
            errors[animal] = reference.error_of(animal, course);
        });
        curve.push_back({.relative_tolerance = tolerance,
                         .error = median(errors),
                         .steps = static_cast<double>(effort.steps) / static_cast<double>(count),
                         .rejected = static_cast<double>(effort.rejected) / static_cast<double>(count)});
        if (curve.back().error <= smallest) {
            return curve;
        }
    }
}

double Between::interpolate(double at_first, double at_second) const
{
    return std::exp((1 - share) * std::log(at_first) + share * std::log(at_second));
}

Between find(const Curve& curve, double target)
{
    const auto met = std::ranges::find_if(curve, [&](const CurvePoint& point) { return point.error <= target; });
    const auto second = static_cast<std::size_t>((met == curve.end() ? curve.end() - 1 : met) - curve.begin());
    if (second == 0) {
        return {};
    }
    const double missed = std::log(curve[second - 1].error), reached = std::log(curve[second].error);
    return {second - 1, second, std::min((std::log(target) - missed) / (reached - missed), 1.0)};
}

} // namespace osteoflare::benchmarks
