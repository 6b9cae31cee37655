#include "scenarios/dosing/expand.hpp"

#include "unit/clinic.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace osteoflare::scenarios;
using namespace osteoflare::scenarios::dosing;
using osteoflare::tests::plan_of;

namespace {

constexpr std::uint64_t seed = 7, patient = 3;

std::vector<Dose> doses(const std::string& text, double weight = 30)
{
    return expand(plan_of(text).courses, weight, seed, patient);
}

std::vector<double> days(const std::vector<Dose>& given)
{
    std::vector<double> moments;
    for (const Dose& dose : given) {
        moments.push_back(to_days(dose.at));
    }
    return moments;
}

double total_mg(const std::vector<Dose>& given)
{
    return std::accumulate(given.begin(), given.end(), 0.0, [](double sum, const Dose& dose) { return sum + dose.mg; });
}

Course daily(std::size_t n_doses, double adherence)
{
    Course course;
    course.dose = {1, true};
    course.every = ticks_per_day;
    course.n_doses = n_doses;
    course.end = static_cast<Tick>(n_doses) * ticks_per_day;
    course.adherence = adherence;
    return course;
}

/// Whether `count` successes of n differ from their expectation by less than four standard errors: a chance of 1 in
/// 16 000 to fail, drawn once, since the seed is fixed.
bool is_binomial(std::size_t count, std::size_t n, double share)
{
    const double expected = static_cast<double>(n) * share;
    return std::abs(static_cast<double>(count) - expected) < 4 * std::sqrt(expected * (1 - share));
}

std::size_t n_taken(const std::vector<Dose>& given)
{
    return static_cast<std::size_t>(std::ranges::count(given, true, &Dose::taken));
}

} // namespace

TEST_CASE("nine months of a daily dose are 274 doses, from day 0 to day 273", "[dosing]")
{
    // 9 * 30.4375 d = 273.9375 d, and no dose at the end or later.
    const auto given = doses("[[course]]\nregimen = \"naproxen\"\nfrom = 0\n");
    REQUIRE(given.size() == 274);
    CHECK(given.back().at == 273 * ticks_per_day);
    for (std::size_t i = 0; i < given.size(); ++i) {
        CHECK(given[i].at == static_cast<Tick>(i) * ticks_per_day);
        CHECK(given[i].number == i + 1);
        CHECK(given[i].per_kg == 15);
        CHECK(given[i].mg == 450);
        CHECK(given[i].taken);
    }
}

TEST_CASE("a course ends before its end, and a whole number of intervals adds no dose", "[dosing]")
{
    const std::string course = "[[course]]\ndrug = \"methotrexate\"\ndose = 0.4\nfrom = \"10 d\"\nevery = \"1 week\"\n";
    CHECK(days(doses(course + "duration = \"4 weeks\"\n")) == std::vector<double>{10, 17, 24, 31});
    CHECK(days(doses(course + "until = \"38 d\"\n")) == std::vector<double>{10, 17, 24, 31});
    CHECK(days(doses(course + "until = \"38.5 d\"\n")) == std::vector<double>{10, 17, 24, 31, 38});
    CHECK(days(doses(course + "doses = 2\n")) == std::vector<double>{10, 17});
    // Both are given, and agree: the last of 4 doses lies before the end, and there is no room for a fifth.
    CHECK(days(doses(course + "doses = 4\nuntil = \"32 d\"\n")) == std::vector<double>{10, 17, 24, 31});
    // Without an end, to the end of the observation: day 730.5 lies 102 weeks and 6.5 days after day 10.
    const auto open = doses(course);
    CHECK(open.size() == 103);
    CHECK(to_days(open.back().at) == 10 + 7 * 102);
}

TEST_CASE("months are 30.4375 days, and a fortnightly dose for 6 months is given 14 times", "[dosing]")
{
    const auto given = doses("[[course]]\nregimen = \"adalimumab\"\nfrom = \"6 months\"\nduration = \"6 months\"\n");
    REQUIRE(given.size() == 14); // 182.625 = 13 * 14 + 0.625
    CHECK(to_days(given.front().at) == 182.625);
    CHECK(to_days(given.back().at) == 182.625 + 13 * 14);
}

