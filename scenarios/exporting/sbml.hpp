#pragma once

#include "scenarios/exporting/subject.hpp"

#include <string>

namespace osteoflare::scenarios {

/// A file of the Systems Biology Markup Language, Level 3 Version 2 Core. Species change by rate rules, which are gains
/// minus losses of fluxes; intermediates, fluxes and read-outs are parameters with assignment rules; what happens to
/// the animal are events. Identifiers are the names of the model's lists, units those of the lists, and each number's
/// origin is in its notes. SBML's time counts days from the start of the run; the parameter `day` is the age.
std::string sbml(const Subject& subject);

} // namespace osteoflare::scenarios
