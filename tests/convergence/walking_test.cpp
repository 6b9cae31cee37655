#include "tests/convergence/motion_fixture.hpp"

#include "catch.hpp"

#include <cstdlib>
#include <map>

using namespace osteoflare;
using namespace osteoflare::tests;

TEST_CASE("motion: the mean squared displacement of walkers that keep their heading for a while",
          "[agents][validation]")
{
    const Grid grid{10, 10, 10, 100};
    constexpr double speed = 10, persistence = 1.5, step = 0.5;
    const Vector start{500, 500, 500};
    Population population = population_of(grid, {walker(speed, persistence)}, 20000, start);
    const double kept = std::exp(-step / persistence);
    for (int n = 1; n <= 60; ++n) {
        population.move(static_cast<std::uint32_t>(n), step, 1, flat(grid), 2);
        population.regroup(2);
        if (n == 1 || n == 2 || n == 5 || n == 20 || n == 60) {
            std::vector<double> squares, along_x, along_y, along_z;
            for (std::size_t i = 0; i < population.size(); ++i) {
                const Vector way = position_of(population, i) - start;
                squares.push_back(dot(way, way));
                along_x.push_back(way.x * way.x);
                along_y.push_back(way.y * way.y);
                along_z.push_back(way.z * way.z);
            }
            const double claimed = mean_square_of_sum(speed * step, kept, n);
            const Mean square(squares);
            INFO(n << " steps: " << square.mean << " +- " << square.error << ", claimed " << claimed);
            CHECK(square.is(claimed));
            CHECK(Mean(along_x).is(claimed / 3));
            CHECK(Mean(along_y).is(claimed / 3));
            CHECK(Mean(along_z).is(claimed / 3));
        }
    }
}

TEST_CASE("motion: with a bias, walkers drift at a third of it times their speed", "[agents][validation]")
{
    const Grid grid{10, 10, 10, 100};
    constexpr double speed = 10, persistence = 2, step = 0.5;
    constexpr int n_steps = 20;
    const Vector start{500, 500, 500};
    const double kept = std::exp(-step / persistence);
    // At first headings know nothing of the bias.
    const double steps_with = n_steps - kept * (1 - std::pow(kept, n_steps)) / (1 - kept);
    const Vector directions[] = {{0, 0, 1}, {0, 0, -1}, {1, 0, 0}, {0, -1, 0}, {2. / 7, -3. / 7, 6. / 7}};
    for (const Vector& direction : directions) {
        for (const double strength : {0.0, 0.3, 1.0}) {
            Population population = population_of(grid, {walker(speed, persistence)}, 4000, start);
            const Vector bias{strength * direction.x, strength * direction.y, strength * direction.z};
            for (int n = 1; n <= n_steps; ++n) {
                std::ranges::fill(population.bias(), bias);
                population.move(static_cast<std::uint32_t>(n), step, 1, flat(grid), 2);
                population.regroup(2);
            }
            std::vector<double> along_x, along_y, along_z;
            for (std::size_t i = 0; i < population.size(); ++i) {
                const Vector way = position_of(population, i) - start;
                along_x.push_back(way.x);
                along_y.push_back(way.y);
                along_z.push_back(way.z);
            }
            const double claimed = speed * step * steps_with / 3;
            INFO("bias " << bias.x << " " << bias.y << " " << bias.z << ": " << Mean(along_x).mean << " "
                         << Mean(along_y).mean << " " << Mean(along_z).mean << " of " << claimed);
            CHECK(Mean(along_x).is(claimed * bias.x));
            CHECK(Mean(along_y).is(claimed * bias.y));
            CHECK(Mean(along_z).is(claimed * bias.z));
        }
    }
}

TEST_CASE("motion: new headings have length 1, density (1 + bias h)/4 pi, and lie evenly around the bias",
          "[agents][validation]")
{
    const Grid grid{10, 10, 10, 100};
    for (const double strength : {0.0, 0.5, 1.0}) {
        for (const Vector& axis : {Vector{0, 0, 1}, Vector{0.6, 0, -0.8}, Vector{0, 1, 0}, Vector{0.48, -0.64, 0.6},
                                   Vector{0.8, 0.36, -0.48}}) {
            // Everyone turns.
            Population population = population_of(grid, {walker(1, 1e-3)}, 20000, {500, 500, 500});
            std::ranges::fill(population.bias(), Vector{strength * axis.x, strength * axis.y, strength * axis.z});
            population.move(1, 1, 1, flat(grid), 2);
            const Vector across{axis.y - axis.z, axis.z - axis.x, axis.x - axis.y}; // (1, 1, 1) x axis, turned about
            const Vector third{axis.y * across.z - axis.z * across.y, axis.z * across.x - axis.x * across.z,
                               axis.x * across.y - axis.y * across.x};
            std::vector<double> cosines, angles;
            for (std::size_t i = 0; i < population.size(); ++i) {
                const Vector heading = heading_of(population, i);
                if (std::abs(dot(heading, heading) - 1) > 1e-14) {
                    FAIL("a heading's square is " << dot(heading, heading));
                }
                cosines.push_back(dot(heading, axis));
                angles.push_back(std::atan2(dot(heading, across), dot(heading, third)));
            }
            INFO("bias " << strength << " along " << axis.x << " " << axis.y << " " << axis.z);
            CHECK(distance_from(cosines, [&](double c) { return (c + 1) / 2 + strength * (c * c - 1) / 4; }) < 1.95);
            CHECK(distance_from(angles, [](double angle) { return angle / (2 * pi) + 0.5; }) < 1.95);
        }
    }
}

