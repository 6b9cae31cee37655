#include "scenarios/dosing/event_table.hpp"

#include "fuzzing/targets.hpp"
#include "scenarios/patients/treatment.hpp"

namespace osteoflare::fuzzing {

/// The input is a table of doses; those of each patient are expanded.
void read_event_table(Bytes input)
{
    namespace dosing = scenarios::dosing;
    may_refuse([&] {
        const auto table =
            dosing::parse_event_table(std::string(input), "input.csv", scenarios::patients::known_drugs());
        for (const std::uint64_t patient : table.patients) {
            constexpr double weight = 30;
            (void)dosing::doses_of(table, patient, weight);
        }
    });
}

} // namespace osteoflare::fuzzing
