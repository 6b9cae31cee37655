#include "scenarios/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace osteoflare::scenarios {
namespace {

Tick end_of(const Intervention& intervention, Tick run_end)
{
    return intervention.until.value_or(run_end);
}

const Assignment* assignment_of(const Intervention& intervention, std::size_t setting)
{
    const auto found = std::ranges::find(intervention.sets, setting, &Assignment::setting);
    return found == intervention.sets.end() ? nullptr : &*found;
}

} // namespace

std::optional<std::size_t> ruler_of(std::span<const Intervention> interventions, std::size_t setting, Tick at,
                                    Tick run_end, std::optional<std::size_t> without)
{
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < interventions.size(); ++i) {
        const Intervention& candidate = interventions[i];
        const bool active = candidate.from <= at && (at < end_of(candidate, run_end) || !candidate.until);
        if (!active || i == without || !assignment_of(candidate, setting)) {
            continue;
        }
        const auto rank = [](const Intervention& one) { return std::pair(!one.of_life, one.from); };
        if (!found || rank(candidate) > rank(interventions[*found])) {
            found = i;
        }
    }
    return found;
}

Tick to_tick(double days)
{
    return std::llround(days * static_cast<double>(ticks_per_day));
}

double to_days(Tick tick)
{
    return static_cast<double>(tick) / static_cast<double>(ticks_per_day);
}

std::optional<ScheduleProblem> find_problem(std::span<const Intervention> interventions, Tick start, Tick end,
                                            const std::vector<std::string>& setting_names)
{
    for (std::size_t i = 0; i < interventions.size(); ++i) {
        const Intervention& one = interventions[i];
        if (one.of_life) {
            continue;
        }
        const std::string run = fmt::format("the run goes from day {:g} to day {:g}", to_days(start), to_days(end));
        if (one.from < start || one.from >= end) {
            return ScheduleProblem{
                i,
                {fmt::format("'{}' begins on day {:g}, outside the run", one.name, to_days(one.from)), run,
                 "move it, or change start or end"}};
        }
        if (one.until && (*one.until <= one.from || *one.until > end)) {
            const bool early = *one.until <= one.from;
            return ScheduleProblem{i,
                                   {fmt::format("'{}' ends on day {:g}, {}", one.name, to_days(*one.until),
                                                early ? "not after it begins" : "outside the run"),
                                    early ? fmt::format("it begins on day {:g}", to_days(one.from)) : run,
                                    early ? "give a later end or a longer duration"
                                          : "leave the end out to let it last to the end of the run"}};
        }
        for (std::size_t j = 0; j < i; ++j) {
            const Intervention& other = interventions[j];
            if (other.of_life || one.from >= end_of(other, end) || other.from >= end_of(one, end)) {
                continue;
            }
            for (const Assignment& assignment : one.sets) {
                if (assignment_of(other, assignment.setting)) {
                    return ScheduleProblem{i,
                                           {fmt::format("'{}' overlaps with '{}'", one.name, other.name),
                                            fmt::format("both set {} on day {:g}", setting_names[assignment.setting],
                                                        to_days(std::max(one.from, other.from))),
                                            "let one end before the other begins"}};
                }
            }
        }
    }
    return std::nullopt;
}

std::vector<Turn> turns_of(std::span<const Intervention> interventions, Tick start, Tick end)
{
    std::set<Tick> moments;
    std::set<std::size_t> settings;
    for (const Intervention& intervention : interventions) {
        moments.insert(std::max(intervention.from, start));
        moments.insert(end_of(intervention, end));
        for (const Assignment& assignment : intervention.sets) {
            settings.insert(assignment.setting);
        }
    }
    std::vector<Turn> turns;
    std::map<std::size_t, std::optional<std::size_t>> present;
    for (const Tick at : moments) {
        if (at >= end) {
            break;
        }
        for (const std::size_t setting : settings) {
            const auto ruler = ruler_of(interventions, setting, at, end);
            if (std::exchange(present[setting], ruler) == ruler) {
                continue;
            }
            Turn turn{at, setting, ruler, 0};
            if (ruler) {
                const Intervention& found = interventions[*ruler];
                turn.assignment = static_cast<std::size_t>(assignment_of(found, setting) - found.sets.data());
            }
            turns.push_back(turn);
        }
    }
    return turns;
}

void resolve(std::span<const Turn> turns, std::span<const Intervention> interventions, std::span<const double> base,
             std::vector<Change>& changes, bool every_turn)
{
    changes.clear();
    for (const Turn& turn : turns) {
        const double value =
            turn.intervention ? interventions[*turn.intervention].sets[turn.assignment].value : base[turn.setting];
        const auto last = std::find_if(changes.rbegin(), changes.rend(),
                                       [&](const Change& change) { return change.setting == turn.setting; });
        if (every_turn || value != (last == changes.rend() ? base[turn.setting] : last->value)) {
            changes.push_back({turn.at, turn.setting, value, turn.intervention});
        }
    }
}

std::vector<Change> expand(std::span<const Intervention> interventions, Tick start, Tick end,
                           std::span<const double> base)
{
    std::vector<Change> changes;
    resolve(turns_of(interventions, start, end), interventions, base, changes);
    return changes;
}

} // namespace osteoflare::scenarios
