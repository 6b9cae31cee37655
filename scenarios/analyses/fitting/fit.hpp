#pragma once

#include "output/results_writer.hpp"
#include "scenarios/analyses/fitting/likelihood.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

struct FitOptions {
    std::size_t starts = 50;
    std::uint64_t seed = 1;
    std::size_t threads = 0; ///< 0: as many as the machine has
    std::size_t most_iterations = 100;
    /// Told how many starts are done and the lowest −log likelihood so far; one at a time.
    std::function<void(std::size_t done, double lowest)> progress = nullptr;
};

/// A search from one place.
struct FitStart {
    std::vector<double> from; ///< on the scale of the search
    solvers::fitting::Maximum end;
};

struct Fit {
    std::vector<FitStart> starts;
    solvers::fitting::Maximum best; ///< of all starts
    solvers::fitting::Evaluation at_best;
    solvers::fitting::Spectrum spectrum;
    double data_negative_log = 0;            ///< −log likelihood of the data alone, without priors
    double aic = 0, bic = 0;                 ///< from that
    std::size_t n_reached = 0, n_failed = 0; ///< starts within `reached` of the best, and those that could not begin

    /// Starts that end this close to the lowest −log likelihood have found the same.
    static constexpr double reached = 0.1;
};

/// Searches from the start that the problem names and from points of a Latin hypercube between the bounds, each on its
/// own: what comes out of one depends on its number alone. Throws InputError if a parameter moves no data, or if
/// nothing can be computed at any start.
Fit fit(const Likelihood& likelihood, const FitOptions& options);

/// What speaks against the best of all starts, in words; empty if nothing does.
std::vector<std::string> doubts(const Fit& fit);

/// −log likelihood and all about it at `x`. Throws InputError that says why, if it cannot be computed.
solvers::fitting::Evaluation evaluation_at(const Likelihood& likelihood, std::span<const double> x);

/// Fits and records it in a file, which is refused before any work if it cannot be made. Throws output::FileError.
Fit record_fit(const Likelihood& likelihood, const FitOptions& options, const std::filesystem::path& path,
               bool overwrite);

/// Writes and finishes a fit (docs/reference/file_format.md). Throws output::FileError.
void write_fit(const Likelihood& likelihood, const Fit& fit, std::uint64_t seed, output::ResultsWriter& file);

/// The problem as a scenario, for what every file says of itself: the experiments' model and numerics under the
/// problem's own words.
Scenario provenance_scenario(const FitProblem& problem);

} // namespace osteoflare::scenarios
