#pragma once

#include "solvers/lanes/functions.hpp"

namespace osteoflare::solvers::lanes {

/// A pack of numbers and how each of them changes: kernels run on it give directional derivatives. What does not change
/// may stay a plain pack.
template <class Pack>
struct PackDual {
    Pack value, change;

    PackDual() = default;
    explicit PackDual(double constant) : value(constant), change(0.0) {}
    PackDual(Pack constant) : value(constant), change(0.0) {}
    PackDual(Pack value_, Pack change_) : value(value_), change(change_) {}

    friend PackDual operator+(PackDual a, PackDual b) { return {a.value + b.value, a.change + b.change}; }
    friend PackDual operator-(PackDual a, PackDual b) { return {a.value - b.value, a.change - b.change}; }
    friend PackDual operator*(PackDual a, PackDual b)
    {
        return {a.value * b.value, fma(a.change, b.value, a.value * b.change)};
    }
    friend PackDual operator*(PackDual a, Pack b) { return {a.value * b, a.change * b}; }
    friend PackDual operator*(Pack a, PackDual b) { return {a * b.value, a * b.change}; }
    friend PackDual operator/(PackDual a, PackDual b)
    {
        const Pack quotient = a.value / b.value;
        return {quotient, negative_fma(quotient, b.change, a.change) / b.value};
    }
    friend PackDual fma(PackDual a, PackDual b, PackDual c) { return a * b + c; }
    friend PackDual negative_fma(PackDual a, PackDual b, PackDual c) { return c - a * b; }
    friend PackDual negative(PackDual a) { return {negative(a.value), negative(a.change)}; }

    /// a > b ? yes : no
    friend PackDual choose_greater(PackDual a, PackDual b, PackDual yes, PackDual no)
    {
        const auto greater = b.value < a.value;
        return {select(greater, yes.value, no.value), select(greater, yes.change, no.change)};
    }
    friend PackDual maximum(PackDual a, PackDual b) { return choose_greater(a, b, a, b); }
    friend PackDual exponential(PackDual a)
    {
        const Pack whole = exponential(a.value);
        return {whole, whole * a.change};
    }
    friend PackDual logarithm(PackDual a) { return {logarithm(a.value), a.change / a.value}; }
    /// a^b for an exponent that does not change.
    friend PackDual power(PackDual a, PackDual b)
    {
        return {power(a.value, b.value), b.value * power(a.value, b.value - Pack(1.0)) * a.change};
    }
};

} // namespace osteoflare::solvers::lanes
