#include "convergence/fitting_problems.hpp"
#include "solvers/fitting/profile.hpp"

#include "catch.hpp"

#include <algorithm>

using namespace osteoflare::solvers::fitting;
using osteoflare::tests::Decay;
using osteoflare::tests::Line;

TEST_CASE("the profile of a slope under unknown spread ends where the closed form says", "[fitting]")
{
    // With the spread profiled out, −log L rises by n/2 log(1 + (Δb)²tt/(n s²)).
    const Line line;
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, 0});
    const Profile profile = profile_of(line.problem, best, 1);
    const double n = static_cast<double>(line.t.size());
    double t_mean = 0, tt = 0;
    for (const double t : line.t) {
        t_mean += t / n;
    }
    for (const double t : line.t) {
        tt += (t - t_mean) * (t - t_mean);
    }
    const double half = line.s * std::sqrt(n / tt * std::expm1(2 * threshold_95 / n));
    REQUIRE(profile.low);
    REQUIRE(profile.high);
    CHECK(*profile.low == Approx(line.b - half).epsilon(1e-4));
    CHECK(*profile.high == Approx(line.b + half).epsilon(1e-4));
    CHECK(profile.verdict == Verdict::identifiable);
    for (const ProfilePoint& point : profile.points) {
        const double offset = point.value - line.b;
        CHECK(point.rise == Approx(n / 2 * std::log1p(offset * offset * tt / (n * line.s * line.s))).margin(1e-5));
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
    // Where the interval ends is looked for until it is known, and no longer.
    for (const bool above : {false, true}) {
        CHECK(std::ranges::count_if(profile.points,
                                    [&](const ProfilePoint& point) {
                                        return (point.value > best.x[1]) == above
                                               && std::abs(point.rise - threshold_95) < 1e-5;
                                    })
              == 1);
    }
}

TEST_CASE("two factors that only act as a product are structurally not identifiable, and named together", "[fitting]")
{
    // The decay's start is the product of x0 and x2.
    Decay decay;
    Problem problem = decay.problem;
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
    const Maximum best = maximise(problem, std::vector<double>{0, 0, 0});
    REQUIRE(best.converged);
    for (const std::size_t factor : {0U, 2U}) {
        const Profile profile = profile_of(problem, best, factor);
        CHECK(profile.verdict == Verdict::structurally_not);
        REQUIRE(profile.trade_off.size() == 3);
        CHECK(profile.trade_off[0] == Approx(-profile.trade_off[2]).epsilon(1e-3));
        CHECK(std::abs(profile.trade_off[1]) < 1e-3);
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
    CHECK(profile.points.front().value == problem.lower[1]); // as far as the bound, and no farther
}
