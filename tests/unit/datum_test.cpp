#include "solvers/fitting/datum.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

using namespace osteoflare::solvers::fitting;

namespace {

double normal_density(double value, double m, double s)
{
    const double z = (value - m) / s;
    return std::exp(-z * z / 2) / (s * std::sqrt(2 * std::numbers::pi));
}

/// Simpson's rule.
template <class Function>
double integral(Function f, double from, double to)
{
    constexpr int n = 2000;
    const double h = (to - from) / n;
    double sum = f(from) + f(to);
    for (int i = 1; i < n; ++i) {
        sum += (i % 2 == 1 ? 4 : 2) * f(from + i * h);
    }
    return sum * h / 3;
}

const std::vector<Datum> examples = {
    {.noise = Noise::normal, .value = 1.3},
    {.noise = Noise::normal, .value = 1.3, .censored = true},
    {.noise = Noise::lognormal, .value = 1.3},
    {.noise = Noise::lognormal, .value = 1.3, .censored = true},
    {.noise = Noise::binomial, .value = 3, .trials = 10},
    {.noise = Noise::binomial, .value = 0, .trials = 10},
    {.noise = Noise::binomial, .value = 10, .trials = 10},
};

} // namespace

TEST_CASE("a normal measurement has the density of the bell curve", "[fitting]")
{
    const auto share = share_of({.noise = Noise::normal, .value = 1.3}, 2, 0.4);
    CHECK(std::exp(-share->negative_log) == Approx(normal_density(1.3, 2, 0.4)).epsilon(1e-13));
}

TEST_CASE("a lognormal measurement has a density whose integral over all values is 1", "[fitting]")
{
    const auto density = [](double value) {
        return std::exp(-share_of({.noise = Noise::lognormal, .value = value}, 2, 0.4)->negative_log);
    };
    CHECK(integral(density, 0.05, 40) == Approx(1).epsilon(1e-6));
}

TEST_CASE("a measurement below its limit has the probability of all values below", "[fitting]")
{
    const auto normal = share_of({.noise = Noise::normal, .value = 1.3, .censored = true}, 2, 0.4);
    CHECK(std::exp(-normal->negative_log)
          == Approx(integral([](double value) { return normal_density(value, 2, 0.4); }, -3, 1.3)).epsilon(1e-9));
    const auto lognormal = share_of({.noise = Noise::lognormal, .value = 1.3, .censored = true}, 2, 0.4);
    const double limit = std::log(1.3), m = std::log(2);
    CHECK(std::exp(-lognormal->negative_log)
          == Approx(integral([m](double value) { return normal_density(value, m, 0.4); }, -5, limit)).epsilon(1e-9));
}

TEST_CASE("the residual of a count is positive where more are foretold than fell ill", "[fitting]")
{
    for (const double ill : {0.0, 3.0, 10.0}) {
        for (const double probit : {-1.5, -0.4, 0.6, 1.7}) {
            const double foretold = 5 * std::erfc(-probit / std::sqrt(2.0));
            const auto share = share_of({.noise = Noise::binomial, .value = ill, .trials = 10}, probit, 0);
            CHECK((share->residual > 0) == (foretold > ill));
        }
    }
}

TEST_CASE("the probabilities of all counts of animals that fall ill add up to 1", "[fitting]")
{
    double sum = 0;
    for (int ill = 0; ill <= 10; ++ill) {
        const auto share =
            share_of({.noise = Noise::binomial, .value = static_cast<double>(ill), .trials = 10}, 0.4, 0);
        sum += std::exp(-share->negative_log);
    }
    CHECK(sum == Approx(1).epsilon(1e-12));
}

TEST_CASE("what a measurement says of prediction and spread is the derivative of its likelihood", "[fitting]")
{
    for (const Datum& datum : examples) {
        for (const double m : {0.3, 0.9, 1.3, 2.5}) {
            const double s = 0.6, h = 1e-5;
            const auto share = share_of(datum, m, s);
            const auto at = [&](double by_m, double by_log_s) {
                return share_of(datum, m + by_m, s * std::exp(by_log_s))->negative_log;
            };
            INFO("value " << datum.value << " of kind " << static_cast<int>(datum.noise) << " at " << m);
            CHECK(share->residual * share->residual_by_m == Approx((at(h, 0) - at(-h, 0)) / (2 * h)).margin(2e-9));
            const double spread = share->has_spread ? 1 : 0;
            CHECK(share->residual * share->residual_by_log_s + spread
                  == Approx((at(0, h) - at(0, -h)) / (2 * h)).margin(2e-9));
        }
    }
}

TEST_CASE("half the square of a residual is -log likelihood but for what does not move", "[fitting]")
{
    for (const Datum& datum : examples) {
        const auto rest = [&](double m, double s) {
            const auto share = share_of(datum, m, s);
            return share->negative_log - share->residual * share->residual / 2 - (share->has_spread ? std::log(s) : 0);
        };
        CHECK(rest(0.8, 0.5) == Approx(rest(1.9, 0.2)).margin(1e-12));
    }
}

