#pragma once

#include "solvers/agents/push_problem.hpp"
#include "solvers/lanes/pack.hpp"

namespace osteoflare::solvers::agents {

/// How neighbours push an agent, eight candidates at a time. Sums have eight parts in all instruction sets, added in
/// one order, so that the result is the same in each.
template <class Pack>
class Push {
public:
    static void push_row(const PushProblem& problem, std::size_t y, std::size_t z, double* scratch)
    {
        const bool is_narrow = problem.nx <= 2 * problem.reach || problem.ny <= 2 * problem.reach;
        const std::uint32_t* begin = problem.begin + (z * problem.ny + y) * problem.nx;
        Candidates candidates{scratch, scratch + problem.room, scratch + 2 * problem.room, scratch + 3 * problem.room};
        for (std::size_t x = 0; x < problem.nx; ++x) {
            if (begin[x] == begin[x + 1]) {
                continue;
            }
            gather(problem, x, y, z, candidates);
            for (std::size_t i = begin[x]; i < begin[x + 1]; ++i) {
                if (is_narrow) {
                    push_one<true>(problem, i, candidates);
                } else {
                    push_one<false>(problem, i, candidates);
                }
            }
        }
    }

private:
    static constexpr std::size_t together = 8, n_packs = together / Pack::width;

    /// Everyone in a voxel and around it, as seen from there: across the box's edges, its image.
    struct Candidates {
        double *x, *y, *z, *radius;
        std::size_t n = 0;
    };

    static void gather(const PushProblem& problem, std::size_t x, std::size_t y, std::size_t z, Candidates& candidates)
    {
        candidates.n = 0;
        const auto add = [&](std::size_t row, std::size_t from, std::size_t to, double shift_x, double shift_y) {
            const std::size_t first = problem.begin[row + from], last = problem.begin[row + to], n = candidates.n;
            // Packs may write past the end, where the next ones will be written.
            for (std::size_t j = first; j < last; j += Pack::width) {
                const std::size_t at = n + j - first;
                (Pack::load(problem.x + j) + Pack(shift_x)).store(candidates.x + at);
                (Pack::load(problem.y + j) + Pack(shift_y)).store(candidates.y + at);
                Pack::load(problem.z + j).store(candidates.z + at);
                Pack::load(problem.radius + j).store(candidates.radius + at);
            }
            candidates.n += last - first;
        };
        const std::size_t reach = problem.reach;
        const std::size_t z_from = z > reach ? z - reach : 0,
                          z_to = z + reach < problem.nz ? z + reach : problem.nz - 1;
        // A box narrower than two reaches is searched once, and the nearest image is found agent by agent.
        const bool narrow = problem.ny <= 2 * reach;
        const std::size_t n_rows = narrow ? problem.ny : 2 * reach + 1;
        for (std::size_t zz = z_from; zz <= z_to; ++zz) {
            for (std::size_t k = 0; k < n_rows; ++k) {
                const std::size_t yy = narrow ? k : (y + k + problem.ny - reach) % problem.ny;
                const double shift_y = narrow           ? 0
                                       : yy > y + reach ? -problem.depth
                                       : y > yy + reach ? problem.depth
                                                        : 0;
                const std::size_t row = (zz * problem.ny + yy) * problem.nx;
                if (problem.nx <= 2 * reach) {
                    add(row, 0, problem.nx, 0, shift_y);
                    continue;
                }
                if (x < reach) {
                    add(row, problem.nx + x - reach, problem.nx, -problem.width, shift_y);
                }
                add(row, x < reach ? 0 : x - reach, x + reach + 1 < problem.nx ? x + reach + 1 : problem.nx, 0,
                    shift_y);
                if (x + reach >= problem.nx) {
                    add(row, 0, x + reach + 1 - problem.nx, problem.width, shift_y);
                }
            }
        }
        for (std::size_t at = candidates.n; at % together != 0; ++at) {
            candidates.radius[at] = __builtin_nan("");                  // touches nobody
            candidates.x[at] = candidates.y[at] = candidates.z[at] = 0; // and 0 times this is 0
        }
    }

    template <bool IsNarrow>
    static void push_one(const PushProblem& problem, std::size_t i, const Candidates& candidates)
    {
        Pack sum_x[n_packs], sum_y[n_packs], sum_z[n_packs];
        for (std::size_t p = 0; p < n_packs; ++p) {
            sum_x[p] = sum_y[p] = sum_z[p] = Pack(0.0);
        }
        const Pack zero(0.0), x(problem.x[i]), y(problem.y[i]), z(problem.z[i]), radius(problem.radius[i]);
        const bool repels = problem.radius[i] >= 0;
        for (std::size_t j = 0; j < candidates.n && repels; j += together) {
            for (std::size_t p = 0; p < n_packs; ++p) {
                const std::size_t at = j + p * Pack::width;
                Pack dx = x - Pack::load(candidates.x + at), dy = y - Pack::load(candidates.y + at);
                const Pack dz = z - Pack::load(candidates.z + at);
                if constexpr (IsNarrow) {
                    dx = nearest_image(dx, problem.width);
                    dy = nearest_image(dy, problem.depth);
                }
                const Pack square = fma(dx, dx, fma(dy, dy, dz * dz)),
                           touching = radius + Pack::load(candidates.radius + at);
                const auto touches = (zero < square) & (square < touching * touching);
                if (lanes_of(touches) == 0) {
                    continue;
                }
                const Pack distance = square_root(square);
                const Pack share = select(touches, (touching - distance) / distance, zero);
                sum_x[p] = fma(share, dx, sum_x[p]);
                sum_y[p] = fma(share, dy, sum_y[p]);
                sum_z[p] = fma(share, dz, sum_z[p]);
            }
        }
        problem.push_x[i] = total(sum_x);
        problem.push_y[i] = total(sum_y);
        problem.push_z[i] = total(sum_z);
    }

    static Pack nearest_image(Pack distance, double period)
    {
        const Pack half(period / 2), whole(period);
        const Pack lower = select(half < distance, distance - whole, distance);
        return select(lower < negative(half), lower + whole, lower);
    }

    static double total(const Pack (&sums)[n_packs])
    {
        double parts[together];
        for (std::size_t p = 0; p < n_packs; ++p) {
            sums[p].store(parts + p * Pack::width);
        }
        for (std::size_t half = together / 2; half > 0; half /= 2) {
            for (std::size_t k = 0; k < half; ++k) {
                parts[k] += parts[k + half];
            }
        }
        return parts[0];
    }
};

} // namespace osteoflare::solvers::agents
