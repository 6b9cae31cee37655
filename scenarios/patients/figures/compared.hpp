#pragma once

#include "scenarios/patients/outcomes.hpp"
#include "solvers/statistics/survival.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

/// What the arms of a trial are compared by, in pictures.
namespace osteoflare::scenarios::patients {

/// The children whom arms are compared in, (arm): those whom a rule switched (outcomes.hpp), or all where no rule
/// fired.
std::vector<Group> compared_groups(const TrialResults& results);
/// All patients, (arm), from diagnosis on.
std::vector<Group> whole_groups(const TrialResults& results);

/// Whether treatments of these groups count from a switch, and not from diagnosis.
bool are_switched(const std::vector<Group>& groups);

/// From a day to the first visit on or after it without symptoms, or to the last VAS without one [d]. Nothing if no VAS
/// was taken from then on.
std::optional<solvers::Watched> until_symptom_free(std::span<const double> days, std::span<const double> vas,
                                                   double from);

/// How long one of these patients was watched for, and to what end.
enum class Waited {
    symptom_free, ///< until_symptom_free
    relapse,      ///< clinic::relapse_free
};

/// Of those patients of whom there is something to say, in months since `after` days after a group's treatment began to
/// count: (group), (patient).
std::vector<std::vector<solvers::Watched>> watched(const TrialResults& results, std::span<const Group> groups,
                                                   Waited waited, double after);

/// Whether all arms say the same of the same patients, as before a rule treats them differently.
bool are_alike(const std::vector<std::vector<solvers::Watched>>& arms);

/// A stretch of time in which a patient has symptoms, or none.
struct SymptomSpell {
    double from = 0, until = 0; ///< since diagnosis [d]
    bool symptoms = false;

    bool operator==(const SymptomSpell&) const = default;
};
/// From visit to visit, a patient taken to be as at the earlier one. Visits without a VAS are left out, and so is what
/// comes after the last VAS.
std::vector<SymptomSpell> spells(std::span<const double> days, std::span<const double> vas);

/// The patients in the order of a swimmer plot: whom the first treatment did not fail, then who was switched; in each
/// group by the time without symptoms in all arms together, the longest first, then by number.
std::vector<std::size_t> swimming_order(const TrialResults& results);

} // namespace osteoflare::scenarios::patients
