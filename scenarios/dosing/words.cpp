#include "scenarios/dosing/words.hpp"

#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <utility>

namespace osteoflare::scenarios::dosing {
namespace {

/// Doses of one course and drug that one line tells.
struct Run {
    std::span<const Dose> doses;
    bool falls = false;
};

bool same_amount(const Dose& one, const Dose& other)
{
    return one.mg == other.mg && one.infusion == other.infusion && one.route == other.route;
}

/// The longest run from the first dose on.
Run first_run(std::span<const Dose> doses)
{
    const auto extend = [&](const auto& goes_on) {
        std::size_t n = 1;
        while (n < doses.size() && doses[n].at - doses[n - 1].at == doses[1].at - doses[0].at
               && goes_on(doses[n - 1], doses[n])) {
            ++n;
        }
        return n;
    };
    const std::size_t equal = extend(same_amount);
    const std::size_t falling =
        extend([](const Dose& one, const Dose& next) { return next.mg < one.mg && next.infusion == one.infusion; });
    if (equal == 1 && falling > 2) {
        return {doses.first(falling), true};
    }
    return {doses.first(equal), false};
}

std::string describe_run(const Run& run, const std::vector<Drug>& drugs)
{
    const Dose& first = run.doses.front();
    const Dose& last = run.doses.back();
    std::string line = fmt::format("day {:g}", to_days(first.at));
    if (run.doses.size() > 1) {
        line += fmt::format(" to {:g}", to_days(last.at));
    }
    line += fmt::format(": {} {:.4g}", drugs[first.drug].name, first.per_kg);
    if (run.falls) {
        line += fmt::format(" falling to {:.4g} mg/kg ({:.4g} to {:.4g} mg) ", last.per_kg, first.mg, last.mg);
    } else {
        line += fmt::format(" mg/kg ({:.4g} mg) ", first.mg);
    }
    line += text(first.route);
    if (first.infusion > 0) {
        line += fmt::format(" over {:.4g} h", 24 * to_days(first.infusion));
    }
    if (run.doses.size() > 1) {
        line += fmt::format(", every {:g} d, {} doses", to_days(run.doses[1].at - first.at), run.doses.size());
    }
    const auto missed = std::ranges::count(run.doses, false, &Dose::taken);
    if (missed > 0) {
        line += run.doses.size() > 1 ? fmt::format(", {} of them missed", missed) : ", missed";
    }
    return line;
}

/// A line, its moment, and the course that it is about.
struct Entry {
    Tick at = 0;
    std::size_t course = 0;
    std::string line;
};

std::vector<Entry> entries_of(const std::vector<Dose>& doses, const std::vector<Drug>& drugs)
{
    std::map<std::pair<std::size_t, std::size_t>, std::vector<Dose>> by_course;
    for (const Dose& dose : doses) {
        by_course[{dose.course, dose.drug}].push_back(dose);
    }
    std::vector<Entry> entries;
    for (const auto& [key, own] : by_course) {
        for (std::span<const Dose> rest = own; !rest.empty();) {
            const Run run = first_run(rest);
            entries.push_back({run.doses.front().at, key.first, describe_run(run, drugs)});
            rest = rest.subspan(run.doses.size());
        }
    }
    std::ranges::stable_sort(entries, {}, &Entry::at);
    return entries;
}

std::string condition(const Rule& rule, const std::vector<Readout>& readouts)
{
    const Readout& readout = readouts[rule.readout];
    return fmt::format("if {} {} {:g}{}", readout.name, text(rule.comparison), rule.level, unit_suffix(readout.unit));
}

std::string names(const char* verb, const std::vector<std::size_t>& courses, const Plan& plan)
{
    std::string list;
    for (const std::size_t course : courses) {
        list += fmt::format("{} {}", list.empty() ? verb : " and", plan.courses[course].name);
    }
    return list;
}

} // namespace

std::string describe_rule(const Rule& rule, const Plan& plan, const std::vector<Readout>& readouts)
{
    const std::string stop = names("stop", rule.stop, plan), start = names("start", rule.start, plan);
    return fmt::format("{}: {}{}{}", condition(rule, readouts), stop, stop.empty() || start.empty() ? "" : ", ", start);
}

std::vector<std::string> describe_doses(const std::vector<Dose>& doses, const std::vector<Drug>& drugs)
{
    std::vector<std::string> lines;
    for (Entry& entry : entries_of(doses, drugs)) {
        lines.push_back(std::move(entry.line));
    }
    return lines;
}

std::vector<std::string> describe_plan(const Plan& plan, const std::vector<Dose>& doses, const Clinic& clinic)
{
    std::vector<Entry> entries;
    for (const Rule& rule : plan.rules) {
        entries.push_back(
            {rule.at, 0, fmt::format("day {:g}: {}", to_days(rule.at), describe_rule(rule, plan, clinic.readouts))});
    }
    for (Entry& entry : entries_of(doses, clinic.drugs)) {
        if (const auto& rule = plan.courses[entry.course].started_by) {
            entry.line += ", " + condition(plan.rules[*rule], clinic.readouts);
            entry.line += fmt::format(" on day {:g}", to_days(plan.rules[*rule].at));
        }
        entries.push_back(std::move(entry));
    }
    // Rules stay before the doses of their moment, which follow from them.
    std::ranges::stable_sort(entries, {}, &Entry::at);
    std::vector<std::string> lines;
    for (Entry& entry : entries) {
        lines.push_back(std::move(entry.line));
    }
    return lines;
}

} // namespace osteoflare::scenarios::dosing
