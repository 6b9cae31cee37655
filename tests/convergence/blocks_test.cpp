#include "convergence/block_problem.hpp"
#include "solvers/blocks/block_run.hpp"
#include "solvers/integrate.hpp"
#include "solvers/lanes/engines.hpp"
#include "tests/kernels/block_kernels.hpp"

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::solvers;
using namespace coupled_blocks;

/// Blocks that meet in a border, against the same equations as one dense system under another integrator.
namespace {

struct World {
    std::vector<std::array<double, n_block_settings>> blocks;
    std::array<double, n_border_settings> border = {0.7, 1.3};
    std::vector<double> start; ///< border, then block after block

    explicit World(std::size_t n_blocks, std::size_t n_kinds)
    {
        start = {1.1, 0.6};
        for (std::size_t i = 0; i < n_blocks; ++i) {
            const auto kind = static_cast<double>(i % n_kinds);
            const double share = static_cast<double>(n_kinds) / static_cast<double>(n_blocks);
            blocks.push_back({0.4 + 0.5 * kind, 40.0 * (1 + kind), share * (0.3 + 0.2 * kind)});
            start.insert(start.end(), {0.2 + 0.7 * kind, 0.1 * kind, 0.5});
        }
    }

    System system() const
    {
        return make_system(start.size(), [this]<class Number>(Number /*t*/, std::span<const Number> y,
                                                              std::span<Number> dydt) {
            const auto numbers = [](const auto& values) { return std::vector<Number>(values.begin(), values.end()); };
            std::vector<Number> given(n_given), offered(n_offered), sums(n_offered, Number(0.0));
            border_gives(y.data(), given.data());
            for (std::size_t i = 0; i < blocks.size(); ++i) {
                const auto settings = numbers(blocks[i]);
                const std::size_t first = n_border_states + i * n_block_states;
                block_rates(y.data() + first, given.data(), settings.data(), dydt.data() + first);
                block_offers(y.data() + first, settings.data(), offered.data());
                for (std::size_t k = 0; k < n_offered; ++k) {
                    sums[k] = sums[k] + offered[k];
                }
            }
            border_rates(y.data(), sums.data(), numbers(border).data(), dydt.data());
        });
    }

    std::span<const double> border_start() const { return std::span(start).first(n_border_states); }
    std::span<const double> block_start() const { return std::span(start).subspan(n_border_states); }
};

struct Found {
    std::vector<double> end, middle; ///< border, then block after block; the middle is a row on the way
    blocks::BlockReport report;
};

constexpr double dose_time = 2, row_time = 3.3, end_time = 8, dose = 0.9;

const Options tight{.relative_tolerance = 1e-12, .absolute_tolerance = {1e-13}, .most_steps = 10'000'000};

void set_out(blocks::BlockRun& run, const World& world)
{
    run.set_state(0, world.border_start(), world.block_start());
    run.set_border(world.border);
    for (std::size_t i = 0; i < world.blocks.size(); ++i) {
        run.set_block(i, world.blocks[i]);
    }
}

/// From 0 to 8, with a jump of the border and of a setting on the way.
Found run(const blocks::BlockEngine& engine, const World& world, double tolerance)
{
    blocks::BlockTolerance limits{.relative = tolerance,
                                  .block = std::vector(n_block_states, tolerance),
                                  .border = std::vector(n_border_states, tolerance)};
    blocks::BlockRun blocks(engine, limits, world.blocks.size());
    set_out(blocks, world);
    const auto first = blocks.advance(dose_time);
    blocks.add_to_border(0, dose);
    Found found;
    found.middle.resize(blocks.n_row());
    found.end.resize(blocks.n_row());
    found.report = blocks.advance(end_time, std::vector{row_time}, found.middle.data());
    found.report.steps += first.steps;
    blocks.get_state(std::span(found.end).first(n_border_states), std::span(found.end).subspan(n_border_states));
    return found;
}

Found reference(const World& world)
{
    Found found;
    found.end = world.start;
    const System system = world.system();
    REQUIRE(integrate(system, found.end, 0, dose_time, {}, tight, nullptr));
    found.end[0] += dose;
    REQUIRE(integrate(system, found.end, dose_time, row_time, {}, tight, nullptr));
    found.middle = found.end;
    REQUIRE(integrate(system, found.end, row_time, end_time, {}, tight, nullptr));
    return found;
}

double difference(const std::vector<double>& a, const std::vector<double>& b)
{
    double worst = a.size() == b.size() ? 0 : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        worst = std::max(worst, std::abs(a[i] - b[i]) / (1e-3 + std::abs(b[i])));
    }
    return worst;
}

} // namespace

