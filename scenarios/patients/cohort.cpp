#include "scenarios/patients/cohort.hpp"

#include "scenarios/clinic/findings.hpp"
#include "solvers/ensemble.hpp"

#include <algorithm>
#include <span>
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

} // namespace

Presented follow_child(const CohortPlan& plan, std::uint64_t number)
{
    using Kind = clinic::Presentation::Kind;
    const Population& population = plan.population;
    const Child child = draw_child(population, plan.median, plan.seed, number);
    PatientRun run(child, plan.relative_tolerance);
    run.expect(draw_injuries(population, child, population.first_age, population.last_age, plan.seed),
               population.trigger_duration);

    Presented found;
    ClinicalCourse seen;
    clinic::Presentation known;
    const double end = (population.last_age - population.first_age) * days_per_year;
    while (run.day() < end && (known.kind == Kind::healthy || known.kind == Kind::not_followed)) {
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
    const auto at = static_cast<std::size_t>(std::ranges::find(seen.days, *known.pictures) - seen.days.begin());
    const auto of_sites = [&](const std::vector<double>& values) {
        return std::span(values).subspan(at * seen.n_sites, seen.n_sites);
    };
    found.first_symptom_age = population.first_age + known.first->pain.began / days_per_year;
    found.diagnosis_age = population.first_age + *known.pictures / days_per_year;
    found.mri_lesions = known.n_lesions;
    for (const double oedema : of_sites(seen.marrow_oedema)) {
        found.lesions.push_back(clinic::is_lesion(oedema));
    }
    found.clinical_lesions = static_cast<std::size_t>(
        std::ranges::count_if(of_sites(seen.pain), [](double pain) { return clinic::is_painful(pain); }));
    found.crp = seen.crp[at];
    found.esr = seen.esr[at];
    found.vas = seen.vas[at];
    found.pga = seen.pga[at];
    found.chaq = seen.chaq[at];
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
