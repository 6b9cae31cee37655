#include "convergence/fitting_problems.hpp"

#include "catch.hpp"

#include <limits>
#include <numbers>

using namespace osteoflare::solvers::fitting;
using osteoflare::tests::Decay;
using osteoflare::tests::Line;
using osteoflare::tests::noise;

TEST_CASE("a straight line through normal noise is fitted as linear regression does, spread included", "[fitting]")
{
    const Line line;
    for (const std::vector<double>& start : std::vector<std::vector<double>>{{0, 0, 0}, {9, -9, 4}, {-9, 5, -6}}) {
        const Maximum best = maximise(line.problem, start);
        REQUIRE(best.converged);
        CHECK(best.x[0] == Approx(line.a).epsilon(1e-6));
        CHECK(best.x[1] == Approx(line.b).epsilon(1e-6));
        CHECK(std::exp(best.x[2]) == Approx(line.s).epsilon(1e-5));
        const double n = static_cast<double>(line.t.size());
        CHECK(best.negative_log
              == Approx(n / 2 * (std::log(2 * std::numbers::pi * line.s * line.s) + 1)).epsilon(1e-10));
    }
}

TEST_CASE("a spread is found four and a half decades below where the search begins", "[fitting]")
{
    // One search lets it fall by e^-5 at most, those after it by e^-1/2: where one ends is no maximum yet.
    const Line line(20, 3e-3);
    MaximumOptions patient;
    patient.most_iterations = 400;
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, std::log(100.0)}, patient);
    REQUIRE(best.converged);
    CHECK(best.x[0] == Approx(line.a).epsilon(1e-6));
    CHECK(best.x[1] == Approx(line.b).epsilon(1e-6));
    CHECK(std::exp(best.x[2]) == Approx(line.s).epsilon(1e-5));
}

TEST_CASE("standard errors of a straight line are those of linear regression", "[fitting]")
{
    const Line line;
    const std::vector<double> x = {line.a, line.b, std::log(line.s)};
    const auto at = evaluate(line.problem, x);
    REQUIRE(at);
    const auto errors = spectrum_of(at->information, 3).standard_errors;
    double tt = 0, t_mean = 0;
    const double n = static_cast<double>(line.t.size());
    for (const double t : line.t) {
        t_mean += t / n;
        tt += t * t;
    }
    const double spread = tt - n * t_mean * t_mean;
    CHECK(errors[0] == Approx(line.s * std::sqrt(tt / (n * spread))).epsilon(1e-8));
    CHECK(errors[1] == Approx(line.s / std::sqrt(spread)).epsilon(1e-8));
    CHECK(errors[2] == Approx(1 / std::sqrt(2 * n)).epsilon(1e-8));
    for (const double slope : at->gradient) {
        CHECK(slope == Approx(0).margin(1e-9));
    }
    double sum = 0;
    for (std::size_t i = 0; i < line.t.size(); ++i) {
        sum += at->shares.at(i);
        CHECK(at->residuals.at(i) == Approx((line.a + line.b * line.t[i] - line.value[i]) / line.s));
    }
    CHECK(at->negative_log == Approx(sum));
}

TEST_CASE("a censored value tells as much as its -log Phi is curved where it lies", "[fitting]")
{
    // The prediction a + 2 b and the spread exp(a/2 - b) move together.
    Problem problem;
    problem.data = {{.noise = Noise::normal, .value = 0.4, .censored = true}};
    problem.lower = {-1, -1};
    problem.upper = {1, 1};
    problem.predict = [](std::span<const double> x, Predictions& at) {
        const double s = std::exp(x[0] / 2 - x[1]);
        at = {{x[0] + 2 * x[1]}, {s}, {1, 2}, {s / 2, -s}};
        return true;
    };
    const std::vector<double> x = {0.3, -0.2};
    const auto at = evaluate(problem, x);
    REQUIRE(at);
    // z = (0.4 - a - 2 b) exp(b - a/2)
    const double s = std::exp(x[0] / 2 - x[1]), z = (0.4 - x[0] - 2 * x[1]) / s;
    const double by_x[] = {-1 / s - z / 2, -2 / s + z};
    const double slope = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi) / (std::erfc(-z / std::sqrt(2.0)) / 2);
    for (std::size_t p = 0; p < 2; ++p) {
        CHECK(at->gradient[p] == Approx(-slope * by_x[p]));
        for (std::size_t q = 0; q < 2; ++q) {
            CHECK(at->information[2 * p + q] == Approx(slope * (slope + z) * by_x[p] * by_x[q]));
        }
    }
}

