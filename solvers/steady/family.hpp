#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace osteoflare::solvers::steady {

/// Autonomous equations dy/dt = f(y, p) with parameters p that may move.
struct Family {
    std::size_t size = 0;         ///< of y
    std::size_t n_parameters = 1; ///< of p
    std::function<void(std::span<const double> y, std::span<const double> p, std::span<double> f)> rates;
    /// Row-major: dfdy[i*size + j] = df_i/dy_j and dfdp[i*n_parameters + k] = df_i/dp_k.
    std::function<void(std::span<const double> y, std::span<const double> p, std::span<double> dfdy,
                       std::span<double> dfdp)>
        derivatives;
    /// Positive; a state far above its scale counts by its logarithm, one far below by its value.
    std::vector<double> scale;
    /// Positive: a change of p_k by this much is large.
    std::vector<double> parameter_scale;
};

/// What all of this computes with: u_i = asinh(y_i / scale_i), in which states that span eight decades, or are zero,
/// move alike. Its flow is du/dt = f / sqrt(scale^2 + y^2), the rates relative to the states. It has the same steady
/// states as y, and there the same eigenvalues.
std::vector<double> to_even(const Family& family, std::span<const double> y);
std::vector<double> from_even(const Family& family, std::span<const double> u);

/// du/dt and its exact derivatives by u (size x size) and by p (size x n_parameters), row-major; `by_u` and `by_p` may
/// be empty.
void even_flow(const Family& family, std::span<const double> u, std::span<const double> p, std::span<double> rates,
               std::span<double> by_u = {}, std::span<double> by_p = {});

} // namespace osteoflare::solvers::steady
