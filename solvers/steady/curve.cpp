#include "solvers/steady/curve.hpp"

#include "solvers/steady/matrices.hpp"

#include <algorithm>
#include <cmath>

namespace osteoflare::solvers::steady {
namespace {

/// G and its derivative, with one more row: the normal of a plane.
struct Bordered {
    Matrix matrix;
    Vector residual;

    Bordered(const Curve& curve, const Vector& z, const Vector& near, const Vector& normal)
        : matrix(index(curve.size), index(curve.size)), residual(index(curve.size))
    {
        const std::size_t n = curve.size;
        curve.evaluate(span_of(z), span_of(residual).first(n - 1), span_of(matrix).first((n - 1) * n));
        residual[index(n - 1)] = normal.dot(z - near);
        matrix.row(index(n - 1)) = normal;
    }
    bool finite() const { return residual.allFinite() && matrix.allFinite(); }
};

std::vector<double> listed(const Vector& values)
{
    return {values.begin(), values.end()};
}

} // namespace

std::optional<CurvePoint> correct(const Curve& curve, std::span<const double> near, std::span<const double> normal,
                                  std::size_t* n_iterations)
{
    constexpr std::size_t most_iterations = 12;
    // The last step is this short; what is left after it is its square, or rounding.
    constexpr double small_step = 1e-9;
    const Vector plane = as_vector(near), across = as_vector(normal);
    Vector z = plane;
    double last = 0;
    for (std::size_t iteration = 1; iteration <= most_iterations; ++iteration) {
        const Bordered system(curve, z, plane, across);
        if (!system.finite()) {
            return std::nullopt;
        }
        const Vector move = system.matrix.partialPivLu().solve(-system.residual);
        const double length = move.lpNorm<Eigen::Infinity>();
        if (!move.allFinite() || (iteration > 1 && length > 0.7 * last)) {
            return std::nullopt;
        }
        z += move;
        last = length;
        if (length > small_step) {
            continue;
        }
        const Bordered there(curve, z, plane, across);
        if (!there.finite()) {
            return std::nullopt;
        }
        Vector ahead = Vector::Zero(z.size());
        ahead[z.size() - 1] = 1; // along the normal
        const Vector tangent = there.matrix.partialPivLu().solve(ahead);
        if (!tangent.allFinite()) {
            return std::nullopt;
        }
        if (n_iterations) {
            *n_iterations = iteration;
        }
        return CurvePoint{listed(z), listed(tangent.normalized())};
    }
    return std::nullopt;
}

std::vector<double> tangent_at(const Curve& curve, std::span<const double> z)
{
    const std::size_t n = curve.size;
    Vector g(index(n - 1));
    Matrix derivative(index(n - 1), index(n));
    curve.evaluate(z, span_of(g), span_of(derivative));
    // The last column of Q is what all rows are perpendicular to.
    const Eigen::MatrixXd q = Eigen::MatrixXd(derivative.transpose()).householderQr().householderQ();
    return listed(q.col(index(n - 1)));
}

TraceEnd trace(const Curve& curve, const CurvePoint& start, const TraceOptions& options,
               const std::function<bool(const CurvePoint&, const CurvePoint&)>& look)
{
    const Vector origin = as_vector(start.z), first_tangent = as_vector(start.tangent);
    CurvePoint now = start;
    double step = options.first_step;
    for (std::size_t n_steps = 0; n_steps < options.most_steps;) {
        const Vector z = as_vector(now.z), tangent = as_vector(now.tangent);
        std::size_t n_iterations = 0;
        const auto next = correct(curve, listed(z + step * tangent), now.tangent, &n_iterations);
        const double cosine = next ? std::clamp(tangent.dot(as_vector(next->tangent)), -1.0, 1.0) : -1;
        // A point far beside its prediction may lie on another part of the curve.
        const bool beside = next && (as_vector(next->z) - z - step * tangent).norm() > 0.5 * step;
        const double angle = std::acos(cosine);
        if (!next || beside || angle > options.greatest_angle) {
            step /= 2;
            if (step < options.shortest_step) {
                return TraceEnd::lost;
            }
            continue;
        }
        const Vector end = as_vector(next->z);
        const double before = first_tangent.dot(z - origin), after = first_tangent.dot(end - origin);
        if (n_steps > 2 && before < 0 && after >= 0 && (z - origin).norm() < 2 * step) {
            (void)look(now, start);
            return TraceEnd::closed;
        }
        ++n_steps;
        if (!look(now, *next)) {
            return TraceEnd::stopped;
        }
        now = *next;
        const bool easy = n_iterations <= 4 && angle < 0.5 * options.greatest_angle;
        step = std::min(options.longest_step, easy ? 1.5 * step : n_iterations > 6 ? 0.7 * step : step);
    }
    return TraceEnd::step_limit;
}

std::optional<CurvePoint> locate(const Curve& curve, const CurvePoint& begin, const CurvePoint& end,
                                 const std::function<double(const CurvePoint&)>& test)
{
    const Vector z = as_vector(begin.z), tangent = as_vector(begin.tangent);
    double low = 0, high = tangent.dot(as_vector(end.z) - z);
    double at_low = test(begin), at_high = test(end);
    const double length = high;
    CurvePoint best = std::abs(at_low) < std::abs(at_high) ? begin : end;
    int side = 0;
    for (int iteration = 0; iteration < 200 && std::abs(high - low) > 1e-15 * std::abs(length); ++iteration) {
        double middle = (low * at_high - high * at_low) / (at_high - at_low);
        if (!(middle > std::min(low, high) && middle < std::max(low, high)) || iteration % 8 == 7) {
            middle = (low + high) / 2;
        }
        const auto point = correct(curve, listed(z + middle * tangent), begin.tangent);
        if (!point) {
            return std::nullopt;
        }
        const double value = test(*point);
        best = *point;
        if (value == 0) {
            break;
        }
        if ((value > 0) == (at_high > 0)) {
            high = middle;
            at_high = value;
            at_low = side == 1 ? at_low / 2 : at_low;
            side = 1;
        } else {
            low = middle;
            at_low = value;
            at_high = side == -1 ? at_high / 2 : at_high;
            side = -1;
        }
    }
    return best;
}

std::optional<CurvePoint> turn(const Curve& curve, const CurvePoint& begin, const CurvePoint& end, std::size_t unknown)
{
    const auto slope = [unknown](const CurvePoint& at) { return at.tangent[unknown]; };
    return (slope(begin) > 0) == (slope(end) > 0) ? std::nullopt : locate(curve, begin, end, slope);
}

} // namespace osteoflare::solvers::steady
