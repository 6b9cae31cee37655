#pragma once

#include "scenarios/reading/input_error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What happens when: events and treatments become changes of settings at exact moments.
namespace osteoflare::scenarios {

/// Time in whole seconds of age, so that equal times compare equal.
using Tick = std::int64_t;
inline constexpr Tick ticks_per_day = 86400;

Tick to_tick(double days);
double to_days(Tick tick);

/// A setting that takes another value for a while.
struct Assignment {
    std::size_t setting = 0;
    double value = 0;
    bool is_exposure = false; ///< follows the intervention's exposure or value
};

/// An event, a treatment, or a step of normal life.
struct Intervention {
    std::string name;  ///< by which a sweep refers to it
    std::string title; ///< in words
    Tick from = 0;
    std::optional<Tick> until; ///< to the end without it
    std::vector<Assignment> sets;
    bool has_duration = false; ///< its length was given, so that it keeps it when it is moved
    bool of_life = false;      ///< gives way to other interventions
    Place place;
};

/// A moment at which a setting follows another intervention than before, or none: the same for all members of a study
/// whose times do not vary, whatever their values.
struct Turn {
    Tick at = 0;
    std::size_t setting = 0;
    std::optional<std::size_t> intervention; ///< that rules from now on; nothing gives the setting its base back
    std::size_t assignment = 0;              ///< of that intervention
};

/// At `at`, `setting` becomes `value`, because of an intervention or because it returns to its base.
struct Change {
    Tick at = 0;
    std::size_t setting = 0;
    double value = 0;
    std::optional<std::size_t> intervention;
};

/// When an intervention ends in a run that ends on `run_end`.
Tick end_of(const Intervention& intervention, Tick run_end);

/// What an intervention does to a setting; null if nothing.
const Assignment* assignment_of(const Intervention& intervention, std::size_t setting);

/// Checks that every intervention lies in [start, end), that none ends before it begins, and that no two of them set
/// the same setting at the same time. Returns the first problem found and whose it is.
struct ScheduleProblem {
    std::size_t intervention = 0;
    Problem problem;
};
std::optional<ScheduleProblem> find_problem(std::span<const Intervention> interventions, Tick start, Tick end,
                                            const std::vector<std::string>& setting_names);

/// The turns that interventions bring between start and end, sorted by time; those of normal life that lie before the
/// start come at the start. A setting returns to its base when an intervention ends.
std::vector<Turn> turns_of(std::span<const Intervention> interventions, Tick start, Tick end);

/// The intervention that rules a setting at a moment: one of the user's before one of life, then the latest. The one
/// called `without` is left aside.
std::optional<std::size_t> ruler_of(std::span<const Intervention> interventions, std::size_t setting, Tick at,
                                    Tick run_end, std::optional<std::size_t> without = std::nullopt);

/// Fills `changes` with the changes to `base` settings that turns bring, sorted by time; unless `every_turn`, without
/// those that leave a setting as it was.
void resolve(std::span<const Turn> turns, std::span<const Intervention> interventions, std::span<const double> base,
             std::vector<Change>& changes, bool every_turn = false);

/// Both at once.
std::vector<Change> expand(std::span<const Intervention> interventions, Tick start, Tick end,
                           std::span<const double> base);

} // namespace osteoflare::scenarios
