#include "scenarios/scenario.hpp"
#include "fuzzing/targets.hpp"
#include "scenarios/words.hpp"

namespace osteoflare::fuzzing {

/// The input is a scenario; one that can be read is checked as by `osteoflare check`.
void read_scenario(Bytes input)
{
    may_refuse([&] {
        const auto scenario = scenarios::parse_scenario(std::string(input), "input.toml", library());
        (void)scenarios::describe_check(scenario);
    });
}

} // namespace osteoflare::fuzzing
