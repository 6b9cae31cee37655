#include "solvers/steady/branch.hpp"
#include "solvers/steady/matrices.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <utility>

namespace osteoflare::solvers::steady {
namespace {

/// Folds as a curve: z = (u / sqrt(n), p / scale, q / scale). The borders b and c follow the null vectors from point to
/// point; g is zero for the same z whatever they are.
class FoldSystem {
public:
    explicit FoldSystem(const Family& family)
        : family_(family), n_(family.size), root_(std::sqrt(double(n_))), b_(index(n_)), c_(index(n_))
    {
    }

    Vector z_of(const FoldPoint& fold) const
    {
        const auto u = to_even(family_, fold.y);
        Vector z(index(n_ + 2));
        z.head(index(n_)) = as_vector(u) / root_;
        z[index(n_)] = fold.p / family_.parameter_scale[0];
        z[index(n_ + 1)] = fold.q / family_.parameter_scale[1];
        return z;
    }
    FoldPoint fold_of(std::span<const double> z) const
    {
        const Vector u = as_vector(z.first(n_)) * root_;
        return {from_even(family_, span_of(u)), z[n_] * family_.parameter_scale[0],
                z[n_ + 1] * family_.parameter_scale[1]};
    }

    /// Takes the singular vectors of the least singular value as borders.
    void border_by(const Vector& z)
    {
        Vector rates(index(n_));
        const Matrix derivative = evaluate(z, rates).leftCols(index(n_));
        const Eigen::JacobiSVD<Eigen::MatrixXd> svd(derivative, Eigen::ComputeThinU | Eigen::ComputeThinV);
        b_ = svd.matrixU().col(index(n_ - 1));
        c_ = svd.matrixV().col(index(n_ - 1));
    }

    /// v and w, the right and left null vectors where g is zero.
    struct Solution {
        Vector v, w;
        double g = 0;
    };
    Solution solve(const Matrix& by_u) const
    {
        const Eigen::Index n = index(n_);
        Matrix bordered = Matrix::Zero(n + 1, n + 1);
        bordered.topLeftCorner(n, n) = by_u;
        bordered.topRightCorner(n, 1) = b_;
        bordered.bottomLeftCorner(1, n) = c_.transpose();
        Vector unit = Vector::Zero(n + 1);
        unit[n] = 1;
        const Vector right = bordered.partialPivLu().solve(unit);
        const Vector left = Matrix(bordered.transpose()).partialPivLu().solve(unit);
        return {right.head(n), left.head(n), right[n]};
    }

    /// f, g and their derivatives by z; the last row is that of g.
    void operator()(const Vector& z, Vector& residual, Matrix& derivative) const
    {
        const Eigen::Index n = index(n_);
        Vector rates(n), unused(n);
        const Matrix all = evaluate(z, rates);
        const Solution solution = solve(all.leftCols(n));
        residual << rates, solution.g;
        derivative.topRows(n) = all;
        // dg = -w (d^2f v): the change of the Jacobian along v, seen by w.
        const double step = 1e-5 / solution.v.norm();
        Vector ahead = z, behind = z;
        ahead.head(n) += step * solution.v;
        behind.head(n) -= step * solution.v;
        const Matrix change = (evaluate(ahead, unused) - evaluate(behind, unused)) / (2 * step);
        derivative.row(n) = -(solution.w.transpose() * change);
    }

    /// What changes its sign at a cusp: the curvature of f along the null vector, w f_yy v v.
    double curvature(const Vector& z) const
    {
        const Eigen::Index n = index(n_);
        Vector rates(n), residual(n + 1);
        Matrix derivative(n + 1, n + 2);
        (*this)(z, residual, derivative);
        const Solution solution = solve(derivative.topLeftCorner(n, n));
        return -derivative.row(n).head(n).dot(solution.v);
    }

    Curve curve() const
    {
        return {n_ + 2, [this](std::span<const double> z, std::span<double> g, std::span<double> dgdz) {
                    Vector residual(index(n_ + 1));
                    Matrix derivative(index(n_ + 1), index(n_ + 2));
                    (*this)(as_vector(z), residual, derivative);
                    std::ranges::copy(span_of(residual), g.begin());
                    std::ranges::copy(span_of(derivative), dgdz.begin());
                }};
    }

private:
    /// The flow and its derivatives by all of z, n x (n + 2).
    Matrix evaluate(const Vector& z, Vector& rates) const
    {
        const Eigen::Index n = index(n_);
        const Vector u = z.head(n) * root_;
        const double p[] = {z[n] * family_.parameter_scale[0], z[n + 1] * family_.parameter_scale[1]};
        Matrix by_u(n, n), by_p(n, 2), all(n, n + 2);
        even_flow(family_, span_of(u), p, span_of(rates), span_of(by_u), span_of(by_p));
        all << by_u * root_, by_p.col(0) * family_.parameter_scale[0], by_p.col(1) * family_.parameter_scale[1];
        return all;
    }

