#pragma once

#include "solvers/statistics/estimate.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

/// Intervals for any statistic of members, by drawing members anew (Efron and Tibshirani, "An Introduction to the
/// Bootstrap", 1993, chapters 13 and 14).
namespace osteoflare::solvers {

/// A number from members, each given by its index; an index may stand several times, or not at all. Must depend on the
/// list alone, and is called by several threads at once. NaN where these members have no such number; infinity is a
/// number (a median that is never reached).
using Statistic = std::function<double(std::span<const std::size_t>)>;

/// How to draw.
struct BootstrapOptions {
    std::size_t n_replicates = 2000;
    std::uint64_t seed = 1;
    std::size_t threads = 0; ///< 0: as many as the machine has
};

/// What replicates say about a statistic. Intervals are NaN where nobody can tell them.
struct Bootstrap {
    Estimate percentile;        ///< its limits: the 2.5 % and 97.5 % quantiles of the replicates
    Estimate bca;               ///< bias-corrected and accelerated: quantiles that were moved for the two numbers below
    double bias_correction = 0; ///< normal quantile of the share of replicates below the value; equal ones count half
    double acceleration = 0;    ///< from the skewness of the values with one member left out
    std::size_t n_undefined = 0; ///< replicates that were NaN; they are left out
};

/// `n` indices below `n`, each drawn from all: those of one replicate, whatever others there are. Two statistics with
/// the same seed and number of members see the same draws.
std::vector<std::size_t> resample(std::size_t n, std::uint64_t seed, std::uint64_t replicate);

/// The same bits for any number of threads. Beside the replicates, the statistic is taken once of all `n` members, and
/// once without each of them. Throws std::invalid_argument without members or without replicates.
Bootstrap bootstrap(std::size_t n, const Statistic& statistic, const BootstrapOptions& options = {});

} // namespace osteoflare::solvers
