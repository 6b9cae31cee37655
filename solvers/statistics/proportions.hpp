#pragma once

#include "solvers/statistics/estimate.hpp"

#include <cstddef>

/// Shares of members with something, and the same members under two conditions.
namespace osteoflare::solvers {

/// The share `with` / `all`, and Wilson's score interval (J Am Stat Assoc 22, 1927), which stays within [0, 1] and has
/// a width at shares of 0 and 1. NaN if there are none at all. Throws std::invalid_argument if with > all.
Estimate proportion(std::size_t with, std::size_t all);

/// How many members have something under each of two conditions.
struct Pairs {
    std::size_t both = 0, only_first = 0, only_second = 0, neither = 0;

    std::size_t all() const { return both + only_first + only_second + neither; }
};

/// McNemar's exact test: the two-sided chance of so uneven a division of those who differ, or a more uneven one, if the
/// conditions do not. 1 if nobody differs.
double mcnemar_p(const Pairs& pairs);

/// The share under the first condition minus that under the second, with Newcombe's interval for paired members (Stat
/// Med 17:2635, 1998, method 10): Wilson's two intervals, squared and added under the correlation of the conditions.
/// NaN without members.
Estimate paired_difference(const Pairs& pairs);

} // namespace osteoflare::solvers
