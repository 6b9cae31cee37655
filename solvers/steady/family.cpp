#include "solvers/steady/family.hpp"

#include <cmath>

namespace osteoflare::solvers::steady {

std::vector<double> to_even(const Family& family, std::span<const double> y)
{
    std::vector<double> u(family.size);
    for (std::size_t i = 0; i < family.size; ++i) {
        u[i] = std::asinh(y[i] / family.scale[i]);
    }
    return u;
}

std::vector<double> from_even(const Family& family, std::span<const double> u)
{
    std::vector<double> y(family.size);
    for (std::size_t i = 0; i < family.size; ++i) {
        y[i] = family.scale[i] * std::sinh(u[i]);
    }
    return y;
}

void even_flow(const Family& family, std::span<const double> u, std::span<const double> p, std::span<double> rates,
               std::span<double> by_u, std::span<double> by_p)
{
    const std::size_t n = family.size, n_parameters = family.n_parameters;
    const auto y = from_even(family, u);
    std::vector<double> weight(n); // dy/du
    for (std::size_t i = 0; i < n; ++i) {
        weight[i] = std::hypot(family.scale[i], y[i]);
    }
    family.rates(y, p, rates);
    for (std::size_t i = 0; i < n; ++i) {
        rates[i] /= weight[i];
    }
    if (by_u.empty()) {
        return;
    }
    family.derivatives(y, p, by_u, by_p);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            by_u[i * n + j] *= weight[j] / weight[i];
        }
        by_u[i * n + i] -= rates[i] * y[i] / weight[i];
        for (std::size_t k = 0; k < n_parameters; ++k) {
            by_p[i * n_parameters + k] /= weight[i];
        }
    }
}

} // namespace osteoflare::solvers::steady
