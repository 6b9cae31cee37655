#include "solvers/fields/diffusion.hpp"
#include "solvers/fields/direction.hpp"
#include "solvers/lanes/engines.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>

using namespace osteoflare::solvers;
using fields::Diffusion;
using fields::Grid;

namespace {

constexpr double pi = 3.14159265358979323846;

template <class Function>
void set_values(Diffusion& diffusion, Function value)
{
    const Grid& grid = diffusion.grid();
    for (std::size_t z = 0; z < grid.nz; ++z) {
        for (std::size_t y = 0; y < grid.ny; ++y) {
            for (std::size_t x = 0; x < grid.nx; ++x) {
                diffusion.values(0)[diffusion.offset(x, y, z)] = value(x, y, z);
            }
        }
    }
}

template <class Function>
double largest_difference(const Diffusion& diffusion, Function value)
{
    const Grid& grid = diffusion.grid();
    double worst = 0;
    for (std::size_t z = 0; z < grid.nz; ++z) {
        for (std::size_t y = 0; y < grid.ny; ++y) {
            for (std::size_t x = 0; x < grid.nx; ++x) {
                worst = std::max(worst, std::abs(diffusion.values(0)[diffusion.offset(x, y, z)] - value(x, y, z)));
            }
        }
    }
    return worst;
}

/// The error after 2 min of a product of cosines, which decays as such; `n` voxels and steps per direction.
double error_of_cosine(std::size_t n, std::size_t n_steps)
{
    constexpr double length = 200, end = 2, d = 600, c = 0.1;
    const double h = length / static_cast<double>(n);
    Diffusion diffusion({n, n, n, h}, {{"cosine", d, c}}, end / static_cast<double>(n_steps));
    const auto at = [&](std::size_t i) { return (static_cast<double>(i) + 0.5) * h; };
    const auto shape = [&](std::size_t x, std::size_t y, std::size_t z) {
        return 1
               + std::cos(2 * pi * at(x) / length + 0.7) * std::cos(2 * pi * at(y) / length - 1.2)
                     * std::cos(pi * at(z) / length);
    };
    set_values(diffusion, shape);
    for (std::size_t i = 0; i < n_steps; ++i) {
        diffusion.advance();
    }
    const double waves = std::exp(-d * (4 + 4 + 1) * pi * pi / (length * length) * end), rest = std::exp(-c * end);
    return largest_difference(diffusion,
                              [&](auto x, auto y, auto z) { return rest * (1 + (shape(x, y, z) - 1) * waves); });
}

/// Backward Euler along x, y and z in turn (locally one-dimensional), as other simulators have it: one step of `u`, all
/// voxels open.
void step_one_dimensional(const Grid& grid, std::vector<double>& u, double alpha, double decay, double step)
{
    const auto solve = [&](std::size_t first, std::size_t stride, std::size_t n, bool is_periodic) {
        // A dense elimination of a line: slow, and plain.
        std::vector<double> matrix(n * n), x(n);
        for (std::size_t i = 0; i < n; ++i) {
            x[i] = u[first + i * stride];
            matrix[i * n + i] = 1 + decay * step / 3;
        }
        for (std::size_t i = 0; i < n; ++i) {
            const std::size_t next = i + 1 < n ? i + 1 : 0;
            if (next > 0 || is_periodic) {
                matrix[i * n + i] += alpha;
                matrix[next * n + next] += alpha;
                matrix[i * n + next] -= alpha;
                matrix[next * n + i] -= alpha;
            }
        }
        for (std::size_t k = 0; k < n; ++k) {
            for (std::size_t i = k + 1; i < n; ++i) {
                const double factor = matrix[i * n + k] / matrix[k * n + k];
                if (factor != 0) {
                    for (std::size_t j = k; j < n; ++j) {
                        matrix[i * n + j] -= factor * matrix[k * n + j];
                    }
                    x[i] -= factor * x[k];
                }
            }
        }
        for (std::size_t i = n; i-- > 0;) {
            for (std::size_t j = i + 1; j < n; ++j) {
                x[i] -= matrix[i * n + j] * x[j];
            }
            x[i] /= matrix[i * n + i];
            u[first + i * stride] = x[i];
        }
    };
    for (std::size_t line = 0; line < grid.ny * grid.nz; ++line) {
        solve(line * grid.nx, 1, grid.nx, true);
    }
    for (std::size_t z = 0; z < grid.nz; ++z) {
        for (std::size_t x = 0; x < grid.nx; ++x) {
            solve(z * grid.nx * grid.ny + x, grid.nx, grid.ny, true);
        }
    }
    for (std::size_t column = 0; column < grid.nx * grid.ny; ++column) {
        solve(column, grid.nx * grid.ny, grid.nz, false);
    }
}

/// Some closed voxels, none of which fills a column.
std::vector<std::uint8_t> some_closed(const Grid& grid, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<std::uint8_t> closed(grid.n_voxels());
    for (std::size_t z = 0; z + 1 < grid.nz; ++z) {
        for (std::size_t i = 0; i < grid.nx * grid.ny; ++i) {
            closed[z * grid.nx * grid.ny + i] = random() % 3 == 0 ? 1 : 0;
        }
    }
    return closed;
}

} // namespace

