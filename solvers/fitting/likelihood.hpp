#pragma once

#include "solvers/fitting/datum.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Maximum likelihood: many measurements, predicted by a function of a few parameters with derivatives.
namespace osteoflare::solvers::fitting {

/// Predictions m and spreads s of all data, and their derivatives.
struct Predictions {
    std::vector<double> m, s;           ///< (datum)
    std::vector<double> m_by_x, s_by_x; ///< (datum, parameter)
};

/// Fills predictions at parameters x; false if that is not possible, as when a simulation fails. A pure function, and
/// called from several threads.
using Predict = std::function<bool(std::span<const double> x, Predictions& predictions)>;

struct Problem {
    std::vector<Datum> data;
    std::vector<double> lower, upper; ///< of each parameter; finite, lower < upper
    Predict predict;

    std::size_t n_parameters() const { return lower.size(); }
};

/// All there is to know at one place.
struct Evaluation {
    double negative_log = 0;         ///< −log likelihood, with all its constants
    std::vector<double> gradient;    ///< of it
    std::vector<double> information; ///< Fisher information, (parameter, parameter)
    std::vector<double> shares;      ///< −log likelihood of each datum
    std::vector<double> residuals;   ///< of each datum, see Share
    Predictions predictions;
};

/// Nothing where the likelihood is 0, or it or its slopes cannot be computed.
std::optional<Evaluation> evaluate(const Problem& problem, std::span<const double> x);

struct MaximumOptions {
    std::vector<bool> fixed = {}; ///< parameters that stay where they start; empty for none
    std::size_t most_iterations = 100;
    double tolerance = 1e-12; ///< relative change of the sum of squares that ends the search
};

struct Maximum {
    bool found = false;     ///< false if the likelihood cannot be computed where the search starts
    bool converged = false; ///< false if the iterations were used up, or the search was cut off
    bool cut_off = false;   ///< true if the likelihood cannot be computed in the direction in which it rises
    std::vector<double> x;
    double negative_log = std::numeric_limits<double>::infinity();
    std::size_t iterations = 0, evaluations = 0;
};

/// The nearest maximum of the likelihood: Levenberg–Marquardt within the bounds (Ceres Solver), on residuals whose
/// squares are exactly −2 log likelihood but for a constant. A spread that is estimated adds log s to that; its root
/// with an offset is one more residual, and the search is repeated with the offset at which Gauss and Newton's matrix
/// is the Fisher information, until nothing changes.
Maximum maximise(const Problem& problem, std::span<const double> start, const MaximumOptions& options = {});

/// What a Fisher information says of the parameters.
struct Spectrum {
    std::vector<double> values;          ///< eigenvalues, rising
    std::vector<double> vectors;         ///< (eigenvalue, parameter), of length 1
    std::vector<double> standard_errors; ///< of each parameter; infinite where the data say nothing
};
Spectrum spectrum_of(std::span<const double> information, std::size_t n_parameters);

} // namespace osteoflare::solvers::fitting
