#pragma once

#include "solvers/lanes/coefficients.hpp"
#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/lane_problem.hpp"
#include "solvers/lanes/lane_step.hpp"
#include "solvers/lanes/sensitivities.hpp"

#include <cstddef>
#include <cstdint>

namespace osteoflare::solvers::lanes {

/// Writes what was asked for at chosen moments: states, read-outs, fluxes and sensitivities on the continuous output.
template <class Pack, class Kernel>
class RowWriter {
public:
    using Step = LaneStep<Pack, Kernel>;

    RowWriter(const LaneProblem& problem, const LaneCoefficients<Pack, Kernel>& coefficients,
              const Sensitivities<Pack, Kernel>& sensitivities)
        : problem_(problem), coefficients_(coefficients), sensitivities_(sensitivities)
    {
        for (std::size_t i = 0; i < problem.n_columns; ++i) {
            wants_readouts_ |= problem.columns[i] >= n && problem.columns[i] < n + Kernel::n_readouts;
            wants_fluxes_ |= problem.columns[i] >= n + Kernel::n_readouts;
        }
    }

    /// A member enters a lane.
    void start(std::size_t lane, const LaneMember& member)
    {
        rows_[lane] = member.rows;
        sensitivity_rows_[lane] = member.sensitivities;
        time_[lane] = 0;
        next_time_.at[lane] = problem_.n_times > 0 ? problem_.times[0] : never;
    }

    /// A lane stays empty.
    void stop(std::size_t lane) { next_time_.at[lane] = never; }

    /// Writes what is due within the step just made. A lane that owes several rows takes slots of lanes that owe none.
    void write(const Step& step)
    {
        const Pack wanted = next_time_.pack(), t_new = step.t_new.pack();
        const auto at_end = (wanted <= t_new) & (Pack(problem_.to) <= t_new);
        unsigned due = step.done & lanes_of((wanted < t_new) | at_end);
        if (due == 0) {
            return;
        }
        const auto take = [&](Round& round, std::size_t slot, std::size_t lane) {
            round.slots |= 1U << slot;
            round.lane_of[slot] = lane;
            round.is_mixed |= slot != lane;
            round.theta[slot] = (next_time_.at[lane] - step.t.at[lane]) / step.h.at[lane];
            round.time[slot] = time_[lane]++;
            const double next = time_[lane] < problem_.n_times ? problem_.times[time_[lane]] : never;
            next_time_.at[lane] = next;
            const double end = step.t_new.at[lane];
            const bool is_due = next < end || (next <= end && problem_.to <= end);
            due &= is_due ? ~0U : ~(1U << lane);
        };
        if (takes_them_singly(due, step)) {
            for (unsigned rest = due; rest != 0; rest &= rest - 1) {
                const auto lane = static_cast<std::size_t>(__builtin_ctz(rest));
                Round one;
                take(one, 0, lane);
                write_row(step, one.theta[0], lane, one.time[0]);
            }
            return;
        }
        while (due != 0) {
            Round round;
            for (std::size_t slot = 0; slot < width; ++slot) {
                round.lane_of[slot] = slot;
                round.theta[slot] = 0;
            }
            for (unsigned rest = due; rest != 0; rest &= rest - 1) {
                const auto lane = static_cast<std::size_t>(__builtin_ctz(rest));
                take(round, lane, lane);
            }
            // Fluxes and read-outs' sensitivities need the coefficients of the slot's own lane.
            const bool may_mix = !wants_fluxes_ && !sensitivities_.wants_readouts();
            unsigned free = may_mix ? ~round.slots & ((1U << width) - 1) : 0;
            for (; free != 0 && due != 0; free &= free - 1) {
                take(round, static_cast<std::size_t>(__builtin_ctz(free)),
                     static_cast<std::size_t>(__builtin_ctz(due)));
            }
            write_round(step, round);
        }
    }

private:
    static constexpr std::size_t width = Pack::width, n = Kernel::n_states, n_stages = rodas5p::n_stages;

    /// Rows that are made together: in each slot one of a lane that owes it.
    struct Round {
        unsigned slots = 0;              ///< that are taken
        std::uint64_t lane_of[width];    ///< whose step a slot looks into
        alignas(64) double theta[width]; ///< and where
        std::size_t time[width];         ///< its number
        bool is_mixed = false;           ///< some slot belongs to another lane
    };

    /// What the stages contribute at a share theta of the step, each lane at its own.
    template <class Some>
    static void output_weights(Some theta, Some* weights)
    {
        const auto& d = rodas5p::d;
        const auto& e = rodas5p::refinement;
        const Some rest = Some(1.0) - theta;
        for (std::size_t j = 0; j < n_stages; ++j) {
            Some inner = Some(d[2][j]);
            if (j + 1 == n_stages) {
                inner = fma(theta, Some(e[3]), Some(d[2][j] + e[2]));
                inner = fma(theta, fma(theta, inner, Some(d[1][j] + e[1])), Some(d[0][j] + e[0]));
            } else {
                inner = fma(theta, fma(theta, inner, Some(d[1][j])), Some(d[0][j]));
            }
            weights[j] = theta * fma(rest, inner, Some(rodas5p::m[j]));
        }
    }

    /// Whether so few rows of states are due that they cost less one by one than a round does.
    bool takes_them_singly(unsigned due, const Step& step) const
    {
        const auto n_due = static_cast<std::size_t>(__builtin_popcount(due));
        if (4 * n_due > width || wants_readouts_ || wants_fluxes_ || sensitivities_.any()) {
            return false;
        }
        for (unsigned rest = due; rest != 0; rest &= rest - 1) {
            const auto lane = static_cast<std::size_t>(__builtin_ctz(rest));
            const std::size_t following = time_[lane] + 1;
            if (following < problem_.n_times && problem_.times[following] <= step.t_new.at[lane]) {
                return false;
            }
        }
        return true;
    }

