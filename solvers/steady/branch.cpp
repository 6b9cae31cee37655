#include "solvers/steady/branch.hpp"

#include "solvers/steady/matrices.hpp"
#include "solvers/steady/roots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

namespace osteoflare::solvers::steady {
namespace {

/// Steady states and the parameter as one curve: z = (u / sqrt(n), p / scale), so that a jump of all states counts as
/// much as one of the parameter.
class StateCurve {
public:
    explicit StateCurve(const Family& family) : family_(&family), n_(family.size), root_(std::sqrt(double(n_))) {}

    std::vector<double> z_of(std::span<const double> y, double p) const
    {
        auto z = to_even(*family_, y);
        std::ranges::for_each(z, [&](double& value) { value /= root_; });
        z.push_back(p / family_->parameter_scale[0]);
        return z;
    }
    double p_of(std::span<const double> z) const { return z[n_] * family_->parameter_scale[0]; }
    std::vector<double> y_of(std::span<const double> z) const
    {
        std::vector<double> u(z.begin(), z.begin() + static_cast<std::ptrdiff_t>(n_));
        std::ranges::for_each(u, [&](double& value) { value *= root_; });
        return from_even(*family_, u);
    }
    Curve curve() const
    {
        return {n_ + 1, [*this](std::span<const double> z, std::span<double> g, std::span<double> dgdz) {
                    std::vector<double> u(n_), by_u(n_ * n_), by_p(n_);
                    std::ranges::transform(z.first(n_), u.begin(), [&](double value) { return value * root_; });
                    const double p = p_of(z);
                    even_flow(*family_, u, {&p, 1}, g, by_u, by_p);
                    for (std::size_t i = 0; i < n_; ++i) {
                        for (std::size_t j = 0; j < n_; ++j) {
                            dgdz[i * (n_ + 1) + j] = by_u[i * n_ + j] * root_;
                        }
                        dgdz[i * (n_ + 1) + n_] = by_p[i] * family_->parameter_scale[0];
                    }
                }};
    }

private:
    const Family* family_;
    std::size_t n_;
    double root_;
};

BranchPoint described(const Family& family, const StateCurve& states, const CurvePoint& point)
{
    BranchPoint result{states.y_of(point.z), states.p_of(point.z), {}, 0};
    result.eigenvalues = eigenvalues(family, result.y, {&result.p, 1});
    result.n_unstable = n_unstable(result.eigenvalues);
    return result;
}

std::size_t n_unstable_pairs(const BranchPoint& point)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        point.eigenvalues, [](const auto& value) { return value.real() > 0 && value.imag() > 0; }));
}

/// The pair nearest to the imaginary axis, or nothing.
std::optional<std::complex<double>> critical_pair(const BranchPoint& point)
{
    std::optional<std::complex<double>> nearest;
    for (const auto& value : point.eigenvalues) {
        if (value.imag() > 0 && (!nearest || std::abs(value.real()) < std::abs(nearest->real()))) {
            nearest = value;
        }
    }
    return nearest;
}

/// One direction of a branch, as it is followed.
struct Walk {
    const Family& family;
    const StateCurve& states;
    const Curve& curve;
    const Interval& range;
    const BranchOptions& options;
    std::vector<BranchPoint> points = {};
    std::vector<SpecialPoint> specials = {};

    void special(Special kind, const CurvePoint& point)
    {
        if (range.holds(states.p_of(point.z))) {
            specials.push_back({kind, described(family, states, point), points.size() - 1});
        }
    }

    void look_for_hopf(const CurvePoint& begin, const CurvePoint& end, const BranchPoint& at_end)
    {
        if (n_unstable_pairs(points.back()) == n_unstable_pairs(at_end)) {
            return;
        }
        const auto real_part = [&](const CurvePoint& at) {
            const auto pair = critical_pair(described(family, states, at));
            return pair ? pair->real() : std::numeric_limits<double>::quiet_NaN();
        };
        const double first = real_part(begin), last = real_part(end);
        if (!(first * last < 0)) {
            return; // a pair that became two real ones
        }
        const auto point = locate(curve, begin, end, real_part);
        if (point && std::abs(real_part(*point)) < 1e-7 * std::max(std::abs(first), std::abs(last))) {
            special(Special::hopf, *point);
        }
    }

