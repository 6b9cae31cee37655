#pragma once

#include "scenarios/clinic/history.hpp"
#include "scenarios/patients/patient_run.hpp"

#include <cstdint>
#include <vector>

namespace osteoflare::scenarios::patients {

/// Children to draw and to follow, untreated, until they are diagnosed or too old.
struct CohortPlan {
    Population population;
    model::patient::Parameters<double> median; ///< the median child's
    std::uint64_t seed = 1;
    std::size_t n_children = 0;
    double relative_tolerance = 1e-3;
    double visit_every = 7;  ///< [d]
    std::size_t threads = 0; ///< 0: all
};

/// How one child came to be known.
struct Presented {
    solvers::lanes::LaneStatus status = solvers::lanes::LaneStatus::reached_end; ///< a child that fails is data
    clinic::Presentation::Kind kind = clinic::Presentation::Kind::healthy;
    double first_symptom_age = 0; ///< [y]; of who is silent or diagnosed, as all that follows
    double diagnosis_age = 0;     ///< [y]
    std::size_t mri_lesions = 0, clinical_lesions = 0;
    std::vector<bool> lesions; ///< (site): on the pictures
    double crp = 0, esr = 0, vas = 0, pga = 0, chaq = 0;
};

/// One child, by its number: the same in any cohort of this plan. `at_pictures`, if it is given, becomes the child's
/// state on the day of the pictures, from which it can go on.
Presented follow_child(const CohortPlan& plan, std::uint64_t number, PatientState* at_pictures = nullptr);

/// All children, (child): the same bits whatever the number of threads. Throws std::invalid_argument for a plan that
/// makes no sense.
std::vector<Presented> follow_cohort(const CohortPlan& plan);

} // namespace osteoflare::scenarios::patients
