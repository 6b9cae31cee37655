#pragma once

#include "output/report/report_page.hpp"
#include "scenarios/patients/trial_results.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace osteoflare::scenarios::reporting {

/// What a report shows of a cohort or a trial: the findings in words, its arms, its pictures, and the same in numbers.
/// `number` keeps the sections of several files apart, and `name`, if it is not empty, tells them apart for a reader.
std::vector<output::Section> trial_sections(const patients::TrialResults& results, std::size_t number,
                                            const std::string& name);

} // namespace osteoflare::scenarios::reporting
