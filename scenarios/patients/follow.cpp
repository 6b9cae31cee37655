#include "scenarios/patients/follow.hpp"

#include "scenarios/patients/treatment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace osteoflare::scenarios::patients {

Patient patient_of(const Trial& trial, std::uint64_t number)
{
    const CohortPlan& cohort = trial.cohort;
    Patient patient;
    patient.presented = follow_child(cohort, number, &patient.at_diagnosis);
    if (patient.presented.kind != clinic::Presentation::Kind::diagnosed) {
        throw std::invalid_argument(fmt::format("patient_of: child {} is not diagnosed", number));
    }
    patient.child = draw_child(cohort.population, cohort.median, cohort.seed, number);
    const double until =
        std::max(cohort.population.last_age, patient.presented.diagnosis_age + trial.follow / days_per_year);
    patient.injuries = draw_injuries(cohort.population, patient.child, cohort.population.first_age, until, cohort.seed);
    return patient;
}

Followed follow(const Trial& trial, const Patient& patient, const Arm& arm)
{
    const double diagnosis = patient.at_diagnosis.day;
    PatientRun run(patient.child, trial.cohort.relative_tolerance);
    run.set_state(patient.at_diagnosis);
    run.expect(patient.injuries, trial.cohort.population.trigger_duration);
    run.set_inputs(arm.inputs);

    Followed followed;
    followed.doses = doses_of(trial, arm, patient.child.number);
    Treatment treatment{.plan = arm.plan, .doses = followed.doses, .begins = diagnosis, .fired = {}};
    auto days = trial.visit_days();
    for (double& day : days) {
        day += diagnosis;
    }
    followed.seen = run.look(); // the day of diagnosis
    const auto report =
        live_treated(run, treatment, diagnosis + trial.follow, std::span(days).subspan(1), followed.seen);
    followed.status = report.status;
    followed.reached = report.time - diagnosis;
    followed.fired = treatment.fired;
    const auto since = trial.visit_days();
    std::copy_n(since.begin(), followed.seen.days.size(), followed.seen.days.begin());
    return followed;
}

std::vector<dosing::Dose> doses_of(const Trial& trial, const Arm& arm, std::uint64_t child)
{
    if (arm.events) {
        return *arm.events;
    }
    return arm.plan.courses.empty() ? std::vector<dosing::Dose>{}
                                    : dosing::expand(arm.plan.courses, *trial.weight, trial.cohort.seed, child);
}

} // namespace osteoflare::scenarios::patients
