#pragma once

#include "output/report/report_page.hpp"
#include "scenarios/patient_page/life.hpp"

#include <string>
#include <vector>

// Private to the sources of the page.
namespace osteoflare::scenarios::patients {

/// A number that was drawn for a child, beside the median child's.
struct Drawn {
    std::string name, unit, meaning, origin;
    double child = 0, median = 0;
    double share_below = 0; ///< of children who have less; NaN where the population does not differ
};

/// All that was drawn of a child but what differs between its sites.
std::vector<Drawn> drawn_numbers(const Trial& trial, const Child& child);

output::Section what_happened(const Trial& trial, const Life& life);
output::Section the_years(const Life& life);
output::Section in_each_arm(const Trial& trial, const Life& life);
output::Section who_it_is(const Trial& trial, const Life& life);
output::Section injuries(const Trial& trial, const Life& life);
output::Section where_from(const Trial& trial, const Life& life);

} // namespace osteoflare::scenarios::patients
