#include "scenarios/reading/units.hpp"

#include "fuzzing/targets.hpp"
#include "scenarios/reading/set_option.hpp"

#include <cmath>

namespace osteoflare::fuzzing {
namespace {

template <class Work>
void may_not_be_understood(Work work)
{
    try {
        work();
    } catch (const scenarios::UnitError& error) {
        if (error.problem.what.empty() || error.problem.why.empty() || error.problem.suggestion.empty()) {
            throw std::logic_error("a problem without words");
        }
    }
}

} // namespace

/// The input is a unit, a quantity, and an assignment of the command line.
void read_units(Bytes input)
{
    may_not_be_understood([&] { (void)scenarios::parse_unit(input); });
    for (const char* own_unit : {"1", "d", "pM", "cell/uL/d", "mg/kg"}) {
        may_not_be_understood([&] {
            if (!std::isfinite(scenarios::parse_quantity(input, own_unit))) {
                throw std::logic_error("a quantity that is not finite");
            }
        });
    }
    may_refuse([&] {
        const scenarios::SetOption assignment{std::string(input)};
        (void)assignment.value().quantity("pM");
    });
}

} // namespace osteoflare::fuzzing
