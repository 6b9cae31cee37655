#include "convergence/exact_problems.hpp"
#include "convergence/lane_runs.hpp"
#include "solvers/lanes/rodas5p_step.hpp"
#include "tests/kernels/test_kernels.hpp"

#include "catch.hpp"

#include <cmath>
#include <cstdlib>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::solvers;
using lane_runs::with_every_instruction_set;
using lanes::LaneStatus;
using lanes::LaneSummaryKind;

namespace {

/// A tank whose inflow and loss change at some moments, back and forth between two of seven settings and then between
/// two others, so that lanes remember, forget and meet again.
lane_runs::Asked changing_tank(const std::vector<double>& begins)
{
    lane_runs::Asked asked{.start = {1}, .begins = begins, .settings = {}};
    for (std::size_t phase = 0; phase < begins.size(); ++phase) {
        const auto kind = static_cast<double>((phase / 8 + 3 * (phase % 2)) % 7);
        asked.settings.push_back({3 * kind, 0.5 + 0.1 * kind});
    }
    return asked;
}

/// What is in the tank at `time`.
double content(const lane_runs::Asked& asked, double time)
{
    double y = asked.start[0];
    for (std::size_t phase = 0; phase < asked.begins.size() && asked.begins[phase] < time; ++phase) {
        const bool is_last = phase + 1 == asked.begins.size();
        const double stop = is_last ? time : std::min(time, asked.begins[phase + 1]);
        y = exact::Tank::after(y, asked.settings[phase][0], asked.settings[phase][1], stop - asked.begins[phase]);
    }
    return y;
}

/// Moments at which things happen, none of them a neat binary number, from a second to days apart.
std::vector<double> moments(unsigned seed, double end)
{
    std::mt19937_64 engine(seed);
    std::vector<double> list = {0};
    while (true) {
        const double next = list.back() + std::pow(10, std::uniform_real_distribution(-5.0, 0.3)(engine));
        if (next >= end) {
            return list;
        }
        list.push_back(next);
    }
}

} // namespace

TEST_CASE("a lane meets every change when it happens, and every lane its own", "[solvers][lanes]")
{
    lane_runs::Question question{.to = 10, .tolerance = 1e-9, .absolute = {1e-9}};
    for (double t = 0.05; t < 10; t += 0.1) {
        question.times.push_back(t);
    }
    question.times.push_back(10);
    std::vector<lane_runs::Asked> members;
    for (unsigned i = 0; i < 19; ++i) {
        members.push_back(changing_tank(moments(i, 10)));
    }
    with_every_instruction_set(kernels::tank_engines, [&](const lanes::LaneEngine& engine) {
        const auto answers = lane_runs::run(engine, question, members);
        for (std::size_t i = 0; i < members.size(); ++i) {
            REQUIRE(answers[i].report.status == LaneStatus::reached_end);
            CHECK(answers[i].report.time == 10);
            for (std::size_t t = 0; t < question.times.size(); ++t) {
                INFO("member " << i << " at " << question.times[t]);
                // Up to 20 in the tank; each phase may add an error of the tolerance, and the tank forgets.
                const double tolerance = 20 * 1e-9 * static_cast<double>(members[i].begins.size());
                REQUIRE(answers[i].rows[t][0] == Approx(content(members[i], question.times[t])).margin(tolerance));
            }
        }
    });
}

TEST_CASE("a lane lands on the bits of a change's time: a sample at that time shows the world after it",
          "[solvers][lanes]")
{
    // One step per phase, the first across zero, where begin + (end - begin) is not always end.
    lane_runs::Question question{.from = -1.0 / 3, .to = 1e5, .step = 1e9};
    question.columns = {0, 2}; // content and its rate
    std::mt19937_64 random(5);
    std::vector<lane_runs::Asked> members;
    std::size_t n_rounded = 0;
    for (int i = 0; i < 19; ++i) {
        std::vector<double> begins = {question.from, std::uniform_real_distribution(0.01, 0.3)(random)};
        n_rounded += begins[0] + (begins[1] - begins[0]) != begins[1] ? 1U : 0U;
        for (double size = 0.4; size < 1e4; size *= 1.7) {
            begins.push_back(begins.back() + size * std::uniform_real_distribution(1.0, 2.0)(random));
        }
        question.times.insert(question.times.end(), begins.begin(), begins.end());
        members.push_back(changing_tank(begins));
    }
    REQUIRE(n_rounded > 0); // or the claim would be empty
    std::ranges::sort(question.times);
    with_every_instruction_set(kernels::tank_engines, [&](const lanes::LaneEngine& engine) {
        const auto answers = lane_runs::run(engine, question, members);
        for (std::size_t i = 0; i < members.size(); ++i) {
            const auto& asked = members[i];
            CHECK(answers[i].report.status == LaneStatus::reached_end);
            CHECK(answers[i].report.time == question.to);
            CHECK(answers[i].report.steps == asked.begins.size());
            for (std::size_t phase = 0; phase < asked.begins.size(); ++phase) {
                const auto at = std::ranges::find(question.times, asked.begins[phase]) - question.times.begin();
                const auto& row = answers[i].rows[static_cast<std::size_t>(at)];
                const double rate = asked.settings[phase][0] - asked.settings[phase][1] * row[0];
                INFO("member " << i << ", change " << phase << " at " << asked.begins[phase]);
                CHECK(row[1] == Approx(rate).epsilon(1e-14).margin(1e-13));
            }
        }
    });
}

