#include "solvers/fields/diffusion.hpp"

#include "solvers/fields/sweep_engines.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <numeric>
#include <omp.h>
#include <stdexcept>

namespace osteoflare::solvers::fields {
namespace {

/// Doubles that begin at a cache line, all zero at first.
class Numbers {
public:
    Numbers() = default;
    explicit Numbers(std::size_t size)
        : size_(size), first_(static_cast<double*>(operator new(size * sizeof(double), std::align_val_t(64))))
    {
        std::fill_n(first_.get(), size, 0.0);
    }
    double* data() const { return first_.get(); }
    std::size_t size() const { return size_; }

private:
    struct Release {
        void operator()(double* numbers) const { operator delete(numbers, std::align_val_t(64)); }
    };
    std::size_t size_ = 0;
    std::unique_ptr<double, Release> first_;
};

/// Factors along one direction, for lines without closed voxels and for the batches with some.
struct Direction {
    std::size_t length = 0, n_batches = 0, width = 1;
    double alpha = 0;
    bool is_periodic = false;
    std::vector<double> e, m, z;
    double f = 0;
    std::size_t reach = 0;
    std::vector<unsigned char> is_open;
    Numbers own_e, own_m, own_z, own_f;

    Direction(std::size_t length_, std::size_t n_batches_, std::size_t width_, double alpha_, bool is_periodic_)
        : length(length_),
          n_batches(n_batches_),
          width(width_),
          alpha(alpha_),
          is_periodic(is_periodic_),
          e(length_),
          m(length_),
          z(length_),
          is_open(n_batches_, 1)
    {
        const std::vector<double> open(length, 1.0);
        f = factor(open, e.data(), m.data(), z.data(), 1);
        if (is_periodic) {
            reach = length / 2 + 1;
            while (reach > 1 && std::abs(z[reach - 1]) < 1e-25 * z[0] && std::abs(z[length - reach]) < 1e-25 * z[0]) {
                --reach;
            }
        }
    }

    /// The factors of one line; returns f.
    double factor(std::span<const double> open, double* line_e, double* line_m, double* line_z,
                  std::size_t stride) const
    {
        double before = 0;
        for (std::size_t i = 0; i < length; ++i) {
            const double left = i > 0 ? open[i - 1] * open[i] : 0;
            const double right = i + 1 < length ? open[i] * open[i + 1] : 0;
            const double reciprocal = 1 / (1 + alpha * (left + right) - alpha * left * before);
            line_m[i * stride] = reciprocal;
            before = alpha * right * reciprocal;
            line_e[i * stride] = before;
        }
        const double bond = is_periodic ? alpha * open[0] * open[length - 1] : 0;
        if (!is_periodic) {
            return 0;
        }
        // z solves the system without the bond for (1, 0, ..., 0, -1).
        double y = 0;
        for (std::size_t i = 0; i < length; ++i) {
            const double right_side = (i == 0 ? 1.0 : 0.0) - (i + 1 == length ? 1.0 : 0.0);
            y = right_side + (i > 0 ? line_e[(i - 1) * stride] * y : 0);
            line_z[i * stride] = y;
        }
        double x = 0;
        for (std::size_t i = length; i-- > 0;) {
            x = line_m[i * stride] * line_z[i * stride] + line_e[i * stride] * x;
            line_z[i * stride] = x;
        }
        return bond / (1 + bond * (line_z[0] - line_z[(length - 1) * stride]));
    }

    /// Takes over which voxels are open: `line(batch, lane)` gives a line's, or nothing beyond the last one.
    template <class Line>
    void close(Line line)
    {
        if (own_e.size() == 0) {
            own_e = Numbers(n_batches * length * width);
            own_m = Numbers(n_batches * length * width);
            if (is_periodic) {
                own_z = Numbers(n_batches * length * width);
                own_f = Numbers(n_batches * width);
            }
        }
        std::vector<double> unused(length * width);
        for (std::size_t batch = 0; batch < n_batches; ++batch) {
            bool all_open = true;
            for (std::size_t lane = 0; lane < width; ++lane) {
                all_open &= std::ranges::count(line(batch, lane), 0.0) == 0;
            }
            is_open[batch] = all_open ? 1 : 0;
            for (std::size_t lane = 0; lane < width && !all_open; ++lane) {
                std::vector<double> open = line(batch, lane);
                open.resize(length);
                const std::size_t at = batch * length * width + lane;
                const double own = factor(open, own_e.data() + at, own_m.data() + at,
                                          is_periodic ? own_z.data() + at : unused.data(), width);
                if (is_periodic) {
                    own_f.data()[batch * width + lane] = own;
                }
            }
        }
    }

    LineFactors view() const
    {
        return {.e = e.data(),
                .m = m.data(),
                .z = z.data(),
                .f = f,
                .reach = reach,
                .is_open = is_open.data(),
                .own_e = own_e.data(),
                .own_m = own_m.data(),
                .own_z = own_z.data(),
                .own_f = own_f.data()};
    }

