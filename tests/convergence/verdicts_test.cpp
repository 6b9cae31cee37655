#include "convergence/fitting_problems.hpp"

#include "catch.hpp"

#include <algorithm>

using namespace osteoflare::solvers::fitting;
using osteoflare::tests::Decay;
using osteoflare::tests::is_ordered;
using osteoflare::tests::Line;
using osteoflare::tests::Slope;

namespace {

/// A line whose slope is b − max(0, (c − x1) way)² at x1: on one side of c, x1 has no effect at all.
struct HalfFlat {
    static constexpr double c = 0.5;
    Line line;
    Maximum best;

    explicit HalfFlat(double way)
    {
        line.problem.lower[1] = way > 0 ? -2 : 0.1;
        line.problem.upper[1] = way > 0 ? 0.9 : 3;
        line.problem.predict = [way, b = line.b, whole = line.problem.predict](std::span<const double> x,
                                                                               Predictions& at) {
            const double below = std::max(0.0, (c - x[1]) * way);
            const std::vector<double> y = {x[0], b - below * below, x[2]};
            const bool possible = whole(y, at);
            for (std::size_t i = 0; i < at.m.size(); ++i) {
                at.m_by_x[3 * i + 1] *= 2 * below * way;
            }
            return possible;
        };
        best.x = {line.a, c + 0.2 * way, std::log(line.s)};
        best.negative_log = evaluate(line.problem, best.x)->negative_log;
    }
};

} // namespace

TEST_CASE("two factors that only act as a product are structurally not identifiable, and named together", "[fitting]")
{
    // The decay's start is the product of x0 and x2.
    Decay decay;
    Problem problem = decay.problem;
    problem.lower[0] = 0; // between which it stops x2 on either side
    problem.upper[0] = std::log(100);
    problem.lower.push_back(std::log(0.01));
    problem.upper.push_back(std::log(10));
    problem.predict = [two = decay.problem.predict](std::span<const double> x, Predictions& at) {
        Predictions inner;
        const std::vector<double> y = {x[0] + x[2], x[1]};
        two(y, inner);
        at = {inner.m, inner.s, {}, {}};
        for (std::size_t i = 0; i < inner.m.size(); ++i) {
            const double by_start = inner.m_by_x[2 * i], by_rate = inner.m_by_x[2 * i + 1];
            at.m_by_x.insert(at.m_by_x.end(), {by_start, by_rate, by_start});
            at.s_by_x.insert(at.s_by_x.end(), {0, 0, 0});
        }
        return true;
    };
    const Maximum best = maximise(problem, std::vector<double>{1, 0, 0});
    REQUIRE(best.converged);
    for (const std::size_t factor : {0U, 2U}) {
        const Profile profile = profile_of(problem, best, factor);
        CHECK(profile.verdict == Verdict::structurally_not);
        CHECK_FALSE(profile.low);
        CHECK_FALSE(profile.high);
        CHECK(is_ordered(profile, problem, factor));
        // Steps double where nothing rises, up to an eighth of the range.
        const double width = problem.upper[factor] - problem.lower[factor];
        const auto middle = std::ranges::find(profile.points, best.x[factor], &ProfilePoint::value);
        REQUIRE(profile.points.end() - middle > 2);
        CHECK(middle[1].value - middle[0].value == Approx(width / 20));
        CHECK(middle[2].value - middle[1].value == Approx(width / 10));
        double longest = 0;
        for (std::size_t i = 1; i < profile.points.size(); ++i) {
            longest = std::max(longest, profile.points[i].value - profile.points[i - 1].value);
        }
        CHECK(longest == Approx(width / 8));
        REQUIRE(profile.trade_off.size() == 3);
        CHECK(profile.trade_off[factor] == Approx(1).epsilon(1e-3));
        CHECK(profile.trade_off[2 - factor] == Approx(-1).epsilon(1e-3));
        CHECK(std::abs(profile.trade_off[1]) < 1e-3);
        for (const ProfilePoint& point : profile.points) {
            // The other one makes up for it until it stands at a bound.
            const double other = decay.log_start - point.value;
            const bool is_beyond = other < problem.lower[2 - factor] || other > problem.upper[2 - factor];
            CHECK(point.held == is_beyond);
            CHECK((is_beyond || std::abs(point.rise) < 1e-6));
        }
    }
    const Profile rate = profile_of(problem, best, 1);
    CHECK(rate.verdict == Verdict::identifiable);
    CHECK(std::exp(*rate.high) == Approx(decay.rate + std::sqrt(2 * threshold_95) * decay.rate_error).epsilon(1e-4));
}

TEST_CASE("a parameter with an effect too small for the data is practically not identifiable", "[fitting]")
{
    // A slope on a logarithmic scale whose sign the data do not tell: it may be as small as it likes.
    Line line;
    Problem problem = line.problem;
    problem.lower[1] = std::log(1e-6);
    problem.upper[1] = std::log(10);
    for (std::size_t i = 0; i < problem.data.size(); ++i) {
        problem.data[i].value = 0.01 * line.t[i] + 0.3 * osteoflare::tests::noise(11, i);
    }
    problem.predict = [linear = line.problem.predict](std::span<const double> x, Predictions& at) {
        const std::vector<double> y = {x[0], std::exp(x[1]), x[2]};
        linear(y, at);
        for (std::size_t i = 0; i < at.m.size(); ++i) {
            at.m_by_x[3 * i + 1] *= y[1];
        }
        return true;
    };
    Maximum best;
    for (const double start : {-8.0, -4.0, -1.0}) {
        const Maximum found = maximise(problem, std::vector<double>{0, start, -1});
        best = found.negative_log < best.negative_log ? found : best;
    }
    const Profile profile = profile_of(problem, best, 1);
    CHECK(profile.verdict == Verdict::practically_not);
    CHECK_FALSE(profile.low);
    CHECK(profile.high);
    const ProfilePoint& last = profile.points.front();
    CHECK(last.value == problem.lower[1]); // as far as the bound, and no farther
    // All move in proportion from the optimum there, the slope the farthest.
    for (std::size_t p = 0; p < 3; ++p) {
        CHECK(profile.trade_off.at(p) * (best.x[1] - last.value) == Approx(last.x[p] - best.x[p]).margin(1e-12));
    }
}

