#include "convergence/exact_problems.hpp"
#include "convergence/lane_runs.hpp"
#include "tests/kernels/test_kernels.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::solvers;
using lane_runs::with_every_instruction_set;
using lanes::LaneSummaryKind;

TEST_CASE("lanes find crossings, extremes and last values on the continuous output, each for its own level",
          "[solvers][lanes]")
{
    const double pi = std::acos(-1.0);
    lane_runs::Question question{.to = 2.5 * pi, .tolerance = 1e-9, .absolute = {1e-9}};
    // sin t, its square, cos t and its square: quantities 0, 2, 1, 3.
    question.summaries = {{LaneSummaryKind::first_above, 0}, {LaneSummaryKind::maximum, 0},
                          {LaneSummaryKind::minimum, 0},     {LaneSummaryKind::final, 1},
                          {LaneSummaryKind::first_above, 2}, {LaneSummaryKind::maximum, 3},
                          {LaneSummaryKind::minimum, 3},     {LaneSummaryKind::first_above, 1}};
    std::vector<lane_runs::Asked> members(19, lane_runs::plain<exact::Circle>(question));
    for (std::size_t i = 0; i < members.size(); ++i) {
        const double level = 0.05 * static_cast<double>(i + 1); // the last are 0.95 and never
        members[i].levels[0] = i == 18 ? 1.5 : level;
        members[i].levels[4] = level * level;
        members[i].levels[7] = level;
    }
    with_every_instruction_set(kernels::circle_engines, [&](const lanes::LaneEngine& engine) {
        const auto answers = lane_runs::run(engine, question, members);
        for (std::size_t i = 0; i < members.size(); ++i) {
            INFO("member " << i);
            const auto& found = answers[i].summaries;
            const double level = members[i].levels[7];
            if (i == 18) {
                CHECK(std::isnan(found[0]));
            } else {
                CHECK(found[0] == Approx(std::asin(level)).margin(1.1e-6)); // to a millionth of a day
            }
            CHECK(found[1] == Approx(1).margin(1e-8));
            CHECK(found[2] == Approx(-1).margin(1e-8));
            CHECK(found[3] == Approx(0).margin(1e-7));
            CHECK(found[4] == Approx(std::asin(level)).margin(1.1e-6));
            CHECK(found[5] == Approx(1).margin(1e-8));
            CHECK(found[6] == Approx(0).margin(1e-8));
            CHECK(found[7] == 0); // above from the start
        }
    });
}

TEST_CASE("read-outs and fluxes in a row are those of the states beside them", "[solvers][lanes]")
{
    lane_runs::Question question{.to = 6, .tolerance = 1e-7, .absolute = {1e-9}};
    for (int i = 0; i <= 300; ++i) {
        question.times.push_back(0.02 * i); // some lanes owe several rows where others owe one
    }
    std::vector<lane_runs::Asked> members(19, lane_runs::plain<exact::Circle>(question));
    for (std::size_t i = 0; i < members.size(); ++i) {
        members[i].settings[0][0] = 0.1 + 0.4 * static_cast<double>(i);
    }
    with_every_instruction_set(kernels::circle_engines, [&](const lanes::LaneEngine& engine) {
        const auto with_columns = [&](std::vector<std::uint16_t> columns) {
            auto asked = question;
            asked.columns = std::move(columns);
            return lane_runs::run(engine, asked, members);
        };
        // States are 0 and 1, their squares 2 and 3, their rates 4 and 5.
        const auto states = with_columns({0, 1}), squares = with_columns({0, 3, 1, 2}), rates = with_columns({4, 5}),
                   all = with_columns({0, 1, 2, 3, 4, 5});
        for (std::size_t i = 0; i < members.size(); ++i) {
            const double turning = members[i].settings[0][0];
            for (std::size_t t = 0; t < question.times.size(); ++t) {
                const double x = states[i].rows[t][0], y = states[i].rows[t][1];
                INFO("member " << i << " at " << question.times[t]);
                REQUIRE(squares[i].rows[t] == std::vector{x, y * y, y, x * x});
                REQUIRE(rates[i].rows[t] == std::vector{turning * y, -(turning * x)});
                REQUIRE(all[i].rows[t] == std::vector{x, y, x * x, y * y, turning * y, -(turning * x)});
            }
        }
    });
}

