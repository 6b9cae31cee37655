#include "scenarios/reading/data_table.hpp"

#include "fuzzing/targets.hpp"

namespace osteoflare::fuzzing {

void read_data_table(Bytes input)
{
    may_refuse([&] { (void)scenarios::parse_data_table(std::string(input), "input.csv"); });
}

} // namespace osteoflare::fuzzing