TEST_CASE("motion: who walks on the surface stays on the floor and spreads in two dimensions", "[agents][validation]")
{
    const Grid grid{5, 4, 3, 20}; // around which walkers go several times
    constexpr double speed = 10, persistence = 1.5, step = 0.5;
    const auto floor = uneven(grid, 3);
    const double kept = std::exp(-step / persistence);
    Population population = population_of(grid, {walker(speed, persistence, Mobility::surface)}, 8000, {3, 77, 0});
    std::map<std::uint64_t, Vector> way, before;
    for (const std::uint64_t id : population.agents().id) {
        before[id] = {3, 77, 0};
    }
    for (int n = 1; n <= 40; ++n) {
        population.move(static_cast<std::uint32_t>(n), step, 1, floor, 2);
        population.regroup(2);
        std::vector<double> along_x, along_y;
        for (std::size_t i = 0; i < population.size(); ++i) {
            const Vector now = position_of(population, i), heading = heading_of(population, i);
            const std::uint64_t id = population.agents().id[i];
            if (now.z != floor_under(grid, floor, now.x, now.y) || heading.z != 0) {
                FAIL("somebody is not on the floor");
            }
            const Vector moved = nearest_image(grid, now - before[id]);
            before[id] = now;
            way[id].x += moved.x;
            way[id].y += moved.y;
            along_x.push_back(way[id].x * way[id].x);
            along_y.push_back(way[id].y * way[id].y);
        }
        if (n == 1 || n == 3 || n == 10 || n == 40) {
            const double claimed = mean_square_of_sum(speed * step, kept, n);
            INFO(n << " steps: " << Mean(along_x).mean << " " << Mean(along_y).mean << " of " << claimed / 2);
            CHECK(Mean(along_x).is(claimed / 2));
            CHECK(Mean(along_y).is(claimed / 2));
        }
    }
}

TEST_CASE("motion: who walks several times around the box in one step gets where it should", "[agents][invariants]")
{
    const Grid grid{5, 4, 3, 20};
    Population population = population_of(grid, {walker(900, 1e9, Mobility::surface)}, 100, {3, 77, 0});
    population.move(1, 1, 1, flat(grid), 1);
    for (std::size_t i = 0; i < population.size(); ++i) {
        const Vector heading = heading_of(population, i);
        const Vector wrong =
            nearest_image(grid, position_of(population, i) - Vector{3 + 900 * heading.x, 77 + 900 * heading.y, 0});
        CHECK(std::sqrt(dot(wrong, wrong)) < 1e-11);
    }
}

TEST_CASE("motion: a heading lasts a geometric number of steps, whose mean time is the persistence in short steps",
          "[agents][validation]")
{
    const Grid grid{4, 4, 4, 20};
    for (const double step : {0.05, 1.0, 2.0}) {
        Population population = population_of(grid, {walker(1, 1, Mobility::surface)}, 2000, {30, 30, 0});
        const double kept = std::exp(-step);
        std::map<std::uint64_t, std::pair<Vector, int>> lasted;
        for (std::size_t i = 0; i < population.size(); ++i) {
            lasted[population.agents().id[i]] = {heading_of(population, i), 0};
        }
        const auto n_steps = static_cast<int>(6 / step) + 10;
        std::vector<double> first_turns; // how many steps the first heading lasts, but none longer than what we watch
        std::vector<double> turns;
        for (int n = 1; n <= n_steps; ++n) {
            population.move(static_cast<std::uint32_t>(n), step, 1, flat(grid), 1);
            population.regroup(1);
            for (std::size_t i = 0; i < population.size(); ++i) {
                auto& [heading, since] = lasted[population.agents().id[i]];
                const Vector now = heading_of(population, i);
                const bool turned = now.x != heading.x || now.y != heading.y;
                turns.push_back(turned ? 1 : 0);
                if (turned && since >= 0) {
                    first_turns.push_back(since);
                    since = -1;
                }
                since += since >= 0 ? 1 : 0;
                heading = now;
            }
        }
        INFO("steps of " << step << ": turns " << Mean(turns).mean << " of " << 1 - kept);
        CHECK(Mean(turns).is(1 - kept));
        for (const int k : {0, 1, 3, 10}) {
            std::vector<double> longer;
            for (const double lasting : first_turns) {
                longer.push_back(lasting > k ? 1 : 0);
            }
            longer.resize(2000, 1); // those that never turned
            INFO("more than " << k << " steps: " << Mean(longer).mean << " of " << std::pow(kept, k + 1));
            const double share = std::pow(kept, k + 1);
            CHECK(std::abs(Mean(longer).mean - share) <= 4 * std::sqrt(share * (1 - share) / 2000));
        }
    }
}

