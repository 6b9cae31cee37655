#include "scenarios/patients/figures/compared.hpp"

#include "scenarios/clinic/findings.hpp"
#include "scenarios/clinic/history.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace osteoflare::scenarios::patients {
namespace {

std::vector<Group> of_each_arm(const TrialResults& results, Group (*group)(const TrialResults&, std::size_t))
{
    std::vector<Group> groups;
    for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
        groups.push_back(group(results, arm));
    }
    return groups;
}

/// Time without symptoms [d], of all arms together: short flares count for as long as they last.
double time_well(const TrialResults& results, std::size_t patient)
{
    double days = 0;
    for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
        for (const SymptomSpell& spell : spells(results.days, results.course(patient, arm).vas)) {
            days += spell.symptoms ? 0 : spell.until - spell.from;
        }
    }
    return days;
}

} // namespace

std::vector<Group> compared_groups(const TrialResults& results)
{
    auto groups = of_each_arm(results, judged);
    const bool nobody = std::ranges::all_of(groups, [](const Group& group) { return group.patients.empty(); });
    return nobody ? whole_groups(results) : groups;
}

std::vector<Group> whole_groups(const TrialResults& results)
{
    return of_each_arm(results, everybody);
}

bool are_switched(const std::vector<Group>& groups)
{
    return std::ranges::any_of(groups, [](const Group& group) { return group.from > 0; });
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

std::vector<std::vector<solvers::Watched>> watched(const TrialResults& results, std::span<const Group> groups,
                                                   Waited waited, double after)
{
    std::vector<std::vector<solvers::Watched>> all;
    for (const Group& group : groups) {
        auto& members = all.emplace_back();
        for (const std::size_t patient : group.patients) {
            const auto& vas = results.course(patient, group.arm).vas;
            auto one = waited == Waited::relapse ? clinic::relapse_free({results.days, vas}, group.from + after)
                                                 : until_symptom_free(results.days, vas, group.from + after);
            if (one) {
                one->time /= days_per_month;
                members.push_back(*one);
            }
        }
    }
    return all;
}

bool are_alike(const std::vector<std::vector<solvers::Watched>>& arms)
{
    const auto same = [](const solvers::Watched& a, const solvers::Watched& b) {
        return a.time == b.time && a.event == b.event;
    };
    return std::ranges::all_of(arms, [&](const auto& arm) { return std::ranges::equal(arm, arms.front(), same); });
}

std::vector<SymptomSpell> spells(std::span<const double> days, std::span<const double> vas)
{
    std::vector<SymptomSpell> all;
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
    std::vector<double> well;
    for (std::size_t patient = 0; patient < results.patients.size(); ++patient) {
        well.push_back(time_well(results, patient));
    }
    const auto groups = compared_groups(results);
    std::vector<char> failed(results.patients.size(), 0);
    for (const Group& group : groups) {
        for (const std::size_t patient : group.patients) {
            failed[patient] = are_switched(groups) ? 1 : 0;
        }
    }
    std::vector<std::size_t> order(results.patients.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return failed[a] != failed[b] ? failed[a] < failed[b] : well[a] > well[b];
    });
    return order;
}

} // namespace osteoflare::scenarios::patients
