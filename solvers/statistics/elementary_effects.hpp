#pragma once

#include "solvers/statistics/estimate.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Morris' screening: how far f(x), x in the unit cube, moves when one x_i takes a step of half its range.
namespace osteoflare::solvers {

/// Trajectories of d + 1 points (Morris, Technometrics 33, 1991): from a random point, each coordinate takes one step,
/// in random order. Coordinates lie in the middle of one of `n_levels` equal slices, so that none is 0 or 1, where a
/// distribution may have no quantile. Row r does not depend on how many there are.
class MorrisDesign {
public:
    static constexpr std::size_t n_levels = 8;
    static constexpr double step = 0.5; ///< that leads from each level to another one, up or down

    MorrisDesign(std::size_t dimensions, std::uint64_t seed) : dimensions_(dimensions), seed_(seed) {}

    std::size_t dimensions() const { return dimensions_; }
    std::uint64_t seed() const { return seed_; }
    std::size_t points_per_row() const { return dimensions_ + 1; }
    /// Coordinates of a row's points, (point, dimension), each in (0, 1).
    std::vector<double> row(std::uint64_t row) const;

private:
    std::size_t dimensions_;
    std::uint64_t seed_;
};

/// What trajectories say about one output; an effect is a difference divided by its step.
struct ElementaryEffects {
    bool varies = false;           ///< else all effects are rounding, and the lists below are empty
    std::size_t n_rows = 0;        ///< that were complete
    double mean_output = 0;        ///< over all points
    std::vector<double> mean;      ///< (dimension): mean effect, mu
    std::vector<Estimate> mu_star; ///< (dimension): mean magnitude of the effect (Campolongo 2007): does x_i matter?
    std::vector<Estimate> sigma;   ///< (dimension): standard deviation of the effect: does it depend on the others?
};

/// Effects of f from its values at the design's points, `values` being (row, point) from row 0 on. A row with a value
/// that is not finite is left out as a whole. An output whose range is at most `tolerance` times its largest magnitude
/// does not vary. At least two complete rows are needed, or nothing is said to vary.
///
/// Intervals: quantiles over a thousand bootstrap samples of whole trajectories.
ElementaryEffects elementary_effects(const MorrisDesign& design, std::span<const double> values, double tolerance);

} // namespace osteoflare::solvers