TEST_CASE("motion: nobody leaves the box or gets under an uneven floor, nor moves further than it walks and is pushed",
          "[agents][invariants]")
{
    const Grid grid{7, 3, 6, 20};
    const double width = 140, depth = 60, height = 120;
    for (const double speed : {5.0, 60.0, 700.0}) {
        Kind free = walker(speed, 0.5), level = walker(speed, 0.5, Mobility::surface);
        free.repels = level.repels = true;
        Population population(grid, {free, level}, 7);
        std::mt19937 random(5);
        auto floor = uneven(grid, 1);
        for (int i = 0; i < 500; ++i) {
            population.add(i % 5 == 0 ? 1 : 0, somewhere(grid, floor, random), {});
        }
        population.regroup(1);
        for (std::uint32_t n = 1; n <= 60; ++n) {
            const bool rises = n % 20 == 0;
            if (rises) {
                floor = uneven(grid, n);
            }
            const Columns before = population.agents();
            population.move(n, 0.3, 1, floor, 1);
            for (std::size_t i = 0; i < population.size(); ++i) {
                const Vector now = position_of(population, i);
                if (!(now.x >= 0 && now.x < width && now.y >= 0 && now.y < depth && now.z <= height
                      && now.z >= floor_under(grid, floor, now.x, now.y))) {
                    FAIL("somebody is at " << now.x << " " << now.y << " " << now.z);
                }
                const Vector way = nearest_image(grid, now - Vector{before.x[i], before.y[i], before.z[i]});
                if (!rises && before.kind[i] == 0 && std::sqrt(dot(way, way)) > speed * 0.3 + 5 + 1e-9) {
                    FAIL("somebody jumped " << std::sqrt(dot(way, way)) << " um");
                }
            }
            population.regroup(1);
        }
    }
}

TEST_CASE("motion: without a bias walkers stay evenly spread, up to the ceiling, down to the floor and beside walls",
          "[agents][validation]")
{
    const Grid grid{6, 1, 4, 20};
    const auto floor = std::vector<double>{0, 50, 10, 10, 30, 0};
    for (const double speed : {5.0, 40.0}) {
        Population population(grid, {walker(speed, 1)}, 3);
        std::mt19937 random(6);
        constexpr int n_agents = 40000;
        for (int i = 0; i < n_agents; ++i) {
            population.add(0, somewhere(grid, floor, random), {});
        }
        population.regroup(2);
        for (std::uint32_t n = 1; n <= 60; ++n) {
            population.move(n, 0.4, 1, floor, 2);
            population.regroup(2);
        }
        // In cells of 4 x 2 um.
        constexpr std::size_t n_x = 30, n_z = 40;
        std::vector<int> counts(n_x * n_z);
        for (std::size_t i = 0; i < population.size(); ++i) {
            const Vector at = position_of(population, i);
            ++counts[std::min(n_z - 1, static_cast<std::size_t>(at.z / 2)) * n_x + static_cast<std::size_t>(at.x / 4)];
        }
        const double expected = n_agents * 8 / (6 * 80.0 * 20 - 100 * 20);
        double square = 0, largest = 0;
        int n_open = 0;
        for (std::size_t x = 0; x < n_x; ++x) {
            for (std::size_t z = 0; z < n_z; ++z) {
                const bool is_open = static_cast<double>(z) * 2 >= floor[x / 5];
                const double more = (counts[z * n_x + x] - (is_open ? expected : 0)) / std::sqrt(expected);
                square += more * more;
                largest = std::max(largest, std::abs(more));
                n_open += is_open ? 1 : 0;
            }
        }
        INFO("chi-square " << square << " of " << n_open - 1 << " degrees, largest " << largest);
        CHECK(std::abs(square - (n_open - 1)) < 4 * std::sqrt(2.0 * (n_open - 1)));
    }
}