TEST_CASE("fields: a decaying cosine converges with the second power of voxel and step", "[fields][convergence]")
{
    const double coarse = error_of_cosine(10, 40), middle = error_of_cosine(20, 80), fine = error_of_cosine(40, 160);
    INFO(coarse << " " << middle << " " << fine);
    CHECK(std::log2(coarse / middle) > 1.9);
    CHECK(std::log2(middle / fine) > 1.95);
    CHECK(std::log2(middle / fine) < 2.1);
}

TEST_CASE("fields: around a point source the steady field is exp(-r/lambda)/r, to second order",
          "[fields][convergence]")
{
    constexpr double d = 600, lambda = 60, c = d / (lambda * lambda), box = 630;
    const auto error = [&](std::size_t n, std::size_t n_steps) {
        const double h = box / static_cast<double>(n);
        Diffusion diffusion({n, n, n, h}, {{"source", d, c}}, 90 / static_cast<double>(n_steps));
        const std::size_t middle = n / 2;
        diffusion.sources(0)[diffusion.offset(middle, middle, middle)] = 1 / (h * h * h);
        diffusion.advance(n_steps);
        double worst = 0;
        for (const double distance : {90.0, 120.0, 150.0}) {
            const auto steps = static_cast<std::size_t>(std::lround(distance / h));
            const double exact = std::exp(-distance / lambda) / (4 * pi * d * distance);
            const double found = diffusion.values(0)[diffusion.offset(middle + steps, middle, middle)];
            worst = std::max(worst, std::abs(found / exact - 1));
        }
        return worst;
    };
    const double coarse = error(21, 600),
                 fine = error(63, 1800); // the source stands in the middle of a voxel of either
    INFO(coarse << " " << fine);
    CHECK(std::log(coarse / fine) / std::log(3.0) > 1.8);
    CHECK(fine < 0.02);
}

TEST_CASE("a line that closes in itself is followed as far as that is felt", "[fields]")
{
    // The bond's share falls by the smaller root of alpha r^2 - (1 + 2 alpha) r + alpha per voxel, from both ends.
    for (const double alpha : {0.01, 0.3, 2.0, 50.0}) {
        const double fall = (1 + 2 * alpha - std::sqrt(1 + 4 * alpha)) / (2 * alpha);
        for (const std::size_t length : {4U, 10U, 100U, 1000U}) {
            const fields::Direction line(length, 1, 1, alpha, true);
            const auto felt = static_cast<std::size_t>(std::log(1e-25) / std::log(fall));
            INFO("alpha " << alpha << ", " << length << " voxels");
            CHECK(line.reach == std::min(felt, length / 2) + 1);
            for (std::size_t i = 0; i < line.reach; ++i) {
                REQUIRE(line.z[i] == Approx(-line.z[length - 1 - i]).epsilon(1e-12));
            }
        }
    }
}

