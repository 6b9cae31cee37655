#include "convergence/exact_problems.hpp"
#include "convergence/lane_runs.hpp"
#include "tests/kernels/test_kernels.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>

using namespace osteoflare;
using namespace osteoflare::solvers;
using lane_runs::Question;

namespace {

constexpr double end = 1.5;

lane_runs::Answer coupled(const Question& question)
{
    const std::span<const lanes::LaneEngine* const> engines = kernels::coupled_engines;
    return lane_runs::run(lanes::best_engine(engines), question,
                          std::vector{lane_runs::plain<exact::Coupled>(question)})[0];
}

/// The sensitivities of y1 to the starts of y1 and y2, and of y2 to its own: y2 = y2(0) exp(-t²) and
/// y1 = y1(0) exp(-t + integral of y2).
double error_of_starts(const lane_runs::Answer& answer, const std::vector<double>& times)
{
    double worst = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const double t = times[i];
        const auto y = exact::Coupled::solution(t);
        const auto& s = answer.sensitivities;
        worst = std::max({worst, std::abs(s[0][i][0] - y[0]),
                          std::abs(s[1][i][0] - y[0] * std::sqrt(std::acos(-1.0)) / 2 * std::erf(t)),
                          std::abs(s[1][i][1] - y[1]), std::abs(s[0][i][1])});
    }
    return worst;
}

const std::vector<Question::Quantity> two_starts = {{.start_state = 0}, {.start_state = 1}};

} // namespace

TEST_CASE("sensitivities have order 5", "[convergence]")
{
    const auto error = [](double h) {
        const Question question{.to = end, .step = h, .times = {end}, .quantities = two_starts};
        return error_of_starts(coupled(question), question.times);
    };
    const double coarse = error(end / 8), middle = error(end / 16), fine = error(end / 32);
    INFO(coarse << " " << middle << " " << fine);
    CHECK(std::log2(coarse / middle) > 4.5);
    CHECK(std::log2(middle / fine) > 4.7);
    CHECK(std::log2(middle / fine) < 5.6);
}

TEST_CASE("sensitivities between steps have order 4", "[convergence]")
{
    const auto error = [](double h) {
        Question question{.to = end, .step = h, .quantities = two_starts};
        for (double begin = 0; begin + h / 2 < end; begin += h) {
            for (const double share : {0.3, 0.5, 0.8}) {
                question.times.push_back(begin + share * h);
            }
        }
        return error_of_starts(coupled(question), question.times);
    };
    const double coarse = error(end / 16), fine = error(end / 32);
    INFO(coarse << " " << fine);
    CHECK(std::log2(coarse / fine) > 3.8);
}

TEST_CASE("sensitivities keep to the tolerance by themselves", "[convergence]")
{
    for (const double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
        INFO(tolerance);
        const Question question{.to = end,
                                .tolerance = tolerance,
                                .absolute = {0.01 * tolerance},
                                .times = {0.5, 1.0, end},
                                .quantities = two_starts};
        CHECK(error_of_starts(coupled(question), question.times) < 20 * tolerance);
        // A tank that stands still would be content with a single step; what a little more in it does is not.
        Question still{.to = 20, .tolerance = tolerance, .absolute = {0.01 * tolerance}, .times = {1, 5, 20}};
        still.quantities = {{.start_state = 0}, {.setting = std::uint16_t{0}}};
        const lane_runs::Asked asked{.start = {1}, .begins = {0}, .settings = {{1, 1}}};
        const std::span<const lanes::LaneEngine* const> engines = kernels::tank_engines;
        const auto answer = lane_runs::run(lanes::best_engine(engines), still, std::vector{asked})[0];
        for (std::size_t i = 0; i < still.times.size(); ++i) {
            CHECK(std::abs(answer.sensitivities[0][i][0] - std::exp(-still.times[i])) < 20 * tolerance);
            CHECK(std::abs(answer.sensitivities[1][i][0] + std::expm1(-still.times[i])) < 20 * tolerance);
        }
    }
}

TEST_CASE("sensitivities to a setting are the same whatever else is asked for before", "[convergence]")
{
    // x = sin(p t), y = cos(p t): by p these are t y and -t x, by the start of x they are y and -x.
    // Steps of one length: error control would make up for a wrong slope at the beginning.
    Question question{.to = 2, .step = 0.05, .times = {0.5, 1, 2}};
    constexpr std::size_t n_before = 9; // and so more than any register has lanes
    question.quantities.assign(n_before, {.start_state = 0});
    question.quantities.push_back({.setting = std::uint16_t{0}});
    lane_runs::with_every_instruction_set(kernels::circle_engines, [&](const lanes::LaneEngine& engine) {
        const auto answer = lane_runs::run(engine, question, std::vector{lane_runs::plain<exact::Circle>(question)})[0];
        for (std::size_t i = 0; i < question.times.size(); ++i) {
            const double t = question.times[i], x = std::sin(t), y = std::cos(t);
            INFO(t);
            for (std::size_t first = 0; first < n_before; ++first) {
                CHECK(answer.sensitivities[first][i][0] == Approx(y).margin(1e-8));
                CHECK(answer.sensitivities[first][i][1] == Approx(-x).margin(1e-8));
            }
            CHECK(answer.sensitivities[n_before][i][0] == Approx(t * y).margin(1e-8));
            CHECK(answer.sensitivities[n_before][i][1] == Approx(-t * x).margin(1e-8));
        }
    });
}

