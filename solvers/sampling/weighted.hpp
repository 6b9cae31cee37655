#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// Draws that count differently.
namespace osteoflare::solvers::sampling {

/// The value below which a share q of the weight lies; `weights` have sum 1. Between values as along straight lines
/// through the middles of their weights.
double weighted_quantile(std::span<const double> values, std::span<const double> weights, double q);

/// Which of them make up `n` draws of equal weight: one at a random place in each of n equal parts of the weight. The
/// same ones for equal arguments.
std::vector<std::size_t> chosen_by_weight(std::span<const double> weights, std::size_t n);

} // namespace osteoflare::solvers::sampling