TEST_CASE("four cycles of three days every 90 days are twelve doses", "[dosing]")
{
    const std::string course = "[[course]]\nregimen = \"pamidronate\"\nfrom = \"5 d\"\n";
    const std::vector<double> all = {5, 6, 7, 95, 96, 97, 185, 186, 187, 275, 276, 277};
    CHECK(days(doses(course)) == all);
    CHECK(total_mg(doses(course)) == 12 * 30);
    // An end that is written cuts the last cycle.
    CHECK(days(doses(course + "until = \"97 d\"\n")) == std::vector<double>(all.begin(), all.begin() + 5));
    CHECK(days(doses(course + "cycles = { every = \"30 d\", number = 2 }\n"))
          == std::vector<double>{5, 6, 7, 35, 36, 37});
}

TEST_CASE("the number and the last of the doses are those that are made, for any pattern", "[dosing]")
{
    for (const Tick end : {1, 5, 6, 7, 12, 13, 19, 20, 21, 60, 61}) {
        for (const std::size_t n_doses : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
            Course course;
            course.dose = {1, true};
            course.start = 100;
            course.every = 3;
            course.n_doses = n_doses;
            course.cycle_every = 20;
            course.n_cycles = static_cast<std::size_t>((end + 19) / 20);
            course.end = course.start + end;
            // By hand: of all seconds, those that lie 0, 3 or 6 after the beginning of a cycle.
            std::vector<Tick> expected;
            for (Tick second = 0; second < end; ++second) {
                if (second % 20 % 3 == 0 && second % 20 / 3 < static_cast<Tick>(n_doses)) {
                    expected.push_back(100 + second);
                }
            }
            const auto given = expand({&course, 1}, 30, seed, patient);
            CAPTURE(end, n_doses);
            REQUIRE(given.size() == expected.size());
            for (std::size_t i = 0; i < given.size(); ++i) {
                CHECK(given[i].at == expected[i]);
            }
            CHECK(count_doses(course) == expected.size());
            CHECK(last_dose(course) == expected.back());
        }
    }
}

TEST_CASE("a linear taper of m daily doses adds up to (m + 1)/2 full ones", "[dosing]")
{
    const auto given = doses("[[course]]\nregimen = \"prednisolone\"\nfrom = 0\n");
    REQUIRE(given.size() == 42);
    // 14 full doses, then shares 28/28, 27/28, …, 1/28.
    CHECK(total_mg(given) == Approx(30 * (14 + 29.0 / 2)).epsilon(1e-14));
    CHECK(given[13].per_kg == 1);
    CHECK(given[14].per_kg == 1);
    CHECK(given[28].per_kg == Approx(0.5).epsilon(1e-15));
    CHECK(given[41].per_kg == Approx(1.0 / 28).epsilon(1e-15));
}

TEST_CASE("a taper by steps gives each share for its time, up to the end of the course", "[dosing]")
{
    const auto given = doses("[[course]]\ndrug = \"prednisolone\"\ndose = \"60 mg\"\nfrom = 0\nevery = \"1 d\"\n"
                             "duration = \"5 weeks\"\ntaper = { steps = [0.5, 0.25, 0.1], each = \"1 week\" }\n");
    REQUIRE(given.size() == 35);
    CHECK(total_mg(given) == Approx(60 * (14 + 7 * 0.85)).epsilon(1e-14));
    CHECK(given[13].mg == 60);
    CHECK(given[14].mg == 30);
    CHECK(given[20].mg == 30);
    CHECK(given[21].mg == 15);
    CHECK(given[34].mg == 6);
}

