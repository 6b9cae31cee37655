#pragma once

#include "scenarios/patients/trial_results.hpp"
#include "solvers/statistics/proportions.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a cohort and a trial say: statistics of children. Definitions: docs/reference/outcomes.md. For research and
/// teaching, never for the care of a person.
namespace osteoflare::scenarios::patients {

inline constexpr double days_per_month = 30.4375; // 365.25/12, as everywhere

/// When a treatment is judged: who is symptom-free so long after its beginning has responded to it [d].
inline constexpr double judged_after = 6 * days_per_month;

/// A statistic with its 95 % interval, and how many children it rests on. NaN where nothing can be told.
struct Outcome {
    solvers::Estimate estimate;
    std::size_t n = 0;
};

/// Patients under one arm, and the day from which their treatment counts.
struct Group {
    std::size_t arm = 0;
    double from = 0;                   ///< since diagnosis [d]
    std::vector<std::size_t> patients; ///< places in TrialResults::patients
};

/// All patients from their diagnosis on.
Group everybody(const TrialResults& results, std::size_t arm);

/// Those whom the first treatment failed, from then on. Arms are alike until their first rule, so an arm without one
/// takes day and children from the first arm that has a rule. Nothing if no arm has one.
std::optional<Group> switched(const TrialResults& results, std::size_t arm);

/// Those of interest: `switched` where the trial has a rule, else `everybody`.
Group judged(const TrialResults& results, std::size_t arm);

/// What can be told of children on the day of their diagnosis, and of groups. `presentation` knows the former names,
/// `outcome` the latter; those of `share_readouts` are shares of children, and can be compared in pairs.
const std::vector<std::string>& presentation_readouts();
const std::vector<std::string>& share_readouts();
std::vector<std::string> group_readouts();

/// Of all diagnosed children. `bone` is that of "involves": a part of a site's name, as "tibia". Throws
/// std::invalid_argument for an unknown name.
Outcome presentation(const TrialResults& results, std::string_view readout, std::string_view bone = "");

/// Of a group, `after` days from when its treatment counts. Children of whom it is not known (a run that failed, a
/// trial that was too short) are left out. Throws std::invalid_argument for an unknown name.
Outcome outcome(const TrialResults& results, const Group& group, std::string_view readout, double after);

/// The children of both groups, by whether they have something: shares only. Those of whom it is not known under one
/// arm are left out. Throws std::invalid_argument for another name.
solvers::Pairs pairs(const TrialResults& results, const Group& first, const Group& second, std::string_view readout,
                     double after);

/// The words that `osteoflare cohort` and `osteoflare trial` end with; lines of at most 120 columns.
std::vector<std::string> describe_cohort(const TrialResults& results);
std::vector<std::string> describe_trial(const TrialResults& results);

} // namespace osteoflare::scenarios::patients