    /// The row of one lane, the same as in a round.
    void write_row(const Step& step, double theta, std::size_t lane, std::size_t time) const
    {
        Pack1 weights[n_stages];
        output_weights(Pack1(theta), weights);
        double* row = rows_[lane] + time * row_stride(problem_.n_columns);
        const auto output = step.output;
        for (std::size_t i = 0; i < problem_.n_columns; ++i) {
            row[i] = output.state_in(lane, problem_.columns[i], weights).v;
        }
    }

    void write_round(const Step& step, const Round& round)
    {
        Pack weights[n_stages];
        output_weights(Pack::load(round.theta), weights);
        if (round.is_mixed) {
            const auto order = Pack::order_of(round.lane_of);
            interpolate(step, weights, [order](Pack value) { return reordered(value, order); });
            if (wants_readouts_) {
                for (unsigned rest = round.slots; rest != 0; rest &= rest - 1) {
                    const auto slot = static_cast<std::size_t>(__builtin_ctz(rest));
                    mixed_readouts(slot, round.lane_of[slot]);
                }
            }
        } else {
            interpolate(step, weights, [](Pack value) { return value; });
            if (wants_readouts_) {
                Kernel::readouts(quantities_, step.c, quantities_ + n);
            }
            if (wants_fluxes_) {
                Kernel::fluxes(quantities_, step.c, quantities_ + n + Kernel::n_readouts);
            }
        }
        double* rows[width] = {};
        for (unsigned rest = round.slots; rest != 0; rest &= rest - 1) {
            const auto slot = static_cast<std::size_t>(__builtin_ctz(rest));
            rows[slot] = rows_[round.lane_of[slot]] + round.time[slot] * row_stride(problem_.n_columns);
        }
        store_rows(round.slots, rows, problem_.columns, problem_.n_columns, quantities_);
        if (sensitivities_.any()) {
            Lanes<Pack> h;
            for (std::size_t slot = 0; slot < width; ++slot) {
                h.at[slot] = step.h.at[round.lane_of[slot]];
            }
            const Pack theta = Pack::load(round.theta);
            write_sensitivities(step, Sensitivities<Pack, Kernel>::weights_at(theta, h.pack()), round);
        }
    }

    /// Rows of the sensitivities, at the state that `quantities_` holds.
    void write_sensitivities(const Step& step, const typename Sensitivities<Pack, Kernel>::Weights& weights,
                             const Round& round)
    {
        const std::size_t stride = row_stride(problem_.n_sensitivity_columns);
        const auto order = Pack::order_of(round.lane_of);
        Pack values[n + Kernel::n_readouts];
        for (std::size_t q = 0; q < problem_.n_sensitivities; ++q) {
            double* rows[width] = {};
            for (unsigned rest = round.slots; rest != 0; rest &= rest - 1) {
                const auto slot = static_cast<std::size_t>(__builtin_ctz(rest));
                rows[slot] =
                    sensitivity_rows_[round.lane_of[slot]] + (q * problem_.n_times + round.time[slot]) * stride;
            }
            if (round.is_mixed) {
                const auto pick = [order](Pack value) { return reordered(value, order); };
                sensitivities_.evaluate(q, weights, pick, quantities_, step.c, values);
            } else {
                sensitivities_.evaluate(
                    q, weights, [](Pack value) { return value; }, quantities_, step.c, values);
            }
            store_rows(round.slots, rows, problem_.sensitivity_columns, problem_.n_sensitivity_columns, values);
        }
    }

    /// Stores a row of chosen columns for each slot that is taken.
    static void store_rows(unsigned slots, double* const* rows, const std::uint16_t* columns, std::size_t n_columns,
                           const Pack* values)
    {
        for (std::size_t first = 0; first < n_columns; first += width) {
            Pack block[width];
            for (std::size_t i = 0; i < width; ++i) {
                block[i] = first + i < n_columns ? values[columns[first + i]] : Pack(0.0);
            }
            transpose(block);
            for (unsigned rest = slots; rest != 0; rest &= rest - 1) {
                const auto slot = static_cast<std::size_t>(__builtin_ctz(rest));
                block[slot].store(rows[slot] + first);
            }
        }
    }

    template <class Pick>
    void interpolate(const Step& step, const Pack* weights, Pick pick)
    {
        const auto output = step.output;
        for (std::size_t k = 0; k < n; ++k) {
            quantities_[k] = output.state(k, weights, pick);
        }
    }

    /// Read-outs in a slot that belongs to another lane, with that lane's coefficients.
    void mixed_readouts(std::size_t slot, std::size_t lane)
    {
        Pack1 all[n + Kernel::n_readouts];
        for (const auto state : Kernel::readout_states) {
            all[state] = Pack1(lane_in(quantities_[state], slot));
        }
        Kernel::readouts(all, coefficients_.of(lane), all + n);
        for (std::size_t i = n; i < n + Kernel::n_readouts; ++i) {
            lane_in(quantities_[i], slot) = all[i].v;
        }
    }

    const LaneProblem& problem_;
    const LaneCoefficients<Pack, Kernel>& coefficients_;
    const Sensitivities<Pack, Kernel>& sensitivities_;
    bool wants_readouts_ = false, wants_fluxes_ = false;
    double* rows_[width] = {};             ///< of each lane's member
    double* sensitivity_rows_[width] = {}; ///< the same
    std::size_t time_[width] = {};         ///< number of the next row
    Lanes<Pack> next_time_{};              ///< and its moment
    Pack quantities_[n + Kernel::n_readouts + Kernel::n_fluxes] = {};
};

} // namespace osteoflare::solvers::lanes
