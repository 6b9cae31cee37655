#pragma once

namespace osteoflare::solvers {

/// A number that was estimated, with an interval that is meant to hold the truth in 95 of 100 repetitions.
struct Estimate {
    double value = 0, low = 0, high = 0;

    double half_width() const { return (high - low) / 2; }
};

} // namespace osteoflare::solvers
