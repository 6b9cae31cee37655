#pragma once

#include "scenarios/dosing/expand.hpp"
#include "scenarios/patients/patient_run.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace osteoflare::scenarios::patients {

/// The drugs that the patient model knows, as prescriptions need them; their order is that of dose_target.
std::vector<dosing::Drug> known_drugs();

/// What a rule may ask for, in the order of `readout`.
std::vector<dosing::Readout> known_readouts();

/// A read-out of the last visit.
double readout(const ClinicalCourse& seen, std::size_t number);

/// A plan as one child follows it.
struct Treatment {
    dosing::Plan plan;
    std::vector<dosing::Dose> doses; ///< of all courses: dosing::expand; or of a table, without a plan: doses_of
    double begins = 0;               ///< day of the child's life that is moment 0 of the plan
    std::vector<bool> fired;         ///< (rule): filled while the child lives, for rules whose moment has come

    /// The day of the child's life at a moment of the plan.
    double day_of(Tick at) const { return begins + to_days(at); }
};

/// Lives on until a day under a treatment: doses that are taken and belong to running courses are given at their
/// moments, rules are decided at theirs. Infusions flow from their moment on for as long as they take, at rates that
/// add up; a rule that stops a course stops its infusion, too. Begins where the run stands: doses and rules before that
/// are past, and infusions under way are taken up. Behind `until` nothing flows, unless it is called again.
solvers::blocks::BlockReport live_treated(PatientRun& run, Treatment& treatment, double until,
                                          std::span<const double> visits, ClinicalCourse& seen);

} // namespace osteoflare::scenarios::patients
