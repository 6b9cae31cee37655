#pragma once

#include "model/description.hpp"

#include <cstddef>
#include <span>

namespace osteoflare::scenarios {

/// Fills sets of named quantities, one after the other, from numbers in the order of their lists.
template <class Real, class... Sets>
void take(std::span<const Real> values, Sets&... sets)
{
    auto next = values.begin();
    (Sets::visit(sets, [&](auto& field, const model::Description&) { field = *next++; }), ...);
}

/// The way back, for one set; returns how many numbers were written.
template <class Set, class Real>
std::size_t flat(const Set& set, std::span<Real> values)
{
    std::size_t count = 0;
    Set::visit(set, [&](const auto& field, const model::Description&) { values[count++] = field; });
    return count;
}

} // namespace osteoflare::scenarios
