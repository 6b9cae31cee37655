#pragma once

#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

/// Functions on the unit cube whose sensitivity indices are known in closed form.
namespace osteoflare::tests {

struct KnownIndices {
    std::vector<double> first, total;
};

/// Ishigami & Homma 1990 with a = 7, b = 0.1, over (-pi, pi)^3.
inline double ishigami(std::span<const double> u)
{
    const auto x = [&](std::size_t i) { return std::numbers::pi * (2 * u[i] - 1); };
    return std::sin(x(0)) + 7 * std::pow(std::sin(x(1)), 2) + 0.1 * std::pow(x(2), 4) * std::sin(x(0));
}

inline KnownIndices ishigami_indices()
{
    const double pi4 = std::pow(std::numbers::pi, 4), a = 7, b = 0.1;
    const double v1 = std::pow(1 + b * pi4 / 5, 2) / 2, v2 = a * a / 8, v13 = b * b * pi4 * pi4 * (1.0 / 18 - 1.0 / 50);
    const double v = v1 + v2 + v13;
    return {{v1 / v, v2 / v, 0}, {(v1 + v13) / v, v2 / v, v13 / v}};
}

/// Sobol's g-function: prod (|4 u_i - 2| + a_i) / (1 + a_i).
inline constexpr std::array<double, 5> g_weights{0, 1, 4.5, 9, 99};

inline double sobol_g(std::span<const double> u)
{
    double product = 1;
    for (std::size_t i = 0; i < g_weights.size(); ++i) {
        product *= (std::abs(4 * u[i] - 2) + g_weights[i]) / (1 + g_weights[i]);
    }
    return product;
}

inline KnownIndices sobol_g_indices()
{
    double all = 1;
    std::vector<double> alone;
    for (const double a : g_weights) {
        alone.push_back(1 / (3 * (1 + a) * (1 + a)));
        all *= 1 + alone.back();
    }
    KnownIndices known;
    for (const double v : alone) {
        known.first.push_back(v / (all - 1));
        known.total.push_back(v * all / (1 + v) / (all - 1));
    }
    return known;
}

/// sum w_i u_i.
inline constexpr std::array<double, 4> line_weights{4, -2, 1, 0};

inline double line(std::span<const double> u)
{
    double sum = 10;
    for (std::size_t i = 0; i < line_weights.size(); ++i) {
        sum += line_weights[i] * u[i];
    }
    return sum;
}

inline KnownIndices line_indices()
{
    double squares = 0;
    for (const double w : line_weights) {
        squares += w * w;
    }
    KnownIndices known;
    for (const double w : line_weights) {
        known.first.push_back(w * w / squares);
        known.total.push_back(w * w / squares);
    }
    return known;
}

} // namespace osteoflare::tests