TEST_CASE("fields: nothing is lost, around closed voxels and where some close", "[fields][invariants]")
{
    const Grid grid = GENERATE(Grid{19, 13, 6, 20}, Grid{19, 1, 21, 20});
    Diffusion diffusion(grid, {{"slow", 30, 0}, {"fast", 18000, 0}}, 1);
    std::mt19937 random(7);
    std::uniform_real_distribution<double> uniform(0, 1);
    double given[2] = {};
    for (unsigned round = 0; round < 5; ++round) {
        const auto closed = some_closed(grid, round);
        diffusion.close(closed);
        for (std::size_t s = 0; s < 2; ++s) {
            for (std::size_t i = 0; i < grid.n_voxels(); ++i) {
                const std::size_t x = i % grid.nx, y = i / grid.nx % grid.ny, z = i / (grid.nx * grid.ny);
                diffusion.sources(s)[diffusion.offset(x, y, z)] = closed[i] != 0 ? 0 : uniform(random);
                given[s] += 20 * 8000 * diffusion.sources(s)[diffusion.offset(x, y, z)];
            }
        }
        diffusion.advance(1); // sweeps that meet are done at once, and those that do not
        diffusion.advance(16);
        diffusion.advance(3);
        for (std::size_t s = 0; s < 2; ++s) {
            CHECK(diffusion.total(s) == Approx(given[s]).epsilon(1e-12));
            for (std::size_t i = 0; i < grid.n_voxels(); ++i) {
                const std::size_t x = i % grid.nx, y = i / grid.nx % grid.ny, z = i / (grid.nx * grid.ny);
                if (closed[i] != 0 && diffusion.values(s)[diffusion.offset(x, y, z)] != 0) {
                    FAIL("a closed voxel holds something");
                }
            }
        }
    }
}

TEST_CASE("fields: steps one by one and steps together differ by the second power of the step", "[fields][convergence]")
{
    const Grid grid{11, 9, 5, 20};
    const auto difference = [&](std::size_t n_steps) {
        std::vector<double> found[2];
        for (const bool together : {false, true}) {
            Diffusion diffusion(grid, {{"steps", 600, 0.1}}, 3.2 / static_cast<double>(n_steps));
            diffusion.close(some_closed(grid, 2));
            diffusion.sources(0)[diffusion.offset(4, 5, 4)] = 3;
            for (std::size_t i = 0; i < n_steps; i += together ? n_steps : 1) {
                diffusion.advance(together ? n_steps : 1);
            }
            for (std::size_t x = 0; x < grid.nx; ++x) {
                found[together ? 1 : 0].push_back(diffusion.values(0)[diffusion.offset(x, 5, 4)]);
            }
        }
        double worst = 0;
        for (std::size_t x = 0; x < grid.nx; ++x) {
            worst = std::max(worst, std::abs(found[0][x] - found[1][x]));
        }
        return worst;
    };
    const double coarse = difference(128), fine = difference(256);
    INFO(coarse << " " << fine);
    CHECK(std::log2(coarse / fine) > 1.8);
}

TEST_CASE("fields: what is even stays even among closed voxels, and settles at source over decay",
          "[fields][invariants]")
{
    const Grid grid{10, 21, 5, 20};
    Diffusion diffusion(grid, {{"even", 600, 0.3}}, 0.7);
    const auto closed = some_closed(grid, 3);
    diffusion.close(closed);
    const auto open = [&](auto x, auto y, auto z) { return closed[grid.voxel(x, y, z)] == 0 ? 1.0 : 0.0; };
    set_values(diffusion, open);
    diffusion.advance();
    CHECK(largest_difference(diffusion, [&](auto x, auto y, auto z) { return std::exp(-0.3 * 0.7) * open(x, y, z); })
          < 1e-14);
    for (std::size_t i = 0; i < grid.n_voxels(); ++i) {
        const std::size_t x = i % grid.nx, y = i / grid.nx % grid.ny, z = i / (grid.nx * grid.ny);
        diffusion.sources(0)[diffusion.offset(x, y, z)] = 6 * open(x, y, z);
    }
    for (int i = 0; i < 200; ++i) {
        diffusion.advance();
    }
    CHECK(largest_difference(diffusion, [&](auto x, auto y, auto z) { return 20 * open(x, y, z); }) < 1e-11);
}

TEST_CASE("fields: among closed voxels, the steady field converges with the second power of the step",
          "[fields][convergence]")
{
    // Of a source and a sink, without decay.
    const Grid grid{12, 9, 4, 20};
    const auto closed = some_closed(grid, 5);
    std::vector<double> found[3];
    for (std::size_t i = 0; i < 3; ++i) {
        Diffusion diffusion(grid, {{"steady", 600, 0}}, 0.1 / std::pow(2, i));
        diffusion.close(closed);
        diffusion.sources(0)[diffusion.offset(2, 3, 3)] = 1;
        diffusion.sources(0)[diffusion.offset(8, 6, 3)] = -1;
        diffusion.advance(std::size_t{10000} << i);
        for (std::size_t x = 0; x < grid.nx; ++x) {
            found[i].push_back(diffusion.values(0)[diffusion.offset(x, 3, 3)]);
        }
    }
    double first = 0, second = 0;
    for (std::size_t x = 0; x < grid.nx; ++x) {
        first = std::max(first, std::abs(found[0][x] - found[1][x]));
        second = std::max(second, std::abs(found[1][x] - found[2][x]));
    }
    INFO(first << " " << second);
    CHECK(first / second > 3.7);
    CHECK(first / second < 4.3);
}

