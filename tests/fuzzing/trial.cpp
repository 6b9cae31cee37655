#include "scenarios/patients/trial.hpp"

#include "fuzzing/targets.hpp"

namespace osteoflare::fuzzing {

/// The input is a trial; one that can be read is checked as by `osteoflare check`: courses, rules and doses are
/// expanded.
void read_trial(Bytes input)
{
    may_refuse([&] {
        const auto trial = scenarios::patients::parse_trial(std::string(input), "input.toml", library());
        (void)scenarios::patients::describe_check(trial);
    });
}

} // namespace osteoflare::fuzzing