TEST_CASE("blocks with a border follow the same equations as one dense system, whatever the number of blocks",
          "[convergence][blocks]")
{
    for (const std::size_t n_blocks : {1U, 3U, 8U, 9U}) {
        const World world(n_blocks, 3);
        const Found found = run(blocks::best_engine(kernels::joined_engines), world, 1e-10), exact = reference(world);
        CAPTURE(n_blocks, found.report.steps);
        CHECK(found.report.status == lanes::LaneStatus::reached_end);
        CHECK(difference(found.end, exact.end) < 1e-8);
        CHECK(difference(found.middle, exact.middle) < 1e-7);
    }
}

TEST_CASE("blocks with a border are solved with the exact matrix, so that the error falls as beyond the fourth power",
          "[convergence][blocks]")
{
    // With a wrong entry in it, a Rosenbrock method has order 2 at most.
    World world(5, 3);
    for (auto& settings : world.blocks) {
        settings[1] = 1.5; // not stiff, where a higher order shows at once
    }
    const Found exact = reference(world);
    const auto& engine = blocks::best_engine(kernels::joined_engines);
    const Found coarse = run(engine, world, 1e-5), fine = run(engine, world, 1e-10);
    const double order = std::log(difference(coarse.end, exact.end) / difference(fine.end, exact.end))
                         / std::log(static_cast<double>(fine.report.steps) / static_cast<double>(coarse.report.steps));
    CAPTURE(coarse.report.steps, fine.report.steps, difference(coarse.end, exact.end), difference(fine.end, exact.end));
    CHECK(order > 4);
}

TEST_CASE("blocks that are struck again and again come to need fewer steps for it, and no rejected ones",
          "[convergence][blocks]")
{
    // Stiff blocks under a dose each day, as a patient is under daily tablets.
    const World world(3, 3);
    for (const double tolerance : {1e-3, 1e-4, 1e-5, 1e-6}) {
        const blocks::BlockTolerance limits{.relative = tolerance,
                                            .block = std::vector(n_block_states, tolerance),
                                            .border = std::vector(n_border_states, tolerance)};
        blocks::BlockRun run(blocks::best_engine(kernels::joined_engines), limits, world.blocks.size());
        set_out(run, world);
        std::size_t at_first = 0, later = 0, rejected = 0;
        for (int day = 1; day <= 40; ++day) {
            run.add_to_border(0, dose);
            const blocks::BlockReport report = run.advance(day);
            at_first += day <= 10 ? report.steps + report.rejected : 0;
            later += day > 30 ? report.steps + report.rejected : 0;
            rejected += day > 30 ? report.rejected : 0;
        }
        CAPTURE(tolerance, at_first, later);
        CHECK(rejected == 0);
        CHECK(later < at_first);
    }
}

TEST_CASE("blocks give the same bits for every width of the registers", "[convergence][blocks]")
{
    const World world(11, 4);
    const auto bits = [&](const blocks::BlockEngine& engine) {
        const Found found = run(engine, world, 1e-6);
        std::vector<double> all = found.end;
        all.insert(all.end(), found.middle.begin(), found.middle.end());
        all.push_back(static_cast<double>(found.report.steps));
        return all;
    };
    std::vector<double> first;
    for (const auto* engine : kernels::joined_engines) {
        const auto usable = lanes::usable_instruction_sets();
        if (std::ranges::find(usable, engine->instruction_set) == usable.end()) {
            continue;
        }
        const auto found = bits(*engine);
        first = first.empty() ? found : first;
        CAPTURE(engine->instruction_set);
        CHECK(found == first);
    }
}

TEST_CASE("twenty-four blocks of three kinds do what three blocks with their shares do", "[convergence][blocks]")
{
    const auto& engine = blocks::best_engine(kernels::joined_engines);
    const Found three = run(engine, World(3, 3), 1e-9), many = run(engine, World(24, 3), 1e-9);
    for (std::size_t k = 0; k < n_border_states + 3 * n_block_states; ++k) {
        CHECK(many.end[k] == Approx(three.end[k]).epsilon(1e-7));
    }
}

TEST_CASE("blocks whose numbers overflow say so and stop", "[convergence][blocks]")
{
    World world(2, 1);
    world.border = {-800, 1.3};
    const Found found = run(blocks::best_engine(kernels::joined_engines), world, 1e-6);
    CHECK(found.report.status != lanes::LaneStatus::reached_end);
    CHECK(found.report.time < end_time);
}

