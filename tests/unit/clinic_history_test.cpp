#include "scenarios/clinic/history.hpp"

#include "catch.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

using namespace osteoflare::scenarios::clinic;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// A visit every `step` days from day 0 to day `end`.
std::vector<double> visits(double end, double step = 1)
{
    std::vector<double> times;
    for (std::size_t k = 0; static_cast<double>(k) * step <= end; ++k) {
        times.push_back(static_cast<double>(k) * step);
    }
    return times;
}

std::vector<double> at(const std::vector<double>& times, const std::function<double(double)>& value)
{
    std::vector<double> values;
    for (const double time : times) {
        values.push_back(value(time));
    }
    return values;
}

/// From `first` to `last`, both included.
bool within(double time, double first, double last)
{
    return first <= time && time <= last;
}

} // namespace

TEST_CASE("a first symptom is pain of one site at every visit of four weeks", "[clinic]")
{
    const auto times = visits(100);
    // Site 0 hurts from day 10 to day 37, 27 days; site 1 from day 30 to day 58, 28 days.
    std::vector<double> pain;
    for (const double time : times) {
        pain.push_back(within(time, 10, 37) ? 0.9 : 0.1);
        pain.push_back(within(time, 30, 58) ? 0.26 : 0.25);
    }
    const auto first = first_symptom({times, pain, 2});
    REQUIRE(first);
    CHECK(first->site == 1);
    CHECK(first->pain.began == 30);
    CHECK(first->pain.established == 58);
    // Two sites that hurt in turn are no site that hurts for four weeks.
    pain[58 * 2 + 1] = 0.25;
    CHECK_FALSE(first_symptom({times, pain, 2}));
}

TEST_CASE("of two sites, the one that is established first comes first", "[clinic]")
{
    // Site 0 hurts from day 0, with a day without on day 20; site 1 from day 5.
    const auto times = visits(100);
    std::vector<double> pain;
    for (const double time : times) {
        pain.push_back(time == 20 ? 0 : 1);
        pain.push_back(time >= 5 ? 1 : 0);
    }
    const auto first = first_symptom({times, pain, 2});
    REQUIRE(first);
    CHECK(first->site == 1);
    CHECK(first->pain.established == 33);
    // Site 0 hurts longer, but was not looked at until day 40.
    const std::vector<double> few = {0, 2, 28, 30, 40};
    const std::vector<double> seen = {1, 0, 1, 1, missing, 1, missing, 1, 1, 1};
    CHECK(first_symptom({few, seen, 2})->site == 1);
    // Both at the same visit.
    CHECK(first_symptom({few, std::vector<double>(10, 1), 2})->site == 0);
}

TEST_CASE("a missed visit neither makes nor ends a pain", "[clinic]")
{
    const std::vector<double> times = {0, 10, 20, 30, 40};
    CHECK(first_symptom({times, std::vector<double>{1, missing, 1, 1, 0}, 1})->pain.established == 30);
    CHECK(first_symptom({times, std::vector<double>{missing, 1, missing, missing, 1}, 1})->pain.began == 10);
    CHECK_FALSE(first_symptom({times, std::vector<double>{1, 1, 1, missing, 0}, 1}));
    CHECK_FALSE(first_symptom({times, std::vector<double>{1, missing, missing, missing, missing}, 1}));
    CHECK_FALSE(first_symptom({times, std::vector<double>(5, missing), 1}));
}

TEST_CASE("visits at equal times count one after the other, and none at all are nothing", "[clinic]")
{
    // On day 14 pain goes and comes again.
    const std::vector<double> times = {0, 14, 14, 28, 42};
    CHECK(first_symptom({times, std::vector<double>{1, 0, 1, 1, 1}, 1})->pain.established == 42);
    CHECK(first_symptom({times, std::vector<double>{1, 1, 1, 1, 1}, 1})->pain.established == 28);
    CHECK_FALSE(first_symptom({{}, {}, 3}));
    CHECK_FALSE(first_symptom({times, {}, 0}));
    CHECK_THROWS(first_symptom({times, std::vector<double>{1, 1}, 1}));
    CHECK_THROWS(first_symptom({std::vector<double>{1, 0}, std::vector<double>{1, 1}, 1}));
    CHECK_THROWS(first_symptom({std::vector<double>{0, missing}, std::vector<double>{1, 1}, 1}));
}

TEST_CASE("a rounding does not keep four weeks from being four weeks", "[clinic]")
{
    const std::vector<double> times = {4.3, 32.3};
    REQUIRE(times[1] - times[0] < 28);
    CHECK(first_symptom({times, std::vector<double>{1, 1}, 1}));
}

