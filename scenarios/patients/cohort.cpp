#include "scenarios/patients/cohort.hpp"

#include "scenarios/clinic/findings.hpp"
#include "solvers/ensemble.hpp"

#include <algorithm>
#include <stdexcept>

namespace osteoflare::scenarios::patients {
namespace {

/// So long is a child followed at a time: who is diagnosed is not followed to the end.
constexpr double years_at_a_time = 1;

clinic::Presentation presentation(const ClinicalCourse& seen, double delay)
{
    return clinic::presentation({.times = seen.days, .values = seen.pain, .n_sites = seen.n_sites},
                                {.times = seen.days, .values = seen.marrow_oedema, .n_sites = seen.n_sites}, delay);
}

/// What the clinic finds on the day of the pictures.
void examine(const ClinicalCourse& visit, Presented& found)
{
    found.lesions.clear();
    for (const double oedema : visit.marrow_oedema) {
        found.lesions.push_back(clinic::is_lesion(oedema));
    }
    found.mri_lesions = clinic::count_lesions(visit.marrow_oedema);
    found.clinical_lesions = static_cast<std::size_t>(
        std::ranges::count_if(visit.pain, [](double pain) { return clinic::is_painful(pain); }));
    found.kind = found.mri_lesions > 0 ? clinic::Presentation::Kind::diagnosed : clinic::Presentation::Kind::silent;
    found.crp = visit.crp.back();
    found.esr = visit.esr.back();
    found.vas = visit.vas.back();
    found.pga = visit.pga.back();
    found.chaq = visit.chaq.back();
}

} // namespace

Presented follow_child(const CohortPlan& plan, std::uint64_t number, PatientState* at_pictures)
{
    using Kind = clinic::Presentation::Kind;
    const Population& population = plan.population;
    const Child child = draw_child(population, plan.median, plan.seed, number);
    const auto injuries = draw_injuries(population, child, population.first_age, population.last_age, plan.seed);
    PatientRun run(child, plan.relative_tolerance);
    run.expect(injuries, population.trigger_duration);

    Presented found;
    ClinicalCourse seen;
    clinic::Presentation known;
    PatientState year_before;
    const double end = (population.last_age - population.first_age) * days_per_year;
    while (run.day() < end && (known.kind == Kind::healthy || known.kind == Kind::not_followed)) {
        year_before = run.state();
        const double until = std::min(end, run.day() + years_at_a_time * days_per_year);
        std::vector<double> visits;
        for (auto visit = static_cast<double>(seen.days.size() + 1); visit * plan.visit_every <= until; ++visit) {
            visits.push_back(visit * plan.visit_every);
        }
        found.status = run.live(until, visits, seen).status;
        if (found.status != solvers::lanes::LaneStatus::reached_end) {
            return found;
        }
        known = presentation(seen, child.delay);
    }
    found.kind = known.kind;
    if (known.kind != Kind::diagnosed && known.kind != Kind::silent) {
        return found;
    }
    found.first_symptom_age = population.first_age + known.first->pain.began / days_per_year;
    found.diagnosis_age = population.first_age + *known.pictures / days_per_year;
    // Back to the day of the pictures, from which a treatment would go on: what is found there is found in that state.
    ClinicalCourse none;
    run.set_state(year_before);
    run.expect(injuries, population.trigger_duration);
    found.status = run.live(*known.pictures, {}, none).status;
    examine(run.look(), found);
    if (at_pictures) {
        *at_pictures = run.state();
    }
    return found;
}

std::vector<Presented> follow_cohort(const CohortPlan& plan)
{
    const Population& p = plan.population;
    if (!(p.first_age < p.last_age) || !(plan.visit_every > 0) || !(plan.relative_tolerance > 0)) {
        throw std::invalid_argument("follow_cohort: ages must ascend, visits and the tolerance must be positive");
    }
    std::vector<Presented> all(plan.n_children);
    solvers::for_each_member(plan.n_children, plan.threads,
                             [&](std::size_t child) { all[child] = follow_child(plan, child); });
    return all;
}

} // namespace osteoflare::scenarios::patients
