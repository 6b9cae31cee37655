#include "scenarios/dosing/words.hpp"
#include "scenarios/patients/follow.hpp"
#include "scenarios/patients/treatment.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

namespace osteoflare::scenarios::patients {
namespace {

/// What a set of quantities has that is not its default, a line each.
template <class Set>
void describe_differences(const Set& set, std::vector<std::string>& lines, const std::string& of = "")
{
    Set::visit(set, [&](double value, const model::Description& entry) {
        if (value != entry.value) {
            lines.push_back(fmt::format("differs    {}{} = {:g}{} (default {:g}, {})", of, entry.name, value,
                                        unit_suffix(entry.unit), entry.value, text(entry.origin)));
        }
    });
}

} // namespace

std::vector<std::string> describe_check(const Trial& trial)
{
    std::vector<std::string> lines;
    const CohortPlan& cohort = trial.cohort;
    lines.push_back(trial.title);
    if (!trial.question.empty()) {
        lines.push_back("question   " + trial.question);
    }
    lines.push_back("model      patient: a child with 24 bone sites that share one circulation");
    lines.push_back(fmt::format("children   {} with a predisposition, from {:g} to {:g} years, seed {}",
                                cohort.n_children, cohort.population.first_age, cohort.population.last_age,
                                cohort.seed));
    describe_differences(cohort.population, lines);
    for (std::size_t i = 0; i < model::patient::sites.size(); ++i) {
        describe_differences(cohort.population.sites[i], lines, std::string(model::patient::sites[i].name) + ".");
    }
    describe_differences(cohort.median, lines);
    lines.push_back(fmt::format("seen       every {:g} d", cohort.visit_every));
    if (!trial.arms.empty()) {
        lines.push_back(
            fmt::format("treated    those who are diagnosed, for {:g} d; day 0 is the diagnosis", trial.follow));
    }
    dosing::Clinic clinic;
    clinic.drugs = known_drugs();
    clinic.readouts = known_readouts();
    for (const Arm& arm : trial.arms) {
        lines.push_back(fmt::format("arm        {}: {}", arm.name, arm.title));
        describe_differences(arm.inputs, lines);
        const auto doses = doses_of(trial, arm, 0);
        for (const std::string& line : arm.events ? dosing::describe_doses(doses, clinic.drugs)
                                                  : dosing::describe_plan(arm.plan, doses, clinic)) {
            lines.push_back("  " + line);
        }
        if (doses.empty()) {
            lines.emplace_back("  nothing is given");
        }
    }
    if (trial.weight) {
        lines.push_back(fmt::format("doses are those of child 0, of {:g} kg", *trial.weight));
    }
    lines.emplace_back("For research and teaching, never for the care of a person.");
    lines.emplace_back("The trial is fine.");
    return lines;
}

} // namespace osteoflare::scenarios::patients
