#pragma once

#include "scenarios/record.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// What happened, one line per genotype (or one for all), in plain words with numbers.
std::vector<std::string> describe(const Study& study, const Outcomes& outcomes);

/// "day 75 to 135: anakinra (recombinant IL-1Ra); anakinra = 8000 pM", one line per moment of a member's life.
std::vector<std::string> describe_schedule(const Scenario& scenario, const Member& member);

/// What a scenario comes to when it is read: its animal, its schedule, what it varies and how large its results are.
/// Throws InputError for members that are impossible.
std::vector<std::string> describe_check(const Scenario& scenario);

} // namespace osteoflare::scenarios
