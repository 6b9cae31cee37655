#pragma once

#include "scenarios/patient_page/life.hpp"

#include <string>

namespace osteoflare::scenarios::patients {

/// One HTML page about one child of a trial: its story, its skeleton under a slider, its courses under each arm, how it
/// differs from the median child, and where the numbers come from.
std::string patient_page(const Trial& trial, const Life& life);

} // namespace osteoflare::scenarios::patients