TEST_CASE("an exponential decay under lognormal noise is fitted as its closed form says", "[fitting]")
{
    Decay decay;
    std::size_t n_predictions = 0;
    decay.problem.predict = [&n_predictions, predict = decay.problem.predict](std::span<const double> x,
                                                                              Predictions& at) {
        ++n_predictions;
        return predict(x, at);
    };
    const Maximum best = maximise(decay.problem, std::vector<double>{0, 0});
    REQUIRE(best.converged);
    CHECK(best.evaluations == n_predictions);
    CHECK(best.x[0] == Approx(decay.log_start).epsilon(1e-6));
    CHECK(std::exp(best.x[1]) == Approx(decay.rate).epsilon(1e-6));
}

TEST_CASE("values below a detection limit move a mean as the closed form says", "[fitting]")
{
    // Normal noise of spread 1 around m: k values seen, n − k below the limit 0. The maximum solves
    // Σ(v − m) = (n − k) φ(m)/Φ(−m), by bisection here.
    Problem problem;
    const std::vector<double> seen = {0.3, 1.2, 0.7};
    constexpr std::size_t n_below = 4;
    for (const double value : seen) {
        problem.data.push_back({.noise = Noise::normal, .value = value});
    }
    problem.data.insert(problem.data.end(), n_below, {.noise = Noise::normal, .value = 0, .censored = true});
    problem.lower = {-10};
    problem.upper = {10};
    problem.predict = [](std::span<const double> x, Predictions& at) {
        const std::size_t n = 7;
        at = {std::vector<double>(n, x[0]), std::vector<double>(n, 1), std::vector<double>(n, 1),
              std::vector<double>(n, 0)};
        return true;
    };
    const auto excess = [&](double m) {
        const double density = std::exp(-m * m / 2) / std::sqrt(2 * std::numbers::pi);
        return 2.2 - 3 * m - n_below * density / (0.5 * std::erfc(m / std::numbers::sqrt2));
    };
    double low = -5, high = 5;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (excess(middle) > 0 ? low : high) = middle;
    }
    const Maximum best = maximise(problem, std::vector<double>{3});
    REQUIRE(best.converged);
    CHECK(best.x[0] == Approx(low).epsilon(1e-6));
}

TEST_CASE("the maximum within bounds lies on them where the free one lies beyond", "[fitting]")
{
    for (const double bound : {-0.2, -1.1}) {
        Line line;
        (bound > line.b ? line.problem.lower : line.problem.upper)[1] = bound;
        const Maximum best = maximise(line.problem, std::vector<double>{0, bound > line.b ? 0.0 : -2.0, 0});
        REQUIRE(best.converged);
        CHECK(best.x[1] == Approx(bound).epsilon(1e-12));
        const auto n = static_cast<double>(line.t.size());
        double mean = 0, square = 0;
        for (std::size_t i = 0; i < line.t.size(); ++i) {
            mean += (line.value[i] - bound * line.t[i]) / n;
        }
        for (std::size_t i = 0; i < line.t.size(); ++i) {
            square += std::pow(line.value[i] - bound * line.t[i] - mean, 2) / n;
        }
        CHECK(best.x[0] == Approx(mean).epsilon(1e-5));
        CHECK(std::exp(best.x[2]) == Approx(std::sqrt(square)).epsilon(1e-5));
    }
}

TEST_CASE("with nothing left to search, the maximum is where it starts", "[fitting]")
{
    const Line line;
    const std::vector<double> start = {1, -1, 0.5};
    MaximumOptions all_fixed;
    all_fixed.fixed.assign(3, true);
    const Maximum best = maximise(line.problem, start, all_fixed);
    CHECK(best.converged);
    CHECK(best.x == start);
    CHECK(best.negative_log == evaluate(line.problem, start)->negative_log);
}

TEST_CASE("a search ends where its iterations are used up, and says so", "[fitting]")
{
    const Line line;
    for (const std::size_t most : {3U, 25U}) {
        MaximumOptions brief;
        brief.most_iterations = most;
        const Maximum best = maximise(line.problem, std::vector<double>{0, 0, std::log(100.0)}, brief);
        CHECK(best.found);
        CHECK_FALSE(best.converged);
        CHECK(best.iterations == most);
        CHECK(best.negative_log == evaluate(line.problem, best.x)->negative_log);
    }
}

