#pragma once

#include "output/figures/figure.hpp"
#include "scenarios/patients/trial_results.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios::patients {

/// The pictures that can be asked for: "survival", "courses" and "swimmers" of a trial, "children" of both.
std::vector<std::string> known_pictures(const TrialResults& results);

/// The pictures of these names one after the other, in one figure; without names, those that answer a trial's question
/// (survival and courses), or a cohort's children. Throws InputError for a name that is unknown.
output::Figure trial_figure(const TrialResults& results, const std::vector<std::string>& pictures);

} // namespace osteoflare::scenarios::patients