    /// Where the step from begin to end meets the end of the range.
    void cut(const CurvePoint& begin, const CurvePoint& end)
    {
        const double bound = states.p_of(end.z) > range.to ? range.to : range.from;
        const double p_begin = states.p_of(begin.z), p_end = states.p_of(end.z);
        const double share = (bound - p_begin) / (p_end - p_begin);
        if (!(share > 1e-9)) {
            return; // it began there
        }
        std::vector<double> near(begin.z.size()), normal(begin.z.size(), 0.0);
        for (std::size_t i = 0; i < near.size(); ++i) {
            near[i] = begin.z[i] + share * (end.z[i] - begin.z[i]);
        }
        near.back() = bound / family.parameter_scale[0];
        normal.back() = 1;
        if (const auto point = correct(curve, near, normal)) {
            points.push_back(described(family, states, *point));
            points.back().p = bound; // to rounding it is
        }
    }

    TraceEnd follow(const CurvePoint& start)
    {
        return trace(curve, start, options.trace, [&](const CurvePoint& begin, const CurvePoint& end) {
            const auto fold = turn(curve, begin, end, family.size); // of the parameter
            // A step may leave the range, turn, and come back: then it ends at the fold outside.
            const CurvePoint& last = fold && !range.holds(states.p_of(fold->z)) ? *fold : end;
            const BranchPoint next = described(family, states, last);
            const bool leaves = !range.holds(next.p);
            if (!leaves && options.is_possible && !options.is_possible(next.y)) {
                return false;
            }
            if (fold) {
                special(Special::fold, *fold);
            }
            look_for_hopf(begin, last, next);
            if (leaves) {
                cut(begin, last);
                return false;
            }
            points.push_back(next);
            return true;
        });
    }
};

} // namespace

Branch continue_branch(const Family& family, std::span<const double> y, double p, const Interval& range,
                       const BranchOptions& options)
{
    const StateCurve states(family);
    const Curve curve = states.curve();
    std::vector<double> fixed(family.size + 1, 0.0);
    fixed.back() = 1;
    auto start = correct(curve, states.z_of(y, p), fixed);
    if (!start) {
        throw std::invalid_argument("no steady state where a branch should begin");
    }
    Walk ahead{family, states, curve, range, options}, back = ahead;
    const BranchPoint first = described(family, states, *start);
    ahead.points = back.points = {first};
    Branch branch;
    branch.end = ahead.follow(*start);
    branch.begin = branch.end;
    if (branch.end != TraceEnd::closed) {
        std::ranges::for_each(start->tangent, [](double& value) { value = -value; });
        branch.begin = back.follow(*start);
    }
    const std::size_t n_back = back.points.size() - 1;
    branch.points.assign(back.points.rbegin(), back.points.rend());
    branch.points.insert(branch.points.end(), ahead.points.begin() + 1, ahead.points.end());
    for (auto special = back.specials.rbegin(); special != back.specials.rend(); ++special) {
        branch.specials.push_back(*special);
        branch.specials.back().after = n_back - 1 - special->after;
    }
    for (SpecialPoint special : ahead.specials) {
        special.after += n_back;
        branch.specials.push_back(std::move(special));
    }
    if (branch.points.front().p > branch.points.back().p) {
        std::ranges::reverse(branch.points);
        std::ranges::reverse(branch.specials);
        std::swap(branch.begin, branch.end);
        for (SpecialPoint& special : branch.specials) {
            special.after = branch.points.size() - 2 - special.after;
        }
    }
    return branch;
}

} // namespace osteoflare::solvers::steady