TEST_CASE("spreads that are known stand beside one that is estimated", "[fitting]")
{
    // The earlier half of a line's values has a known spread: at the maximum no slope is left.
    Line line;
    const std::size_t n_known = line.t.size() / 2;
    line.problem.predict = [n_known, whole = line.problem.predict](std::span<const double> x, Predictions& at) {
        whole(x, at);
        for (std::size_t i = 0; i < n_known; ++i) {
            at.s[i] = 0.2;
            at.s_by_x[3 * i + 2] = 0;
        }
        return true;
    };
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0, 0});
    REQUIRE(best.converged);
    double squares = 0;
    for (std::size_t i = n_known; i < line.t.size(); ++i) {
        squares += std::pow(line.value[i] - best.x[0] - best.x[1] * line.t[i], 2);
    }
    CHECK(std::exp(best.x[2])
          == Approx(std::sqrt(squares / static_cast<double>(line.t.size() - n_known))).epsilon(1e-5));
    const auto at = evaluate(line.problem, best.x);
    REQUIRE(at);
    for (const double slope : at->gradient) {
        CHECK(slope == Approx(0).margin(1e-3));
    }
}

TEST_CASE("a search that cannot be computed where it starts says so", "[fitting]")
{
    Line line;
    const auto whole = line.problem.predict;
    line.problem.predict = [whole](std::span<const double> x, Predictions& at) { return x[0] < 8 && whole(x, at); };
    CHECK_FALSE(maximise(line.problem, std::vector<double>{9, 0, 0}).found);
    CHECK(maximise(line.problem, std::vector<double>{7.9, 2, 0}).x[0] == Approx(line.a).epsilon(1e-6));
}

TEST_CASE("a search that meets a hole goes around it", "[fitting]")
{
    const std::vector<double> start = {3, 2};
    std::vector<std::vector<double>> places;
    Decay decay;
    const auto whole = decay.problem.predict;
    decay.problem.predict = [&](std::span<const double> x, Predictions& at) {
        places.emplace_back(x.begin(), x.end());
        return whole(x, at);
    };
    const Maximum free = maximise(decay.problem, start);
    REQUIRE(free.converged);
    REQUIRE(places.size() > 5);
    // Where its first step ended, nothing can be computed now.
    const auto first = *std::ranges::find_if(places, [&](const auto& x) { return x != start; });
    const auto distance = [](const auto& x, const auto& y) { return std::hypot(x[0] - y[0], x[1] - y[1]); };
    const double radius = 0.3 * std::min(distance(first, start), distance(first, free.x));
    std::size_t n_met = 0;
    decay.problem.predict = [&](std::span<const double> x, Predictions& at) {
        const bool is_met = distance(x, first) < radius;
        n_met += is_met;
        return !is_met && whole(x, at);
    };
    const Maximum best = maximise(decay.problem, start);
    CHECK(n_met > 0);
    CHECK(best.converged);
    CHECK(best.x[0] == Approx(decay.log_start).epsilon(1e-6));
    CHECK(std::exp(best.x[1]) == Approx(decay.rate).epsilon(1e-6));
}

TEST_CASE("a search none of whose steps is possible stays where it starts", "[fitting]")
{
    for (const bool is_computed : {true, false}) {
        Decay decay;
        const std::vector<double> start = {1, 0};
        std::size_t n_met = 0;
        decay.problem.predict = [&, whole = decay.problem.predict](std::span<const double> x, Predictions& at) {
            const bool possible = whole(x, at), is_met = !std::ranges::equal(x, start);
            n_met += is_met;
            at.m[0] = is_met ? -1 : at.m[0]; // which no lognormal measurement can be about
            return possible && (is_computed || !is_met);
        };
        const Maximum best = maximise(decay.problem, start);
        CHECK(n_met > 0);
        CHECK(best.found);
        CHECK(best.cut_off);
        CHECK_FALSE(best.converged);
        CHECK(best.x == start);
        CHECK(best.negative_log == evaluate(decay.problem, start)->negative_log);
        CHECK_FALSE(evaluate(decay.problem, std::vector<double>{1.5, 0}));
    }
}

