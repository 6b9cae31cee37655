#include "scenarios/dosing/expand.hpp"
#include "scenarios/dosing/plan_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios::dosing {
namespace {

/// Whether two rules of one moment can never fire both.
bool exclude(const Rule& one, const Rule& other)
{
    const auto rises = [](const Rule& rule) {
        return rule.comparison == Comparison::at_least || rule.comparison == Comparison::above;
    };
    if (one.at != other.at || one.readout != other.readout || rises(one) == rises(other)) {
        return false;
    }
    const Rule& low = rises(one) ? one : other;
    const Rule& high = rises(one) ? other : one;
    const bool touch = low.comparison == Comparison::at_least && high.comparison == Comparison::at_most;
    return low.level > high.level || (low.level == high.level && !touch);
}

/// Whether the rule that starts `later` stops `earlier` at the same time.
bool replaces(const Plan& plan, std::size_t later, std::size_t earlier)
{
    const auto& rule = plan.courses[later].started_by;
    return rule && std::ranges::count(plan.rules[*rule].stop, earlier) > 0;
}

bool never_both(const Plan& plan, std::size_t i, std::size_t j)
{
    const auto& one = plan.courses[i].started_by;
    const auto& other = plan.courses[j].started_by;
    return replaces(plan, i, j) || replaces(plan, j, i)
           || (one && other && exclude(plan.rules[*one], plan.rules[*other]));
}

void check_overlaps(const Plan& plan, const Clinic& clinic)
{
    for (std::size_t i = 0; i < plan.courses.size(); ++i) {
        const Course& one = plan.courses[i];
        for (std::size_t j = 0; j < i; ++j) {
            const Course& other = plan.courses[j];
            const Tick from = std::max(one.start, other.start), until = std::min(one.end, other.end);
            if (one.drug == other.drug && from < until && !never_both(plan, i, j)) {
                throw InputError(one.place, {fmt::format("courses '{}' and '{}' overlap", one.name, other.name),
                                             fmt::format("both give {} from day {:g} to day {:g}",
                                                         clinic.drugs[one.drug].name, to_days(from), to_days(until)),
                                             "let one end before the other begins"});
            }
        }
    }
}

void check_rules(const Plan& plan)
{
    for (const Rule& rule : plan.rules) {
        for (const std::size_t stopped : rule.stop) {
            const Course& course = plan.courses[stopped];
            // Until then it gives something: its last dose, or what is left of its last infusion.
            const Tick last = last_dose(course) + std::max<Tick>(course.infusion - 1, 0);
            const bool too_late = last < rule.at;
            const bool too_early = course.start > rule.at;
            if (too_late || too_early) {
                throw InputError(rule.place,
                                 {fmt::format("the rule of day {:g} cannot stop '{}'", to_days(rule.at), course.name),
                                  too_late ? fmt::format("its last dose is on day {:g}", to_days(last_dose(course)))
                                           : fmt::format("it begins on day {:g}", to_days(course.start)),
                                  "take it out of 'stop', or move the rule"});
            }
            if (std::ranges::count(rule.start, stopped) > 0) {
                throw InputError(rule.place, {fmt::format("the rule stops and starts '{}'", course.name),
                                              "one of both would be for nothing", "remove one of them"});
            }
        }
    }
}

} // namespace

void check_plan(const Plan& plan, const Clinic& clinic)
{
    check_overlaps(plan, clinic);
    check_rules(plan);
    std::size_t n_doses = 0;
    for (const Course& course : plan.courses) {
        n_doses += count_doses(course);
        if (n_doses > most_doses) {
            throw InputError(course.place, {fmt::format("{} doses up to course '{}'", n_doses, course.name),
                                            fmt::format("a plan has at most {}", most_doses),
                                            "is the interval in the unit that you meant?"});
        }
    }
}

} // namespace osteoflare::scenarios::dosing
