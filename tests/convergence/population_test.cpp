#include "solvers/lanes/engines.hpp"
#include "tests/convergence/motion_fixture.hpp"

#include "catch.hpp"

#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::tests;

namespace {

/// Some of each kind in a small box with an uneven floor, of which some die and others are born.
struct Scene {
    Grid grid{9, 4, 5, 20};
    std::vector<double> floor = uneven(grid, 9);
    Population population;

    static std::vector<Kind> kinds()
    {
        Kind post = ball(9);
        post.mobility = Mobility::fixed;
        Kind free = walker(10, 2), level = walker(6, 3, Mobility::surface);
        free.repels = level.repels = true;
        return {post, free, level};
    }
    Scene() : population(grid, kinds(), 12)
    {
        std::mt19937 random(8);
        for (int i = 0; i < 700; ++i) {
            population.add(static_cast<std::uint8_t>(i % 3), somewhere(grid, floor, random),
                           {1.0 * i, 2.0 * i, -1.0 * i});
        }
        population.regroup(1);
    }
    void go(std::uint32_t from, std::uint32_t to, std::size_t n_threads)
    {
        for (std::uint32_t n = from; n < to; ++n) {
            for (std::size_t i = 0; i < population.size(); ++i) {
                const std::uint64_t id = population.agents().id[i];
                population.bias()[i] = {0.1, -0.2, static_cast<double>(id % 7) / 10};
            }
            population.move(n, 0.5, 2, floor, n_threads);
            for (std::size_t i = 0; i < population.size(); ++i) {
                const std::uint64_t id = population.agents().id[i];
                if ((id + n) % 97 == 0) {
                    population.remove(i);
                } else if ((id + n) % 89 == 0) {
                    population.put(i, {100, 30, 99});
                }
                population.carried(0)[i] += 0.5;
            }
            population.add(1, {5, 7, 90}, {0, 0, static_cast<double>(n)});
            population.regroup(n_threads);
        }
    }
};

} // namespace

TEST_CASE("motion: the same bits on one, two and three threads, and with every instruction set", "[agents][invariants]")
{
    const auto after = [](const char* instruction_set, std::size_t n_threads) {
        setenv("OSTEOFLARE_INSTRUCTION_SET", instruction_set, 1);
        Scene scene;
        scene.go(1, 30, n_threads);
        unsetenv("OSTEOFLARE_INSTRUCTION_SET");
        return state_of(scene.population);
    };
    const auto expected = after("portable", 1);
    for (const auto instruction_set : lanes::usable_instruction_sets()) {
        for (const std::size_t n_threads : std::vector<std::size_t>{1, 2, 3}) {
            INFO(instruction_set << " on " << n_threads);
            CHECK(after(std::string(instruction_set).c_str(), n_threads) == expected);
        }
    }
}

TEST_CASE("motion: a copy that was put down in mid-run goes on with the same bits", "[agents][invariants]")
{
    Scene whole, first, second;
    whole.go(1, 30, 1);
    first.go(1, 17, 1);
    second.population.restore(first.population.agents(), first.population.next_id());
    CHECK(state_of(second.population) == state_of(first.population));
    second.go(17, 30, 1);
    CHECK(state_of(second.population) == state_of(whole.population));
    CHECK(second.population.next_id() == whole.population.next_id());
}

TEST_CASE("motion: how an agent walks depends on its number, not on its place or on who else there is",
          "[agents][invariants]")
{
    const Grid grid{9, 4, 5, 20};
    const auto courses = [&](bool all) {
        Population population(grid, {walker(10, 1)}, 5);
        std::mt19937 random(3);
        for (int i = 0; i < 200; ++i) {
            population.add(0, somewhere(grid, flat(grid), random), {});
        }
        population.regroup(1);
        for (std::size_t i = 0; i < population.size(); ++i) {
            if (!all && population.agents().id[i] % 3 != 0) {
                population.remove(i);
            }
        }
        population.regroup(1);
        for (std::uint32_t n = 1; n <= 20; ++n) {
            population.move(n, 0.5, 1, flat(grid), 1);
            population.regroup(1);
        }
        std::map<std::uint64_t, double> places;
        for (std::size_t i = 0; i < population.size(); ++i) {
            if (population.agents().id[i] % 3 == 0) {
                places[population.agents().id[i]] = population.agents().x[i];
            }
        }
        return places;
    };
    CHECK(courses(true) == courses(false));
}

