#pragma once

#include "solvers/fitting/likelihood.hpp"

/// What the data say of one parameter when all others may follow it.
namespace osteoflare::solvers::fitting {

/// Half the 95 % quantile of the χ² distribution with one degree of freedom: by so much −log likelihood may rise.
inline constexpr double threshold_95 = 3.841458820694124 / 2;

enum class Verdict {
    identifiable,
    practically_not,  ///< the interval has no end on one side or both, before a bound of this or another parameter
    structurally_not, ///< the likelihood does not change at all while others make up for it
};

struct ProfilePoint {
    double value = 0;      ///< of the parameter
    double rise = 0;       ///< of −log likelihood above the lowest of the profile
    std::vector<double> x; ///< all parameters, the others at their best
    bool held = false;     ///< another parameter stands at a bound at which it does not stand at the optimum
    std::size_t iterations = 0;
};

struct Profile {
    std::vector<ProfilePoint> points; ///< by rising value, the optimum among them
    double lowest = 0;                ///< −log likelihood of the lowest point
    std::optional<double> low, high;  ///< ends of the 95 % interval; none where the profile does not rise that far
    Verdict verdict = Verdict::identifiable;
    std::vector<double> trade_off; ///< of one that is not identifiable: the direction in which all parameters move,
                                   ///< the largest move being 1
    bool failed = false;           ///< a side ended early, because nothing could be computed there
};

struct ProfileOptions {
    std::size_t most_points = 40; ///< on each side
    MaximumOptions search;        ///< of the others
};

/// The profile likelihood of `parameter` around the optimum `best`: outwards in steps that aim at a fifth of the
/// threshold, the others being fitted again from where they were, until −log likelihood has risen by the threshold or a
/// bound is reached.
Profile profile_of(const Problem& problem, const Maximum& best, std::size_t parameter,
                   const ProfileOptions& options = {});

} // namespace osteoflare::solvers::fitting