TEST_CASE("fields: at a secreting cell the error is less than a tenth of the locally one-dimensional scheme's",
          "[fields][validation]")
{
    // With the same step, of which that scheme needs three sweeps and this one two to three.
    const Grid grid{8, 8, 4, 20};
    constexpr double d = 600, c = 1, end = 25, step = 0.01;
    const auto at_cell = [&](double with_step) {
        Diffusion diffusion(grid, {{"cytokine", d, c}}, with_step);
        diffusion.sources(0)[diffusion.offset(3, 4, 1)] = 1;
        diffusion.advance(static_cast<std::size_t>(std::lround(end / with_step)));
        return diffusion.values(0)[diffusion.offset(3, 4, 1)];
    };
    std::vector<double> u(grid.n_voxels());
    for (long i = 0; i < std::lround(end / step); ++i) {
        u[grid.voxel(3, 4, 1)] += step;
        step_one_dimensional(grid, u, d * step / (grid.spacing * grid.spacing), c, step);
    }
    const double exact = at_cell(step / 20);
    const double own = std::abs(at_cell(step) / exact - 1), other = std::abs(u[grid.voxel(3, 4, 1)] / exact - 1);
    INFO(own << " " << other);
    CHECK(own < other / 10);
}

TEST_CASE("fields: a slice is a layer of a box whose layers are alike", "[fields][validation]")
{
    const Grid slice{21, 1, 13, 20}, box{21, 3, 13, 20};
    const auto closed = some_closed(slice, 4);
    std::vector<std::uint8_t> closed_box(box.n_voxels());
    for (std::size_t i = 0; i < box.n_voxels(); ++i) {
        closed_box[i] = closed[slice.voxel(i % box.nx, 0, i / (box.nx * box.ny))];
    }
    const auto field = [&](const Grid& grid, const std::vector<std::uint8_t>& closed_here) {
        Diffusion diffusion(grid, {{"slow", 600, 0.1}, {"fast", 18000, 0.3}}, 0.3);
        for (const bool some : {false, true}) {
            diffusion.close(some ? closed_here : std::vector<std::uint8_t>(grid.n_voxels()));
            for (std::size_t y = 0; y < grid.ny; ++y) {
                diffusion.sources(0)[diffusion.offset(4, y, 12)] = 5;
                diffusion.sources(1)[diffusion.offset(20, y, 12)] = 7;
                diffusion.values(0)[diffusion.offset(0, y, 12)] += 9;
            }
            diffusion.advance(7, 2);
            diffusion.advance(1);
            diffusion.advance(2);
        }
        std::vector<double> all;
        for (std::size_t s = 0; s < 2; ++s) {
            for (std::size_t i = 0; i < slice.n_voxels(); ++i) {
                all.push_back(diffusion.values(s)[diffusion.offset(i % slice.nx, 0, i / slice.nx)]);
            }
        }
        return all;
    };
    const auto of_slice = field(slice, closed), of_box = field(box, closed_box);
    double worst = 0, largest = 0;
    for (std::size_t i = 0; i < of_slice.size(); ++i) {
        worst = std::max(worst, std::abs(of_slice[i] - of_box[i]));
        largest = std::max(largest, of_box[i]);
    }
    INFO("of " << largest);
    CHECK(worst < 1e-14 * largest);
}

