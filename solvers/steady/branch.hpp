#pragma once

#include "solvers/steady/curve.hpp"
#include "solvers/steady/family.hpp"

#include <complex>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

/// Steady states as one parameter moves, and as two do along their folds.
namespace osteoflare::solvers::steady {

struct Interval {
    double from = 0, to = 0;
    bool holds(double value) const { return value >= from && value <= to; }
};

/// A steady state on a branch.
struct BranchPoint {
    std::vector<double> y;
    double p = 0;
    std::vector<std::complex<double>> eigenvalues; ///< as eigenvalues() gives them
    std::size_t n_unstable = 0;                    ///< of them
};

enum class Special {
    fold, ///< two steady states meet and vanish
    hopf, ///< a pair of eigenvalues crosses the imaginary axis: an oscillation begins or ends
};

/// A place on a branch where its stability changes.
struct SpecialPoint {
    Special kind = Special::fold;
    BranchPoint at;
    std::size_t after = 0; ///< it lies between points `after` and after + 1
};

/// One curve of steady states within a range of the parameter, from the end with the lower value of the parameter on.
struct Branch {
    std::vector<BranchPoint> points;
    std::vector<SpecialPoint> specials;
    TraceEnd begin = TraceEnd::stopped, end = TraceEnd::stopped; ///< `stopped` where it leaves the range
};

struct BranchOptions {
    TraceOptions trace;
    /// Whether a state makes sense; a branch ends where its states do not. All do if it is empty.
    std::function<bool(std::span<const double> y)> is_possible;
};

/// The branch through a steady state at p, as long as p stays in `range`, both ways. Folds are located where dp/ds = 0,
/// to rounding in p; Hopf points where the real part of a pair is zero. `family` has one parameter.
/// Throws std::invalid_argument if there is no steady state near.
Branch continue_branch(const Family& family, std::span<const double> y, double p, const Interval& range,
                       const BranchOptions& options = {});

/// A fold as two parameters move.
struct FoldPoint {
    std::vector<double> y;
    double p = 0, q = 0;
};

struct FoldCurve {
    std::vector<FoldPoint> points;
    std::vector<FoldPoint> cusps; ///< where two folds meet and vanish
    TraceEnd begin = TraceEnd::stopped, end = TraceEnd::stopped;
};

/// The curve of folds through one of them, within the ranges of both parameters. `family` has two parameters. What is
/// solved: f = 0 and g = 0, g being the last unknown of the bordered system [df/dy b; c 0] [v; g] = [0; 1], which
/// vanishes with the determinant (Govaerts 2000, chapter 4). The derivative of g takes a central difference of the
/// exact Jacobian; only the way to the fold depends on it, and the place of cusps by about 1e-9.
/// Throws std::invalid_argument if there is no fold near.
FoldCurve continue_fold(const Family& family, const FoldPoint& fold, const Interval& p_range, const Interval& q_range,
                        const BranchOptions& options = {});

} // namespace osteoflare::solvers::steady
