#pragma once

#include "solvers/fields/numbers.hpp"
#include "solvers/fields/sweep_problem.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace osteoflare::solvers::fields {

/// Factors along one direction, for lines without closed voxels and for the batches with some.
struct Direction {
    std::size_t length = 0, n_batches = 0, width = 1;
    double alpha = 0;
    bool is_periodic = false;
    std::vector<double> e, m, z;
    double f = 0;
    std::size_t reach = 0;
    std::vector<unsigned char> state; ///< (batch)
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
          state(n_batches_, LineFactors::open)
    {
        const std::vector<double> open(length, 1.0);
        f = factor(open, e.data(), m.data(), z.data(), 1);
        if (is_periodic) {
            reach = length / 2 + 1; // z fades from both ends alike
            while (reach > 1 && std::abs(z[reach - 1]) < 1e-25 * z[0]) {
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
            line_z[i * stride] = right_side + y;
            y = line_e[i * stride] * line_z[i * stride];
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
            bool all_open = true, all_closed = true;
            for (std::size_t lane = 0; lane < width; ++lane) {
                const std::vector<double> open = line(batch, lane);
                const auto n_closed = static_cast<std::size_t>(std::ranges::count(open, 0.0));
                all_open &= n_closed == 0;
                all_closed &= n_closed == open.size();
            }
            state[batch] = all_closed ? LineFactors::closed : all_open ? LineFactors::open : LineFactors::mixed;
            if (state[batch] != LineFactors::mixed) {
                continue;
            }
            for (std::size_t lane = 0; lane < width; ++lane) {
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
                .state = state.data(),
                .own_e = own_e.data(),
                .own_m = own_m.data(),
                .own_z = own_z.data(),
                .own_f = own_f.data()};
    }
};

} // namespace osteoflare::solvers::fields
