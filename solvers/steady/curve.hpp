#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

/// Curves that are given by one equation fewer than there are unknowns, followed by their arc length (Keller 1977).
namespace osteoflare::solvers::steady {

/// G(z) = 0, `size` unknowns and size - 1 equations, scaled so that a change of z by 1 is large.
struct Curve {
    std::size_t size = 0;
    /// Writes G and, row-major, its exact derivative ((size - 1) x size).
    std::function<void(std::span<const double> z, std::span<double> g, std::span<double> dgdz)> evaluate;
};

/// A point with the unit tangent there.
struct CurvePoint {
    std::vector<double> z, tangent;
};

struct TraceOptions {
    double first_step = 1e-3, shortest_step = 1e-10, longest_step = 0.03; ///< of arc length
    double greatest_angle = 0.2; ///< between the tangents at both ends of a step [rad]
    std::size_t most_steps = 20'000;
};

/// Why a curve was followed no farther.
enum class TraceEnd {
    stopped, ///< by who looked on
    closed,  ///< it came back to where it began
    lost,    ///< the shortest step found no next point
    step_limit,
};

/// The point on the curve and on the plane through `near` with the given normal, or nothing if Newton's method fails.
/// Its tangent points to the side of the normal.
std::optional<CurvePoint> correct(const Curve& curve, std::span<const double> near, std::span<const double> normal,
                                  std::size_t* n_iterations = nullptr);

/// The curve's tangent at z, in one of its two directions.
std::vector<double> tangent_at(const Curve& curve, std::span<const double> z);

/// Follows the curve from a point along its tangent. `look` sees each step; false stops.
TraceEnd trace(const Curve& curve, const CurvePoint& start, const TraceOptions& options,
               const std::function<bool(const CurvePoint& begin, const CurvePoint& end)>& look);

/// Where on the step from `begin` to `end` a test function is zero that has opposite signs there: by the Illinois
/// method, until its place on the step does not change any more in 1e-15. Nothing if the curve is lost.
std::optional<CurvePoint> locate(const Curve& curve, const CurvePoint& begin, const CurvePoint& end,
                                 const std::function<double(const CurvePoint&)>& test);

/// Where on the step from `begin` to `end` an unknown turns back; nothing if it does not, or the curve is lost.
std::optional<CurvePoint> turn(const Curve& curve, const CurvePoint& begin, const CurvePoint& end, std::size_t unknown);

} // namespace osteoflare::solvers::steady
