#pragma once

#include "solvers/steady/family.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

/// Small families whose steady states are known in closed form.
namespace osteoflare::tests {

using solvers::steady::Family;

/// One equation in y with its derivatives by y and by each parameter.
template <class F, class ByY, class ByP>
Family scalar(std::size_t n_parameters, F f, ByY by_y, ByP by_p)
{
    return {1,
            n_parameters,
            [f](auto y, auto p, auto rates) { rates[0] = f(y[0], p); },
            [=](auto y, auto p, auto dfdy, auto dfdp) {
                dfdy[0] = by_y(y[0], p);
                for (std::size_t k = 0; k < n_parameters; ++k) {
                    dfdp[k] = by_p(y[0], p, k);
                }
            },
            {1},
            std::vector<double>(n_parameters, 2.0)};
}

/// p + y - y^3, an S-curve with folds at p = -2/(3 sqrt 3), y = 1/sqrt 3 and the reverse.
inline Family cubic()
{
    return scalar(
        1, [](double y, auto p) { return p[0] + y - y * y * y; }, [](double y, auto) { return 1 - 3 * y * y; },
        [](double, auto, std::size_t) { return 1.0; });
}

/// y^3 - a y + b with a = p_0, b = p_1; its sign turned so that outer roots are stable.
inline Family unfolding()
{
    return scalar(
        2, [](double y, auto p) { return -(y * y * y - p[0] * y + p[1]); },
        [](double y, auto p) { return -(3 * y * y - p[0]); },
        [](double y, auto, std::size_t k) { return k == 0 ? y : -1.0; });
}

/// The Brusselator with A = 1: x' = 1 - (B + 1) x + x^2 y, y' = B x - x^2 y.
inline Family brusselator()
{
    return {2,
            1,
            [](auto y, auto p, auto f) {
                f[0] = 1 - (p[0] + 1) * y[0] + y[0] * y[0] * y[1];
                f[1] = p[0] * y[0] - y[0] * y[0] * y[1];
            },
            [](auto y, auto p, auto by_y, auto by_p) {
                by_y[0] = -(p[0] + 1) + 2 * y[0] * y[1];
                by_y[1] = y[0] * y[0];
                by_y[2] = p[0] - 2 * y[0] * y[1];
                by_y[3] = -y[0] * y[0];
                by_p[0] = -y[0];
                by_p[1] = y[0];
            },
            {1, 1},
            {1}};
}

/// (1 - p^2 - q^2) - y^2: its folds are a circle.
inline Family dome()
{
    return scalar(
        2, [](double y, auto p) { return 1 - p[0] * p[0] - p[1] * p[1] - y * y; },
        [](double y, auto) { return -2 * y; }, [](double, auto p, std::size_t k) { return -2 * p[k]; });
}

/// At rest at zero whatever p is, and linear about it; `matrix` fills the 16 entries of two pairs of states.
template <class Matrix>
Family linear_pairs(Matrix matrix)
{
    return {4,
            1,
            [matrix](auto y, auto p, auto f) {
                const std::array<double, 16> a = matrix(p[0]);
                for (std::size_t i = 0; i < 4; ++i) {
                    f[i] = 0;
                    for (std::size_t j = 0; j < 4; ++j) {
                        f[i] += a[4 * i + j] * y[j];
                    }
                }
            },
            [matrix](auto, auto p, auto by_y, auto by_p) { // by p only at rest
                std::ranges::copy(matrix(p[0]), by_y.begin());
                std::ranges::fill(by_p, 0.0);
            },
            {1, 1, 1, 1},
            {1}};
}

/// The cubic's fold.
inline const double fold_p = 2 / (3 * std::sqrt(3.0)), fold_y = 1 / std::sqrt(3.0);

} // namespace osteoflare::tests
