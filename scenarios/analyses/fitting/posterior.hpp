#pragma once

#include "scenarios/analyses/fitting/likelihood.hpp"
#include "solvers/sampling/walkers.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// How probable parameters are when data are known.
namespace osteoflare::scenarios {

/// The logarithm of the posterior density on the scale of the search, but for a constant: that of the likelihood, which
/// holds the stated priors, within the bounds, and −infinity at and beyond them. So the prior is uniform on that scale
/// between the bounds (of a parameter searched on the scale of logarithms: of its logarithm), times the stated priors.
/// All points are run at once on `threads` threads; refers to `likelihood`.
solvers::sampling::LogDensity log_posterior(const Likelihood& likelihood, std::size_t threads);

/// Where walkers start: around the maximum `best` twice as wide as the Fisher information says, (walker, parameter),
/// within the bounds and where the posterior can be computed; nearer to `best` where it cannot. Throws InputError if no
/// such places are found.
std::vector<double> places_around(const Likelihood& likelihood, std::span<const double> best, std::size_t n_walkers,
                                  std::uint64_t seed, const solvers::sampling::LogDensity& density);

} // namespace osteoflare::scenarios
