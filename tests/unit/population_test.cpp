#include "scenarios/patients/population.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::scenarios::patients;

/// Children and what strikes them, against the distributions they are drawn from. Bounds would be missed by a right
/// program with a probability of 6e-5 (means, variances, correlations: four standard deviations) or 1e-3 (shapes: the
/// tests of Kolmogorov and Smirnov, and of Pearson). Seeds are fixed, so nothing is left to chance from run to run.
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

/// The largest distance of a sample's shares from the uniform distribution's, times the root of its size: above 1.95 by
/// chance once in a thousand (Kolmogorov 1933, 2*exp(-2*1.95^2)).
double kolmogorov_smirnov(std::vector<double> uniform)
{
    std::ranges::sort(uniform);
    const auto n = static_cast<double>(uniform.size());
    double worst = 0;
    for (std::size_t i = 0; i < uniform.size(); ++i) {
        const auto before = static_cast<double>(i);
        worst = std::max({worst, uniform[i] - before / n, (before + 1) / n - uniform[i]});
    }
    return worst * std::sqrt(n);
}
constexpr double once_in_a_thousand = 1.95;

/// Pearson's sum for counts that should be Poisson's: one class for each count from `low` to `high`, all further ones
/// in the outermost; high - low degrees of freedom.
double pearson(const std::vector<double>& counts, double mean, int low, int high)
{
    std::map<int, double> seen, expected;
    for (const double count : counts) {
        seen[std::clamp(static_cast<int>(count), low, high)] += 1;
    }
    double probability = std::exp(-mean), rest = 1;
    for (int count = 0; count < high; ++count) {
        expected[std::max(count, low)] += probability;
        rest -= probability;
        probability *= mean / (count + 1);
    }
    expected[high] = rest;
    double sum = 0;
    const auto n = static_cast<double>(counts.size());
    for (const auto& [count, share] : expected) {
        REQUIRE(n * share > 5); // as Pearson's test asks for
        sum += (seen[count] - n * share) * (seen[count] - n * share) / (n * share);
    }
    return sum;
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

TEST_CASE("numbers of events are Poisson's, whatever ages they are counted between", "[patients]")
{
    for (const auto& [from, to] : {std::pair(2.0, 18.0), std::pair(10.0, 18.0)}) {
        std::vector<double> counts;
        for (std::uint64_t i = 0; i < n_children; ++i) {
            counts.push_back(
                static_cast<double>(event_days(draw_injuries(population, of_rate(2, i), from, to, 8)).size()));
        }
        const double mean = 2 * expected_events(from, to);
        CHECK(pearson(counts, mean, from < 5 ? 6 : 2, from < 5 ? 22 : 18) < 39.25); // 16 degrees of freedom
    }
}

TEST_CASE("events come at the ages at which a child grows", "[patients]")
{
    // Of a Poisson process, where its rate's integral has come to at its events is uniform.
    std::vector<double> share, early;
    for (std::uint64_t i = 0; i < n_children; ++i) {
        for (const double day : event_days(draw_injuries(population, of_rate(1, i), 2, 18, 9))) {
            const double age = 2 + day / days_per_year;
            share.push_back(expected_events(2, age) / expected_events(2, 18));
            early.push_back((age - 2) / 16); // if growth did not matter
        }
    }
    CHECK(kolmogorov_smirnov(share) < once_in_a_thousand);
    CHECK(kolmogorov_smirnov(early) > 10 * once_in_a_thousand);
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
    // A fixed number of waits of each child, so that none is cut off at its last age: of 123 events on average, fewer
    // than 50 come once in 3e13 children.
    constexpr std::size_t n_waits = 50;
    std::vector<double> waits, products;
    for (std::uint64_t i = 0; i < 500; ++i) {
        const auto days = event_days(draw_injuries(population, of_rate(20, i), 2, 18, 6));
        REQUIRE(days.size() >= n_waits);
        double before = 2;
        for (std::size_t wait = 0; wait < n_waits; ++wait) {
            const double age = 2 + days[wait] / days_per_year;
            const double waited = 20 * expected_events(before, age);
            waits.push_back(-std::expm1(-waited));
            before = age;
        }
    }
    for (std::size_t i = 1; i < waits.size(); ++i) {
        products.push_back(12 * (waits[i - 1] - 0.5) * (waits[i] - 0.5)); // of uniform numbers: variance 1
    }
    CHECK(kolmogorov_smirnov(waits) < once_in_a_thousand);
    CHECK(std::abs(moments(products).mean) < 4 / std::sqrt(static_cast<double>(products.size())));
}

namespace {

/// The sites of each event of children of this rate, in the order in which they were drawn.
std::vector<std::vector<std::size_t>> events(const Population& of, double rate, std::uint64_t seed)
{
    std::vector<std::vector<std::size_t>> all;
    for (std::uint64_t i = 0; i < n_children; ++i) {
        double day = -1;
        for (const Injury& injury : draw_injuries(of, of_rate(rate, i), 2, 18, seed)) {
            if (injury.day != day) {
                all.emplace_back();
            }
            day = injury.day;
            all.back().push_back(injury.site);
        }
    }
    return all;
}

/// Pearson's sum for sites that should be drawn with these probabilities: 23 degrees of freedom.
double pearson(const std::vector<double>& seen, const std::vector<double>& probabilities)
{
    double n = 0, sum = 0;
    for (const double count : seen) {
        n += count;
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const double expected = n * probabilities[i];
        REQUIRE(expected > 5);
        sum += (seen[i] - expected) * (seen[i] - expected) / expected;
    }
    return sum;
}

} // namespace

TEST_CASE("an event injures one site and a Poisson number of others, none of them twice", "[patients]")
{
    std::vector<double> others;
    for (auto sites : events(population, 0.5, 7)) {
        others.push_back(static_cast<double>(sites.size()) - 1);
        std::ranges::sort(sites);
        CHECK(std::ranges::adjacent_find(sites) == sites.end());
    }
    const auto n = static_cast<double>(others.size());
    CHECK(std::abs(moments(others).mean - 6.4) < 4 * std::sqrt(6.4 / n));
    CHECK(std::abs(moments(others).variance / 6.4 - 1) < 4 * std::sqrt((2 + 1 / 6.4) / n));
    CHECK(pearson(others, 6.4, 0, 15) < 37.7); // 15 degrees of freedom
}

TEST_CASE("an event that would injure more sites than there are injures all of them", "[patients]")
{
    Population heavy = population;
    heavy.trigger_cluster = 25;
    double n = 0, whole = 0;
    for (auto sites : events(heavy, 0.5, 7)) {
        std::ranges::sort(sites);
        CHECK(std::ranges::adjacent_find(sites) == sites.end());
        n += 1;
        whole += sites.size() == 24 ? 1 : 0;
        CHECK(sites.size() <= 24);
    }
    const double share = 0.6824665163; // a Poisson number of mean 25 is 23 or more
    CHECK(std::abs(whole / n - share) < 4 * std::sqrt(share * (1 - share) / n));
}

TEST_CASE("an event's first site is drawn by the sites' shares, its second by those of the sites that are left",
          "[patients]")
{
    const auto& sites = model::patient::sites;
    std::vector<double> first(sites.size()), second(sites.size()), shares(sites.size()), left(sites.size());
    for (const auto& injured : events(population, 5, 7)) {
        first[injured[0]] += 1;
        if (injured.size() > 1) {
            second[injured[1]] += 1;
        }
    }
    for (std::size_t i = 0; i < sites.size(); ++i) {
        shares[i] = sites[i].trigger_share;
        for (std::size_t j = 0; j < sites.size(); ++j) {
            left[i] += i == j ? 0 : sites[j].trigger_share * sites[i].trigger_share / (1 - sites[j].trigger_share);
        }
    }
    CHECK(pearson(first, shares) < 49.7); // 23 degrees of freedom
    CHECK(pearson(second, left) < 49.7);
}

TEST_CASE("injuries and rates are lognormal, and numbers of events of unlike children scatter more", "[patients]")
{
    const auto normal = [](double value, double log_median, double spread) {
        return 0.5 * std::erfc((log_median - std::log(value)) / (spread * std::sqrt(2.0)));
    };
    std::vector<double> doses, rates, counts;
    for (std::uint64_t i = 0; i < n_children; ++i) {
        const Child child = draw_child(population, median, 10, i);
        rates.push_back(normal(child.trigger_rate, std::log(0.343), 0.6));
        const auto injuries = draw_injuries(population, child, 2, 18, 10);
        counts.push_back(static_cast<double>(event_days(injuries).size()));
        for (const Injury& injury : injuries) {
            doses.push_back(normal(injury.damage, std::log(10.1), 0.8));
        }
    }
    CHECK(kolmogorov_smirnov(rates) < once_in_a_thousand);
    CHECK(kolmogorov_smirnov(doses) < once_in_a_thousand);
    // Given its rate, a child's number is Poisson's: to the mean m comes m^2 times the squared variation of rates.
    const auto found = moments(counts);
    const double mean = 0.343 * std::exp(0.18) * expected_events(2, 18);
    const double variance = mean + mean * mean * std::expm1(0.36);
    double fourth = 0;
    for (const double count : counts) {
        fourth += std::pow(count - found.mean, 4) / n_children;
    }
    CHECK(std::abs(found.mean - mean) < 4 * std::sqrt(variance / n_children));
    CHECK(std::abs(found.variance - variance) < 4 * std::sqrt((fourth - variance * variance) / n_children));
    CHECK(found.variance > 1.5 * found.mean);
}

TEST_CASE("children differ as the population says, and left is more like right than like others", "[patients]")
{
    std::vector<double> competence, left_right, left_other, susceptibility;
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

TEST_CASE("a site that is set apart is hurt and lights up as often as it is said", "[patients]")
{
    Population apart = population;
    apart.sites[0].susceptibility = 2;
    apart.sites[1].triggers = 0;
    const Child child = draw_child(apart, median, 12, 3), twin = draw_child(population, median, 12, 3);
    CHECK(child.sites[0].site_susceptibility == 2 * twin.sites[0].site_susceptibility);
    CHECK(child.sites[1].site_susceptibility == twin.sites[1].site_susceptibility);
    CHECK(child.trigger_rate == twin.trigger_rate);
    std::size_t n = 0;
    for (std::uint64_t i = 0; i < 200; ++i) {
        for (const Injury& injury : draw_injuries(apart, of_rate(1, i), 2, 18, 13)) {
            CHECK(injury.site != 1);
            ++n;
        }
    }
    CHECK(n > 1000);
}
