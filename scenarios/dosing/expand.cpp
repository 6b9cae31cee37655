#include "scenarios/dosing/expand.hpp"

#include "solvers/random.hpp"

#include <algorithm>
#include <tuple>

namespace osteoflare::scenarios::dosing {
namespace {

/// What a random number is for: spells "dose", far from the small numbers that other purposes of the same seed have.
constexpr std::uint32_t missing_a_dose = 0x646f7365;

/// Calls `give` with the moment of each dose.
template <class Give>
void for_each_dose(const Course& course, const Give& give)
{
    for (std::size_t cycle = 0; cycle < course.n_cycles; ++cycle) {
        for (std::size_t dose = 0; dose < course.n_doses; ++dose) {
            const Tick at =
                course.start + static_cast<Tick>(cycle) * course.cycle_every + static_cast<Tick>(dose) * course.every;
            if (at >= course.end) {
                return;
            }
            give(at);
        }
    }
}

} // namespace

std::size_t count_doses(const Course& course)
{
    const Tick last_cycle = course.start + static_cast<Tick>(course.n_cycles - 1) * course.cycle_every;
    const Tick rest = std::max<Tick>(course.end - last_cycle, 0);
    const auto fitting = static_cast<std::size_t>((rest + course.every - 1) / course.every);
    return (course.n_cycles - 1) * course.n_doses + std::min(course.n_doses, fitting);
}

Tick last_dose(const Course& course)
{
    const std::size_t before = count_doses(course) - 1;
    return course.start + static_cast<Tick>(before / course.n_doses) * course.cycle_every
           + static_cast<Tick>(before % course.n_doses) * course.every;
}

double share_of_dose(const Course& course, Tick at)
{
    if (!course.taper || at < course.end - course.taper->over) {
        return 1;
    }
    const Taper& taper = *course.taper;
    if (taper.steps.empty()) {
        return static_cast<double>(course.end - at) / static_cast<double>(taper.over);
    }
    const Tick since = at - (course.end - taper.over);
    const Tick step = since * static_cast<Tick>(taper.steps.size()) / taper.over;
    return taper.steps[static_cast<std::size_t>(step)];
}

std::vector<Dose> expand(std::span<const Course> courses, double weight, std::uint64_t seed, std::uint64_t patient)
{
    std::size_t n_doses = 0;
    for (const Course& course : courses) {
        n_doses += count_doses(course);
    }
    std::vector<Dose> doses;
    doses.reserve(n_doses);
    for (std::size_t c = 0; c < courses.size(); ++c) {
        const Course& course = courses[c];
        double full_per_kg = course.dose.per_kg ? course.dose.value : course.dose.value / weight;
        double full_mg = course.dose.per_kg ? course.dose.value * weight : course.dose.value;
        if (course.at_most && full_mg > *course.at_most) {
            full_mg = *course.at_most;
            full_per_kg = full_mg / weight;
        }
        const std::uint64_t chance = solvers::random_bits(seed, missing_a_dose, patient, static_cast<std::uint32_t>(c));
        std::size_t number = 0;
        for_each_dose(course, [&](Tick at) {
            const double share = share_of_dose(course, at);
            ++number;
            const double u = solvers::to_unit_interval(solvers::random_bits(chance, missing_a_dose, number, 0));
            doses.push_back({.at = at,
                             .drug = course.drug,
                             .course = c,
                             .number = number,
                             .per_kg = share * full_per_kg,
                             .mg = share * full_mg,
                             .infusion = course.infusion,
                             .route = course.route,
                             .taken = u < course.adherence});
        });
    }
    std::ranges::sort(doses, {}, [](const Dose& dose) { return std::tuple(dose.at, dose.course, dose.number); });
    return doses;
}

bool fires(const Rule& rule, double value)
{
    switch (rule.comparison) {
    case Comparison::at_least: return value >= rule.level;
    case Comparison::above: return value > rule.level;
    case Comparison::at_most: return value <= rule.level;
    case Comparison::below: return value < rule.level;
    }
    return false;
}

std::vector<bool> running_at_first(const Plan& plan)
{
    std::vector<bool> running;
    for (const Course& course : plan.courses) {
        running.push_back(!course.started_by);
    }
    return running;
}

void apply(const Rule& rule, std::vector<bool>& running)
{
    for (const std::size_t course : rule.stop) {
        running[course] = false;
    }
    for (const std::size_t course : rule.start) {
        running[course] = true;
    }
}

} // namespace osteoflare::scenarios::dosing