TEST_CASE("fields: in a slice, a decaying cosine converges with the second power of voxel and step",
          "[fields][convergence]")
{
    const auto error = [](std::size_t n, std::size_t n_steps) {
        constexpr double length = 200, end = 2, d = 600, c = 0.1;
        const double h = length / static_cast<double>(n);
        Diffusion diffusion({n, 1, n, h}, {{"cosine", d, c}}, end / static_cast<double>(n_steps));
        const auto at = [&](std::size_t i) { return (static_cast<double>(i) + 0.5) * h; };
        const auto shape = [&](std::size_t x, std::size_t /*y*/, std::size_t z) {
            return 1 + std::cos(2 * pi * at(x) / length + 0.7) * std::cos(pi * at(z) / length);
        };
        set_values(diffusion, shape);
        for (std::size_t i = 0; i < n_steps; ++i) {
            diffusion.advance();
        }
        const double waves = std::exp(-d * (4 + 1) * pi * pi / (length * length) * end), rest = std::exp(-c * end);
        return largest_difference(diffusion,
                                  [&](auto x, auto y, auto z) { return rest * (1 + (shape(x, y, z) - 1) * waves); });
    };
    const double coarse = error(20, 80), fine = error(40, 160);
    INFO(coarse << " " << fine);
    CHECK(std::log2(coarse / fine) > 1.95);
    CHECK(std::log2(coarse / fine) < 2.1);
}

TEST_CASE("fields: no step, however long, lets differences grow, whichever voxels are closed", "[fields][invariants]")
{
    const Grid grid = GENERATE(Grid{12, 9, 5, 20}, Grid{12, 1, 9, 20});
    for (const double step : {0.1, 10.0, 1000.0}) {
        Diffusion diffusion(grid, {{"rough", 600, 0}}, step);
        diffusion.close(some_closed(grid, 5));
        set_values(diffusion, [&](std::size_t x, std::size_t y, std::size_t z) {
            return some_closed(grid, 5)[grid.voxel(x, y, z)] != 0 ? 0.0 : static_cast<double>((x + y + z) % 2);
        });
        double before = 1e300;
        for (int i = 0; i < 30; ++i) {
            double sum = 0;
            (void)largest_difference(diffusion, [&](std::size_t x, std::size_t y, std::size_t z) {
                const double value = diffusion.values(0)[diffusion.offset(x, y, z)];
                sum += value * value;
                return value;
            });
            CHECK(sum <= before * (1 + 1e-13));
            before = sum;
            diffusion.advance();
        }
    }
}

TEST_CASE("fields: the same bits on one and on two threads, and with every instruction set", "[fields][invariants]")
{
    const Grid grid = GENERATE(Grid{21, 18, 7, 20}, Grid{21, 1, 11, 20});
    const auto values = [&](const char* instruction_set, std::size_t n_threads) {
        setenv("OSTEOFLARE_INSTRUCTION_SET", instruction_set, 1);
        Diffusion diffusion(grid, {{"a", 600, 0.01}, {"b", 18000, 0.02}}, 0.5);
        unsetenv("OSTEOFLARE_INSTRUCTION_SET");
        diffusion.close(some_closed(grid, 11));
        set_values(diffusion, [](std::size_t x, std::size_t y, std::size_t z) {
            return static_cast<double>((x * 37 + y * 91 + z * 53) % 101);
        });
        diffusion.sources(1)[diffusion.offset(3, grid.ny / 4, 6)] = 2;
        for (int i = 0; i < 10; ++i) {
            diffusion.advance(1, n_threads);
        }
        std::vector<double> all;
        for (std::size_t s = 0; s < 2; ++s) {
            for (std::size_t i = 0; i < grid.n_voxels(); ++i) {
                const std::size_t x = i % grid.nx, y = i / grid.nx % grid.ny, z = i / (grid.nx * grid.ny);
                all.push_back(diffusion.values(s)[diffusion.offset(x, y, z)]);
            }
        }
        return all;
    };
    const auto expected = values("portable", 1);
    for (const auto instruction_set : lanes::usable_instruction_sets()) {
        for (const std::size_t n_threads : std::vector<std::size_t>{1, 2, 5}) {
            INFO(instruction_set << " on " << n_threads);
            CHECK(values(std::string(instruction_set).c_str(), n_threads) == expected);
        }
    }
}

