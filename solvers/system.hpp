#pragma once

#include "solvers/dual.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace osteoflare::solvers {

/// dy/dt = f(t, y): writes the derivative of the state `y` at time `t` to `dydt`, both of the system's size.
using Rhs = std::function<void(double t, std::span<const double> y, std::span<double> dydt)>;

/// The exact derivatives of f: dfdy row-major, dfdy[i*n + j] = df_i/dy_j, and dfdt[i] = df_i/dt.
using Jacobian =
    std::function<void(double t, std::span<const double> y, std::span<double> dfdy, std::span<double> dfdt)>;

/// An initial value problem's equations, without its values.
struct System {
    std::size_t size = 0;
    Rhs rhs;
    Jacobian jacobian;
};

/// Makes a system of `size` equations from one function template. `f` is called as
/// f(Real t, std::span<const Real> y, std::span<Real> dydt) with Real = double for the right-hand side and with a dual
/// number for the Jacobian, which is exact to rounding.
template <class Function>
System make_system(std::size_t size, Function f)
{
    using Number = Dual<8>;
    constexpr std::size_t width = Number::width;
    auto jacobian = [size, f](double t, std::span<const double> y, std::span<double> dfdy, std::span<double> dfdt) {
        std::vector<Number> state(y.begin(), y.end()), rates(size);
        // One pass per block of directions; direction `size` is time.
        for (std::size_t first = 0; first <= size; first += width) {
            const std::size_t last = std::min(first + width, size + 1);
            Number time = t;
            for (std::size_t j = first; j < last; ++j) {
                (j == size ? time : state[j]).slope[j - first] = 1;
            }
            f(time, std::span<const Number>(state), std::span<Number>(rates));
            for (std::size_t j = first; j < last; ++j) {
                for (std::size_t i = 0; i < size; ++i) {
                    (j == size ? dfdt[i] : dfdy[i * size + j]) = rates[i].slope[j - first];
                }
                (j == size ? time : state[j]).slope[j - first] = 0;
            }
        }
    };
    return {size, [f](double t, std::span<const double> y, std::span<double> dydt) { f(t, y, dydt); },
            std::move(jacobian)};
}

} // namespace osteoflare::solvers
