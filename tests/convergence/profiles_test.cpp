#include "convergence/fitting_problems.hpp"

#include "catch.hpp"

#include <algorithm>

using namespace osteoflare::solvers::fitting;
using osteoflare::tests::Decay;
using osteoflare::tests::is_ordered;
using osteoflare::tests::Line;
using osteoflare::tests::Slope;

TEST_CASE("the profile of a slope under unknown spread ends where the closed form says", "[fitting]")
{
    const Line line;
    const Slope slope(line);
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, 0});
    const Profile profile = profile_of(line.problem, best, 1);
    const double half = slope.half_interval();
    REQUIRE(profile.low);
    REQUIRE(profile.high);
    CHECK(*profile.low == Approx(line.b - half).epsilon(1e-4));
    CHECK(*profile.high == Approx(line.b + half).epsilon(1e-4));
    CHECK(profile.verdict == Verdict::identifiable);
    for (const ProfilePoint& point : profile.points) {
        CHECK(point.rise == Approx(slope.rise(point.value)).margin(1e-5));
    }
}

TEST_CASE("a profile begins within half a standard error and rises by half the threshold a step", "[fitting]")
{
    const Line line;
    const Slope slope(line);
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, 0});
    const Profile profile = profile_of(line.problem, best, 1);
    CHECK(is_ordered(profile, line.problem, 1));
    const auto& points = profile.points;
    const auto middle = std::ranges::find(points, best.x[1], &ProfilePoint::value);
    REQUIRE(middle != points.end());
    CHECK(middle->rise == 0);
    const double error = slope.s / std::sqrt(slope.tt);
    CHECK(std::next(middle)->value - middle->value == Approx(0.45 * error).epsilon(1e-4));
    CHECK(middle->value - std::prev(middle)->value == Approx(0.45 * error).epsilon(1e-4));
    for (std::size_t i = 1; i < points.size(); ++i) {
        CHECK(std::abs(points[i].rise - points[i - 1].rise) < threshold_95 / 2);
    }
    CHECK(points.size() < 16); // in fifths of the threshold, and where the interval ends
}

TEST_CASE("a profile that finds something better than the optimum is measured from there", "[fitting]")
{
    const Line line;
    const Slope slope(line);
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, 0});
    Maximum worse = best;
    worse.x[0] += 0.2;
    worse.x[1] -= 0.02;
    worse.negative_log = evaluate(line.problem, worse.x)->negative_log;
    const Profile profile = profile_of(line.problem, worse, 1);
    CHECK(std::ranges::min(profile.points, {}, &ProfilePoint::rise).rise == 0);
    CHECK(profile.lowest >= best.negative_log);
    CHECK(profile.lowest < worse.negative_log - 1);
    for (const ProfilePoint& point : profile.points) {
        const double exact =
            point.value == worse.x[1] ? worse.negative_log : best.negative_log + slope.rise(point.value);
        CHECK(profile.lowest + point.rise == Approx(exact).margin(1e-5));
    }
}

TEST_CASE("a profile ends after as many points as are wanted, or where nothing can be computed", "[fitting]")
{
    Line line;
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, 0});
    ProfileOptions few;
    few.most_points = 2;
    const Profile brief = profile_of(line.problem, best, 1, few);
    CHECK(brief.points.size() == 1 + 2 * 2);
    CHECK_FALSE(brief.low);
    CHECK_FALSE(brief.high);
    CHECK_FALSE(brief.failed);

    const double wall = best.x[1] + Slope(line).half_interval() / 2;
    line.problem.predict = [wall, whole = line.problem.predict](std::span<const double> x, Predictions& at) {
        return x[1] < wall && whole(x, at);
    };
    const Profile broken = profile_of(line.problem, best, 1);
    CHECK(broken.failed);
    CHECK(broken.low);
    CHECK_FALSE(broken.high);
    CHECK(broken.verdict == Verdict::practically_not);
    const double width = line.problem.upper[1] - line.problem.lower[1];
    CHECK(wall - broken.points.back().value < 1e-6 * width); // the shortest step leads across
}

