#include "scenarios/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios {

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

} // namespace osteoflare::scenarios