TEST_CASE("who has a lesion when diagnosis is looked for is diagnosed, with as many", "[clinic]")
{
    const auto times = visits(300, 7);
    // Pain from day 14, established on day 42; the pictures after 120 days are those of day 168, the first from 162 on.
    std::vector<double> pain, oedema;
    for (const double time : times) {
        pain.insert(pain.end(), {time >= 14 ? 1.0 : 0.0, 0.0});
        oedema.insert(oedema.end(), {0.5, time >= 168 ? 0.5 : 0.1});
    }
    const Presentation known = presentation({times, pain, 2}, {times, oedema, 2}, 120);
    CHECK(known.kind == Presentation::Kind::diagnosed);
    REQUIRE(known.first);
    CHECK(known.first->pain.began == 14);
    CHECK(known.first->pain.established == 42);
    CHECK(known.pictures == 168);
    CHECK(known.n_lesions == 2);
    CHECK(extent(known.n_lesions) == Extent::multifocal);
    // One visit earlier there was one.
    const Presentation early = presentation({times, pain, 2}, {times, oedema, 2}, 161 - 42);
    CHECK(early.pictures == 161);
    CHECK(extent(early.n_lesions) == Extent::unifocal);
    // On pictures that lack a site nobody counts.
    oedema[24 * 2 + 1] = missing;
    CHECK(presentation({times, pain, 2}, {times, oedema, 2}, 120).pictures == 175);
}

TEST_CASE("a lesion that was gone at diagnosis is silent, and a history that ends before says nothing", "[clinic]")
{
    const auto times = visits(200);
    const auto pain = at(times, [](double time) { return time >= 14 ? 1.0 : 0.0; });
    const auto oedema = at(times, [](double time) { return time < 162 ? 0.5 : 0.2; });
    CHECK(presentation({times, pain, 1}, {times, oedema, 1}, 119).kind == Presentation::Kind::diagnosed);
    const Presentation silent = presentation({times, pain, 1}, {times, oedema, 1}, 120);
    CHECK(silent.kind == Presentation::Kind::silent);
    CHECK(silent.n_lesions == 0);
    const Presentation short_history = presentation({times, pain, 1}, {times, oedema, 1}, 159);
    CHECK(short_history.kind == Presentation::Kind::not_followed);
    CHECK(short_history.first);
    CHECK_FALSE(short_history.pictures);
    const std::vector<double> none(times.size(), 0);
    CHECK(presentation({times, none, 1}, {times, oedema, 1}, 120).kind == Presentation::Kind::healthy);
    CHECK(presentation({{}, {}, 1}, {{}, {}, 1}, 120).kind == Presentation::Kind::healthy);
    CHECK_THROWS(presentation({times, pain, 1}, {times, oedema, 1}, -1));
    CHECK_THROWS(presentation({times, pain, 1}, {times, oedema, 1}, missing));
    CHECK_THROWS(presentation({times, pain, 1}, {std::span(times).first(10), std::span(oedema).first(10), 1}, 1));
}

TEST_CASE("twenty days with symptoms are no relapse, twenty-one are", "[clinic]")
{
    const auto times = visits(400);
    const auto lasting = [&](double days) {
        return at(times, [=](double time) { return within(time, 200, 200 + days) ? 1.0 : 0.99; });
    };
    CHECK_FALSE(first_relapse({times, lasting(20)}, 180));
    const auto three_weeks = lasting(21);
    const auto relapse = first_relapse({times, three_weeks}, 180);
    REQUIRE(relapse);
    CHECK(relapse->began == 200);
    CHECK(relapse->established == 221);
    const auto watched = relapse_free({times, three_weeks}, 180);
    REQUIRE(watched);
    CHECK(watched->time == 41);
    CHECK(watched->event);
    // Symptoms that were there before do not count, and those that go on from then do.
    CHECK_FALSE(first_relapse({times, three_weeks}, 221));
    CHECK_FALSE(first_relapse({times, three_weeks}, 200));
    const auto four_weeks = lasting(28);
    CHECK(first_relapse({times, four_weeks}, 205)->began == 206);
    // Without one, a child was watched to the last VAS.
    auto silent = lasting(20);
    silent[400] = silent[399] = missing;
    CHECK(relapse_free({times, silent}, 180)->time == 398 - 180);
    CHECK_FALSE(relapse_free({times, silent}, 180)->event);
}