TEST_CASE("all rows of one advance are those of the dense system, the last at the end", "[convergence][blocks]")
{
    const World world(5, 3);
    const std::vector<double> times = {0.4, 1.1, 1.2, 3};
    const blocks::BlockTolerance limits{
        .relative = 1e-10, .block = std::vector(n_block_states, 1e-10), .border = std::vector(n_border_states, 1e-10)};
    blocks::BlockRun run(blocks::best_engine(kernels::joined_engines), limits, world.blocks.size());
    set_out(run, world);
    std::vector<double> rows(times.size() * run.n_row(), std::numeric_limits<double>::quiet_NaN());
    REQUIRE(run.advance(times.back(), times, rows.data()).status == lanes::LaneStatus::reached_end);
    std::vector<double> exact = world.start;
    double from = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
        REQUIRE(integrate(world.system(), exact, from, times[i], {}, tight, nullptr));
        from = times[i];
        const auto row = rows.begin() + static_cast<std::ptrdiff_t>(i * run.n_row());
        CHECK(difference({row, row + static_cast<std::ptrdiff_t>(run.n_row())}, exact) < 1e-7);
    }
}

TEST_CASE("blocks with nothing said of a relative tolerance are right to a hundred-thousandth", "[convergence][blocks]")
{
    const World world(3, 3);
    const blocks::BlockTolerance limits{.block = std::vector(n_block_states, 1e-12),
                                        .border = std::vector(n_border_states, 1e-12)};
    blocks::BlockRun run(blocks::best_engine(kernels::joined_engines), limits, world.blocks.size());
    set_out(run, world);
    std::vector<double> exact = world.start, found(run.n_row());
    REQUIRE(run.advance(1).status == lanes::LaneStatus::reached_end);
    run.get_state(std::span(found).first(n_border_states), std::span(found).subspan(n_border_states));
    REQUIRE(integrate(world.system(), exact, 0, 1, {}, tight, nullptr));
    CHECK(difference(found, exact) < 1e-5);
}

TEST_CASE("blocks that may take no more steps stop where they are and say so, unless they are there",
          "[convergence][blocks]")
{
    const World world(3, 3);
    const auto of_few = [&](std::size_t most_steps) {
        const blocks::BlockTolerance limits{.relative = 1e-8,
                                            .block = std::vector(n_block_states, 1e-8),
                                            .border = std::vector(n_border_states, 1e-8),
                                            .most_steps = most_steps};
        blocks::BlockRun run(blocks::best_engine(kernels::joined_engines), limits, world.blocks.size());
        set_out(run, world);
        return run.advance(2);
    };
    const blocks::BlockReport free = of_few(1000), few = of_few(7);
    CHECK(free.status == lanes::LaneStatus::reached_end);
    CHECK(few.status == lanes::LaneStatus::step_limit);
    CHECK(few.steps + few.rejected == 7);
    CHECK(few.time > 0);
    CHECK(few.time < 2);
    CHECK(of_few(free.steps + free.rejected).status == lanes::LaneStatus::reached_end);
    CHECK(of_few(free.steps + free.rejected - 1).status == lanes::LaneStatus::step_limit);
}

TEST_CASE("a block run refuses what makes no sense", "[convergence][blocks]")
{
    const auto& engine = blocks::best_engine(kernels::joined_engines);
    const blocks::BlockTolerance good{.block = std::vector(n_block_states, 1e-9),
                                      .border = std::vector(n_border_states, 1e-9)};
    CHECK_THROWS_AS(blocks::BlockRun(engine, good, 0), std::invalid_argument);
    CHECK_THROWS_AS(blocks::BlockRun(engine, blocks::BlockTolerance{}, 3), std::invalid_argument);
    const auto refused = [&](const auto& change, const char* why) {
        blocks::BlockTolerance wrong = good;
        change(wrong);
        CHECK_THROWS_WITH(blocks::BlockRun(engine, wrong, 3), Catch::Contains(why));
    };
    refused([](auto& wrong) { wrong.relative = 0; }, "a limit is not positive");
    refused([](auto& wrong) { wrong.longest_step = 0; }, "a limit is not positive");
    refused([](auto& wrong) { wrong.most_steps = 0; }, "a limit is not positive");
    refused([](auto& wrong) { wrong.block.pop_back(); }, "not one absolute tolerance per state");
    refused([](auto& wrong) { wrong.border.pop_back(); }, "not one absolute tolerance per state");
    refused([](auto& wrong) { wrong.block[2] = 0; }, "an absolute tolerance is not positive");
    refused([](auto& wrong) { wrong.border[1] = -1; }, "an absolute tolerance is not positive");
    blocks::BlockRun run(engine, good, 3);
    CHECK_THROWS_AS(run.set_block(3, std::array{1.0, 1.0, 1.0}), std::invalid_argument);
    CHECK_THROWS_AS(run.set_block(2, std::array{1.0, 1.0}), std::invalid_argument);
    CHECK_THROWS_AS(run.advance(1, std::vector{0.5, 1.2}, nullptr), std::invalid_argument);
    std::array<double, n_border_states> border{};
    std::array<double, 3 * n_block_states> states{};
    CHECK_NOTHROW(run.get_state(border, states));
    CHECK_THROWS_AS(run.get_state(std::span(border).first(1), states), std::invalid_argument);
    CHECK_THROWS_AS(run.get_state(border, std::span(states).first(n_block_states)), std::invalid_argument);
    CHECK_THROWS_AS(run.set_state(0, std::span(border).first(1), states), std::invalid_argument);
    CHECK_THROWS_AS(run.set_state(0, border, std::span(states).first(n_block_states)), std::invalid_argument);
    CHECK_THROWS_AS(run.set_border(std::array{1.0}), std::invalid_argument);
    CHECK_THROWS_AS(run.add_to_border(2, 1), std::invalid_argument);
    CHECK_THROWS_AS(run.advance(1, std::vector{0.5, 0.2}, nullptr), std::invalid_argument);
}

