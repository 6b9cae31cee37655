#pragma once

#include "scenarios/patients/follow.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios::patients {

/// A stretch of time [d].
struct Spell {
    double from = 0, until = 0;
};

/// What was given of one drug by one course.
struct Medicine {
    std::string name;          ///< of the course; of the drug, where a table of events gives it
    std::vector<Spell> spells; ///< since diagnosis [d]; a dose lasts until the next one is due, of a table for a day
    std::size_t n_taken = 0, n_missed = 0;
};

/// What an arm gave until day `end`: courses with at least one dose, by their first one. A course that waits for a rule
/// gives doses if the rule fired; one that a rule has stopped gives none any more.
std::vector<Medicine> medicines(const Arm& arm, const Followed& followed, double end);

/// "naproxen, day 0 to 183 (183 doses)".
std::string describe(const Medicine& medicine);

} // namespace osteoflare::scenarios::patients
