#include "tests/convergence/motion_fixture.hpp"

#include "catch.hpp"

using namespace osteoflare;
using namespace osteoflare::tests;

TEST_CASE("motion: two that overlap part with the time constant, and their middle stays", "[agents][validation]")
{
    const Grid grid{6, 5, 4, 20};
    constexpr double settling = 3, step = 0.7;
    struct Pair {
        const char* where;
        Vector one, way;
    };
    for (const Pair& pair :
         {Pair{"in a voxel", {50, 50, 30}, {3, 1, -2}}, Pair{"in two voxels", {59, 41, 39}, {4, -3, 2}},
          Pair{"across the edge in x", {118, 50, 30}, {5, 2, 1}}, Pair{"across the edge in y", {50, 99, 30}, {1, 4, 3}},
          Pair{"across a corner", {1, 98, 41}, {-3, 4, -3}}}) {
        INFO(pair.where);
        Population population(grid, {ball(6), ball(4)}, 1);
        population.add(0, pair.one, {});
        const Vector way = nearest_image(grid, pair.way);
        const double width = 120, depth = 100;
        population.add(1,
                       {std::fmod(pair.one.x + way.x + width, width), std::fmod(pair.one.y + way.y + depth, depth),
                        pair.one.z + way.z},
                       {});
        population.regroup(1);
        const double overlap = 10 - std::sqrt(dot(way, way));
        REQUIRE(overlap > 0);
        for (int n = 1; n <= 5; ++n) {
            const auto mean_of = [&] {
                const std::size_t first = population.agents().id[0] == 0 ? 0 : 1;
                const Vector apart =
                    nearest_image(grid, position_of(population, 1 - first) - position_of(population, first));
                const Vector at = position_of(population, first) - pair.one;
                const Vector middle =
                    nearest_image(grid, {at.x + (apart.x - way.x) / 2, at.y + (apart.y - way.y) / 2, 0});
                return std::pair(std::sqrt(dot(apart, apart)),
                                 Vector{middle.x, middle.y, at.z + (apart.z - way.z) / 2});
            };
            population.move(static_cast<std::uint32_t>(n), step, settling, flat(grid), 1);
            population.regroup(1);
            const auto [distance, moved] = mean_of();
            CHECK(10 - distance == Approx(overlap * std::exp(-n * step / settling)).epsilon(1e-11));
            CHECK(std::sqrt(dot(moved, moved)) < 1e-12);
        }
    }
}

TEST_CASE("motion: pushes are the sum over all pairs, whatever the box and the crowd", "[agents][validation]")
{
    struct Case {
        Grid grid;
        std::vector<double> radii;
    };
    const Case cases[] = {{{12, 9, 5, 20}, {4, 10}}, {{12, 1, 5, 20}, {4, 9}},  {{12, 2, 5, 20}, {4, 10}},
                          {{12, 3, 5, 20}, {4, 10}}, {{3, 7, 4, 20}, {6}},      {{1, 1, 6, 20}, {4}},
                          {{2, 2, 2, 20}, {5, 9}},   {{12, 9, 5, 10}, {4, 8}},  {{4, 5, 3, 10}, {7, 9.9}},
                          {{5, 5, 6, 10}, {10}},     {{20, 6, 6, 10}, {2, 18}}, {{9, 12, 1, 20}, {10}},
                          {{50, 1, 10, 20}, {9}}};
    constexpr double share = 1e-4;
    const double step = -std::log1p(-2 * share);
    std::mt19937 random(4);
    for (const Case& one : cases) {
        std::vector<Kind> kinds = {ball(7, false)};
        for (const double radius : one.radii) {
            kinds.push_back(ball(radius));
        }
        for (const double per_voxel : {0.2, 2.0, 15.0}) {
            const auto n = std::min<std::size_t>(
                1500, 3 + static_cast<std::size_t>(per_voxel * static_cast<double>(one.grid.n_voxels())));
            Population population(one.grid, kinds, 1);
            std::uniform_int_distribution<std::size_t> any(0, kinds.size() - 1);
            for (std::size_t i = 0; i < n; ++i) {
                Vector position = somewhere(one.grid, flat(one.grid), random);
                // Floor and ceiling are not what is looked at.
                position.z = std::clamp(position.z, 0.5, static_cast<double>(one.grid.nz) * one.grid.spacing - 0.5);
                population.add(static_cast<std::uint8_t>(any(random)), position, {});
            }
            population.regroup(1);
            std::vector<Vector> expected, before;
            for (std::size_t i = 0; i < n; ++i) {
                expected.push_back(overlaps_with(population, i));
                before.push_back(position_of(population, i));
            }
            population.move(1, step, 1, flat(one.grid), 2);
            double worst = 0, largest = 0;
            for (std::size_t i = 0; i < n; ++i) {
                const Vector moved = nearest_image(one.grid, position_of(population, i) - before[i]);
                const Vector wrong = Vector{moved.x / share, moved.y / share, moved.z / share} - expected[i];
                worst = std::max(worst, std::sqrt(dot(wrong, wrong)));
                largest = std::max(largest, std::sqrt(dot(expected[i], expected[i])));
            }
            INFO(one.grid.nx << " x " << one.grid.ny << " x " << one.grid.nz << " of " << one.grid.spacing << " um, "
                             << n << " agents, largest " << largest);
            CHECK(worst < 1e-8 + 1e-10 * largest);
        }
    }
}

TEST_CASE("motion: in a crowd nobody is pushed further than its own radius in a step", "[agents][invariants]")
{
    const Grid grid{5, 5, 5, 20};
    Population population(grid, {ball(4), ball(9)}, 1);
    std::mt19937 random(2);
    std::uniform_real_distribution<double> uniform(45, 55);
    for (int i = 0; i < 400; ++i) {
        population.add(static_cast<std::uint8_t>(i % 2), {uniform(random), uniform(random), uniform(random)}, {});
    }
    population.regroup(1);
    const Columns before = population.agents();
    population.move(1, 10, 1, flat(grid), 1);
    double furthest[2] = {};
    for (std::size_t i = 0; i < population.size(); ++i) {
        const Vector moved = position_of(population, i) - Vector{before.x[i], before.y[i], before.z[i]};
        furthest[before.kind[i]] = std::max(furthest[before.kind[i]], std::sqrt(dot(moved, moved)));
    }
    CHECK(furthest[0] == Approx(4).epsilon(1e-12));
    CHECK(furthest[1] == Approx(9).epsilon(1e-12));
}

TEST_CASE("motion: what is fixed pushes others, and stays", "[agents][invariants]")
{
    const Grid grid{5, 5, 5, 20};
    Kind post = ball(6);
    post.mobility = Mobility::fixed;
    Population population(grid, {post, ball(6)}, 1);
    population.add(0, {50, 50, 50}, {});
    population.add(1, {56, 50, 50}, {});
    population.regroup(1);
    population.move(1, 1, 1, flat(grid), 1);
    CHECK(population.agents().x[0] == 50);
    CHECK(population.agents().x[1] == Approx(56 + 6 * (1 - std::exp(-1)) / 2).epsilon(1e-12));
}
