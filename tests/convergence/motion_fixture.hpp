#pragma once

#include "solvers/agents/population.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

/// Walkers, balls and floors for the tests of motion, and statistics to hold them against.
namespace osteoflare::tests {

using namespace solvers;
using namespace solvers::agents;
using fields::Grid;

inline constexpr double pi = 3.14159265358979323846;

inline Kind walker(double speed, double persistence, Mobility mobility = Mobility::free)
{
    return {.name = "walker",
            .radius = 5,
            .mobility = mobility,
            .speed = speed,
            .persistence = persistence,
            .repels = false};
}

/// Does not walk, but can be pushed.
inline Kind ball(double radius, bool repels = true)
{
    return {.name = "ball", .radius = radius, .mobility = Mobility::free, .repels = repels};
}

inline std::vector<double> flat(const Grid& grid, double height = 0)
{
    return std::vector<double>(grid.nx * grid.ny, height);
}

/// Between nothing and half the box.
inline std::vector<double> uneven(const Grid& grid, unsigned seed)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> height(0, 0.5 * static_cast<double>(grid.nz) * grid.spacing);
    std::vector<double> floor(grid.nx * grid.ny);
    std::ranges::generate(floor, [&] { return height(random); });
    return floor;
}

inline double floor_under(const Grid& grid, const std::vector<double>& floor, double x, double y)
{
    const auto column = [&](double position) { return static_cast<std::size_t>(position / grid.spacing); };
    return floor[grid.voxel(column(x), column(y), 0)];
}

/// Evenly over the box above the floor.
inline Vector somewhere(const Grid& grid, const std::vector<double>& floor, std::mt19937& random)
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

inline Population population_of(const Grid& grid, std::vector<Kind> kinds, std::size_t n, const Vector& position)
{
    Population population(grid, std::move(kinds), 20);
    for (std::size_t i = 0; i < n; ++i) {
        population.add(0, position, {});
    }
    population.regroup(1);
    return population;
}

inline Vector position_of(const Population& population, std::size_t i)
{
    const Columns& a = population.agents();
    return {a.x[i], a.y[i], a.z[i]};
}

inline Vector heading_of(const Population& population, std::size_t i)
{
    const Columns& a = population.agents();
    return {a.heading_x[i], a.heading_y[i], a.heading_z[i]};
}

inline Vector operator-(const Vector& a, const Vector& b)
{
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}

inline double dot(const Vector& a, const Vector& b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

/// The shortest way in a periodic box.
inline Vector nearest_image(const Grid& grid, Vector way)
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
inline double mean_square_of_sum(double length, double kept, int n)
{
    return length * length
           * (n * (1 + kept) / (1 - kept) - 2 * kept * (1 - std::pow(kept, n)) / ((1 - kept) * (1 - kept)));
}

/// All numbers that make up a state, in the order in which agents stand.
inline std::vector<double> state_of(const Population& population)
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
inline Vector overlaps_with(const Population& population, std::size_t i)
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

} // namespace osteoflare::tests