TEST_CASE("a crossing after a change is found where it is, and only the first one", "[solvers][lanes]")
{
    // Filled from day 2 on towards 10, emptied from day 4 on, filled again from day 6 on.
    lane_runs::Question question{.to = 8, .tolerance = 1e-9, .absolute = {1e-9}};
    question.summaries = {{LaneSummaryKind::first_above, 0},
                          {LaneSummaryKind::maximum, 0},
                          {LaneSummaryKind::minimum, 0},
                          {LaneSummaryKind::final, 0}};
    lane_runs::Asked tank{.start = {1}, .begins = {0, 2, 4, 6}, .settings = {{1, 1}, {10, 1}, {0, 1}, {10, 1}}};
    tank.levels[0] = 5;
    with_every_instruction_set(kernels::tank_engines, [&](const lanes::LaneEngine& engine) {
        const auto found = lane_runs::run(engine, question, std::vector{tank})[0].summaries;
        CHECK(found[0] == Approx(2 + std::log(9.0 / 5)).margin(1.1e-6));
        CHECK(found[1] == Approx(content(tank, 8)).margin(1e-7));
        CHECK(found[2] == Approx(1).margin(1e-7));
        CHECK(found[3] == Approx(content(tank, 8)).margin(1e-7));
        // Each alone finds the same.
        for (std::size_t i = 0; i < found.size(); ++i) {
            auto one = question;
            one.summaries = {question.summaries[i]};
            CHECK(lane_runs::run(engine, one, std::vector{tank})[0].summaries == std::vector{found[i]});
        }
    });
}

TEST_CASE("two equal steps end a lane's phase instead of a long one and a tiny one", "[solvers][lanes]")
{
    const auto run = [](double step) {
        const lane_runs::Question question{.to = 1.6, .step = step};
        return lane_runs::run(lanes::best_engine(kernels::powers_engines), question,
                              std::vector{lane_runs::plain<exact::Powers>(question)})[0];
    };
    const auto shortened = run(1), equal = run(0.8);
    CHECK(shortened.report.steps == 2);
    CHECK(shortened.last_state == equal.last_state);
}

TEST_CASE("a lane whose member blows up says so; its neighbours are as without it", "[solvers][lanes]")
{
    const lane_runs::Question question{.to = 0.9, .tolerance = 1e-6, .absolute = {1e-9}, .times = {0.3, 0.9}};
    std::vector<lane_runs::Asked> healthy, all;
    for (std::size_t i = 0; i < 19; ++i) {
        auto member = lane_runs::plain<exact::BlowUp>(question); // y = 1/(1/y0 - t)
        member.start[0] = 0.5 + 0.02 * static_cast<double>(i);
        healthy.push_back(member);
        all.push_back(member);
        if (i % 2 == 0) {
            member.start[0] = i % 4 == 0 ? 2 : std::numeric_limits<double>::quiet_NaN();
            all.push_back(member);
        }
    }
    with_every_instruction_set(kernels::blow_up_engines, [&](const lanes::LaneEngine& engine) {
        const auto alone = lane_runs::run(engine, question, healthy), together = lane_runs::run(engine, question, all);
        std::size_t next = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const double start = all[i].start[0];
            INFO("member " << i << " from " << start);
            if (start == 2) {
                CHECK((together[i].report.status == LaneStatus::step_too_small
                       || together[i].report.status == LaneStatus::not_finite));
                CHECK(together[i].report.time == Approx(0.5).margin(1e-6));
                CHECK(std::isfinite(together[i].last_state[0]));
                CHECK(together[i].rows[0][0] == Approx(1 / (0.5 - 0.3)).epsilon(1e-5));
                CHECK(std::isnan(together[i].rows[1][0]));
            } else if (std::isnan(start)) {
                CHECK(together[i].report.status == LaneStatus::not_finite);
                CHECK(together[i].report.time == 0);
                CHECK(together[i].report.steps == 0);
            } else {
                CHECK(together[i].report.status == LaneStatus::reached_end);
                CHECK(together[i].report.steps == alone[next].report.steps);
                CHECK(together[i].report.rejected == alone[next].report.rejected);
                CHECK(together[i].last_state == alone[next].last_state);
                CHECK(together[i].rows == alone[next].rows);
                CHECK(together[i].last_state[0] == Approx(1 / (1 / start - 0.9)).epsilon(1e-5));
                ++next;
            }
        }
        CHECK(next == healthy.size());
    });
}