TEST_CASE("a setting that follows in a later phase alone changes nothing before, in its own lanes alone",
          "[convergence]")
{
    // An inflow of 0.5 and a loss of 0.7; from moment m on, more inflow a little is (1 - exp(-k (t - m)))/k more.
    constexpr double k = 0.7;
    Question question{.to = 4, .tolerance = 1e-11, .absolute = {1e-13}, .times = {0.5, 1, 1.5, 2.5, 4}};
    question.quantities = {{.setting = std::uint16_t{0}, .follows_from = 2}};
    std::vector<lane_runs::Asked> members;
    for (std::size_t i = 0; i < 11; ++i) {
        const double step = 0.2 + 0.1 * static_cast<double>(i);
        members.push_back({.start = {1}, .begins = {0, step, 2 * step, 3 * step}, .settings = {}});
        members.back().settings.assign(4, {0.5, k});
        members.back().settings[1] = members.back().settings[3] = {0.6, k};
    }
    lane_runs::with_every_instruction_set(kernels::tank_engines, [&](const lanes::LaneEngine& engine) {
        const auto answers = lane_runs::run(engine, question, members);
        for (std::size_t i = 0; i < members.size(); ++i) {
            for (std::size_t row = 0; row < question.times.size(); ++row) {
                const double since = std::max(0.0, question.times[row] - members[i].begins[2]);
                INFO("member " << i << " at " << question.times[row]);
                CHECK(answers[i].sensitivities[0][row][0] == Approx(-std::expm1(-k * since) / k).margin(1e-9));
            }
        }
    });
}

TEST_CASE("sensitivities to exponents follow the power law", "[convergence]")
{
    // y' = -y^p from 1: ln y = -ln(1 + (p - 1) t) / (p - 1).
    Question question{.to = 2, .tolerance = 1e-10, .absolute = {1e-12}, .times = {0.5, 1, 2}};
    question.quantities = {{.setting = std::uint16_t{0}}};
    const std::span<const lanes::LaneEngine* const> engines = kernels::functions_engines;
    const auto answer = lane_runs::run(lanes::best_engine(engines), question,
                                       std::vector{lane_runs::plain<exact::Functions>(question)})[0];
    for (std::size_t i = 0; i < question.times.size(); ++i) {
        const double t = question.times[i], q = exact::Functions::parameters[0] - 1;
        const double slope = std::log1p(q * t) / (q * q) - t / (q * (1 + q * t));
        CHECK(answer.sensitivities[0][i][2] == Approx(exact::Functions::solution(t)[2] * slope).epsilon(1e-8));
        CHECK(answer.sensitivities[0][i][0] == 0);
    }
}

TEST_CASE("a tank's sensitivities to inflow, loss and the moment of a change are those on paper", "[convergence]")
{
    // Inflow a from the start and b from moment m; loss k.
    constexpr double a = 0.5, b = 2, k = 0.7, m = 1, y0 = 1;
    Question question{.to = 3, .tolerance = 1e-11, .absolute = {1e-13}, .times = {0.5, 1, 1.5, 3}};
    question.quantities = {{.setting = std::uint16_t{1}}, {.start_state = 0}, {.phase = 1}};
    const lane_runs::Asked asked{.start = {y0}, .begins = {0, m}, .settings = {{a, k}, {b, k}}};
    const std::span<const lanes::LaneEngine* const> engines = kernels::tank_engines;
    const auto answer = lane_runs::run(lanes::best_engine(engines), question, std::vector{asked})[0];
    // By loss, of y = c/k + (y0 - c/k) exp(-k t).
    const auto by_loss = [](double y, double slope, double inflow, double t) {
        const double rest = std::exp(-k * t);
        return -inflow / (k * k) * (1 - rest) + slope * rest - t * (y - inflow / k) * rest;
    };
    const double at_change = exact::Tank::after(y0, a, k, m);
    for (std::size_t i = 0; i < question.times.size(); ++i) {
        const double t = question.times[i];
        INFO(t);
        const double slope = t < m ? by_loss(y0, 0, a, t) : by_loss(at_change, by_loss(y0, 0, a, m), b, t - m);
        CHECK(answer.sensitivities[0][i][0] == Approx(slope).epsilon(1e-9));
        CHECK(answer.sensitivities[1][i][0] == Approx(std::exp(-k * t)).epsilon(1e-9));
        // A later change means less inflow for that long: (a - b) exp(-k (t - m)), and from the moment itself on.
        CHECK(answer.sensitivities[2][i][0] == Approx(t < m ? 0 : (a - b) * std::exp(-k * (t - m))).epsilon(1e-9));
    }
}
