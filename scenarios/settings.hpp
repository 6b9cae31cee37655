#pragma once

#include "model/description.hpp"

#include <cstddef>
#include <span>
#include <vector>

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

/// The list of a set of named quantities.
template <class Set>
std::vector<model::Description> descriptions()
{
    std::vector<model::Description> list;
    Set set{};
    Set::visit(set, [&](auto&, const model::Description& entry) { list.push_back(entry); });
    return list;
}

/// To what a species' steps are held beside the relative tolerance [its unit]. Species span eight decades: each is held
/// to a hundredth of the relative tolerance of its own usual size.
inline double absolute_tolerance(const model::Description& species, double relative_tolerance)
{
    const double usual = species.value > 0 ? species.value : 1;
    return 0.01 * relative_tolerance * usual;
}

} // namespace osteoflare::scenarios