TEST_CASE("a lane whose member has one state that is not a number says so, whichever it is", "[solvers][lanes]")
{
    const lane_runs::Question question{.to = 1.5, .times = {0.5}};
    const auto check = [&](std::span<const lanes::LaneEngine* const> engines, const lane_runs::Asked& healthy) {
        for (std::size_t k = 0; k < healthy.start.size(); ++k) {
            auto member = healthy;
            member.start[k] = std::numeric_limits<double>::quiet_NaN();
            with_every_instruction_set(engines, [&](const lanes::LaneEngine& engine) {
                const auto answer = lane_runs::run(engine, question, std::vector{member})[0];
                INFO("state " << k << " of " << healthy.start.size());
                CHECK(answer.report.status == LaneStatus::not_finite);
                CHECK(answer.report.steps == 0);
            });
        }
    };
    check(kernels::coupled_engines, lane_runs::plain<exact::Coupled>(question));
    check(kernels::powers_engines, lane_runs::plain<exact::Powers>(question)); // of which all but the first stand alone
}

TEST_CASE("a lane's next step follows the error, from a fifth to five times the last", "[solvers][lanes]")
{
    using lanes::Pack1;
    struct Tried {
        double error, h;
    };
    // What is proposed after steps with these errors, of which the last was shortened from `wanted` to land.
    const auto proposal = [](const std::vector<Tried>& steps, double wanted, double longest = 1e300) {
        lanes::StepController<Pack1> controller;
        controller.restart(0);
        double next = 0;
        for (const Tried& tried : steps) {
            const bool is_last = &tried == &steps.back();
            next = controller
                       .next(Pack1(tried.error), Pack1(tried.h), Pack1(is_last ? wanted : tried.h),
                             Pack1::mask_of(tried.error <= 1 ? 1 : 0),
                             Pack1::mask_of(std::isfinite(tried.error) ? 1 : 0), longest)
                       .v;
        }
        return next;
    };
    const auto about = [](double exact) { return Approx(exact).epsilon(1e-4); };
    const auto by_order = [](double error) { return 0.85 * std::pow(error, -0.2); };
    for (const double error : {0.01, 0.3, 1.0, 7.0}) {
        CHECK(proposal({{error, 2}}, 2) == about(2 * by_order(error)));
        // No step is behind a lane after one that was rejected.
        CHECK(proposal({{0.01, 2}, {7, 4}, {error, 3}}, 3) == about(3 * by_order(error)));
    }
    // By four fifths the error is believed to go on as it did: to a tenth, and that although the step was longer.
    CHECK(proposal({{0.1, 2}, {0.01, 3}}, 3) == about(3 * by_order(0.01) * std::pow(std::pow(0.1, -0.2) * 3 / 2, 0.8)));
    CHECK(proposal({{1e-9, 2}}, 2) == 2 * 5);
    CHECK(proposal({{1e9, 2}}, 2) == about(2 * 0.2));
    CHECK(proposal({{std::nan(""), 2}}, 2) == about(2 * 0.1));
    CHECK(proposal({{1e-9, 2}}, 2, 3) == 3);
    // Shortened only to land: what was wanted is tried again, up to five times what was done.
    CHECK(proposal({{0.5, 2}}, 6) == 6);
    CHECK(proposal({{0.5, 2}}, 60) == 10);
    CHECK(proposal({{1e-9, 2}}, 6) == 10);
    CHECK(proposal({{7, 2}}, 6) == about(2 * by_order(7)));
}

