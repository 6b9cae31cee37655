#include "solvers/fields/diffusion.hpp"

#include "solvers/fields/direction.hpp"
#include "solvers/fields/sweep_engines.hpp"

#include <algorithm>
#include <cmath>
#include <omp.h>
#include <stdexcept>

namespace osteoflare::solvers::fields {
namespace {

/// Substances that diffuse equally fast have the same factors: of one step, and of two where those of neighbouring
/// steps meet.
struct Factors {
    double diffusion = 0;
    Direction x[2], y, z[2];
};

} // namespace

struct Diffusion::State {
    Grid grid;
    Grid planes; ///< the same voxels in the order of the sweeps along x and y: a slice's rows make one plane
    std::vector<Substance> substances;
    double step = 0;
    const SweepEngine& engine;
    std::size_t row = 0, plane = 0;
    std::vector<std::uint8_t> closed;
    std::vector<Numbers> values, sources;
    std::vector<Factors> factors;
    std::vector<std::size_t> factors_of;
    std::vector<Numbers> scratch;
    bool is_backward = false; ///< the next step goes x, y, z instead of z, y, x

    State(const Grid& grid_, std::vector<Substance> substances_, double step_)
        : grid(grid_),
          planes(is_slice() ? Grid{grid.nx, grid.nz, 1, grid.spacing} : grid),
          substances(std::move(substances_)),
          step(step_),
          engine(best_sweep_engine())
    {
        constexpr std::size_t widest = 8;
        row = (grid.nx + widest - 1) / widest * widest;
        plane = grid.ny * row;
        closed.assign(grid.n_voxels(), 0);
        const std::size_t width = engine.width, x_batches = (grid.nx + width - 1) / width,
                          row_batches = (planes.ny + width - 1) / width;
        for (const Substance& substance : substances) {
            auto same = std::ranges::find(factors, substance.diffusion, &Factors::diffusion);
            if (same == factors.end()) {
                const double alpha = substance.diffusion * step / (grid.spacing * grid.spacing) / weight_of(substance);
                const auto along_x = [&](double a) {
                    return Direction(grid.nx, planes.nz * row_batches, width, a, true);
                };
                const auto along_y = [&](double a) {
                    return Direction(grid.ny, grid.nz * x_batches, width, a, !is_slice());
                };
                const auto along_z = [&](double a) { return Direction(grid.nz, grid.ny * x_batches, width, a, false); };
                factors.push_back({.diffusion = substance.diffusion,
                                   .x = {along_x(alpha), along_x(2 * alpha)},
                                   .y = along_y(alpha),
                                   .z = {along_z(alpha), along_z(2 * alpha)}});
                same = factors.end() - 1;
            }
            factors_of.push_back(static_cast<std::size_t>(same - factors.begin()));
            values.push_back(room());
            sources.push_back(room());
        }
    }

    /// Without a direction y.
    bool is_slice() const { return grid.ny == 1; }

    Numbers room() const { return Numbers(grid.nz * plane); }

    std::size_t offset(std::size_t x, std::size_t y, std::size_t z) const { return z * plane + y * row + x; }

    /// The trapezoidal rule, or Euler's implicit one where a step carries a substance over several voxels: there the
    /// former would let the finest differences swing to and fro.
    double weight_of(const Substance& substance) const
    {
        return substance.diffusion * step <= 4 * grid.spacing * grid.spacing ? 2 : 1;
    }

    template <class Visit>
    void for_all_voxels(Visit visit) const
    {
        for (std::size_t z = 0; z < grid.nz; ++z) {
            for (std::size_t y = 0; y < grid.ny; ++y) {
                for (std::size_t x = 0; x < grid.nx; ++x) {
                    visit(x, y, z);
                }
            }
        }
    }

