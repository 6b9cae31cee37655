#pragma once

#include "solvers/agents/push_problem.hpp"
#include "solvers/lanes/pack.hpp"

namespace osteoflare::solvers::agents {

/// How neighbours push an agent, eight candidates at a time. Sums have eight parts in all instruction sets, added in
/// one order, so that the result is the same in each.
template <class Pack>
class Push {
public:
    static void push_row(const PushProblem& problem, std::size_t y, std::size_t z)
    {
        const std::size_t row = (z * problem.ny + y) * problem.nx;
        if (problem.begin[row] == problem.begin[row + problem.nx]) {
            return;
        }
        for (std::size_t x = 0; x < problem.nx; ++x) {
            const std::size_t first = problem.begin[row + x], last = problem.begin[row + x + 1];
            if (first == last) {
                continue;
            }
            Segment segments[most_segments];
            const std::size_t n = segments_around(problem, x, y, z, segments);
            for (std::size_t i = first; i < last; ++i) {
                push_one(problem, i, segments, n);
            }
        }
    }

private:
    static constexpr std::size_t together = 8, n_packs = together / Pack::width;
    static constexpr std::size_t most_reach = 8, most_segments = 2 * (2 * most_reach + 1) * (2 * most_reach + 1);

    /// Agents that lie side by side in memory, and how far away their periodic image is that may be a neighbour.
    struct Segment {
        std::size_t first, last;
        double shift_x, shift_y;
    };

    static std::size_t segments_around(const PushProblem& problem, std::size_t x, std::size_t y, std::size_t z,
                                       Segment* segments)
    {
        std::size_t n = 0;
        const auto add = [&](std::size_t row, std::size_t from, std::size_t to, double shift_x, double shift_y) {
            const std::size_t first = problem.begin[row + from], last = problem.begin[row + to];
            if (first < last) {
                segments[n++] = {first, last, shift_x, shift_y};
            }
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
        return n;
    }

    static void push_one(const PushProblem& problem, std::size_t i, const Segment* segments, std::size_t n)
    {
        static constexpr double counted[together] = {0, 1, 2, 3, 4, 5, 6, 7};
        const bool narrow_x = problem.nx <= 2 * problem.reach, narrow_y = problem.ny <= 2 * problem.reach;
        Pack sum_x[n_packs], sum_y[n_packs], sum_z[n_packs];
        for (std::size_t p = 0; p < n_packs; ++p) {
            sum_x[p] = sum_y[p] = sum_z[p] = Pack(0.0);
        }
        const Pack zero(0.0), z(problem.z[i]), radius(problem.radius[i]);
        for (std::size_t s = 0; s < n; ++s) {
            const Segment& segment = segments[s];
            const Pack x(problem.x[i] - segment.shift_x), y(problem.y[i] - segment.shift_y);
            for (std::size_t j = segment.first; j < segment.last; j += together) {
                const Pack left(static_cast<double>(segment.last - j));
                for (std::size_t p = 0; p < n_packs; ++p) {
                    const std::size_t at = j + p * Pack::width;
                    if (at >= segment.last) {
                        break;
                    }
                    Pack dx = x - Pack::load(problem.x + at), dy = y - Pack::load(problem.y + at);
                    const Pack dz = z - Pack::load(problem.z + at);
                    if (narrow_x) {
                        dx = nearest_image(dx, problem.width);
                    }
                    if (narrow_y) {
                        dy = nearest_image(dy, problem.depth);
                    }
                    const Pack distance = square_root(fma(dx, dx, fma(dy, dy, dz * dz)));
                    const Pack overlap = radius + Pack::load(problem.radius + at) - distance;
                    const auto touches =
                        (zero < overlap) & (zero < distance) & (Pack::load(counted + p * Pack::width) < left);
                    if (lanes_of(touches) == 0) {
                        continue;
                    }
                    const Pack share = select(touches, overlap / distance, zero);
                    sum_x[p] = fma(share, dx, sum_x[p]);
                    sum_y[p] = fma(share, dy, sum_y[p]);
                    sum_z[p] = fma(share, dz, sum_z[p]);
                }
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
