#include "convergence/exact_problems.hpp"
#include "convergence/lane_runs.hpp"
#include "tests/kernels/test_kernels.hpp"

#include "catch.hpp"

#include <cmath>
#include <functional>

using namespace osteoflare;
using namespace osteoflare::solvers;

namespace {

constexpr double end = 1.5;

double distance(const std::vector<double>& y, const auto& exact)
{
    double worst = 0;
    for (std::size_t k = 0; k < y.size(); ++k) {
        worst = std::max(worst, std::abs(y[k] - exact[k]));
    }
    return worst;
}

template <class Problem>
lane_runs::Answer answer_to(const lane_runs::Question& question)
{
    const std::span<const lanes::LaneEngine* const> engines =
        std::is_same_v<Problem, exact::Coupled> ? kernels::coupled_engines : kernels::functions_engines;
    return lane_runs::run(lanes::best_engine(engines), question, std::vector{lane_runs::plain<Problem>(question)})[0];
}

template <class Problem>
double error_at_end(double h)
{
    return distance(answer_to<Problem>({.to = end, .step = h}).last_state, Problem::solution(end));
}

/// The worst error within the steps.
template <class Problem>
double error_between(double h)
{
    lane_runs::Question question{.to = end, .step = h};
    for (double begin = 0; begin + h / 2 < end; begin += h) {
        for (const double share : {0.3, 0.5, 0.8}) {
            question.times.push_back(begin + share * h);
        }
    }
    const auto answer = answer_to<Problem>(question);
    double worst = 0;
    for (std::size_t t = 0; t < question.times.size(); ++t) {
        worst = std::max(worst, distance(answer.rows[t], Problem::solution(question.times[t])));
    }
    return worst;
}

/// The slope between halved steps, small enough for theory and too large for rounding.
double order(const std::function<double(double)>& error, int n_steps)
{
    return std::log2(error(end / n_steps) / error(end / (2 * n_steps)));
}

} // namespace

TEST_CASE("the error of Rodas5P in lanes shrinks with the fifth power of the step", "[solvers][convergence]")
{
    for (const auto& error : {error_at_end<exact::Coupled>, error_at_end<exact::Functions>}) {
        for (const int n_steps : {16, 32, 64}) {
            INFO(n_steps << " steps: error " << error(end / n_steps));
            CHECK(order(error, n_steps) == Approx(5).margin(0.2));
        }
    }
}

TEST_CASE("the continuous output of Rodas5P in lanes keeps order four", "[solvers][convergence]")
{
    // Within one step the error of a formula of order 4 shrinks as h^5.
    for (const auto& error : {error_between<exact::Coupled>, error_between<exact::Functions>}) {
        for (const int n_steps : {16, 32, 64}) {
            INFO(n_steps << " steps: error " << error(end / n_steps));
            CHECK(order(error, n_steps) > 4.7);
        }
    }
}

TEST_CASE("Rodas5P in lanes integrates polynomials of degree 5 exactly, and not of degree 6; its continuous output "
          "degree 4, and not 5",
          "[solvers][convergence]")
{
    const lane_runs::Question question{.to = 1, .step = 0.5, .times = {0.3}};
    const auto answer = lane_runs::run(lanes::best_engine(kernels::powers_engines), question,
                                       std::vector{lane_runs::plain<exact::Powers>(question)})[0];
    REQUIRE(answer.report.steps == 2);
    // Coefficients up to 150 with 16 digits, summed up over eight stages.
    constexpr double rounding = 8 * 150 * 2.3e-16;
    for (int degree = 1; degree <= 6; ++degree) {
        const auto k = static_cast<std::size_t>(degree - 1);
        const double at_end = std::abs(answer.last_state[k] - 1);
        const double between = std::abs(answer.rows[0][k] - std::pow(0.3, degree));
        INFO("degree " << degree << ": error " << at_end << " at the end, " << between << " within a step");
        CHECK((at_end < rounding) == (degree <= 5));
        CHECK((between < rounding) == (degree <= 4));
    }
}

TEST_CASE("in lanes the achieved error follows the tolerance", "[solvers][convergence]")
{
    double previous = 1;
    std::size_t n_steps = 0;
    for (const double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
        const auto answer = answer_to<exact::Coupled>({.to = end, .tolerance = tolerance, .absolute = {tolerance}});
        const double error = distance(answer.last_state, exact::Coupled::solution(end));
        INFO("error " << error << " at " << tolerance << " after " << answer.report.steps << " steps");
        CHECK(error < 10 * tolerance);
        CHECK(error < previous);
        // A hundredth of the error costs 100^(1/5) = 2.5 times the steps, fewer while they are few.
        CHECK(answer.report.steps > n_steps);
        CHECK((n_steps == 0 || answer.report.steps < 3 * n_steps));
        previous = error;
        n_steps = answer.report.steps;
    }
}
