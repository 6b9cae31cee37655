#include "scenarios/patient_page/medicines.hpp"

#include "scenarios/dosing/expand.hpp"

#include <fmt/format.h>

#include <algorithm>

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

std::vector<Medicine> medicines(const dosing::Plan& plan, const Followed& followed, double end)
{
    std::vector<Medicine> all(plan.courses.size());
    for (const dosing::Dose& dose : followed.doses) {
        const double day = to_days(moment(dose));
        if (day >= end || !runs(plan, followed.fired, dose)) {
            continue;
        }
        const dosing::Course& course = plan.courses[dose.course];
        Medicine& medicine = all[dose.course];
        medicine.name = course.name;
        (dose.taken ? medicine.n_taken : medicine.n_missed) += 1;
        if (!dose.taken) {
            continue;
        }
        const double until = std::min(day + to_days(course.every), stopped(plan, followed.fired, dose.course, end));
        // A dose that was forgotten does not part a course in two.
        const bool goes_on =
            !medicine.spells.empty() && day - medicine.spells.back().until <= 2 * to_days(course.every);
        if (goes_on) {
            medicine.spells.back().until = until;
        } else {
            medicine.spells.push_back({day, until});
        }
    }
    std::erase_if(all, [](const Medicine& medicine) { return medicine.spells.empty(); });
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
