#include "scenarios/patients/figures/compared.hpp"

#include "scenarios/clinic/findings.hpp"
#include "scenarios/clinic/history.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace osteoflare::scenarios::patients {
namespace {

std::optional<double> first_rule(const TrialResults& results)
{
    std::optional<double> day;
    for (const ArmInWords& arm : results.arms) {
        for (const RuleInWords& rule : arm.rules) {
            day = std::min(day.value_or(rule.day), rule.day);
        }
    }
    return day;
}

bool was_switched(const TrialResults& results, std::size_t patient, double day)
{
    for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
        const auto& rules = results.arms[arm].rules;
        const auto& fired = results.course(patient, arm).fired;
        for (std::size_t rule = 0; rule < rules.size() && rule < fired.size(); ++rule) {
            if (rules[rule].day == day && fired[rule]) {
                return true;
            }
        }
    }
    return false;
}

double first_relief(const TrialResults& results, std::size_t patient)
{
    for (const Spell& spell : spells(results.days, results.course(patient, 0).vas)) {
        if (!spell.symptoms) {
            return spell.until - spell.from;
        }
    }
    return 0;
}

} // namespace

std::optional<Switched> switched(const TrialResults& results)
{
    const auto day = first_rule(results);
    Switched who{.day = day.value_or(0), .patients = {}};
    for (std::size_t patient = 0; day && patient < results.patients.size(); ++patient) {
        if (was_switched(results, patient, *day)) {
            who.patients.push_back(patient);
        }
    }
    return who.patients.empty() ? std::nullopt : std::optional(std::move(who));
}

std::vector<std::size_t> everyone(const TrialResults& results)
{
    std::vector<std::size_t> all(results.patients.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

std::optional<solvers::Watched> until_symptom_free(std::span<const double> days, std::span<const double> vas,
                                                   double from)
{
    std::optional<solvers::Watched> seen;
    for (std::size_t visit = 0; visit < days.size(); ++visit) {
        if (days[visit] < from || std::isnan(vas[visit])) {
            continue;
        }
        seen = {.time = days[visit] - from, .event = clinic::is_symptom_free(vas[visit])};
        if (seen->event) {
            break;
        }
    }
    return seen;
}

std::vector<std::vector<solvers::Watched>> watched(const TrialResults& results, std::span<const std::size_t> patients,
                                                   Waited waited, double from)
{
    std::vector<std::vector<solvers::Watched>> arms(results.arms.size());
    for (std::size_t arm = 0; arm < arms.size(); ++arm) {
        for (const std::size_t patient : patients) {
            const auto& vas = results.course(patient, arm).vas;
            auto one = waited == Waited::relapse ? clinic::relapse_free({results.days, vas}, from)
                                                 : until_symptom_free(results.days, vas, from);
            if (one) {
                one->time /= month;
                arms[arm].push_back(*one);
            }
        }
    }
    return arms;
}

bool are_alike(const std::vector<std::vector<solvers::Watched>>& arms)
{
    const auto same = [](const solvers::Watched& a, const solvers::Watched& b) {
        return a.time == b.time && a.event == b.event;
    };
    return std::ranges::all_of(arms, [&](const auto& arm) { return std::ranges::equal(arm, arms.front(), same); });
}

std::vector<Spell> spells(std::span<const double> days, std::span<const double> vas)
{
    std::vector<Spell> all;
    std::optional<std::size_t> before;
    for (std::size_t visit = 0; visit < days.size(); ++visit) {
        if (std::isnan(vas[visit])) {
            continue;
        }
        if (before) {
            const bool symptoms = clinic::has_symptoms(vas[*before]);
            if (all.empty() || all.back().symptoms != symptoms) {
                all.push_back({.from = days[*before], .until = days[visit], .symptoms = symptoms});
            }
            all.back().until = days[visit];
        }
        before = visit;
    }
    return all;
}

std::vector<std::size_t> swimming_order(const TrialResults& results)
{
    std::vector<double> relief;
    for (std::size_t patient = 0; patient < results.patients.size(); ++patient) {
        relief.push_back(first_relief(results, patient));
    }
    std::vector<char> failed(results.patients.size(), 0);
    if (const auto who = switched(results)) {
        for (const std::size_t patient : who->patients) {
            failed[patient] = 1;
        }
    }
    auto order = everyone(results);
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return failed[a] != failed[b] ? failed[a] < failed[b] : relief[a] > relief[b];
    });
    return order;
}

} // namespace osteoflare::scenarios::patients
