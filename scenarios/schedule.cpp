#include "scenarios/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace osteoflare::scenarios {

Tick end_of(const Intervention& intervention, Tick run_end)
{
    return intervention.until.value_or(run_end);
}

const Assignment* assignment_of(const Intervention& intervention, std::size_t setting)
{
    const auto found = std::find_if(intervention.sets.begin(), intervention.sets.end(),
                                    [setting](const Assignment& assignment) { return assignment.setting == setting; });
    return found == intervention.sets.end() ? nullptr : &*found;
}

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
