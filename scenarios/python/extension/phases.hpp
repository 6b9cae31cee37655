#pragma once

#include "scenarios/study.hpp"

#include <vector>

namespace osteoflare::python {

/// A stretch of a member's life in which its settings stay as they are.
struct Phase {
    double begin = 0, end = 0; ///< [d]
    std::vector<double> settings;
};

/// The phases from the scenario's start to its end, without empty ones.
std::vector<Phase> phases_of(const scenarios::Scenario& scenario, const scenarios::Member& member);

} // namespace osteoflare::python
