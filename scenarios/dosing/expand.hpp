#pragma once

#include "scenarios/dosing/course.hpp"

#include <cstdint>
#include <span>

namespace osteoflare::scenarios::dosing {

/// How many doses a course has, without making them.
std::size_t count_doses(const Course& course);

/// When its last dose is given.
Tick last_dose(const Course& course);

/// The share of the full dose that a course gives at a moment: below 1 in its taper.
double share_of_dose(const Course& course, Tick at);

/// All doses of one patient of `weight` [kg], sorted by time, then course. The largest dose holds for the full one,
/// before the taper. Whether a dose is missed depends on (seed, patient, index of the course, number of the dose)
/// alone. Courses that wait for a rule are among them, as if it fired; so are doses after a rule that may stop them.
std::vector<Dose> expand(std::span<const Course> courses, double weight, std::uint64_t seed, std::uint64_t patient);

/// Whether a read-out of this value fires a rule; one that is not a number never does.
bool fires(const Rule& rule, double value);

/// Which courses run before any rule fires: those that wait for none.
std::vector<bool> running_at_first(const Plan& plan);

/// What a rule that fires makes of the courses that run. It acts before doses of the same moment: a course that it
/// starts gives its first dose then, and one that it stops gives none any more.
void apply(const Rule& rule, std::vector<bool>& running);

} // namespace osteoflare::scenarios::dosing