TEST_CASE("what lanes find within steps lies on the curve that their rows show", "[solvers][lanes]")
{
    // One day per step: far from the circle, so that between its ends the curve is what the stages make it.
    constexpr double level = 0.3, spacing = 1e-3;
    lane_runs::Question question{.to = 3, .step = 1, .columns = {0}}; // no time for a second turn of the same kind
    question.summaries = {
        {LaneSummaryKind::maximum, 0}, {LaneSummaryKind::minimum, 0}, {LaneSummaryKind::first_above, 0}};
    for (int i = 0; i <= 3000; ++i) {
        question.times.push_back(spacing * i);
    }
    std::vector<lane_runs::Asked> members(19, lane_runs::plain<exact::Circle>(question));
    for (std::size_t i = 0; i < members.size(); ++i) {
        const double angle = 0.25 - 0.15 * static_cast<double>(i); // below the level
        members[i].start = {std::sin(angle), std::cos(angle)};
        members[i].levels[2] = level;
    }
    with_every_instruction_set(kernels::circle_engines, [&](const lanes::LaneEngine& engine) {
        const auto answers = lane_runs::run(engine, question, members);
        auto crossed = question;
        crossed.times.clear();
        for (std::size_t i = 0; i < members.size(); ++i) {
            for (std::size_t summary = 0; summary < 2; ++summary) {
                const double sign = summary == 0 ? 1 : -1, found = sign * answers[i].summaries[summary];
                double best = -1e300;
                for (const auto& row : answers[i].rows) {
                    best = std::max(best, sign * row[0]);
                }
                INFO("member " << i << ", summary " << summary << ": " << best);
                CHECK(found - best > -1e-14);
                CHECK(found - best < spacing * spacing / 4); // of a bend of 1, half a spacing away
            }
            crossed.times.push_back(answers[i].summaries[2] - 1.1e-6);
            crossed.times.push_back(answers[i].summaries[2]);
        }
        std::ranges::sort(crossed.times);
        const auto around = lane_runs::run(engine, crossed, members);
        for (std::size_t i = 0; i < members.size(); ++i) {
            const auto at = std::ranges::find(crossed.times, answers[i].summaries[2]) - crossed.times.begin();
            INFO("member " << i << " crosses at " << answers[i].summaries[2]);
            CHECK(around[i].rows[static_cast<std::size_t>(at)][0] > level - 1e-14);
            CHECK(around[i].rows[static_cast<std::size_t>(at) - 1][0] < level);
        }
    });
}

TEST_CASE("asking lanes for more output changes no step and no number", "[solvers][lanes]")
{
    const auto run = [](std::size_t n_times) {
        lane_runs::Question question{.to = 3, .tolerance = 1e-7, .absolute = {1e-9}};
        for (std::size_t i = 1; i <= n_times; ++i) {
            question.times.push_back(3 * static_cast<double>(i) / static_cast<double>(n_times));
        }
        return lane_runs::run(lanes::best_engine(kernels::coupled_engines), question,
                              std::vector{lane_runs::plain<exact::Coupled>(question)})[0];
    };
    const auto few = run(1), many = run(1000);
    CHECK(few.report.steps == many.report.steps);
    CHECK(few.last_state == many.last_state);
    CHECK(few.rows.back() == many.rows.back());
}

TEST_CASE("lanes find a crossing in the last thousandth of a step, and an end that is higher than the beginning",
          "[solvers][lanes]")
{
    // x = t - 1/2 and x², exact within one step from 0 to 1.1: x² falls from 0.25 to 0 and rises to 0.36.
    lane_runs::Question question{.to = 1.1, .step = 1.1};
    question.summaries = {
        {LaneSummaryKind::first_above, 0}, {LaneSummaryKind::maximum, 1}, {LaneSummaryKind::minimum, 1}};
    auto member = lane_runs::plain<exact::Powers>(question);
    for (std::size_t k = 0; k < member.start.size(); ++k) {
        member.start[k] = std::pow(-0.5, static_cast<double>(k + 1));
    }
    const double late = 1.1 * (1 - 0x1p-11); // where nothing is looked at
    member.levels[0] = late - 0.5;
    with_every_instruction_set(kernels::powers_engines, [&](const lanes::LaneEngine& engine) {
        const auto answer = lane_runs::run(engine, question, std::vector{member})[0];
        CHECK(answer.report.steps == 1);
        CHECK(answer.summaries[0] == Approx(late).margin(1.1e-6));
        CHECK(answer.summaries[1] == Approx(0.36).epsilon(1e-12));
        CHECK(answer.summaries[2] == Approx(0).margin(1e-12));
    });
}