TEST_CASE("a parameter that is flat on one side is practically not identifiable, with an end", "[fitting]")
{
    for (const double way : {1.0, -1.0}) {
        const HalfFlat flat(way);
        const Profile profile = profile_of(flat.line.problem, flat.best, 1);
        CHECK(is_ordered(profile, flat.line.problem, 1));
        CHECK(profile.verdict == Verdict::practically_not);
        const double end = HalfFlat::c - way * std::sqrt(Slope(flat.line).half_interval());
        REQUIRE((way > 0 ? profile.low : profile.high));
        CHECK(*(way > 0 ? profile.low : profile.high) == Approx(end).epsilon(1e-4));
        CHECK_FALSE((way > 0 ? profile.high : profile.low));
        CHECK((way > 0 ? profile.points.back().value == 0.9 : profile.points.front().value == 0.1));
        REQUIRE(profile.trade_off.size() == 3);
        CHECK(profile.trade_off[1] == way);
        CHECK(std::abs(profile.trade_off[0]) + std::abs(profile.trade_off[2]) < 1e-5);
    }
}

TEST_CASE("a parameter whose bounds stop it before its end is practically, not structurally, unknown", "[fitting]")
{
    Line line;
    const Slope slope(line);
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, 0});
    line.problem.lower[1] = line.b - 0.3 * slope.half_interval();
    line.problem.upper[1] = line.b + 0.3 * slope.half_interval();
    const Profile profile = profile_of(line.problem, best, 1);
    CHECK(is_ordered(profile, line.problem, 1));
    CHECK(profile.points.size() == 1 + 2 * 5); // a twentieth of the range, a tenth, and eighths to the half
    CHECK(profile.points.front().value == line.problem.lower[1]);
    CHECK(profile.points.back().value == line.problem.upper[1]);
    CHECK(profile.verdict == Verdict::practically_not);
    CHECK_FALSE(profile.low);
    CHECK_FALSE(profile.high);
}

TEST_CASE("what another parameter's bounds alone keep from moving is practically not identifiable", "[fitting]")
{
    // A line with two intercepts, one of them between narrow bounds: the other is flat for less than a fiftieth of its
    // range, and then ends as if the first stood there.
    const Line line(20, 0.03);
    constexpr double narrow = 0.19;
    Problem problem = line.problem;
    problem.lower.push_back(-narrow);
    problem.upper.push_back(narrow);
    problem.predict = [one = line.problem.predict](std::span<const double> x, Predictions& at) {
        Predictions inner;
        one(std::vector<double>{x[0] + x[3], x[1], x[2]}, inner);
        at = {inner.m, inner.s, {}, {}};
        for (std::size_t i = 0; i < inner.m.size(); ++i) {
            at.m_by_x.insert(at.m_by_x.end(), {inner.m_by_x[3 * i], inner.m_by_x[3 * i + 1], 0, inner.m_by_x[3 * i]});
            at.s_by_x.insert(at.s_by_x.end(), {0, 0, inner.s_by_x[3 * i + 2], 0});
        }
        return true;
    };
    const Maximum one = maximise(line.problem, std::vector<double>{0, 0, -1});
    Maximum best = one;
    best.x.push_back(0);
    const Profile profile = profile_of(problem, best, 0), alone = profile_of(line.problem, one, 0);
    CHECK(is_ordered(profile, problem, 0));
    CHECK(std::ranges::count_if(profile.points, [](const ProfilePoint& point) { return !point.held; }) > 1);
    CHECK(profile.verdict == Verdict::practically_not);
    REQUIRE(profile.low);
    REQUIRE(profile.high);
    CHECK(*profile.low == Approx(*alone.low - narrow).epsilon(1e-4));
    CHECK(*profile.high == Approx(*alone.high + narrow).epsilon(1e-4));

    // A bound at which the optimum itself stands holds nothing.
    problem.upper[3] = 0;
    problem.lower[3] = -1e-9;
    const Profile at_bound = profile_of(problem, best, 0);
    CHECK(at_bound.verdict == Verdict::identifiable);
    CHECK(std::ranges::none_of(at_bound.points, &ProfilePoint::held));
}

TEST_CASE("an end that stands on another one's bound is no end, whichever side it is on", "[fitting]")
{
    // With the intercept down, the slope goes up, and the other way round.
    Line line;
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, 0});
    for (const bool down : {true, false}) {
        Problem problem = line.problem;
        const double room = Slope(line).half_interval() / 5;
        (down ? problem.upper : problem.lower)[1] = best.x[1] + (down ? room : -room);
        const Profile profile = profile_of(problem, best, 0);
        CHECK((down ? profile.points.front() : profile.points.back()).held);
        CHECK_FALSE((down ? profile.points.back() : profile.points.front()).held);
        CHECK(profile.verdict == Verdict::practically_not);
        CHECK(profile.low);
        CHECK(profile.high);
        CHECK(profile.trade_off.at(0) == (down ? -1 : 1));
    }
}