    const Family& family_;
    std::size_t n_;
    double root_;
    Vector b_, c_;
};

/// One direction of a fold curve.
struct FoldWalk {
    FoldSystem& system;
    const Curve& curve;
    const Interval &p_range, &q_range;
    const BranchOptions& options;
    std::vector<FoldPoint> points = {}, cusps = {};

    bool inside(const FoldPoint& fold) const { return p_range.holds(fold.p) && q_range.holds(fold.q); }

    /// Where the step meets the edge of the ranges first.
    void cut(const CurvePoint& begin, const CurvePoint& end)
    {
        const std::size_t n = begin.z.size() - 2;
        const FoldPoint a = system.fold_of(begin.z), b = system.fold_of(end.z);
        const auto share_of = [](double from, double to, const Interval& range) {
            return to > range.to     ? (range.to - from) / (to - from)
                   : to < range.from ? (range.from - from) / (to - from)
                                     : 1.0;
        };
        const double p_share = share_of(a.p, b.p, p_range), q_share = share_of(a.q, b.q, q_range);
        const double share = std::min(p_share, q_share);
        if (!(share > 1e-9)) {
            return;
        }
        std::vector<double> near(begin.z.size()), normal(begin.z.size(), 0.0);
        for (std::size_t i = 0; i < near.size(); ++i) {
            near[i] = begin.z[i] + share * (end.z[i] - begin.z[i]);
        }
        normal[p_share < q_share ? n : n + 1] = 1;
        if (const auto point = correct(curve, near, normal)) {
            FoldPoint fold = system.fold_of(point->z);
            (p_share < q_share ? fold.p : fold.q) = // to rounding it is
                p_share < q_share ? std::clamp(b.p, p_range.from, p_range.to)
                                  : std::clamp(b.q, q_range.from, q_range.to);
            points.push_back(std::move(fold));
        }
    }

    std::optional<CurvePoint> cusp_between(const CurvePoint& begin, const CurvePoint& end) const
    {
        // Borders that do not turn within the step, so that v, w and the curvature keep their signs.
        const auto curvature = [&](const CurvePoint& at) { return system.curvature(as_vector(at.z)); };
        return curvature(begin) * curvature(end) < 0 ? locate(curve, begin, end, curvature) : std::nullopt;
    }

    /// Where a step ends that may leave the ranges, turn, and come back: at a turn of p or q outside, if there is one.
    CurvePoint end_of(const CurvePoint& begin, const CurvePoint& end) const
    {
        for (const std::size_t parameter : {begin.z.size() - 2, begin.z.size() - 1}) {
            const auto turned = turn(curve, begin, end, parameter);
            if (turned && !inside(system.fold_of(turned->z))) {
                return *turned;
            }
        }
        return end;
    }

    TraceEnd follow(const CurvePoint& start)
    {
        return trace(curve, start, options.trace, [&](const CurvePoint& begin, const CurvePoint& end) {
            const CurvePoint last = end_of(begin, end);
            const FoldPoint next = system.fold_of(last.z);
            if (inside(next) && options.is_possible && !options.is_possible(next.y)) {
                return false;
            }
            const auto cusp = cusp_between(begin, last);
            if (cusp && inside(system.fold_of(cusp->z))) {
                points.push_back(system.fold_of(cusp->z));
                cusps.push_back(points.back());
            }
            if (!inside(next)) {
                cut(begin, last);
                return false;
            }
            points.push_back(next);
            system.border_by(as_vector(end.z));
            return true;
        });
    }
};

} // namespace

FoldCurve continue_fold(const Family& family, const FoldPoint& fold, const Interval& p_range, const Interval& q_range,
                        const BranchOptions& options)
{
    FoldSystem system(family);
    const Curve curve = system.curve();
    const Vector near = system.z_of(fold);
    system.border_by(near);
    const auto guess = tangent_at(curve, span_of(near));
    auto start = correct(curve, span_of(near), guess);
    if (!start) {
        throw std::invalid_argument("no fold where a curve of folds should begin");
    }
    const Vector origin = as_vector(start->z);
    system.border_by(origin);
    FoldWalk ahead{system, curve, p_range, q_range, options}, back = ahead;
    FoldCurve result;
    ahead.points = {system.fold_of(start->z)};
    result.end = result.begin = ahead.follow(*start);
    if (result.end != TraceEnd::closed) {
        system.border_by(origin);
        std::ranges::for_each(start->tangent, [](double& value) { value = -value; });
        result.begin = back.follow(*start);
    }
    result.points.assign(back.points.rbegin(), back.points.rend());
    result.points.insert(result.points.end(), ahead.points.begin(), ahead.points.end());
    result.cusps = back.cusps;
    result.cusps.insert(result.cusps.end(), ahead.cusps.begin(), ahead.cusps.end());
    return result;
}

} // namespace osteoflare::solvers::steady
