#pragma once

#include "scenarios/patients/trial_results.hpp"
#include "solvers/statistics/survival.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What the arms of a trial are compared by, in pictures.
namespace osteoflare::scenarios::patients {

inline constexpr double month = 30.4375; ///< [d], as everywhere

/// A treatment is judged so long after it began: clinic::relapse_free is asked from then on.
inline constexpr double response_after = 6 * month; ///< [d]

/// The children whom a first treatment fails, so that a rule changes it.
struct Switched {
    double day = 0;                    ///< since diagnosis: the earliest moment of a rule in any arm
    std::vector<std::size_t> patients; ///< for whom one of these rules fired, in any arm
};
/// Nothing where no arm has a rule, or where no rule of that day fired.
std::optional<Switched> switched(const TrialResults& results);

/// (0, 1, ...): all patients.
std::vector<std::size_t> everyone(const TrialResults& results);

/// From a day to the first visit on or after it without symptoms, or to the last VAS without one [d]. Nothing if no VAS
/// was taken from then on.
std::optional<solvers::Watched> until_symptom_free(std::span<const double> days, std::span<const double> vas,
                                                   double from);

/// How long one of these patients was watched for, and to what end.
enum class Waited {
    symptom_free, ///< until_symptom_free
    relapse,      ///< clinic::relapse_free
};

/// Of those patients of whom there is something to say, in months from a day on: (arm), (patient).
std::vector<std::vector<solvers::Watched>> watched(const TrialResults& results, std::span<const std::size_t> patients,
                                                   Waited waited, double from);

/// Whether all arms say the same of the same patients, as before a rule treats them differently.
bool are_alike(const std::vector<std::vector<solvers::Watched>>& arms);

/// A stretch of time in which a patient has symptoms, or none.
struct Spell {
    double from = 0, until = 0; ///< since diagnosis [d]
    bool symptoms = false;

    bool operator==(const Spell&) const = default;
};
/// From visit to visit, a patient taken to be as at the earlier one. Visits without a VAS are left out, and so is what
/// comes after the last VAS.
std::vector<Spell> spells(std::span<const double> days, std::span<const double> vas);

/// The patients in the order of a swimmer plot: whom the first treatment did not fail, then who was switched; in each
/// group by the length of the first spell without symptoms in the first arm, the longest first, then by number.
std::vector<std::size_t> swimming_order(const TrialResults& results);

} // namespace osteoflare::scenarios::patients
