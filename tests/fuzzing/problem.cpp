#include "scenarios/analyses/fitting/fit_problem.hpp"

#include "fuzzing/targets.hpp"

namespace osteoflare::fuzzing {

/// The input is a problem of fitting and, after the first NUL, its data.
void read_problem(Bytes input)
{
    const auto nul = std::min(input.find('\0'), input.size());
    const std::string data(input.substr(std::min(nul + 1, input.size())));
    may_refuse([&] {
        (void)scenarios::parse_problem(std::string(input.substr(0, nul)), "input.toml", data, "input.csv", library());
    });
}

} // namespace osteoflare::fuzzing
