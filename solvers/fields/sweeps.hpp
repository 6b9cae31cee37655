#pragma once

#include "solvers/fields/sweep_problem.hpp"
#include "solvers/lanes/pack.hpp"

#include <cstddef>

namespace osteoflare::solvers::fields {

/// The factors of one batch of lines: a number for all of them, or each line its own.
template <class Pack, bool IsOpen>
struct BatchFactors {
    const double *e, *m, *z;
    Pack f;
    std::size_t reach;

    BatchFactors(const LineFactors& factors, std::size_t batch, std::size_t length)
        : e(factors.e), m(factors.m), z(factors.z), f(factors.f), reach(factors.reach)
    {
        if constexpr (!IsOpen) {
            e = factors.own_e + batch * length * Pack::width;
            m = factors.own_m + batch * length * Pack::width;
            if (reach > 0) {
                z = factors.own_z + batch * length * Pack::width;
                f = Pack::load(factors.own_f + batch * Pack::width);
                reach = length; // no telling where a line is cut
            }
        }
    }
    static Pack at(const double* factor, std::size_t i)
    {
        return IsOpen ? Pack(factor[i]) : Pack::load(factor + i * Pack::width);
    }
    /// Whether the periodic bond is felt at a position.
    bool reaches(std::size_t i, std::size_t length) const { return i < reach || i + reach >= length; }
};

/// The sweeps over packs of lines. Lines do not meet, so a voxel's number depends neither on the width of the packs nor
/// on who computes which line.
template <class Pack>
class Sweeps {
public:
    static void sweep_plane(const SweepProblem& problem, std::size_t z, const PlaneSweeps& sweeps, double* scratch)
    {
        if (sweeps.y_before) {
            along_y(problem, z, scratch);
        }
        const LineFactors& factors = problem.x[sweeps.x_twice ? 1 : 0];
        const std::size_t n_batches = (problem.ny + width - 1) / width;
        for (std::size_t batch = 0; batch < n_batches; ++batch) {
            const unsigned char state = factors.state[z * n_batches + batch];
            if (state == LineFactors::open) {
                along_x<true>(problem, factors, z, batch, scratch);
            } else if (state == LineFactors::mixed) {
                along_x<false>(problem, factors, z, batch, scratch);
            }
        }
        if (sweeps.y_after) {
            along_y(problem, z, scratch);
        }
    }

    static void sweep_columns(const SweepProblem& problem, std::size_t y, bool twice, double* scratch)
    {
        const std::size_t i = twice ? 1 : 0;
        const double kept = problem.half_decay[i] * problem.half_decay[i];
        const WithSources terms{problem.sources - problem.values, Pack(problem.source_gain[i] / problem.half_decay[i]),
                                Pack(problem.weight * kept), Pack((problem.weight - 1) * kept)};
        rows_of_lines(problem, problem.z[i], y, problem.values + y * problem.row, problem.plane, problem.nz, scratch,
                      terms);
    }

private:
    static constexpr std::size_t width = Pack::width, together = 2;

    /// What a sweep makes of u: new_share (I - alpha L)^-1 (u + sources) - old_share u.
    struct Plain {
        Pack new_share, old_share;
        Pack given(const double* at) const { return Pack::load(at); }
        void fetch(const double* /*at*/) const {}
    };
    /// With half the decay before the sources and half behind them.
    struct WithSources {
        std::ptrdiff_t offset; ///< from a value to its source
        Pack gain, new_share, old_share;
        Pack given(const double* at) const { return fma(gain, Pack::load(at + offset), Pack::load(at)); }
        /// Lines along z lie a plane apart in each position, which the machine does not foresee. Into the second cache:
        /// the first has no room for two groups of lines.
        void fetch(const double* at) const
        {
            __builtin_prefetch(at, 0, 2);
            __builtin_prefetch(at + offset, 0, 2);
        }
    };

    static void along_y(const SweepProblem& problem, std::size_t z, double* scratch)
    {
        rows_of_lines(problem, problem.y, z, problem.values + z * problem.plane, problem.row, problem.ny, scratch,
                      Plain{Pack(problem.weight), Pack(problem.weight - 1)});
    }

    /// All lines through one row along x. Two batches advance together where none is cut by closed voxels: their
    /// chains of operations do not wait for each other, and longer pieces of memory are read at once.
    template <class Terms>
    static void rows_of_lines(const SweepProblem& problem, const LineFactors& factors, std::size_t row, double* u,
                              std::size_t stride, std::size_t length, double* scratch, const Terms& terms)
    {
        const std::size_t n_batches = (problem.nx + width - 1) / width;
        const unsigned char* state = factors.state + row * n_batches;
        for (std::size_t batch = 0; batch < n_batches;) {
            std::size_t n_open = 0;
            while (n_open < together && batch + n_open < n_batches && state[batch + n_open] == LineFactors::open) {
                ++n_open;
            }
            double* const at = u + batch * width;
            if (n_open == 0) {
                if (state[batch] == LineFactors::mixed) { // in closed voxels there is nothing
                    const BatchFactors<Pack, false> own(factors, row * n_batches + batch, length);
                    lines<1>(own, at, stride, length, scratch, terms);
                }
                batch += 1;
                continue;
            }
            const BatchFactors<Pack, true> open(factors, 0, length);
            if (n_open == together) {
                lines<together>(open, at, stride, length, scratch, terms);
            } else {
                lines<1>(open, at, stride, length, scratch, terms);
            }
            batch += n_open;
        }
    }