    SweepProblem problem(std::size_t substance) const
    {
        const Factors& own = factors[factors_of[substance]];
        const double weight = weight_of(substances[substance]), decay = substances[substance].decay * step;
        // What a constant source leaves, seen from the middle of a time in which `decay` of e-folds pass: 2
        // sinh(c/2)/c.
        const auto gain = [&](double n_steps) {
            const double c = n_steps * decay;
            return n_steps * step * (c < 1e-8 ? 1 : 2 * std::sinh(c / 2) / c) / weight;
        };
        return {.nx = grid.nx,
                .ny = grid.ny,
                .nz = grid.nz,
                .row = row,
                .plane = plane,
                .values = values[substance].data(),
                .sources = sources[substance].data(),
                .weight = weight,
                .x = {own.x[0].view(), own.x[1].view()},
                .y = own.y.view(),
                .z = {own.z[0].view(), own.z[1].view()},
                .source_gain = {gain(1), gain(2)},
                .half_decay = {std::exp(-decay / 2), std::exp(-decay)}};
    }

    void take_over_closed()
    {
        const std::size_t width = engine.width, x_batches = (grid.nx + width - 1) / width,
                          row_batches = (planes.ny + width - 1) / width;
        // Lines through rows of `n_lines`, in batches; `voxel` tells the i-th of a line.
        const auto lines = [&](std::size_t n_batches, std::size_t n_lines, std::size_t length, auto voxel) {
            return [=, this](std::size_t batch, std::size_t lane) {
                const std::size_t through = batch / n_batches, line = batch % n_batches * width + lane;
                std::vector<double> open(line < n_lines ? length : 0);
                for (std::size_t i = 0; i < open.size(); ++i) {
                    open[i] = closed[voxel(through, line, i)] != 0 ? 0 : 1;
                }
                return open;
            };
        };
        const auto along_x =
            lines(row_batches, planes.ny, grid.nx, [this](auto z, auto y, auto x) { return planes.voxel(x, y, z); });
        const auto along_y =
            lines(x_batches, grid.nx, grid.ny, [this](auto z, auto x, auto y) { return grid.voxel(x, y, z); });
        const auto along_z =
            lines(x_batches, grid.nx, grid.nz, [this](auto y, auto x, auto z) { return grid.voxel(x, y, z); });
        for (Factors& own : factors) {
            own.x[0].close(along_x);
            own.x[1].close(along_x);
            if (!is_slice()) {
                own.y.close(along_y);
            }
            own.z[0].close(along_z);
            own.z[1].close(along_z);
        }
    }
};

Diffusion::Diffusion(const Grid& grid, std::vector<Substance> substances, double step)
{
    if (grid.nx < 3 || grid.ny < 1 || grid.ny == 2 || grid.nz < 1) {
        throw std::invalid_argument("Diffusion: a grid of " + std::to_string(grid.nx) + " x " + std::to_string(grid.ny)
                                    + " x " + std::to_string(grid.nz)
                                    + " voxels (at least 3 x 3 x 1 are needed, or 3 x 1 x 1 for a slice); use smaller "
                                      "voxels or a larger box");
    }
    if (!(grid.spacing > 0) || !(step > 0)) {
        throw std::invalid_argument("Diffusion: spacing and step must be positive");
    }
    for (const Substance& substance : substances) {
        if (!(substance.diffusion >= 0) || !(substance.decay >= 0)) {
            throw std::invalid_argument("Diffusion: " + substance.name + " has a negative constant");
        }
    }
    state_ = std::make_unique<State>(grid, std::move(substances), step);
}

Diffusion::~Diffusion() = default;
Diffusion::Diffusion(Diffusion&&) noexcept = default;
Diffusion& Diffusion::operator=(Diffusion&&) noexcept = default;

const Grid& Diffusion::grid() const
{
    return state_->grid;
}

std::size_t Diffusion::offset(std::size_t x, std::size_t y, std::size_t z) const
{
    return state_->offset(x, y, z);
}

double* Diffusion::values(std::size_t substance)
{
    return state_->values[substance].data();
}

const double* Diffusion::values(std::size_t substance) const
{
    return state_->values[substance].data();
}

double* Diffusion::sources(std::size_t substance)
{
    return state_->sources[substance].data();
}

void Diffusion::close(std::span<const std::uint8_t> closed)
{
    State& s = *state_;
    const Grid& grid = s.grid;
    if (closed.size() != grid.n_voxels()) {
        throw std::invalid_argument("Diffusion: one number per voxel is needed to close some");
    }
    const auto refuge = [&](std::size_t x, std::size_t y, std::size_t z) {
        for (std::size_t above = z + 1; above < grid.nz; ++above) {
            if (closed[grid.voxel(x, y, above)] == 0) {
                return above;
            }
        }
        for (std::size_t below = z; below-- > 0;) {
            if (closed[grid.voxel(x, y, below)] == 0) {
                return below;
            }
        }
        return grid.nz;
    };
    s.for_all_voxels([&](std::size_t x, std::size_t y, std::size_t z) {
        if (closed[grid.voxel(x, y, z)] != 0 && refuge(x, y, z) == grid.nz) {
            throw std::invalid_argument("Diffusion: column " + std::to_string(x) + ", " + std::to_string(y)
                                        + " has no open voxel left; make the box higher");
        }
    });
    s.for_all_voxels([&](std::size_t x, std::size_t y, std::size_t z) {
        if (closed[grid.voxel(x, y, z)] != 0) {
            for (std::size_t i = 0; i < s.values.size(); ++i) {
                double& held = s.values[i].data()[s.offset(x, y, z)];
                s.values[i].data()[s.offset(x, y, refuge(x, y, z))] += held;
                held = 0;
                s.sources[i].data()[s.offset(x, y, z)] = 0;
            }
        }
    });
    s.closed.assign(closed.begin(), closed.end());
    s.take_over_closed();
}

void Diffusion::advance(std::size_t n_steps, std::size_t n_threads)
{
    State& s = *state_;
    const std::size_t n_substances = s.substances.size(), n_planes = n_substances * s.planes.nz,
                      n_rows = n_substances * s.grid.ny;
    std::vector<SweepProblem> problems, in_plane;
    for (std::size_t i = 0; i < n_substances; ++i) {
        problems.push_back(s.problem(i));
        in_plane.push_back(problems.back());
        in_plane.back().ny = s.planes.ny;
        in_plane.back().nz = s.planes.nz;
        in_plane.back().plane = s.planes.ny * s.row;
    }
    while (s.scratch.size() < n_threads) {
        s.scratch.emplace_back(std::max({s.grid.nx, s.grid.ny, s.grid.nz}) * 2 * s.engine.width);
    }
#pragma omp parallel num_threads(static_cast <int>(n_threads))
    {
        double* const scratch = s.scratch[static_cast<std::size_t>(omp_get_thread_num())].data();
        // A team of one would call the kernel to wake nobody up; in a small box that takes a tenth of the time.
        const auto wait_for_others = [n_threads] {
            if (n_threads > 1) {
#pragma omp barrier
            }
        };
        const auto along_z = [&](bool twice) {
#pragma omp for schedule(static) nowait
            for (std::size_t i = 0; i < n_rows; ++i) {
                s.engine.sweep_columns(problems[i / s.grid.ny], i % s.grid.ny, twice, scratch);
            }
            wait_for_others();
        };
        const auto in_planes = [&](PlaneSweeps sweeps) {
            sweeps.y_before &= !s.is_slice();
            sweeps.y_after &= !s.is_slice();
#pragma omp for schedule(static) nowait
            for (std::size_t i = 0; i < n_planes; ++i) {
                s.engine.sweep_plane(in_plane[i / s.planes.nz], i % s.planes.nz, sweeps, scratch);
            }
            wait_for_others();
        };
        // z y x, x y z, z y x, ...: two equal sweeps in a row are one of twice the length.
        std::size_t left = n_steps;
        bool has_z = false; // of the step before, not done yet
        if (s.is_backward && left > 0) {
            in_planes({.y_after = true});
            has_z = true;
            --left;
        }
        while (left > 0) {
            along_z(has_z);
            has_z = left > 1;
            in_planes({.y_before = true, .x_twice = has_z, .y_after = has_z});
            left -= has_z ? 2 : 1;
        }
        if (has_z) {
            along_z(false);
        }
    }
    s.is_backward ^= n_steps % 2 == 1;
}

double Diffusion::total(std::size_t substance) const
{
    const State& s = *state_;
    double sum = 0;
    s.for_all_voxels(
        [&](std::size_t x, std::size_t y, std::size_t z) { sum += s.values[substance].data()[s.offset(x, y, z)]; });
    return sum * s.grid.spacing * s.grid.spacing * s.grid.spacing;
}

} // namespace osteoflare::solvers::fields