TEST_CASE("fields: what a voxel holds when it closes goes to the nearest open one above, or else below", "[fields]")
{
    const Grid grid{4, 3, 6, 20};
    Diffusion diffusion(grid, {{"held", 30, 0}}, 1);
    const auto at = [&](std::size_t z) -> double& { return diffusion.values(0)[diffusion.offset(2, 1, z)]; };
    for (std::size_t z = 0; z < grid.nz; ++z) {
        at(z) = std::pow(10.0, static_cast<double>(z));
        diffusion.sources(0)[diffusion.offset(2, 1, z)] = 1;
    }
    std::vector<std::uint8_t> closed(grid.n_voxels());
    for (const std::size_t z : {0U, 1U, 4U, 5U}) {
        closed[grid.voxel(2, 1, z)] = 1;
    }
    diffusion.close(closed);
    const double expected[] = {0, 0, 111, 111000, 0, 0};
    for (std::size_t z = 0; z < grid.nz; ++z) {
        CHECK(at(z) == expected[z]);
        CHECK(diffusion.sources(0)[diffusion.offset(2, 1, z)] == (z == 2 || z == 3 ? 1 : 0));
    }
}

TEST_CASE("fields: wrong input is named", "[fields]")
{
    CHECK_THROWS_WITH(Diffusion({1, 5, 5, 20}, {{"a", 1, 0}}, 1), Catch::Contains("1 x 5 x 5 voxels"));
    CHECK_THROWS_WITH(Diffusion({5, 2, 5, 20}, {{"a", 1, 0}}, 1), Catch::Contains("or 3 x 1 x 1 for a slice"));
    CHECK_THROWS_WITH(Diffusion({5, 5, 5, 20}, {{"a", -1, 0}}, 1), Catch::Contains("a has a negative constant"));
    CHECK_THROWS_WITH(Diffusion({5, 5, 5, 20}, {{"a", 1, -1}}, 1), Catch::Contains("a has a negative constant"));
    CHECK_THROWS_WITH(Diffusion({5, 0, 5, 20}, {{"a", 1, 0}}, 1), Catch::Contains("5 x 0 x 5 voxels"));
    CHECK_THROWS_WITH(Diffusion({5, 5, 0, 20}, {{"a", 1, 0}}, 1), Catch::Contains("5 x 5 x 0 voxels"));
    CHECK_THROWS_WITH(Diffusion({5, 5, 5, 0}, {{"a", 1, 0}}, 1), Catch::Contains("must be positive"));
    CHECK_THROWS_WITH(Diffusion({5, 5, 5, 20}, {{"a", 1, 0}}, 0), Catch::Contains("must be positive"));
    Diffusion diffusion({4, 4, 2, 20}, {{"a", 1, 0}}, 1);
    CHECK_THROWS_WITH(diffusion.close(std::vector<std::uint8_t>(31)), Catch::Contains("one number per voxel"));
    CHECK_THROWS_WITH(diffusion.close(std::vector<std::uint8_t>(32, 1)), Catch::Contains("no open voxel left"));
}

TEST_CASE("fields: no steps change nothing, not even which way the next one goes; nor does a new place", "[fields]")
{
    const Grid grid{5, 4, 3, 20};
    const auto made = [&] {
        Diffusion diffusion(grid, {{"a", 300, 0.1}}, 0.5);
        set_values(diffusion, [](auto x, auto y, auto z) { return 1.0 + static_cast<double>(x * x + 2 * y * z); });
        return diffusion;
    };
    Diffusion plain = made(), paused = made();
    plain.advance(1, 1);
    plain.advance(1, 1);
    paused.advance(0, 1);
    paused.advance(1, 1); // the next one goes back
    paused.advance(0, 1);
    Diffusion moved = std::move(paused);
    moved.advance(1, 1);
    for (std::size_t z = 0; z < grid.nz; ++z) {
        for (std::size_t y = 0; y < grid.ny; ++y) {
            for (std::size_t x = 0; x < grid.nx; ++x) {
                const std::size_t at = plain.offset(x, y, z);
                CHECK(moved.values(0)[at] == plain.values(0)[at]);
            }
        }
    }
}

TEST_CASE("fields: few numbers begin at a cache line, many at a large page, and all are zero", "[fields]")
{
    for (const std::size_t size : {std::size_t{5}, (std::size_t{1} << 18) - 1, std::size_t{1} << 18}) {
        const fields::Numbers numbers(size);
        const std::size_t alignment = size < std::size_t{1} << 18 ? 64 : std::size_t{1} << 21;
        CHECK(reinterpret_cast<std::uintptr_t>(numbers.data()) % alignment == 0);
        CHECK(numbers.size() == size);
        CHECK(std::all_of(numbers.data(), numbers.data() + size, [](double number) { return number == 0; }));
    }
}
