#pragma once

#include "scenarios/patients/outcomes.hpp"
#include "solvers/statistics/survival.hpp"

#include <vector>

namespace osteoflare::scenarios::patients {

/// Statistics of children with their intervals. NaN among the values says that of this child it is not known: it is
/// left out and not counted.

/// The share of children who have something (1) and have not (0), with Wilson's interval, which has a width at 0 and 1.
Outcome share_of(const std::vector<double>& has);

// The others have intervals by bootstrap over children (percentile, 2000 draws, seed 1).

/// Along straight lines between the sorted values, the lowest at 0 and the highest at 1.
Outcome quantile_of(const std::vector<double>& values, double q);

/// What one child adds to two sums.
struct Part {
    double of = 0, whole = 0;
};

/// The sum of the former over that of the latter, less `no_change`: large children of a sum weigh more, as in
/// publications that pool lesions. A child with nothing in `whole` is counted only if `of` is above 0.
Outcome ratio_of(const std::vector<Part>& parts, double no_change);

/// Kaplan and Meier's share without an event at a time [d], and the time [d] by which half had theirs (infinite: not
/// reached).
Outcome survival_of(const std::vector<solvers::Watched>& watched, double time);
Outcome survival_median(const std::vector<solvers::Watched>& watched);

} // namespace osteoflare::scenarios::patients
