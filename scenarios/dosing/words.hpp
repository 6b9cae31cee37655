#pragma once

#include "scenarios/dosing/plan_reader.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios::dosing {

/// Doses in words, one line for each run of equal doses at equal distance, or of a taper: "day 0 to 273: naproxen 15
/// mg/kg (450 mg) by mouth, every 1 d, 274 doses". Doses are sorted by time; lines, by their first dose.
std::vector<std::string> describe_doses(const std::vector<Dose>& doses, const std::vector<Drug>& drugs);

/// "if vas >= 1: stop naproxen, start adalimumab".
std::string describe_rule(const Rule& rule, const Plan& plan, const std::vector<Readout>& readouts);

/// The same of a plan whose courses were expanded to `doses`, with its rules, and the condition of each course that
/// waits for one.
std::vector<std::string> describe_plan(const Plan& plan, const std::vector<Dose>& doses, const Clinic& clinic);

} // namespace osteoflare::scenarios::dosing