TEST_CASE("the largest dose holds in mg whatever the weight, and the taper falls from it", "[dosing]")
{
    const auto heavy = doses("[[course]]\nregimen = \"naproxen\"\nfrom = 0\n", 80);
    CHECK(heavy.front().mg == 1000); // not 1200
    CHECK(heavy.front().per_kg == 12.5);
    const auto tapered = doses("[[course]]\ndrug = \"prednisolone\"\ndose = 1\nat_most = \"40 mg\"\nfrom = 0\n"
                               "every = \"1 d\"\nduration = \"2 d\"\ntaper = { steps = [0.5], each = \"1 d\" }\n",
                               80);
    CHECK(tapered[0].mg == 40);
    CHECK(tapered[1].mg == 20);
    CHECK(tapered[1].per_kg == 0.25);
}

TEST_CASE("a dose in mg is divided by the weight, one in mg/kg multiplied", "[dosing]")
{
    const std::string rest = "from = 0\ndoses = 1\n";
    CHECK(doses("[[course]]\ndrug = \"adalimumab\"\ndose = 40\n" + rest, 32)[0].per_kg == 1.25);
    CHECK(doses("[[course]]\ndrug = \"adalimumab\"\ndose = 40\n" + rest, 32)[0].mg == 40);
    CHECK(doses("[[course]]\ndrug = \"naproxen\"\ndose = 10\n" + rest, 32)[0].mg == 320);
    CHECK(doses("[[course]]\ndrug = \"naproxen\"\ndose = \"0.01 g/kg\"\n" + rest, 32)[0].per_kg == 10);
}

TEST_CASE("doses are taken with their chance, one independent of the next", "[dosing]")
{
    constexpr std::size_t n = 10'000;
    for (const double adherence : {0.05, 0.5, 0.8, 0.97}) {
        const Course course = daily(n, adherence);
        const auto given = expand({&course, 1}, 30, seed, patient);
        CAPTURE(adherence);
        CHECK(is_binomial(n_taken(given), n, adherence));
        std::size_t both = 0;
        for (std::size_t i = 0; i < n; i += 2) {
            both += given[i].taken && given[i + 1].taken ? 1U : 0U;
        }
        CHECK(is_binomial(both, n / 2, adherence * adherence));
    }
    CHECK(n_taken(doses("[[course]]\nregimen = \"naproxen\"\nfrom = 0\nadherence = 0\n")) == 0);
}

TEST_CASE("patients, seeds and courses miss their doses independently", "[dosing]")
{
    constexpr std::size_t n = 10'000;
    const std::vector<Course> pair = {daily(1, 0.7), daily(1, 0.7)};
    std::size_t first = 0, second = 0, both = 0, other_seed = 0;
    for (std::uint64_t p = 0; p < n; ++p) {
        const auto given = expand(pair, 30, seed, p), again = expand(pair, 30, seed + 1, p);
        first += given[0].taken ? 1U : 0U;
        second += given[1].taken ? 1U : 0U;
        both += given[0].taken && given[1].taken ? 1U : 0U;
        other_seed += given[0].taken && again[0].taken ? 1U : 0U;
    }
    CHECK(is_binomial(first, n, 0.7));
    CHECK(is_binomial(second, n, 0.7));
    CHECK(is_binomial(both, n, 0.49));
    CHECK(is_binomial(other_seed, n, 0.49));
}

TEST_CASE("a patient's doses depend on seed and patient alone, not on who came before or on later courses", "[dosing]")
{
    const std::vector<Course> two = {daily(500, 0.6), daily(300, 0.9)};
    std::vector<std::vector<Dose>> forward, backward(10);
    for (std::uint64_t p = 0; p < 10; ++p) {
        forward.push_back(expand(two, 30, seed, p));
    }
    for (std::uint64_t p = 10; p-- > 0;) {
        backward[p] = expand(two, 30, seed, p);
    }
    CHECK(forward == backward);
    CHECK(forward[0] != forward[1]);
    // The first course alone: the arms of a trial share what they have in common.
    auto shared = forward[4];
    std::erase_if(shared, [](const Dose& dose) { return dose.course != 0; });
    CHECK(shared == expand({two.data(), 1}, 30, seed, 4));
    // A longer course begins with the doses of the shorter one.
    const Course longer = daily(600, 0.6);
    auto begun = expand({&longer, 1}, 30, seed, 4);
    begun.resize(500);
    CHECK(begun == shared);
}

