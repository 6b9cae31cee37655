#include "convergence/stiff_problems.hpp"

#include "convergence/lane_runs.hpp"
#include "solvers/integrate.hpp"
#include "solvers/observers.hpp"
#include "tests/kernels/test_kernels.hpp"

#include "catch.hpp"

#include <cmath>
#include <string>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::solvers;

namespace {

using Engines = std::span<const lanes::LaneEngine* const>;

/// Calls claim(problem, its engines) for each problem.
void for_each_problem(const auto& claim)
{
    claim(stiff::Hires{}, Engines(kernels::hires_engines));
    claim(stiff::Rober{}, Engines(kernels::rober_engines));
    claim(stiff::Orego{}, Engines(kernels::orego_engines));
    claim(stiff::Vdpol{}, Engines(kernels::vdpol_engines));
}

template <class Problem>
System system_of(const Problem&)
{
    return make_system(Problem::start.size(), [](auto, auto y, auto d) { Problem::rates(y, Problem::parameters, d); });
}

template <class Problem>
Options odeint(const Problem& problem, double tolerance)
{
    Options options;
    options.method = Method::rosenbrock4;
    options.relative_tolerance = tolerance;
    options.absolute_tolerance = {tolerance * problem.smallest};
    options.most_steps = 10'000'000;
    return options;
}

template <class Problem>
lane_runs::Question lanes_question(const Problem& problem, double tolerance)
{
    return {.to = problem.end, .tolerance = tolerance, .absolute = {tolerance * problem.smallest}};
}

/// Against the published solution at the end.
template <class Problem>
double relative_error(const Problem& problem, const std::vector<double>& state)
{
    double worst = 0;
    for (std::size_t i = 0; i < state.size(); ++i) {
        worst = std::max(worst, std::abs(state[i] / problem.solution[i] - 1));
    }
    return worst;
}

template <class Problem>
double odeint_error(const Problem& problem, double tolerance)
{
    std::vector<double> y(problem.start.begin(), problem.start.end());
    REQUIRE(integrate(system_of(problem), y, 0, problem.end, {}, odeint(problem, tolerance), nullptr));
    return relative_error(problem, y);
}

template <class Problem>
double lanes_error(const Problem& problem, Engines engines, double tolerance)
{
    const auto question = lanes_question(problem, tolerance);
    const auto answer =
        lane_runs::run(lanes::best_engine(engines), question, std::vector{lane_runs::plain<Problem>(question)})[0];
    REQUIRE(answer.report.status == lanes::LaneStatus::reached_end);
    CHECK(answer.report.time == problem.end);
    return relative_error(problem, answer.last_state);
}

/// Twenty moments of a run, closer together at its begin.
std::vector<double> moments(double end)
{
    std::vector<double> times;
    for (int i = 1; i <= 20; ++i) {
        times.push_back(end * std::pow(i / 20.0, 3));
    }
    times.back() = end;
    return times;
}

} // namespace

TEST_CASE("rosenbrock4 reaches the published digits of the stiff test set, and better as the tolerance falls",
          "[solvers][convergence]")
{
    for_each_problem([](const auto& problem, Engines) {
        const double coarse = odeint_error(problem, 1e-7), published = odeint_error(problem, 1e-9),
                     fine = odeint_error(problem, 1e-10);
        INFO(problem.name << ": relative error " << coarse << " at 1e-7, " << published << " at 1e-9, " << fine
                          << " at 1e-10");
        CHECK(published < 1e-6);
        CHECK(published < coarse);
        CHECK(fine < published);
    });
}

TEST_CASE("HIRES, ROBER, OREGO and VDPOL in lanes come within 1e-7 of the published solutions, nearer as the tolerance "
          "falls",
          "[solvers][convergence]")
{
    for_each_problem([](const auto& problem, Engines engines) {
        double previous = 1;
        for (const double tolerance : {1e-5, 1e-7, 1e-9, 1e-11}) {
            const double error = lanes_error(problem, engines, tolerance);
            INFO(problem.name << ": relative error " << error << " at " << tolerance);
            CHECK(error < 10 * tolerance);
            CHECK(error < previous);
            previous = error;
        }
        CHECK(previous < 1e-7);
    });
}

TEST_CASE("HIRES, ROBER, OREGO and VDPOL in lanes follow Odeint's course to 1e-7", "[solvers][convergence]")
{
    for_each_problem([](const auto& problem, Engines engines) {
        const auto times = moments(problem.end);
        std::vector<std::vector<double>> expected;
        GridSampler sampler(times, problem.start.size(), [&](std::size_t, double, std::span<const double> state) {
            expected.emplace_back(state.begin(), state.end());
        });
        std::vector<double> y(problem.start.begin(), problem.start.end());
        REQUIRE(integrate(system_of(problem), y, 0, problem.end, {}, odeint(problem, 1e-11),
                          [&](const Step& step) { sampler(step); }));

        auto question = lanes_question(problem, 1e-11);
        question.times = times;
        const auto answer =
            lane_runs::run(lanes::best_engine(engines), question,
                           std::vector{lane_runs::plain<std::remove_cvref_t<decltype(problem)>>(question)})[0];
        for (std::size_t t = 0; t < times.size(); ++t) {
            for (std::size_t k = 0; k < y.size(); ++k) {
                INFO(problem.name << " state " << k << " at " << times[t] << ": " << answer.rows[t][k] << " instead of "
                                  << expected[t][k]);
                CHECK(std::abs(answer.rows[t][k] - expected[t][k]) < 1e-7 * std::abs(expected[t][k]));
            }
        }
    });
}

TEST_CASE("HIRES, ROBER, OREGO and VDPOL have the same bits with every instruction set", "[solvers][invariants]")
{
    const auto usable = lanes::usable_instruction_sets();
    for_each_problem([&](const auto& problem, Engines engines) {
        auto question = lanes_question(problem, 1e-6);
        question.times = moments(problem.end);
        // More members than lanes, each a little different from the next.
        std::vector<lane_runs::Asked> members(19, lane_runs::plain<std::remove_cvref_t<decltype(problem)>>(question));
        for (std::size_t i = 0; i < members.size(); ++i) {
            members[i].start[0] *= 1 + 0.01 * static_cast<double>(i);
            members[i].settings[0][0] *= 1 + 0.02 * static_cast<double>(i);
        }
        std::vector<lane_runs::Answer> expected;
        for (const lanes::LaneEngine* engine : engines) {
            if (std::ranges::find(usable, engine->instruction_set) == usable.end()) {
                continue;
            }
            const auto answers = lane_runs::run(*engine, question, members);
            expected = expected.empty() ? answers : expected;
            for (std::size_t i = 0; i < members.size(); ++i) {
                INFO(problem.name << " member " << i << " with " << engine->instruction_set);
                CHECK(answers[i].report.status == lanes::LaneStatus::reached_end);
                CHECK(answers[i].report.steps == expected[i].report.steps);
                CHECK(answers[i].report.rejected == expected[i].report.rejected);
                CHECK(answers[i].last_state == expected[i].last_state);
                CHECK(answers[i].rows == expected[i].rows);
            }
        }
    });
}
