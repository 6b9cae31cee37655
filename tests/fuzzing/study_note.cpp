#include "fuzzing/targets.hpp"
#include "scenarios/recording/identity.hpp"

namespace osteoflare::fuzzing {

/// The input is what a folder of shards says about its study.
void read_study_note(Bytes input)
{
    may_refuse([&] { (void)scenarios::scenario_of(scenarios::read_note(std::string(input), "study"), library()); });
}

} // namespace osteoflare::fuzzing
