#pragma once

#include "scenarios/dosing/plan_reader.hpp"

#include <optional>
#include <string>

// Private to the sources that read a plan.
namespace osteoflare::scenarios::dosing {

/// A course whose beginning may still depend on a rule.
struct WrittenCourse {
    std::string name;
    std::size_t drug = 0;
    Prescription prescription;
    std::optional<Tick> from, until;
    TomlTable table;
};

/// Reads one table [[course]].
WrittenCourse read_course(TomlTable table, const Clinic& clinic);

/// Puts a course onto the calendar. Complains about numbers of doses and ends that contradict each other, and about
/// what does not fit between `start` and the end of the observation.
Course place_course(const WrittenCourse& written, Tick start, const Clinic& clinic);

} // namespace osteoflare::scenarios::dosing