TEST_CASE("a lane's step budget counts accepted and rejected steps", "[solvers][lanes]")
{
    const lane_runs::Question question{.to = 1000, .tolerance = 1e-9, .absolute = {1e-12}, .most_steps = 20};
    const auto answer = lane_runs::run(lanes::best_engine(kernels::circle_engines), question,
                                       std::vector{lane_runs::plain<exact::Circle>(question)})[0];
    CHECK(answer.report.status == LaneStatus::step_limit);
    CHECK(answer.report.steps + answer.report.rejected == 20);
    CHECK(answer.report.time < 1000);
}

TEST_CASE("an instruction set that cannot run here is refused, and those that can are named", "[solvers][lanes]")
{
    const char* before = std::getenv("OSTEOFLARE_INSTRUCTION_SET");
    const std::string kept = before != nullptr ? before : "";
    setenv("OSTEOFLARE_INSTRUCTION_SET", "abacus", 1);
    std::string list;
    for (const auto name : lanes::usable_instruction_sets()) {
        list += (list.empty() ? "" : ", ") + std::string(name);
    }
    CHECK_THROWS_WITH(lanes::chosen_instruction_set(),
                      Catch::Contains("'abacus' cannot run here (this machine has " + list + ")"));
    setenv("OSTEOFLARE_INSTRUCTION_SET", kept.c_str(), 1);
    CHECK_NOTHROW(lanes::chosen_instruction_set());
}

TEST_CASE("an engine is found by the instruction set that is wanted, and missed by name", "[solvers][lanes]")
{
    const lanes::LaneEngine other{.instruction_set = "abacus"};
    const auto& best = lanes::best_engine(kernels::tank_engines);
    CHECK(best.instruction_set == lanes::chosen_instruction_set());
    CHECK(&lanes::best_engine(std::vector{&other, &best}) == &best);
    CHECK_THROWS_WITH(lanes::best_engine(std::vector{&other}),
                      "best_engine: no engine for " + std::string(lanes::chosen_instruction_set()));
}

TEST_CASE("what a client of lanes throws reaches who runs them", "[solvers][lanes]")
{
    // The sanitizers' build says whether the solver's memory was given back.
    lanes::LaneClient client;
    client.next = [](void*, lanes::LaneMember&) -> bool { throw std::runtime_error("no member"); };
    const double tolerance = 1e-6;
    const lanes::LaneProblem problem{
        .to = 1, .relative_tolerance = 1e-6, .absolute_tolerance = &tolerance, .longest_step = 1, .most_steps = 10};
    with_every_instruction_set(kernels::tank_engines, [&](const lanes::LaneEngine& engine) {
        CHECK_THROWS_WITH(engine.run(problem, client), "no member");
    });
}

TEST_CASE("a lane whose steps get too small for the clock says so, though its numbers are finite", "[solvers][lanes]")
{
    // 1/(1/y0 - t) from y0 = 1e4 blows up within 1e-4 d; after 1e9 d the clock's ticks are 1e-7 d.
    const lane_runs::Question question{.from = 1e9, .to = 1e9 + 1};
    auto member = lane_runs::plain<exact::BlowUp>(question);
    member.start[0] = 1e4;
    with_every_instruction_set(kernels::blow_up_engines, [&](const lanes::LaneEngine& engine) {
        const auto answer = lane_runs::run(engine, question, std::vector{member})[0];
        CHECK(answer.report.status == LaneStatus::step_too_small);
        CHECK(answer.report.time == Approx(1e9 + 1e-4).margin(1e-5));
        CHECK(std::isfinite(answer.last_state[0]));
    });
}

TEST_CASE("a lane whose rates are infinite from the start says so, and does not move", "[solvers][lanes]")
{
    const lane_runs::Question question;
    auto member = lane_runs::plain<exact::Powers>(question);
    member.start[0] = 1e100; // whose fifth power is none
    with_every_instruction_set(kernels::powers_engines, [&](const lanes::LaneEngine& engine) {
        const auto answer = lane_runs::run(engine, question, std::vector{member})[0];
        CHECK(answer.report.status == LaneStatus::not_finite);
        CHECK(answer.report.time == 0);
        CHECK(answer.report.steps == 0);
        CHECK(answer.last_state == member.start);
    });
}