TEST_CASE("where slopes are no numbers, a search does not begin, and goes around", "[fitting]")
{
    Decay decay;
    const std::vector<double> start = {3, 2};
    MaximumOptions brief;
    brief.most_iterations = 2;
    const auto on_its_way = maximise(decay.problem, start, brief).x;
    const auto distance = [](const auto& x, const auto& y) { return std::hypot(x[0] - y[0], x[1] - y[1]); };
    const double radius = 0.3 * distance(start, on_its_way);
    REQUIRE(radius > 0);
    std::size_t n_met = 0;
    decay.problem.predict = [&, whole = decay.problem.predict](std::span<const double> x, Predictions& at) {
        whole(x, at);
        const bool is_met = distance(x, on_its_way) < radius;
        n_met += is_met;
        at.m_by_x[1] = is_met ? std::numeric_limits<double>::infinity() : at.m_by_x[1];
        return true;
    };
    CHECK_FALSE(maximise(decay.problem, on_its_way).found);
    n_met = 0;
    const Maximum best = maximise(decay.problem, start);
    CHECK(n_met > 0);
    CHECK(best.converged);
    CHECK(best.x[0] == Approx(decay.log_start).epsilon(1e-6));
}

TEST_CASE("counts alone have no spread: their best probit is that of the share of all who fell ill", "[fitting]")
{
    Problem problem;
    problem.data = {{.noise = Noise::binomial, .value = 3, .trials = 10},
                    {.noise = Noise::binomial, .value = 9, .trials = 20}};
    problem.lower = {-5};
    problem.upper = {5};
    problem.predict = [](std::span<const double> x, Predictions& at) {
        at = {{x[0], x[0]}, {0, 0}, {1, 1}, {0, 0}};
        return true;
    };
    const Maximum best = maximise(problem, std::vector<double>{2});
    REQUIRE(best.converged);
    const double probit = inverse_log_normal_cdf(std::log(0.4)); // 12 of 30
    CHECK(best.x[0] == Approx(probit).epsilon(1e-6));
    // The information of n animals is n phi^2 / (p q).
    const double density = std::exp(-probit * probit / 2) / std::sqrt(2 * std::numbers::pi);
    const auto at = evaluate(problem, std::vector<double>{probit});
    REQUIRE(at);
    CHECK(at->information[0] == Approx(30 * density * density / 0.24));
    CHECK(at->gradient[0] == Approx(0).margin(1e-12));
}

TEST_CASE("with a known spread, what comes to rest at a bound is searched again with that held", "[fitting]")
{
    Line line;
    line.know_spread(0.3);
    line.problem.lower[1] = -0.4;
    const Maximum best = maximise(line.problem, std::vector<double>{0, 0});
    REQUIRE(best.converged);
    CHECK(best.x[1] == -0.4); // the free one is near -0.7
    double mean = 0;
    for (std::size_t i = 0; i < line.t.size(); ++i) {
        mean += (line.value[i] + 0.4 * line.t[i]) / static_cast<double>(line.t.size());
    }
    CHECK(best.x[0] == Approx(mean).epsilon(1e-6));
}

TEST_CASE("a direction that the data do not see has infinite standard errors, and only that", "[fitting]")
{
    // Information of u = x0 + x1 and of x2: eigenvector (1, −1, 0)/√2 has eigenvalue 0.
    const std::vector<double> information = {4, 4, 0, 4, 4, 0, 0, 0, 25};
    const Spectrum spectrum = spectrum_of(information, 3);
    CHECK(std::isinf(spectrum.standard_errors[0]));
    CHECK(std::isinf(spectrum.standard_errors[1]));
    CHECK(spectrum.standard_errors[2] == Approx(0.2));
    CHECK(spectrum.values[0] == Approx(0).margin(1e-12));
    CHECK(spectrum.vectors[0] == Approx(-spectrum.vectors[1]));
    CHECK(spectrum.values.size() == 3);
}

TEST_CASE("what data see 1e-10 times as well as the best counts as seen, and less does not", "[fitting]")
{
    CHECK(spectrum_of(std::vector<double>{100, 0, 0, 1e-7}, 2).standard_errors[1] == Approx(std::sqrt(1e7)));
    CHECK(std::isinf(spectrum_of(std::vector<double>{100, 0, 0, 1e-9}, 2).standard_errors[1]));
    // Nothing is seen along (part, 1): a parameter with hardly any part in that is known all the same.
    const auto error_of = [](double part) {
        return spectrum_of(std::vector<double>{1, -part, -part, part * part}, 2).standard_errors[0];
    };
    CHECK(std::isinf(error_of(1e-2)));
    CHECK(std::isinf(error_of(1e-3)));
    CHECK(error_of(1e-5) == Approx(1));
}