TEST_CASE("blocks and a border at rest stay there, and the empty ones to the bit", "[convergence][blocks]")
{
    for (const double level : {0.0, 1.5}) { // of the border: where turnover takes as much as it gives
        World world(3, 3);
        std::ranges::fill(world.start, 0);
        world.start[0] = world.border[1] = level;
        for (auto& settings : world.blocks) {
            settings[0] = 0; // no inflow
        }
        const blocks::BlockTolerance limits{.block = std::vector(n_block_states, 1e-9),
                                            .border = std::vector(n_border_states, 1e-9),
                                            .longest_step = 1e9};
        blocks::BlockRun run(blocks::best_engine(kernels::joined_engines), limits, world.blocks.size());
        set_out(run, world);
        const blocks::BlockReport report = run.advance(1000);
        std::vector<double> found(run.n_row());
        run.get_state(std::span(found).first(n_border_states), std::span(found).subspan(n_border_states));
        CHECK(report.status == lanes::LaneStatus::reached_end);
        CHECK(report.steps < 30);
        for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK(found[i] == Approx(world.start[i]).epsilon(1e-14).margin(0));
        }
    }
}

TEST_CASE("blocks of which a number is none, or whose rates are infinite, say so and stay where they are",
          "[convergence][blocks]")
{
    const std::size_t n = n_border_states + 3 * n_block_states;
    for (std::size_t i = 0; i <= n; ++i) {
        World world(3, 3);
        if (i < n) {
            world.start[i] = std::numeric_limits<double>::quiet_NaN();
        } else {
            std::ranges::fill(world.start, 1e200);
        }
        const blocks::BlockTolerance limits{.block = std::vector(n_block_states, 1e-9),
                                            .border = std::vector(n_border_states, 1e-9)};
        blocks::BlockRun run(blocks::best_engine(kernels::joined_engines), limits, world.blocks.size());
        set_out(run, world);
        const blocks::BlockReport report = run.advance(1);
        CAPTURE(i);
        CHECK(report.status == lanes::LaneStatus::not_finite);
        CHECK(report.time == 0);
        CHECK(report.steps == 0);
    }
}

TEST_CASE("blocks that are struck harder than before follow the dense system as well", "[convergence][blocks]")
{
    const World world(3, 3);
    constexpr double tolerance = 1e-8, soon = 0.01;
    const blocks::BlockTolerance limits{.relative = tolerance,
                                        .block = std::vector(n_block_states, tolerance),
                                        .border = std::vector(n_border_states, tolerance)};
    blocks::BlockRun run(blocks::best_engine(kernels::joined_engines), limits, world.blocks.size());
    set_out(run, world);
    std::vector<double> exact = world.start, at_first(run.n_row()), found(run.n_row());
    double now = 0;
    for (const double strike : {0.001, 0.001, 30.0, 0.001}) { // steps that are remembered are too long for the third
        run.add_to_border(0, strike);
        exact[0] += strike;
        REQUIRE(run.advance(now + 3, std::vector{now + soon}, at_first.data()).status
                == lanes::LaneStatus::reached_end);
        REQUIRE(integrate(world.system(), exact, now, now + soon, {}, tight, nullptr));
        CHECK(difference(at_first, exact) < tolerance);
        REQUIRE(integrate(world.system(), exact, now + soon, now + 3, {}, tight, nullptr));
        run.get_state(std::span(found).first(n_border_states), std::span(found).subspan(n_border_states));
        CHECK(difference(found, exact) < tolerance);
        now += 3;
    }
}