TEST_CASE("far below zero the normal distribution goes over into its series without a step", "[fitting]")
{
    // erfc is exact down to -37; the series takes over at -20.
    for (const double z : {-19.9999, -20.0001, -25.0, -36.0}) {
        CHECK(log_normal_cdf(z) == Approx(std::log(0.5 * std::erfc(-z / std::numbers::sqrt2))).epsilon(1e-13));
    }
    CHECK(log_normal_cdf(-100) == Approx(-5005.5242086942050886).epsilon(1e-14));
    CHECK(log_normal_cdf_slope(-100) == Approx(100.00999800099926).epsilon(1e-13));
    CHECK(log_normal_cdf(10) == Approx(-7.6198530241605e-24).epsilon(1e-10));
}

TEST_CASE("an impossible measurement has no share", "[fitting]")
{
    CHECK_FALSE(share_of({.noise = Noise::lognormal, .value = 1}, 0, 0.5));
    CHECK_FALSE(share_of({.noise = Noise::normal, .value = 1}, 1, 0));
    CHECK_FALSE(share_of({.noise = Noise::normal, .value = 1}, std::nan(""), 1));
    CHECK(share_of({.noise = Noise::lognormal, .value = 1, .censored = true}, 0, 0.5)->negative_log == 0);
}

TEST_CASE("the inverse of log Phi gives back what it was given", "[fitting]")
{
    for (const double z : {-38.0, -20.5, -8.0, -1.0, -0.3, 0.0, 0.4}) {
        CHECK(inverse_log_normal_cdf(log_normal_cdf(z)) == Approx(z).epsilon(1e-13).margin(1e-13));
    }
    CHECK(std::isnan(inverse_log_normal_cdf(std::nan(""))));
}

TEST_CASE("who is spared at one inspection after the other is spared at the last", "[fitting]")
{
    // Probabilities multiply: of being spared until the end, those of being spared from each inspection to the next.
    const std::vector<double> probits = {-30, -9, -2.5, -1, 0.3, 0.31, 2, 6};
    double log_spared = log_normal_cdf(-probits.front());
    for (std::size_t i = 1; i < probits.size(); ++i) {
        log_spared += log_normal_cdf(-conditional_probit(probits[i - 1], probits[i]).z);
        CHECK(log_spared == Approx(log_normal_cdf(-probits[i])).epsilon(1e-12));
    }
}

TEST_CASE("a probit from one inspection to the next moves as differences of it say", "[fitting]")
{
    for (const auto& [before, now] : {std::pair{-2.0, -1.5}, {-0.5, 1.0}, {-12.0, -3.0}, {1.0, 4.0}}) {
        const double h = 1e-5;
        const auto at = conditional_probit(before, now);
        const auto by_now = conditional_probit(before, now + h).z - conditional_probit(before, now - h).z;
        const auto by_before = conditional_probit(before + h, now).z - conditional_probit(before - h, now).z;
        CHECK(at.by_now == Approx(by_now / (2 * h)).epsilon(1e-7));
        CHECK(at.by_before == Approx(by_before / (2 * h)).epsilon(1e-7).margin(1e-9));
    }
}

TEST_CASE("where the share that is ill does not grow nobody falls ill", "[fitting]")
{
    CHECK(conditional_probit(0.5, 0.5).z == -37);
    CHECK(conditional_probit(0.5, 0.2).by_now == 0);
    CHECK(std::isnan(conditional_probit(0.5, std::nan("")).z));
    CHECK(std::isnan(conditional_probit(std::nan(""), 0.5).z));
}

TEST_CASE("a limit far above what is foretold says nothing of it", "[fitting]")
{
    const auto share = share_of({.noise = Noise::normal, .value = 100, .censored = true}, 0, 1);
    REQUIRE(share);
    for (const double nothing :
         {share->negative_log, share->residual, share->residual_by_m, share->residual_by_log_s}) {
        CHECK(nothing == 0);
    }
}

TEST_CASE("the residual of a count goes through its best probit as straight as beside it", "[fitting]")
{
    const Datum three{.noise = Noise::binomial, .value = 3, .trials = 10};
    const double best = inverse_log_normal_cdf(std::log(0.3)), h = 1e-4;
    const auto at = [&](double m) { return *share_of(three, m, 0); };
    CHECK(std::abs(at(best).residual) < 1e-7);
    for (const double off : {-1e-2, -1e-7, -1e-8, -1e-9, 0.0, 1e-9, 1e-8, 1e-7, 1e-2}) {
        const double m = best + off;
        CHECK(at(m).residual_by_m == Approx((at(m + h).residual - at(m - h).residual) / (2 * h)).epsilon(1e-6));
    }
    // Where nobody can fall ill and nobody does, or all must and do, nothing is left to say.
    const double infinity = std::numeric_limits<double>::infinity();
    for (const auto& [ill, m] : {std::pair{0.0, -8.0}, {10.0, 8.0}, {0.0, -infinity}, {10.0, infinity}}) {
        const auto certain = share_of({.noise = Noise::binomial, .value = ill, .trials = 10}, m, 0);
        REQUIRE(certain);
        CHECK(certain->negative_log == Approx(0).margin(1e-13));
        CHECK(certain->residual_by_m == Approx(0).margin(1e-5));
    }
}

TEST_CASE("a measurement whose slopes are beyond all numbers has no share", "[fitting]")
{
    CHECK_FALSE(share_of({.noise = Noise::normal, .value = 1}, 1, 1e-310));                     // by m: 1/s
    CHECK_FALSE(share_of({.noise = Noise::normal, .value = -1.5e154, .censored = true}, 0, 1)); // by log s: z^2
    CHECK_FALSE(share_of({.noise = Noise::normal, .value = 1e160}, 0, 1));
}
