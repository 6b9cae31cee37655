#pragma once

#include "scenarios/patients/trial.hpp"

namespace osteoflare::scenarios::patients {

/// A child on the day of its diagnosis.
struct Patient {
    Child child;
    Presented presented;
    PatientState at_diagnosis;
    std::vector<Injury> injuries; ///< of its whole life, up to the end of the trial
};

/// The child of this number, who must be diagnosed in this trial's cohort. Throws std::invalid_argument if it is not.
Patient patient_of(const Trial& trial, std::uint64_t number);

/// The doses that an arm prescribes to a child. Tick 0 is the diagnosis.
std::vector<dosing::Dose> doses_of(const Trial& trial, const Arm& arm, std::uint64_t child);

/// One patient under one arm.
struct Followed {
    solvers::lanes::LaneStatus status = solvers::lanes::LaneStatus::reached_end;
    double reached = 0;              ///< since diagnosis [d]
    std::vector<bool> fired;         ///< (rule of the arm's plan)
    std::vector<dosing::Dose> doses; ///< as prescribed; Tick 0 is the diagnosis
    ClinicalCourse seen;             ///< days since diagnosis: Trial::visit_days, up to where it came
};

/// Lives the years after diagnosis under an arm. The same child meets the same injuries in every arm, and misses the
/// same doses of a course that stands at the same place.
Followed follow(const Trial& trial, const Patient& patient, const Arm& arm);

} // namespace osteoflare::scenarios::patients
