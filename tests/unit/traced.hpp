#pragma once

#include <algorithm>
#include <cmath>

/// A number with its slope in one direction. Both carry a size: the same expression with nothing cancelling. Whatever
/// the order in which an expression is evaluated, each rounding costs at most one unit in the last place of the size.
struct Traced {
    double value = 0, size = 0, slope = 0, slope_size = 0;

    Traced() = default;
    Traced(double v) : value(v), size(std::abs(v)) {} // implicit: a constant is a number without slope
    Traced(double v, double s, double d, double ds) : value(v), size(s), slope(d), slope_size(ds) {}
};

inline Traced operator+(const Traced& a, const Traced& b)
{
    return {a.value + b.value, a.size + b.size, a.slope + b.slope, a.slope_size + b.slope_size};
}

inline Traced operator-(const Traced& a)
{
    return {-a.value, a.size, -a.slope, a.slope_size};
}

inline Traced operator-(const Traced& a, const Traced& b)
{
    return a + (-b);
}

inline Traced operator*(const Traced& a, const Traced& b)
{
    return {a.value * b.value, a.size * b.size, a.slope * b.value + a.value * b.slope,
            a.slope_size * b.size + a.size * b.slope_size};
}

inline Traced operator/(const Traced& a, const Traced& b)
{
    const double loss = b.size / std::abs(b.value); // of digits, where b cancelled
    const double square = b.value * b.value;
    return a * Traced{1 / b.value, loss / std::abs(b.value), -b.slope / square, loss * loss * b.slope_size / square};
}

inline Traced exp(const Traced& a)
{
    const double value = std::exp(a.value), size = value * (1 + a.size);
    return {value, size, value * a.slope, size * a.slope_size};
}

inline Traced log(const Traced& a)
{
    const double value = std::log(a.value), loss = a.size / std::abs(a.value);
    return {value, std::abs(value) + loss, a.slope / a.value, loss * a.slope_size / std::abs(a.value)};
}

/// a^b for a > 0.
inline Traced pow(const Traced& a, const Traced& b)
{
    return exp(b * log(a));
}

/// The larger one; the second at a tie.
inline Traced max(const Traced& a, const Traced& b)
{
    const Traced& larger = a.value > b.value ? a : b;
    return {larger.value, std::max(a.size, b.size), larger.slope, std::max(a.slope_size, b.slope_size)};
}
