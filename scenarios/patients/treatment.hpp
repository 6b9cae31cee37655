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
    std::vector<dosing::Dose> doses; ///< of all courses: dosing::expand
    double begins = 0;               ///< day of the child's life that is moment 0 of the plan
    std::vector<bool> fired;         ///< (rule): filled while the child lives, for rules whose moment has come
};

/// Lives on until a day under a treatment: doses that are taken and belong to running courses are given at their
/// moments, rules are decided at theirs. An infusion is given at once in its middle, which for a drug that is lost at
/// rate k is exact after it but for a share (k T)^2/24. Begins where the run stands; doses and rules before that are
/// past.
solvers::blocks::BlockReport live_treated(PatientRun& run, Treatment& treatment, double until,
                                          std::span<const double> visits, ClinicalCourse& seen);

} // namespace osteoflare::scenarios::patients
