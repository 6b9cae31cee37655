#include "scenarios/patient_page/life.hpp"

#include "scenarios/reading/input_error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios::patients {
namespace {

using Kind = clinic::Presentation::Kind;
using solvers::lanes::LaneStatus;

clinic::Presentation presentation(const ClinicalCourse& seen, double delay)
{
    return clinic::presentation({.times = seen.days, .values = seen.pain, .n_sites = seen.n_sites},
                                {.times = seen.days, .values = seen.marrow_oedema, .n_sites = seen.n_sites}, delay);
}

/// Keeps the visits up to a day.
void cut(ClinicalCourse& seen, double day)
{
    const auto n = static_cast<std::size_t>(std::ranges::upper_bound(seen.days, day) - seen.days.begin());
    for (auto* of_visits : {&seen.days, &seen.vas, &seen.crp, &seen.esr, &seen.pga, &seen.chaq, &seen.mri_lesions}) {
        of_visits->resize(n);
    }
    for (auto* of_sites :
         {&seen.marrow_oedema, &seen.pain, &seen.swelling, &seen.resorption, &seen.reactive_bone, &seen.bone}) {
        of_sites->resize(n * seen.n_sites);
    }
}

/// The years until the diagnosis or the end, in the same pieces as follow_child, so that the numbers are the same.
Life childhood(const CohortPlan& plan, std::uint64_t number)
{
    const Population& population = plan.population;
    Life life{.child = draw_child(population, plan.median, plan.seed, number),
              .injuries = {},
              .status = LaneStatus::reached_end,
              .known = {},
              .before = {},
              .arms = {}};
    life.injuries = draw_injuries(population, life.child, population.first_age, population.last_age, plan.seed);
    PatientRun run(life.child, plan.relative_tolerance);
    run.expect(life.injuries, population.trigger_duration);
    life.before = run.look();
    const double end = (population.last_age - population.first_age) * days_per_year;
    while (run.day() < end && (life.known.kind == Kind::healthy || life.known.kind == Kind::not_followed)) {
        const double until = std::min(end, run.day() + days_per_year);
        std::vector<double> visits;
        for (auto visit = static_cast<double>(life.before.days.size()); visit * plan.visit_every <= until; ++visit) {
            visits.push_back(visit * plan.visit_every);
        }
        life.status = run.live(until, visits, life.before).status;
        if (!life.is_complete()) {
            return life;
        }
        life.known = presentation(life.before, life.child.delay);
    }
    if (life.known.kind == Kind::silent) { // nothing was found, and so the child was followed no more
        cut(life.before, *life.known.pictures);
    }
    return life;
}

} // namespace

Life live(const Trial& trial, std::uint64_t number)
{
    Life life = childhood(trial.cohort, number);
    if (life.is_complete() && life.is_diagnosed()) {
        cut(life.before, *life.known.pictures);
        Patient patient = patient_of(trial, number);
        for (const Arm& arm : trial.arms) {
            life.arms.push_back(follow(trial, patient, arm));
        }
        life.injuries = std::move(patient.injuries);
    }
    const double end = life.before.days.back() + (life.arms.empty() ? 0 : trial.follow);
    std::erase_if(life.injuries, [&](const Injury& injury) { return injury.day >= end; });
    return life;
}

std::uint64_t chosen_child(const Trial& trial)
{
    if (trial.shown_child) {
        return *trial.shown_child;
    }
    for (std::uint64_t number = 0; number < trial.cohort.n_children; ++number) {
        if (follow_child(trial.cohort, number).kind == Kind::diagnosed) {
            return number;
        }
    }
    throw InputError({trial.file, 1, 1}, {fmt::format("none of {} children is diagnosed", trial.cohort.n_children),
                                          "a page is about one who is, unless it is named",
                                          "name a child with --child, or draw more of them"});
}

} // namespace osteoflare::scenarios::patients
