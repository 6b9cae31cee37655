#include "tests/benchmarks/tissue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace osteoflare::benchmarks {
namespace {

using solvers::agents::Columns;
using solvers::agents::Vector;
using solvers::fields::Grid;

constexpr Grid box{50, 50, 10, 20};
constexpr std::size_t steps_together = 10;
constexpr double radius = 10, speed = 10, persistence = 3, settling = 1; // [um], [um/min], [min], [min]
constexpr double half_gradient = 1e-3;                                   // that makes half a bias [1/um]

std::vector<solvers::fields::Substance> substances()
{
    std::vector<solvers::fields::Substance> all;
    for (std::size_t i = 0; i < Tissue::n_substances; ++i) {
        all.push_back({fmt::format("substance {}", i + 1), 600, 0.02}); // [um^2/min], [1/min]
    }
    return all;
}

} // namespace

Tissue::Tissue(std::size_t n_agents)
    : fields_(box, substances(), minutes_per_step / steps_together),
      agents_(box,
              {{.name = "cell",
                .radius = radius,
                .mobility = solvers::agents::Mobility::free,
                .speed = speed,
                .persistence = persistence}},
              1),
      floor_(box.nx * box.ny)
{
    std::mt19937 random(2);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (std::size_t i = 0; i < n_agents; ++i) {
        const Vector position{1000 * uniform(random), 1000 * uniform(random), 200 * uniform(random)};
        agents_.add(0, position, {uniform(random), uniform(random), uniform(random)});
    }
    agents_.regroup(1);
}

void Tissue::sense_and_secrete_in_row(std::size_t y, std::size_t z)
{
    const std::size_t row = fields_.offset(0, y, z);
    double* sources[n_substances];
    const double* values[n_substances];
    for (std::size_t s = 0; s < n_substances; ++s) {
        sources[s] = fields_.sources(s) + row;
        values[s] = fields_.values(s) + row;
        std::fill_n(sources[s], box.nx, 0.0);
    }
    const double* rows[] = {fields_.values(0) + fields_.offset(0, (y + 1) % box.ny, z),
                            fields_.values(0) + fields_.offset(0, (y + box.ny - 1) % box.ny, z),
                            fields_.values(0) + fields_.offset(0, y, std::min(z + 1, box.nz - 1)),
                            fields_.values(0) + fields_.offset(0, y, z > 0 ? z - 1 : 0)};
    for (std::size_t x = 0; x < box.nx; ++x) {
        const std::size_t voxel = box.voxel(x, y, z), first = agents_.begin(voxel), last = agents_.begin(voxel + 1);
        if (first == last) {
            continue;
        }
        const std::size_t right = x + 1 < box.nx ? x + 1 : 0, left = x > 0 ? x - 1 : box.nx - 1;
        const Vector slope{values[0][right] - values[0][left], rows[0][x] - rows[1][x], rows[2][x] - rows[3][x]};
        const double steepness = std::sqrt(slope.x * slope.x + slope.y * slope.y + slope.z * slope.z),
                     share = 1 / (steepness + 2 * box.spacing * half_gradient);
        const Vector bias{share * slope.x, share * slope.y, share * slope.z};
        double missing[n_substances], secreted[n_substances] = {};
        for (std::size_t s = 0; s < n_substances; ++s) {
            missing[s] = 1 - values[s][x];
        }
        for (std::size_t i = first; i < last; ++i) {
            agents_.bias()[i] = bias;
            for (std::size_t s = 0; s < n_substances; ++s) {
                secreted[s] += agents_.agents().carried[s % Columns::n_carried][i] * missing[s];
            }
        }
        for (std::size_t s = 0; s < n_substances; ++s) {
            sources[s][x] = secreted[s];
        }
    }
}

void Tissue::sense_and_secrete(std::size_t n_threads)
{
#pragma omp parallel for schedule(static) num_threads(static_cast <int>(n_threads))
    for (std::size_t row = 0; row < box.ny * box.nz; ++row) {
        sense_and_secrete_in_row(row % box.ny, row / box.ny);
    }
}

void Tissue::go(std::size_t n_steps, std::size_t n_threads)
{
    for (std::size_t i = 0; i < n_steps; ++i) {
        sense_and_secrete(n_threads);
        fields_.advance(steps_together, n_threads);
        agents_.move(step_++, minutes_per_step, settling, floor_, n_threads);
        agents_.regroup(n_threads);
    }
}

double Tissue::bytes_per_agent() const
{
    const std::size_t numbers = fields_.offset(0, 0, 1) * box.nz * 2 * n_substances; // values and sources
    return static_cast<double>(agents_.bytes_per_agent())
           + static_cast<double>(numbers * sizeof(double)) / static_cast<double>(agents_.size());
}

double Tissue::neighbours() const
{
    const Columns& a = agents_.agents();
    constexpr std::size_t asked = 200;
    std::size_t n = 0;
    for (std::size_t k = 0; k < asked; ++k) {
        const std::size_t i = k * agents_.size() / asked;
        for (std::size_t j = 0; j < agents_.size(); ++j) {
            const double x = std::remainder(a.x[i] - a.x[j], 1000), y = std::remainder(a.y[i] - a.y[j], 1000),
                         z = a.z[i] - a.z[j];
            n += i != j && x * x + y * y + z * z < 4 * radius * radius ? 1 : 0;
        }
    }
    return static_cast<double>(n) / asked;
}

} // namespace osteoflare::benchmarks
