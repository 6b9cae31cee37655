#pragma once

#include "solvers/designs.hpp"
#include "solvers/statistics/estimate.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Variance-based sensitivity: which share of the variance of f(x), x uniform in the unit cube, is due to each x_i.
namespace osteoflare::solvers {

/// Saltelli's design ("Variance based sensitivity analysis of model output", Comput. Phys. Commun. 181, 2010): rows of
/// d + 2 points. Point 0 is A, point 1 is B, both from one sequence in 2 d dimensions; point 2 + i is A with coordinate
/// i of B.
///
/// Rows are dealt out in turn to `n_scrambles` independent scramblings of the Sobol' sequence: within one of them
/// points are spread evenly, and between them chance is as between independent samples, so that errors can be told. Row
/// r does not depend on how many there are.
class SaltelliDesign {
public:
    static constexpr std::size_t n_scrambles = 16;

    /// Throws std::invalid_argument beyond 1833 dimensions.
    SaltelliDesign(std::size_t dimensions, std::uint64_t seed);

    std::size_t dimensions() const { return dimensions_; }
    std::size_t points_per_row() const { return dimensions_ + 2; }
    /// Coordinates of a row's points, (point, dimension), each in (0, 1).
    std::vector<double> row(std::uint64_t row) const;

private:
    std::size_t dimensions_;
    std::vector<UnitDesign> sequences_; ///< (scramble)
};

/// What a Saltelli design says about one output.
struct SobolIndices {
    bool varies = false;           ///< else there is nothing to divide by, and the lists below are empty
    std::size_t n_rows = 0;        ///< that were complete
    double mean = 0, variance = 0; ///< of the output, over A and B
    std::vector<Estimate> first;   ///< (dimension): share of the variance due to x_i alone
    std::vector<Estimate> total;   ///< (dimension): share that would be left if all but x_i were known
    Estimate interactions;         ///< 1 - the sum of `first`
};

/// Indices of f from its values at a Saltelli design's points, `values` being (row, point) from row 0 on: first-order
/// ones by Saltelli's estimator of 2010, total ones by Jansen's. A row with a value that is not finite is left out as a
/// whole. An output whose standard deviation is at most `tolerance` times its largest magnitude does not vary.
///
/// Intervals: Student's t with the standard error of a jackknife that leaves out one scramble at a time. Needs at least
/// one complete row in each scramble, or nothing is said to vary.
SobolIndices sobol_indices(std::span<const double> values, std::size_t dimensions, double tolerance);

/// How many rows would bring the widest of these half-widths to `wanted`, by the law that errors fall as 1/sqrt(rows):
/// an upper estimate for smooth outputs. At most `n_rows` if they are that narrow already.
double rows_needed(double half_width, double wanted, std::size_t n_rows);

} // namespace osteoflare::solvers
