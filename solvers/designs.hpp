#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace osteoflare::solvers {

enum class Design {
    random,          ///< independent points
    latin_hypercube, ///< one point in each of `size` equal slices of every dimension
    sobol,           ///< Sobol' sequence (Joe & Kuo directions) under a random digital shift
};

/// `size` points in the open unit cube, row-major (size, dimensions): a pure function of its arguments.
/// Throws std::invalid_argument beyond 3667 dimensions of a Sobol' design.
std::vector<double> unit_design(Design design, std::size_t size, std::size_t dimensions, std::uint64_t seed);

/// The standard normal quantile of u in (0, 1).
double normal_quantile(double u);

} // namespace osteoflare::solvers