    /// Batches of lines whose positions are `stride` apart and whose lanes lie side by side.
    template <std::size_t Batches, class Factors, class Terms>
    static void lines(const Factors& factors, double* u, std::size_t stride, std::size_t length, double* scratch,
                      const Terms& terms)
    {
        Pack y[Batches], last[Batches];
        for (std::size_t i = 0; i < length; ++i) {
            const double* at = u + i * stride;
            const Pack e = i == 0 ? Pack(0.0) : factors.at(factors.e, i - 1);
            double* kept = scratch + i * Batches * width;
            for (std::size_t b = 0; b < Batches; ++b) {
                const double* here = at + b * width;
                terms.fetch(here + Batches * width);
                const Pack given = terms.given(here);
                y[b] = i == 0 ? given : fma(e, y[b], given);
                y[b].store(kept + b * width);
            }
        }
        Pack x[Batches];
        for (std::size_t i = length; i-- > 0;) {
            double* at = u + i * stride;
            const double* kept = scratch + i * Batches * width;
            const Pack m = terms.new_share * factors.at(factors.m, i), e = factors.at(factors.e, i);
            for (std::size_t b = 0; b < Batches; ++b) {
                double* here = at + b * width;
                const Pack own = m * Pack::load(kept + b * width);
                x[b] = i + 1 == length ? own : fma(e, x[b], own);
                if (i + 1 == length) {
                    last[b] = own;
                }
                negative_fma(terms.old_share, Pack::load(here), x[b]).store(here);
            }
        }
        if (factors.reach == 0) {
            return;
        }
        for (std::size_t b = 0; b < Batches; ++b) {
            x[b] = factors.f * (x[b] - last[b]);
        }
        for (std::size_t i = 0; i < length; ++i) {
            if (!factors.reaches(i, length)) {
                i = length - factors.reach - 1;
                continue;
            }
            const Pack z = factors.at(factors.z, i);
            for (std::size_t b = 0; b < Batches; ++b) {
                double* here = u + i * stride + b * width;
                negative_fma(z, x[b], Pack::load(here)).store(here);
            }
        }
    }

    /// The lines along x, whose lanes are rows.
    template <bool IsOpen>
    static void along_x(const SweepProblem& problem, const LineFactors& line_factors, std::size_t z, std::size_t batch,
                        double* scratch)
    {
        const std::size_t nx = problem.nx, row = problem.row, first = batch * width;
        const std::size_t n_rows = problem.ny - first < width ? problem.ny - first : width;
        const std::size_t n_row_batches = (problem.ny + width - 1) / width, n_blocks = (nx + width - 1) / width;
        const BatchFactors<Pack, IsOpen> factors(line_factors, z * n_row_batches + batch, nx);
        double* const u = problem.values + z * problem.plane + first * row;
        Pack y;
        for (std::size_t block = 0; block < n_blocks; ++block) {
            Pack columns[width] = {}; // beyond the last row there is nothing
            for (std::size_t r = 0; r < width; ++r) {
                if (r < n_rows) {
                    const double* at = u + r * row + block * width;
                    columns[r] = Pack::load(at);
                    __builtin_prefetch(at + problem.plane, 0, 2); // the next plane comes next
                }
            }
            transpose(columns);
            const std::size_t count = nx - block * width < width ? nx - block * width : width;
            for (std::size_t i = 0; i < count; ++i) {
                const std::size_t position = block * width + i;
                y = position == 0 ? columns[i] : fma(factors.at(factors.e, position - 1), y, columns[i]);
                y.store(scratch + position * width);
            }
        }
        const Pack weight(problem.weight), old_share(problem.weight - 1);
        Pack x = weight * factors.at(factors.m, nx - 1) * y;
        const Pack last = x;
        x.store(scratch + (nx - 1) * width);
        for (std::size_t i = nx - 1; i-- > 0;) {
            x = fma(factors.at(factors.e, i), x, weight * factors.at(factors.m, i) * Pack::load(scratch + i * width));
            x.store(scratch + i * width);
        }
        const Pack bond = factors.f * (x - last);
        for (std::size_t block = 0; block < n_blocks; ++block) {
            Pack columns[width];
            for (std::size_t i = 0; i < width; ++i) {
                const std::size_t position = block * width + i;
                columns[i] = position < nx ? Pack::load(scratch + position * width) : Pack(0.0);
                if (position < nx && factors.reaches(position, nx)) {
                    columns[i] = negative_fma(factors.at(factors.z, position), bond, columns[i]);
                }
            }
            transpose(columns);
            for (std::size_t r = 0; r < n_rows; ++r) {
                double* at = u + r * row + block * width;
                negative_fma(old_share, Pack::load(at), columns[r]).store(at);
            }
        }
    }
};

} // namespace osteoflare::solvers::fields