TEST_CASE("doses of several courses come in the order of time, then of courses", "[dosing]")
{
    const auto given = doses("[[course]]\nregimen = \"methotrexate\"\nfrom = \"3 d\"\nduration = \"8 d\"\n"
                             "[[course]]\nregimen = \"prednisolone\"\nfrom = \"2 d\"\n");
    CHECK(std::ranges::is_sorted(given, {}, [](const Dose& dose) { return std::pair(dose.at, dose.course); }));
    CHECK(given.size() == 2 + 42);
    CHECK(given[1].course == 0);
    CHECK(given[2].course == 1);
    CHECK(given[2].at == given[1].at);
}

TEST_CASE("a rule fires by its comparison alone, and a value that is none fires nothing", "[dosing]")
{
    const auto at = [](Comparison comparison, double value) {
        Rule rule;
        rule.comparison = comparison;
        rule.level = 1;
        return fires(rule, value);
    };
    CHECK(at(Comparison::at_least, 1));
    CHECK_FALSE(at(Comparison::at_least, 0.99));
    CHECK_FALSE(at(Comparison::above, 1));
    CHECK(at(Comparison::above, 1.01));
    CHECK(at(Comparison::at_most, 1));
    CHECK_FALSE(at(Comparison::at_most, 1.01));
    CHECK_FALSE(at(Comparison::below, 1));
    CHECK(at(Comparison::below, 0.99));
    for (const Comparison comparison :
         {Comparison::at_least, Comparison::above, Comparison::at_most, Comparison::below}) {
        CHECK_FALSE(at(comparison, std::numeric_limits<double>::quiet_NaN()));
    }
}

TEST_CASE("a rule stops one course and starts another, whose doses stand ready from its moment on", "[dosing]")
{
    const Plan plan = plan_of("[[rule]]\nif = \"vas >= 1\"\nat = \"6 months\"\nstop = [\"naproxen\"]\n"
                              "start = [\"adalimumab\"]\n[[course]]\nregimen = \"naproxen\"\nfrom = 0\n"
                              "[[course]]\nregimen = \"adalimumab\"\n");
    REQUIRE(plan.rules.size() == 1);
    CHECK(plan.rules[0].at == to_tick(182.625));
    CHECK(plan.rules[0].level == 1);
    CHECK(plan.courses[1].start == plan.rules[0].at);
    CHECK(plan.courses[1].started_by == 0);
    std::vector<bool> running = running_at_first(plan);
    CHECK(running == std::vector<bool>{true, false});
    apply(plan.rules[0], running);
    CHECK(running == std::vector<bool>{false, true});
    // 274 of naproxen; day 182.625 to 730.5 are 39 fortnights and 1.875 days.
    CHECK(expand(plan.courses, 30, seed, patient).size() == 274 + 40);
}

TEST_CASE("rules come in the order of their moments, and courses keep the rule that starts them", "[dosing]")
{
    const Plan plan = plan_of("[[rule]]\nif = \"vas >= 1\"\nat = 300\nstop = [\"anakinra\"]\n"
                              "start = [\"adalimumab\"]\n[[rule]]\nif = \"vas >= 2\"\nat = 100\n"
                              "start = [\"anakinra\"]\n[[course]]\nregimen = \"adalimumab\"\n"
                              "[[course]]\nregimen = \"anakinra\"\n");
    REQUIRE(plan.rules.size() == 2);
    CHECK(to_days(plan.rules[0].at) == 100);
    CHECK(plan.rules[0].level == 2);
    CHECK(plan.courses[0].started_by == 1);
    CHECK(to_days(plan.courses[0].start) == 300);
    CHECK(plan.courses[1].started_by == 0);
    CHECK(to_days(plan.courses[1].start) == 100);
}