TEST_CASE(
    "motion: agents stand sorted by voxel, in the order in which they came, and only the removed ones are missing",
    "[agents][invariants]")
{
    const Grid grid{4, 3, 2, 20};
    Population population(grid, {ball(2), walker(1, 1)}, 5);
    std::mt19937 random(1);
    std::map<std::uint64_t, double> carried; // of those alive
    std::uint64_t next = 0;
    const auto add = [&] {
        const double number = static_cast<double>(next) * 1.5;
        population.add(static_cast<std::uint8_t>(next % 2), somewhere(grid, flat(grid), random), {number, -number, 7});
        carried[next++] = number;
    };
    for (int i = 0; i < 200; ++i) {
        add();
    }
    population.regroup(1);
    for (int round = 0; round < 20; ++round) {
        std::map<std::uint64_t, std::size_t> place; // before
        for (std::size_t i = 0; i < population.size(); ++i) {
            place[population.agents().id[i]] = i;
        }
        for (std::size_t i = 0; i < population.size(); ++i) {
            if (random() % 10 == 0) {
                population.remove(i);
                carried.erase(population.agents().id[i]);
            } else if (random() % 3 == 0) {
                population.put(i, somewhere(grid, flat(grid), random));
            }
        }
        for (unsigned i = 0; i < random() % 40; ++i) {
            place[next] = 100000 + next;
            add();
        }
        population.regroup(2);
        const Columns& a = population.agents();
        REQUIRE(population.size() == carried.size());
        REQUIRE(population.next_id() == next);
        REQUIRE(population.bias().size() == population.size());
        REQUIRE(population.begin(0) == 0);
        REQUIRE(population.begin(grid.n_voxels()) == population.size());
        for (std::size_t voxel = 0; voxel < grid.n_voxels(); ++voxel) {
            for (std::size_t i = population.begin(voxel); i < population.begin(voxel + 1); ++i) {
                const auto along = [&](double position) { return static_cast<std::size_t>(position / 20); };
                REQUIRE(grid.voxel(along(a.x[i]), along(a.y[i]), along(a.z[i])) == voxel);
                REQUIRE(carried.at(a.id[i]) == a.carried[0][i]);
                REQUIRE(a.carried[1][i] == -a.carried[0][i]);
                REQUIRE(a.carried[2][i] == 7);
                REQUIRE(a.kind[i] == a.id[i] % 2);
                if (i > population.begin(voxel)) {
                    REQUIRE(place.at(a.id[i - 1]) < place.at(a.id[i]));
                }
                REQUIRE(population.bias()[i].x == 0);
            }
        }
        std::map<std::uint64_t, int> ids;
        for (const std::uint64_t id : a.id) {
            REQUIRE(++ids[id] == 1);
        }
        std::ranges::fill(population.bias(), Vector{1, 0, 0});
    }
}

TEST_CASE("motion: an empty box stays empty", "[agents][invariants]")
{
    const Grid grid{4, 3, 2, 20};
    Population population(grid, {ball(2)}, 5);
    population.regroup(2);
    population.move(1, 1, 1, flat(grid), 2);
    population.regroup(2);
    CHECK(population.size() == 0);
    CHECK(population.bytes_per_agent() == 0);
    population.add(0, {1, 1, 1}, {});
    population.add(0, {2, 2, 2}, {});
    population.regroup(2);
    population.remove(0);
    CHECK(population.is_removed(0));
    CHECK_FALSE(population.is_removed(1));
    population.regroup(2);
    CHECK(population.size() == 1);
    CHECK_FALSE(population.is_removed(0));
    population.remove(0);
    population.regroup(2);
    CHECK(population.size() == 0);
}

TEST_CASE("motion: wrong input is named", "[agents]")
{
    const Grid grid{4, 3, 2, 20};
    CHECK_THROWS_WITH(Population(grid, {ball(-1)}, 1), Catch::Contains("ball has a negative constant"));
    CHECK_THROWS_WITH(Population(grid, {walker(1, 0)}, 1), Catch::Contains("walker has a negative constant"));
    CHECK_THROWS_WITH(Population(grid, {walker(-1, 2)}, 1), Catch::Contains("walker has a negative constant"));
    Population population(grid, {ball(2), walker(1, 2)}, 1);
    CHECK_THROWS_WITH(population.set_kinds({ball(2)}), "Population: another number of kinds");
    CHECK_THROWS_WITH(Population(grid, {ball(100)}, 1), Catch::Contains("use larger voxels"));
    CHECK_THROWS_WITH(Population(grid, {ball(1e300)}, 1), Catch::Contains("use larger voxels"));
}

TEST_CASE("motion: whoever stands a rounding beyond a side of the box is inside again", "[agents]")
{
    const Grid grid{4, 3, 2, 20};
    const double width = 80, depth = 60;
    std::vector<Vector> beyond = {{-1e-20, 1, 1}, {1, -1e-20, 1}, {-1e-20, -1e-20, 1}, {width, depth, 1}};
    for (int turn = 2; turn < 60; ++turn) { // the last number before whole turns, and a number far away
        beyond.push_back({std::nextafter(turn * width, 0), std::nextafter(turn * depth, 0), 1});
        beyond.push_back({-turn * width - 1e-20, -turn * depth * 1e6 - 0.3, 1});
    }
    Population population(grid, {ball(2, false)}, 5);
    for (const Vector& position : beyond) {
        population.add(0, position, {});
    }
    population.regroup(1);
    population.move(1, 1, 1, flat(grid), 1);
    const Columns& a = population.agents();
    for (std::size_t i = 0; i < population.size(); ++i) {
        const Vector& from = beyond[a.id[i]];
        INFO(from.x << " " << from.y);
        CHECK((a.x[i] >= 0 && a.x[i] < width));
        CHECK((a.y[i] >= 0 && a.y[i] < depth));
        // At the same place, whichever side of it is named.
        const double x = std::remainder(a.x[i] - from.x, width), y = std::remainder(a.y[i] - from.y, depth);
        CHECK(std::abs(x) <= 1e-9);
        CHECK(std::abs(y) <= 2e-6); // rounded at a distance of 4e9
    }
}

TEST_CASE("motion: an agent takes the bytes of its columns twice, and not many more", "[agents]")
{
    const Grid grid{4, 3, 2, 20};
    const auto population = population_of(grid, {ball(2)}, 5000, {1, 1, 1});
    std::size_t of_columns = 0;
    Columns::visit(population.agents(), [&](const auto& column) { of_columns += sizeof(column[0]); });
    CHECK(population.bytes_per_agent() >= 2 * of_columns);
    CHECK(population.bytes_per_agent() < 6 * of_columns); // vectors grow by halves and doubles
}
