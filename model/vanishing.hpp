#pragma once

#include <type_traits>

/// The numbers 0 and 1, known to the compiler. A model that lacks a term of a richer one gives the term's parameter the
/// type `Zero` or `One`; the equation is written once, and the term leaves no trace in the poorer model: neither in its
/// recorded graph, nor in its bits, nor in its speed. Any dimension fits.
namespace osteoflare::model {

struct Zero {};
struct One {};

template <class X>
concept is_number = !std::is_same_v<X, Zero> && !std::is_same_v<X, One>;

constexpr Zero operator+(Zero, Zero)
{
    return {};
}
constexpr Zero operator*(Zero, Zero)
{
    return {};
}
template <is_number X>
constexpr Zero operator*(Zero, const X&)
{
    return {};
}
template <is_number X>
constexpr Zero operator*(const X&, Zero)
{
    return {};
}
template <class X>
constexpr Zero operator/(Zero, const X&)
{
    return {};
}
template <is_number X>
constexpr X operator+(const X& x, Zero)
{
    return x;
}
template <is_number X>
constexpr X operator+(Zero, const X& x)
{
    return x;
}
template <is_number X>
constexpr X operator*(One, const X& x)
{
    return x;
}
template <is_number X>
constexpr X operator*(const X& x, One)
{
    return x;
}
template <is_number X>
constexpr X operator/(One, const X& x)
{
    return 1.0 / x;
}

} // namespace osteoflare::model