    std::size_t n_bytes() const
    {
        return (own_e.size() + own_m.size() + own_z.size() + own_f.size() + 3 * length) * sizeof(double);
    }
};

/// Substances that diffuse equally fast have the same factors: of one step, and of two where those of neighbouring
/// steps meet.
struct Factors {
    double diffusion = 0;
    Direction x[2], y, z[2];
};

} // namespace

struct Diffusion::State {
    Grid grid;
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
        : grid(grid_), substances(std::move(substances_)), step(step_), engine(best_sweep_engine())
    {
        constexpr std::size_t widest = 8;
        row = (grid.nx + widest - 1) / widest * widest;
        plane = grid.ny * row;
        closed.assign(grid.n_voxels(), 0);
        const std::size_t width = engine.width, x_batches = (grid.nx + width - 1) / width,
                          y_batches = (grid.ny + width - 1) / width;
        for (const Substance& substance : substances) {
            auto same = std::ranges::find(factors, substance.diffusion, &Factors::diffusion);
            if (same == factors.end()) {
                const double alpha = substance.diffusion * step / (grid.spacing * grid.spacing) / weight_of(substance);
                const auto along_x = [&](double a) { return Direction(grid.nx, grid.nz * y_batches, width, a, true); };
                const auto along_y = [&](double a) { return Direction(grid.ny, grid.nz * x_batches, width, a, true); };
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
        const auto is_open = [&](std::size_t x, std::size_t y, std::size_t z) {
            return closed[grid.voxel(x, y, z)] != 0 ? 0.0 : 1.0;
        };
        const std::size_t width = engine.width, x_batches = (grid.nx + width - 1) / width,
                          y_batches = (grid.ny + width - 1) / width;
        for (Factors& own : factors) {
            for (Direction& along_x : own.x) {
                along_x.close([&](std::size_t batch, std::size_t lane) {
                    const std::size_t z = batch / y_batches, y = batch % y_batches * width + lane;
                    std::vector<double> open(y < grid.ny ? grid.nx : 0);
                    for (std::size_t x = 0; x < open.size(); ++x) {
                        open[x] = is_open(x, y, z);
                    }
                    return open;
                });
            }
            own.y.close([&](std::size_t batch, std::size_t lane) {
                const std::size_t z = batch / x_batches, x = batch % x_batches * width + lane;
                std::vector<double> open(x < grid.nx ? grid.ny : 0);
                for (std::size_t y = 0; y < open.size(); ++y) {
                    open[y] = is_open(x, y, z);
                }
                return open;
            });
            for (Direction& along_z : own.z) {
                along_z.close([&](std::size_t batch, std::size_t lane) {
                    const std::size_t y = batch / x_batches, x = batch % x_batches * width + lane;
                    std::vector<double> open(x < grid.nx ? grid.nz : 0);
                    for (std::size_t z = 0; z < open.size(); ++z) {
                        open[z] = is_open(x, y, z);
                    }
                    return open;
                });
            }
        }
    }
};

Diffusion::Diffusion(const Grid& grid, std::vector<Substance> substances, double step)
{
    if (grid.nx < 3 || grid.ny < 3 || grid.nz < 1) {
        throw std::invalid_argument("Diffusion: a grid of " + std::to_string(grid.nx) + " x " + std::to_string(grid.ny)
                                    + " x " + std::to_string(grid.nz)
                                    + " voxels (at least 3 x 3 x 1 are needed); use smaller voxels or a larger box");
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

std::span<const Substance> Diffusion::substances() const
{
    return state_->substances;
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
    const std::size_t n_substances = s.substances.size(), n_planes = n_substances * s.grid.nz,
                      n_rows = n_substances * s.grid.ny;
    std::vector<SweepProblem> problems;
    for (std::size_t i = 0; i < n_substances; ++i) {
        problems.push_back(s.problem(i));
    }
    while (s.scratch.size() < n_threads) {
        s.scratch.emplace_back((std::max({s.grid.nx, s.grid.ny, s.grid.nz}) + s.engine.width) * 2 * s.engine.width);
    }
#pragma omp parallel num_threads(static_cast <int>(n_threads))
    {
        double* const scratch = s.scratch[static_cast<std::size_t>(omp_get_thread_num())].data();
        const auto along_z = [&](bool twice) {
#pragma omp for schedule(static)
            for (std::size_t i = 0; i < n_rows; ++i) {
                s.engine.sweep_columns(problems[i / s.grid.ny], i % s.grid.ny, twice, scratch);
            }
        };
        const auto in_planes = [&](const PlaneSweeps& sweeps) {
#pragma omp for schedule(static)
            for (std::size_t i = 0; i < n_planes; ++i) {
                s.engine.sweep_plane(problems[i / s.grid.nz], i % s.grid.nz, sweeps, scratch);
            }
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

std::size_t Diffusion::n_bytes() const
{
    const State& s = *state_;
    std::size_t bytes = s.closed.size();
    for (std::size_t i = 0; i < s.values.size(); ++i) {
        bytes += (s.values[i].size() + s.sources[i].size()) * sizeof(double);
    }
    for (const Factors& own : s.factors) {
        bytes += own.x[0].n_bytes() + own.x[1].n_bytes() + own.y.n_bytes() + own.z[0].n_bytes() + own.z[1].n_bytes();
    }
    return bytes;
}

} // namespace osteoflare::solvers::fields
