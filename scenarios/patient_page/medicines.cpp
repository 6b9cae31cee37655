#include "scenarios/patient_page/medicines.hpp"

#include "scenarios/dosing/expand.hpp"
#include "scenarios/patients/treatment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace osteoflare::scenarios::patients {
namespace {

/// A dose is given in the middle of its infusion: see live_treated.
Tick moment(const dosing::Dose& dose)
{
    return dose.at + dose.infusion / 2;
}

/// Rules act before doses of the same moment.
bool runs(const dosing::Plan& plan, const std::vector<bool>& fired, const dosing::Dose& dose)
{
    auto running = dosing::running_at_first(plan);
    for (std::size_t i = 0; i < plan.rules.size() && i < fired.size(); ++i) {
        if (fired[i] && plan.rules[i].at <= moment(dose)) {
            dosing::apply(plan.rules[i], running);
        }
    }
    return running[dose.course];
}

/// When a rule ends a course; `otherwise` if none does.
double stopped(const dosing::Plan& plan, const std::vector<bool>& fired, std::size_t course, double otherwise)
{
    for (std::size_t i = 0; i < plan.rules.size() && i < fired.size(); ++i) {
        if (fired[i] && std::ranges::count(plan.rules[i].stop, course) > 0) {
            return std::min(otherwise, to_days(plan.rules[i].at));
        }
    }
    return otherwise;
}

} // namespace

std::vector<Medicine> medicines(const Arm& arm, const Followed& followed, double end)
{
    const auto drugs = known_drugs();
    std::map<std::pair<std::size_t, std::size_t>, Medicine> by_course;
    for (const dosing::Dose& dose : followed.doses) {
        const double day = to_days(moment(dose));
        if (day >= end || !runs(arm.plan, followed.fired, dose)) {
            continue;
        }
        const dosing::Course& course = arm.plan.courses[dose.course];
        const double every = arm.events ? 1 : to_days(course.every);
        Medicine& medicine = by_course[{dose.course, dose.drug}];
        medicine.name = arm.events ? drugs[dose.drug].name : course.name;
        (dose.taken ? medicine.n_taken : medicine.n_missed) += 1;
        if (!dose.taken) {
            continue;
        }
        const double until = std::min(day + every, stopped(arm.plan, followed.fired, dose.course, end));
        // A dose that was forgotten does not part a course in two.
        if (!medicine.spells.empty() && day - medicine.spells.back().until <= 2 * every) {
            medicine.spells.back().until = until;
        } else {
            medicine.spells.push_back({day, until});
        }
    }
    std::vector<Medicine> all;
    for (const auto& [key, medicine] : by_course) {
        if (!medicine.spells.empty()) {
            all.push_back(medicine);
        }
    }
    std::ranges::stable_sort(all, {}, [](const Medicine& medicine) { return medicine.spells.front().from; });
    return all;
}

std::string describe(const Medicine& medicine)
{
    std::string text = fmt::format("{}, day {:.0f} to {:.0f} ({} dose{}", medicine.name, medicine.spells.front().from,
                                   medicine.spells.back().until, medicine.n_taken, medicine.n_taken == 1 ? "" : "s");
    text += medicine.n_missed > 0 ? fmt::format(", {} missed)", medicine.n_missed) : ")";
    return text;
}

} // namespace osteoflare::scenarios::patients