TEST_CASE("only who is symptom-free when treatment is judged can relapse", "[clinic]")
{
    const std::vector<double> times = {0, 90, 180, 270, 360};
    CHECK_FALSE(relapse_free({times, std::vector<double>{5, 0, 1, 0, 0}}, 180));
    CHECK(relapse_free({times, std::vector<double>{5, 0, 0.9, 0, 0}}, 180));
    // Not asked on day 180: what counts is day 90. Never asked: nothing is known.
    CHECK(relapse_free({times, std::vector<double>{5, 0, missing, 0, 0}}, 180));
    CHECK_FALSE(relapse_free({times, std::vector<double>{5, 3, missing, 0, 0}}, 180));
    CHECK_FALSE(relapse_free({times, std::vector<double>{missing, missing, missing, 0, 0}}, 180));
    CHECK_FALSE(relapse_free({{}, {}}, 180));
    // Nobody was asked afterwards: no time at risk.
    CHECK(relapse_free({times, std::vector<double>{5, 0, missing, missing, missing}}, 180)->time == 0);
    CHECK(std::isnan(last_taken({times, std::vector<double>{5, 0, 0, 0, 0}}, -1)));
    CHECK(last_taken({times, std::vector<double>{5, 4, 3, 2, 1}}, 269) == 3);
    CHECK(last_taken({times, std::vector<double>{5, 4, 3, 2, 1}}, 270) == 2);
}

TEST_CASE("equal times to a relapse are equal numbers, whatever the age", "[clinic]")
{
    const std::vector<double> here = {4, 5, 32}, there = {4.3, 5.3, 32.3}, vas = {0, 2, 2};
    REQUIRE(here[2] - here[0] != there[2] - there[0]);
    const auto one = relapse_free({here, vas}, 4), other = relapse_free({there, vas}, 4.3);
    REQUIRE(one->event);
    CHECK(one->time == other->time);
    const auto silent = relapse_free({there, std::vector<double>{0, 0, 0}}, 4.3);
    CHECK(silent->time == one->time);
}

TEST_CASE("a course is monophasic, relapsing or chronic by its remissions and relapses", "[clinic]")
{
    const auto times = visits(6 * 366);
    const auto class_of = [&](const std::function<bool(double)>& has) {
        const auto course = at(times, [&](double time) { return has(time) ? 4.0 : 0.0; });
        return course_class({times, course}, 0);
    };
    CHECK(class_of([](double time) { return time < 500; }) == CourseClass::monophasic);
    CHECK(class_of([](double) { return true; }) == CourseClass::chronic);
    CHECK(class_of([](double time) { return time < 500 || time > 1000; }) == CourseClass::relapsing);
    // Silence of 181 days, from day 500 to day 681, is no remission; one day more is.
    CHECK(class_of([](double time) { return !within(time, 500, 681); }) == CourseClass::chronic);
    CHECK(class_of([](double time) { return !within(time, 500, 682); }) == CourseClass::relapsing);
    // Twenty days with symptoms after a remission end no episode, twenty-one days do.
    CHECK(class_of([](double time) { return time < 500 || within(time, 900, 920); }) == CourseClass::monophasic);
    CHECK(class_of([](double time) { return time < 500 || within(time, 900, 921); }) == CourseClass::relapsing);
    // What comes before a remission is one episode, however often it falls silent.
    CHECK(class_of([](double time) { return time < 900 && std::fmod(time, 150) < 30; }) == CourseClass::monophasic);
    // A single day with symptoms breaks what would have been a remission.
    CHECK(class_of([](double time) { return std::fmod(time, 170) == 0; }) == CourseClass::chronic);
}

TEST_CASE("a course needs six years, and no more of them count", "[clinic]")
{
    const auto times = visits(3000, 7);
    const auto course = at(times, [](double time) { return time < 500 || time > 2300 ? 4.0 : 0.0; });
    // Six years from day 0 end on day 2191.5, from day 100 on day 2291.5: before the relapse. From day 200 they hold
    // it.
    CHECK(course_class({times, course}, 0) == CourseClass::monophasic);
    CHECK(course_class({times, course}, 100) == CourseClass::monophasic);
    CHECK(course_class({times, course}, 200) == CourseClass::relapsing);
    CHECK(course_class({times, course}, 800) == CourseClass::relapsing);
    CHECK_FALSE(course_class({times, course}, 805));
    // What was before the diagnosis does not count.
    const auto later = at(times, [](double time) { return time < 400 ? 0.0 : 4.0; });
    CHECK(course_class({times, later}, 400) == CourseClass::chronic);
    CHECK(course_class({times, later}, 100) == CourseClass::relapsing);
    auto ends = course;
    for (std::size_t visit = 300; visit < ends.size(); ++visit) {
        ends[visit] = missing;
    }
    CHECK_FALSE(course_class({times, ends}, 0));
    CHECK_FALSE(course_class({{}, {}}, 0));
}