TEST_CASE("where all follow a parameter along straight lines, each fit begins at its end", "[fitting]")
{
    Line line;
    line.know_spread(0.3);
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0});
    const auto points = profile_of(line.problem, best, 1).points;
    const auto middle = std::ranges::find(points, best.x[1], &ProfilePoint::value) - points.begin();
    const double t_mean = line.t.back() / 2;
    for (std::ptrdiff_t i = 0; i < std::ssize(points); ++i) {
        const ProfilePoint& point = points[static_cast<std::size_t>(i)];
        CHECK(point.x[0] == Approx(line.a - (point.value - line.b) * t_mean));
        CAPTURE(i - middle, point.iterations);
        CHECK((std::abs(i - middle) <= 1 || point.iterations == 0));
    }
}

TEST_CASE("the profile of a decay's rate is that of its linear form, also on the scale of logarithms", "[fitting]")
{
    const Decay decay;
    const Maximum best = maximise(decay.problem, std::vector<double>{0, 0});
    const Profile profile = profile_of(decay.problem, best, 1);
    REQUIRE(profile.low);
    REQUIRE(profile.high);
    const double half = std::sqrt(2 * threshold_95) * decay.rate_error;
    CHECK(std::exp(*profile.low) == Approx(decay.rate - half).epsilon(1e-4));
    CHECK(std::exp(*profile.high) == Approx(decay.rate + half).epsilon(1e-4));
    CHECK(profile.verdict == Verdict::identifiable);
    // Where the interval ends is looked for until it is known, and no longer; it lies between the last two points.
    CHECK(profile.points.front().rise > threshold_95);
    CHECK(profile.points.back().rise > threshold_95);
    CHECK(profile.points.front().value <= *profile.low);
    CHECK(profile.points.back().value >= *profile.high);
    for (const bool above : {false, true}) {
        CHECK(std::ranges::count_if(profile.points,
                                    [&](const ProfilePoint& point) {
                                        return (point.value > best.x[1]) == above
                                               && std::abs(point.rise - threshold_95) < 1e-5;
                                    })
              == 1);
    }
}

TEST_CASE("where the likelihood jumps over the threshold, the interval ends at the jump", "[fitting]")
{
    Line line;
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, 0});
    const double jump = best.x[1] + Slope(line).half_interval() / 3;
    line.problem.predict = [jump, whole = line.problem.predict](std::span<const double> x, Predictions& at) {
        const bool possible = whole(x, at);
        at.m[0] += x[1] > jump ? 10 : 0;
        return possible;
    };
    const Profile profile = profile_of(line.problem, best, 1);
    CHECK(is_ordered(profile, line.problem, 1));
    REQUIRE(profile.high);
    const double width = line.problem.upper[1] - line.problem.lower[1];
    CHECK(*profile.high == Approx(jump).margin(2e-6 * width)); // the shortest step
    CHECK(profile.verdict == Verdict::identifiable);
}

TEST_CASE("where nothing can be computed just at the end of an interval, it is known from both sides", "[fitting]")
{
    Line line;
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, 0});
    const double half = Slope(line).half_interval();
    line.problem.predict = [hole = best.x[1] + half, half, whole = line.problem.predict](std::span<const double> x,
                                                                                         Predictions& at) {
        return std::abs(x[1] - hole) > 0.01 * half && whole(x, at);
    };
    const Profile profile = profile_of(line.problem, best, 1);
    CHECK(is_ordered(profile, line.problem, 1));
    REQUIRE(profile.high);
    CHECK(*profile.high == Approx(best.x[1] + half).margin(0.01 * half));
    CHECK_FALSE(profile.failed);
    CHECK(profile.points.back().value > best.x[1] + 1.01 * half);
}

TEST_CASE("a profile of which nothing can be computed is its optimum, without an end or a direction", "[fitting]")
{
    Line line;
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, 0});
    line.problem.predict = [](std::span<const double>, Predictions&) { return false; };
    const Profile profile = profile_of(line.problem, best, 1);
    CHECK(profile.failed);
    CHECK(profile.points.size() == 1);
    CHECK(profile.lowest == best.negative_log);
    CHECK_FALSE(profile.low);
    CHECK_FALSE(profile.high);
    CHECK(profile.verdict == Verdict::practically_not);
    CHECK(profile.trade_off == std::vector<double>(3, 0.0));
}
