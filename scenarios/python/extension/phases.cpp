#include "scenarios/python/extension/phases.hpp"

namespace osteoflare::python {

std::vector<Phase> phases_of(const scenarios::Scenario& scenario, const scenarios::Member& member)
{
    std::vector<Phase> phases;
    scenarios::Tick begin = scenario.start;
    std::vector<double> settings = member.settings;
    const auto close = [&](scenarios::Tick end) {
        if (end > begin) {
            phases.push_back({scenarios::to_days(begin), scenarios::to_days(end), settings});
            begin = end;
        }
    };
    for (const scenarios::Change& change : member.changes) {
        if (change.at >= scenario.end) {
            break;
        }
        close(change.at);
        settings[change.setting] = change.value;
    }
    close(scenario.end);
    return phases;
}

} // namespace osteoflare::python
