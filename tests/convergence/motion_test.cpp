#include "solvers/agents/population.hpp"
#include "solvers/lanes/engines.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <random>
#include <string>

using namespace osteoflare::solvers;
using namespace agents;
using fields::Grid;

namespace {

constexpr double pi = 3.14159265358979323846;

Kind walker(double speed, double persistence, Mobility mobility = Mobility::free)
{
    return {.name = "walker",
            .radius = 5,
            .mobility = mobility,
            .speed = speed,
            .persistence = persistence,
            .repels = false};
}

/// Does not walk, but can be pushed.
Kind ball(double radius, bool repels = true)
{
    return {.name = "ball", .radius = radius, .mobility = Mobility::free, .repels = repels};
}

std::vector<double> flat(const Grid& grid, double height = 0)
{
    return std::vector<double>(grid.nx * grid.ny, height);
}

/// Between nothing and half the box.
std::vector<double> uneven(const Grid& grid, unsigned seed)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> height(0, 0.5 * static_cast<double>(grid.nz) * grid.spacing);
    std::vector<double> floor(grid.nx * grid.ny);
    std::ranges::generate(floor, [&] { return height(random); });
    return floor;
}

double floor_under(const Grid& grid, const std::vector<double>& floor, double x, double y)
{
    const auto column = [&](double position) { return static_cast<std::size_t>(position / grid.spacing); };
    return floor[grid.voxel(column(x), column(y), 0)];
}

/// Evenly over the box above the floor.
Vector somewhere(const Grid& grid, const std::vector<double>& floor, std::mt19937& random)
{
    std::uniform_real_distribution<double> uniform(0, 1);
    for (;;) {
        const Vector position{uniform(random) * static_cast<double>(grid.nx) * grid.spacing,
                              uniform(random) * static_cast<double>(grid.ny) * grid.spacing,
                              uniform(random) * static_cast<double>(grid.nz) * grid.spacing};
        if (position.z >= floor_under(grid, floor, position.x, position.y)) {
            return position;
        }
    }
}

Population population_of(const Grid& grid, std::vector<Kind> kinds, std::size_t n, const Vector& position)
{
    Population population(grid, std::move(kinds), 20);
    for (std::size_t i = 0; i < n; ++i) {
        population.add(0, position, {});
    }
    population.regroup(1);
    return population;
}

Vector position_of(const Population& population, std::size_t i)
{
    const Columns& a = population.agents();
    return {a.x[i], a.y[i], a.z[i]};
}

Vector heading_of(const Population& population, std::size_t i)
{
    const Columns& a = population.agents();
    return {a.heading_x[i], a.heading_y[i], a.heading_z[i]};
}

Vector operator-(const Vector& a, const Vector& b)
{
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}

double dot(const Vector& a, const Vector& b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

/// The shortest way in a periodic box.
Vector nearest_image(const Grid& grid, Vector way)
{
    const double width = static_cast<double>(grid.nx) * grid.spacing,
                 depth = static_cast<double>(grid.ny) * grid.spacing;
    way.x -= width * std::round(way.x / width);
    way.y -= depth * std::round(way.y / depth);
    return way;
}

/// Whether the mean of `values` is what is claimed, to four standard errors.
struct Mean {
    double mean = 0, error = 0;

    explicit Mean(const std::vector<double>& values)
    {
        const auto n = static_cast<double>(values.size());
        for (const double value : values) {
            mean += value / n;
        }
        double square = 0;
        for (const double value : values) {
            square += (value - mean) * (value - mean) / (n - 1);
        }
        error = std::sqrt(square / n);
    }
    bool is(double claimed) const { return std::abs(mean - claimed) <= 4 * error + 1e-9 * std::abs(claimed); }
};

/// The largest difference between a sample's distribution and the claimed one, times the root of its size
/// (Kolmogorov and Smirnov): above 1.95 in one of a thousand samples.
template <class Distribution>
double distance_from(std::vector<double> sample, Distribution claimed)
{
    std::ranges::sort(sample);
    const auto n = static_cast<double>(sample.size());
    double largest = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const double expected = claimed(sample[i]), below = static_cast<double>(i) / n;
        largest = std::max({largest, std::abs(expected - below), std::abs(expected - below - 1 / n)});
    }
    return largest * std::sqrt(n);
}

/// Of n steps that are `kept` alike from one to the next, the mean square of their sum.
double mean_square_of_sum(double length, double kept, int n)
{
    return length * length
           * (n * (1 + kept) / (1 - kept) - 2 * kept * (1 - std::pow(kept, n)) / ((1 - kept) * (1 - kept)));
}

/// All numbers that make up a state, in the order in which agents stand.
std::vector<double> state_of(const Population& population)
{
    std::vector<double> all;
    Columns::visit(population.agents(), [&](const auto& column) {
        for (const auto number : column) {
            all.push_back(static_cast<double>(number));
        }
    });
    return all;
}

/// What neighbours push agent i, from all pairs.
Vector overlaps_with(const Population& population, std::size_t i)
{
    const Columns& a = population.agents();
    Vector sum;
    for (std::size_t j = 0; j < population.size(); ++j) {
        const Kind &own = population.kinds()[a.kind[i]], &other = population.kinds()[a.kind[j]];
        const Vector way = nearest_image(population.grid(), position_of(population, i) - position_of(population, j));
        const double distance = std::sqrt(dot(way, way)), overlap = own.radius + other.radius - distance;
        if (i != j && own.repels && other.repels && overlap > 0 && distance > 0) {
            sum.x += overlap * way.x / distance;
            sum.y += overlap * way.y / distance;
            sum.z += overlap * way.z / distance;
        }
    }
    return sum;
}

} // namespace

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
        for (const Vector& axis : {Vector{0, 0, 1}, Vector{0.6, 0, -0.8}, Vector{0, 1, 0}}) {
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
    population.regroup(2);
    population.remove(0);
    population.regroup(2);
    CHECK(population.size() == 0);
}

TEST_CASE("motion: wrong input is named", "[agents]")
{
    const Grid grid{4, 3, 2, 20};
    CHECK_THROWS_WITH(Population(grid, {ball(-1)}, 1), Catch::Contains("ball has a negative constant"));
    CHECK_THROWS_WITH(Population(grid, {walker(1, 0)}, 1), Catch::Contains("walker has a negative constant"));
    CHECK_THROWS_WITH(Population(grid, {ball(100)}, 1), Catch::Contains("use larger voxels"));
    CHECK_THROWS_WITH(Population(grid, {ball(1e300)}, 1), Catch::Contains("use larger voxels"));
}
