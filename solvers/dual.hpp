#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace osteoflare::solvers {

/// A number that carries its exact slope in N directions (forward-mode differentiation).
template <std::size_t N>
struct Dual {
    static constexpr std::size_t width = N;
    double value = 0;
    std::array<double, N> slope{};

    Dual() = default;
    Dual(double v) : value(v) {} // implicit: a constant is a number whose slopes are zero
};

namespace detail {

/// f(x) with slope f'(x) x'.
template <std::size_t N>
Dual<N> chain(double value, double derivative, const Dual<N>& x)
{
    Dual<N> result(value);
    for (std::size_t i = 0; i < N; ++i) {
        result.slope[i] = derivative * x.slope[i];
    }
    return result;
}

/// f(x, y) with slope f_x x' + f_y y'.
template <std::size_t N>
Dual<N> chain(double value, double by_x, const Dual<N>& x, double by_y, const Dual<N>& y)
{
    Dual<N> result(value);
    for (std::size_t i = 0; i < N; ++i) {
        result.slope[i] = by_x * x.slope[i] + by_y * y.slope[i];
    }
    return result;
}

} // namespace detail

template <std::size_t N>
Dual<N> operator-(const Dual<N>& x)
{
    return detail::chain(-x.value, -1.0, x);
}

template <std::size_t N>
Dual<N> operator+(const Dual<N>& x, const Dual<N>& y)
{
    return detail::chain(x.value + y.value, 1.0, x, 1.0, y);
}

template <std::size_t N>
Dual<N> operator+(const Dual<N>& x, double y)
{
    return detail::chain(x.value + y, 1.0, x);
}

template <std::size_t N>
Dual<N> operator+(double x, const Dual<N>& y)
{
    return y + x;
}

template <std::size_t N>
Dual<N> operator-(const Dual<N>& x, const Dual<N>& y)
{
    return detail::chain(x.value - y.value, 1.0, x, -1.0, y);
}

template <std::size_t N>
Dual<N> operator-(const Dual<N>& x, double y)
{
    return detail::chain(x.value - y, 1.0, x);
}

template <std::size_t N>
Dual<N> operator-(double x, const Dual<N>& y)
{
    return detail::chain(x - y.value, -1.0, y);
}

template <std::size_t N>
Dual<N> operator*(const Dual<N>& x, const Dual<N>& y)
{
    return detail::chain(x.value * y.value, y.value, x, x.value, y);
}

template <std::size_t N>
Dual<N> operator*(const Dual<N>& x, double y)
{
    return detail::chain(x.value * y, y, x);
}

template <std::size_t N>
Dual<N> operator*(double x, const Dual<N>& y)
{
    return y * x;
}

template <std::size_t N>
Dual<N> operator/(const Dual<N>& x, const Dual<N>& y)
{
    const double quotient = x.value / y.value;
    return detail::chain(quotient, 1.0 / y.value, x, -quotient / y.value, y);
}

template <std::size_t N>
Dual<N> operator/(const Dual<N>& x, double y)
{
    return detail::chain(x.value / y, 1.0 / y, x);
}

template <std::size_t N>
Dual<N> operator/(double x, const Dual<N>& y)
{
    const double quotient = x / y.value;
    return detail::chain(quotient, -quotient / y.value, y);
}

template <std::size_t N>
Dual<N> exp(const Dual<N>& x)
{
    const double value = std::exp(x.value);
    return detail::chain(value, value, x);
}

template <std::size_t N>
Dual<N> log(const Dual<N>& x)
{
    return detail::chain(std::log(x.value), 1.0 / x.value, x);
}

template <std::size_t N>
Dual<N> sin(const Dual<N>& x)
{
    return detail::chain(std::sin(x.value), std::cos(x.value), x);
}

template <std::size_t N>
Dual<N> cos(const Dual<N>& x)
{
    return detail::chain(std::cos(x.value), -std::sin(x.value), x);
}

/// x^y for x > 0. The slope by the exponent is taken only where it is needed, so that 0^1 keeps a finite slope.
template <std::size_t N>
Dual<N> pow(const Dual<N>& x, const Dual<N>& y)
{
    const double value = std::pow(x.value, y.value);
    const double by_x = y.value == 0 ? 0.0 : y.value * std::pow(x.value, y.value - 1.0);
    const double by_y = x.value > 0 ? value * std::log(x.value) : 0.0;
    return detail::chain(value, by_x, x, by_y, y);
}

/// The larger one; at a tie the second, so that max(x, 0) has slope zero at x = 0.
template <std::size_t N>
Dual<N> max(const Dual<N>& x, const Dual<N>& y)
{
    return x.value > y.value ? x : y;
}

} // namespace osteoflare::solvers
