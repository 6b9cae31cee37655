#pragma once

#include "model/vanishing.hpp"

/// The few shapes that biology uses over and over, for any number type.
namespace osteoflare::model {

/// Michaelis–Menten saturation x/(half + x).
template <class Real, class Half>
Real saturating(const Real& x, const Half& half)
{
    return x / (half + x);
}

template <class Real>
Real square(const Real& x)
{
    return x * x;
}

/// Hill function of order two, x²/(half² + x²).
template <class Real, class Half>
Real hill2(const Real& x, const Half& half)
{
    return saturating(square(x), square(half));
}

/// What is left when a share x is taken away.
template <class Real>
Real without(const Real& x)
{
    return 1.0 - x;
}

constexpr One without(Zero)
{
    return {};
}

/// What is left when only a part depends on x: from 1 - part (x = 0) to 1 (x = 1).
template <class Real>
Real partly(const Real& part, const Real& x)
{
    return 1.0 - part + part * x;
}

} // namespace osteoflare::model
