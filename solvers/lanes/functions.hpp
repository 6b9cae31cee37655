#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

/// Elementary functions of packs, of our own, so that every width gives the same bits. Found by the kernels through
/// their argument's namespace.
namespace osteoflare::solvers::lanes {

/// The larger one; the second at a tie.
template <class Pack>
inline Pack maximum(Pack a, Pack b)
{
    return select(b < a, a, b);
}

template <class Pack>
inline Pack minimum(Pack a, Pack b)
{
    return select(a < b, a, b);
}

/// a > b ? yes : no
template <class Pack>
inline Pack choose_greater(Pack a, Pack b, Pack yes, Pack no)
{
    return select(b < a, yes, no);
}

/// Natural logarithm; relative error below 4e-16 for normal numbers, NaN below 0, -inf at 0.
template <class Pack>
inline Pack logarithm(Pack x)
{
    constexpr std::uint64_t mantissa = 0x000fffffffffffffULL, half = 0x3fe0000000000000ULL;
    constexpr double two_to_52 = 0x1p52;
    // x = 2^e m with m in [sqrt(1/2), sqrt(2)); the exponent's bits become a number below 2^52 in the mantissa.
    const Pack raw = with_bits(bits_shifted_right(x, 52), 0x7ffULL, 0x4330000000000000ULL) - Pack(two_to_52);
    Pack m = with_bits(x, mantissa, half);
    const auto small = m < Pack(0.70710678118654752);
    const Pack e = raw - select(small, Pack(1023.0), Pack(1022.0));
    m = select(small, m + m, m);
    // log m = 2 artanh s
    const Pack s = (m - Pack(1.0)) / (m + Pack(1.0));
    const Pack z = s * s;
    Pack series = Pack(2.0 / 25);
    for (const double denominator : {23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0}) {
        series = fma(series, z, Pack(2.0 / denominator));
    }
    const Pack tail = fma(e, Pack(1.9082149292705877e-10), s * z * series);
    const Pack result = fma(e, Pack(6.93147180369123816490e-01), fma(s, Pack(2.0), tail));
    const Pack infinity = Pack(__builtin_inf());
    const Pack at_edges = select(x < Pack(0.0), Pack(__builtin_nan("")), negative(infinity));
    return select(Pack(0.0) < x, select(x < infinity, result, x), select(x <= Pack(0.0), at_edges, x));
}

/// e^x; relative error below 3e-16, 0 below -708, inf above 709.
template <class Pack>
inline Pack exponential(Pack x)
{
    constexpr double shifter = 0x1.8p52;
    const Pack bounded = maximum(minimum(x, Pack(709.0)), Pack(-708.0));
    const Pack shifted = fma(bounded, Pack(1.4426950408889634), Pack(shifter));
    const Pack n = shifted - Pack(shifter);
    const Pack r =
        negative_fma(n, Pack(1.9082149292705877e-10), negative_fma(n, Pack(6.93147180369123816490e-01), bounded));
    Pack series = Pack(1.0 / 6227020800.0);
    for (const double factorial :
         {479001600.0, 39916800.0, 3628800.0, 362880.0, 40320.0, 5040.0, 720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0}) {
        series = fma(series, r, Pack(1.0 / factorial));
    }
    // 2^n: the low bits of `shifted` hold n.
    const Pack biased = fma(bounded, Pack(1.4426950408889634), Pack(shifter + 1023.0));
    const Pack power_of_two = bits_shifted_left(biased, 52);
    const Pack result = series * power_of_two;
    return select(Pack(709.0) < x, Pack(__builtin_inf()),
                  select(x < Pack(-708.0), Pack(0.0), select(x <= Pack(709.0), result, x)));
}

/// Logarithm to base 2 to an absolute 6e-5, for x > 0: what a step size needs, in a third of the time.
template <class Pack>
inline Pack rough_log2(Pack x)
{
    const Pack raw = with_bits(bits_shifted_right(x, 52), 0x7ffULL, 0x4330000000000000ULL) - Pack(0x1p52 + 1023.0);
    const Pack m = with_bits(x, 0x000fffffffffffffULL, 0x3ff0000000000000ULL);
    // Fitted to log2(m)/(m - 1) at the Chebyshev nodes of [1, 2].
    Pack series = Pack(0.05994559);
    for (const double coefficient : {-0.46749499, 1.48508563, -2.52453257, 2.88961202}) {
        series = fma(series, m, Pack(coefficient));
    }
    return fma(series, m - Pack(1.0), raw);
}

/// 2^x to a relative 4e-6, for |x| < 1000.
template <class Pack>
inline Pack rough_exp2(Pack x)
{
    constexpr double shifter = 0x1.8p52;
    const Pack shifted = x + Pack(shifter + 1023.0);
    const Pack fraction = x - (shifted - Pack(shifter + 1023.0));
    // Fitted to 2^x at the Chebyshev nodes of [-1/2, 1/2].
    Pack series = Pack(0.00967604);
    for (const double coefficient : {0.05592204, 0.24022107, 0.69312103, 1.00000008}) {
        series = fma(series, fraction, Pack(coefficient));
    }
    return series * bits_shifted_left(shifted, 52);
}

/// a^b for a >= 0.
template <class Pack>
inline Pack power(Pack a, Pack b)
{
    const auto is_zero = [](Pack x) { return (x <= Pack(0.0)) & (Pack(0.0) <= x); };
    return select(is_zero(b), Pack(1.0), exponential(b * logarithm(a)));
}

} // namespace osteoflare::solvers::lanes
