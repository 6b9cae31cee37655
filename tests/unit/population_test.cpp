#include "scenarios/patients/population.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::scenarios::patients;

/// Children and what strikes them, against the distributions they are drawn from.
namespace {

const auto population = model::defaults<Population>();
const auto median = model::defaults<model::patient::Parameters<double>>();
constexpr std::size_t n_children = 4000;

Child of_rate(double rate, std::uint64_t number)
{
    Child child;
    child.number = number;
    child.trigger_rate = rate;
    return child;
}

/// Days of a child's events: sites that one event injures share its day.
std::vector<double> event_days(const std::vector<Injury>& injuries)
{
    std::vector<double> days;
    for (const Injury& injury : injuries) {
        if (days.empty() || injury.day != days.back()) {
            days.push_back(injury.day);
        }
    }
    return days;
}

/// The integral of 1/(1 + x^4) from 0 to x.
double grown(double x)
{
    const double root = std::sqrt(2.0);
    return std::log((x * x + root * x + 1) / (x * x - root * x + 1)) / (4 * root)
           + (std::atan(root * x + 1) + std::atan(root * x - 1)) / (2 * root);
}

/// Events of a child of rate 1 (at the peak, 11 y) between two ages.
double expected_events(double from_age, double to_age)
{
    return 2.8 * (grown((to_age - 11) / 2.8) - grown((from_age - 11) / 2.8));
}

struct Moments {
    double mean = 0, variance = 0;
};

Moments moments(const std::vector<double>& values)
{
    Moments found;
    for (const double value : values) {
        found.mean += value / static_cast<double>(values.size());
    }
    for (const double value : values) {
        found.variance += (value - found.mean) * (value - found.mean) / static_cast<double>(values.size() - 1);
    }
    return found;
}

} // namespace

TEST_CASE(
    "events of a growing child are a Poisson process: their number has the mean and variance of the rate's integral",
    "[patients]")
{
    for (const double rate : {0.3, 2.0}) {
        std::vector<double> counts;
        for (std::uint64_t i = 0; i < n_children; ++i) {
            counts.push_back(
                static_cast<double>(event_days(draw_injuries(population, of_rate(rate, i), 2, 18, 5)).size()));
        }
        const double expected = rate * expected_events(2, 18);
        const auto found = moments(counts);
        CHECK(std::abs(found.mean - expected) < 4 * std::sqrt(expected / n_children));
        CHECK(std::abs(found.variance / expected - 1) < 4 * std::sqrt((2 + 1 / expected) / n_children));
    }
}

TEST_CASE("a child is hurt most often at 11 years, half as often 2.8 years from there, and rarely when small",
          "[patients]")
{
    CHECK(growth(population, 11) == 1);
    CHECK(growth(population, 11 - 2.8) == Approx(0.5));
    CHECK(growth(population, 11 + 2.8) == Approx(0.5));
    CHECK(growth(population, 11 - 5.6) == Approx(1 / 17.0)); // ((11 - 5.4)/2.8)^4 = 16
}

TEST_CASE("between events a child waits as long as an exponential number, in units of its own growing rate",
          "[patients]")
{
    // Kolmogorov and Smirnov: sums of the rate between events are exponential, whatever the age.
    std::vector<double> waits;
    for (std::uint64_t i = 0; i < 500; ++i) {
        double before = 2;
        for (const double day : event_days(draw_injuries(population, of_rate(20, i), 2, 18, 6))) {
            const double age = 2 + day / days_per_year;
            waits.push_back(20 * expected_events(before, age));
            before = age;
        }
    }
    // The last wait of each child is cut off, which spares long ones: of 120 events a child, too few to be seen.
    std::ranges::sort(waits);
    double worst = 0;
    for (std::size_t i = 0; i < waits.size(); ++i) {
        worst = std::max(worst, std::abs(-std::expm1(-waits[i])
                                         - (static_cast<double>(i) + 0.5) / static_cast<double>(waits.size())));
    }
    CHECK(worst * std::sqrt(static_cast<double>(waits.size())) < 1.95); // 0.1 % by chance
}

TEST_CASE("an event injures one site and a Poisson number of others, by their shares, none of them twice", "[patients]")
{
    std::vector<double> others;
    std::vector<double> first(model::patient::sites.size());
    for (std::uint64_t i = 0; i < n_children; ++i) {
        std::map<double, std::vector<std::size_t>> events;
        for (const Injury& injury : draw_injuries(population, of_rate(0.5, i), 2, 18, 7)) {
            events[injury.day].push_back(injury.site);
        }
        for (auto [day, sites] : events) {
            others.push_back(static_cast<double>(sites.size()) - 1);
            first[sites.front()] += 1;
            std::ranges::sort(sites);
            CHECK(std::ranges::adjacent_find(sites) == sites.end());
        }
    }
    const auto n = static_cast<double>(others.size());
    CHECK(std::abs(moments(others).mean - population.trigger_cluster) < 4 * std::sqrt(population.trigger_cluster / n));
    double chi_square = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
        const double expected = n * model::patient::sites[i].trigger_share;
        chi_square += (first[i] - expected) * (first[i] - expected) / expected;
    }
    CHECK(chi_square < 49.7); // 23 degrees of freedom, 0.1 % by chance
}

TEST_CASE("children differ as the population says, and left is more like right than like others", "[patients]")
{
    std::vector<double> competence, doses, left_right, left_other, susceptibility;
    for (std::uint64_t i = 0; i < n_children; ++i) {
        const Child child = draw_child(population, median, 3, i);
        competence.push_back(std::log(child.sites[0].il10_competence / median.il10_competence));
        susceptibility.push_back(std::log(child.sites[0].site_susceptibility));
        left_right.push_back(std::log(child.sites[0].site_susceptibility / child.sites[1].site_susceptibility));
        left_other.push_back(std::log(child.sites[0].site_susceptibility / child.sites[2].site_susceptibility));
        CHECK(child.sites[23].il10_competence == child.sites[0].il10_competence);
    }
    const auto holds = [](const std::vector<double>& values, double variance) {
        const auto found = moments(values);
        CHECK(std::abs(found.mean) < 4 * std::sqrt(variance / n_children));
        CHECK(std::abs(found.variance / variance - 1) < 4 * std::sqrt(2.0 / n_children));
    };
    const double pair = 0.108 * 0.108, person = 0.321 * 0.321;
    holds(competence, 0.105 * 0.105);
    holds(susceptibility, person + 2 * pair);
    holds(left_right, 2 * pair);
    holds(left_other, 4 * pair);
}

TEST_CASE("a child depends on seed and number alone", "[patients]")
{
    const Child child = draw_child(population, median, 3, 17);
    for (const std::uint64_t other : {0U, 18U}) {
        draw_child(population, median, 3, other);
    }
    const Child again = draw_child(population, median, 3, 17), another = draw_child(population, median, 4, 17);
    CHECK(again.trigger_rate == child.trigger_rate);
    CHECK(again.sites[5].site_susceptibility == child.sites[5].site_susceptibility);
    CHECK(another.trigger_rate != child.trigger_rate);
    const auto some = draw_injuries(population, child, 2, 10, 3), more = draw_injuries(population, child, 2, 18, 3);
    REQUIRE(some.size() <= more.size()); // to follow a child for longer does not change what was
    for (std::size_t i = 0; i < some.size(); ++i) {
        CHECK(some[i].day == more[i].day);
        CHECK(some[i].damage == more[i].damage);
    }
}
