#pragma once

#include "solvers/steady/family.hpp"

#include <complex>
#include <optional>
#include <span>
#include <vector>

/// Single steady states: found by Newton's method, told apart, and their stability.
namespace osteoflare::solvers::steady {

struct RootOptions {
    double tolerance = 1e-12; ///< on the last step, in u of Family: relative, where states are above their scale
    std::size_t most_steps = 60;
};

/// The steady state that Newton's method with a line search reaches from `start`, or nothing. Backtracking halves the
/// step until the greatest relative rate falls; what does not fall at all within 1e-6 of a step is given up.
std::optional<std::vector<double>> find_root(const Family& family, std::span<const double> start,
                                             std::span<const double> p, const RootOptions& options = {});

/// Eigenvalues of df/dy at a steady state [1/time], the greatest real part first; of a pair, the positive imaginary
/// part first. Computed in u, where the matrix is balanced.
std::vector<std::complex<double>> eigenvalues(const Family& family, std::span<const double> y,
                                              std::span<const double> p);

/// How many eigenvalues have a positive real part; 0 for a stable state.
std::size_t n_unstable(std::span<const std::complex<double>> eigenvalues);

/// The greatest difference of two states, in u.
double distance(const Family& family, std::span<const double> one, std::span<const double> other);

/// Adds a state to a list unless one within `nearest` of it, in u, is there; returns its index.
std::size_t merge(const Family& family, std::vector<std::vector<double>>& states, std::span<const double> state,
                  double nearest = 1e-6);

} // namespace osteoflare::solvers::steady
