#pragma once

#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/lane_problem.hpp"
#include "solvers/lanes/pack.hpp"
#include "solvers/lanes/rodas5p.hpp"
#include "solvers/lanes/sensitivities.hpp"

#include <cstddef>

namespace osteoflare::solvers::lanes {

/// Rodas5P over the lanes of a pack: each lane holds a member with its own time, step and fate, and takes the next
/// member as soon as it is free. `Kernel` is written by the model compiler.
///
/// What happens in a lane depends on its member alone: the arithmetic is elementwise, and whatever is done for one lane
/// only is done in the same scalar code for all widths.
template <class Pack, class Kernel>
class LaneSolver {
public:
    LaneSolver(const LaneProblem& problem, const LaneClient& client)
        : problem_(problem), client_(client), sensitivities_(problem_)
    {
        for (std::size_t i = 0; i < problem.n_columns; ++i) {
            wants_readouts_ |= problem.columns[i] >= n && problem.columns[i] < n + Kernel::n_readouts;
            wants_fluxes_ |= problem.columns[i] >= n + Kernel::n_readouts;
        }
        bool is_sampled[n] = {};
        for (std::size_t i = 0; i < problem.n_summaries; ++i) {
            if (problem.summaries[i].quantity < n) {
                is_sampled[problem.summaries[i].quantity] = true;
            } else {
                for (const auto state : Kernel::readout_states) {
                    is_sampled[state] = true;
                }
            }
        }
        for (std::size_t k = 0; k < n; ++k) {
            if (is_sampled[k]) {
                sampled_[n_sampled_++] = k;
            }
        }
    }

    void run()
    {
        for (std::size_t lane = 0; lane < width; ++lane) {
            refill(lane);
        }
        while (active_ != 0) {
            step();
        }
    }

private:
    static constexpr std::size_t width = Pack::width, n = Kernel::n_states, n_stages = rodas5p::n_stages;
    static constexpr double never = 1e300;
    using Mask = typename Pack::Mask;

    /// One number per lane.
    struct alignas(64) Lanes {
        double at[width];
        Pack pack() const { return Pack::load(at); }
        void set(Pack value) { value.store(at); }
    };

    struct Slot {
        LaneMember member;
        std::size_t phase = 0, next_time = 0;
        double restart_step = 0; ///< what the last start would have been best with; 0 before the first
        bool starts = false;     ///< no step was accepted since the last change
    };

    /// Coefficients of the settings a lane met last, so that going back and forth between two costs little.
    struct Prepared {
        static constexpr std::size_t n_kept = 4;
        const double* settings[n_kept] = {};
        Pack1 coefficients[n_kept][Kernel::n_coefficients];
        std::size_t current = 0, oldest = 0;
        unsigned compared = 0; ///< the two of them (as bits) that were compared last
        std::size_t n_different = 0;
        std::uint16_t different[Kernel::n_coefficients]; ///< coefficients in which these differ
    };

    // One step of all lanes.

    void step()
    {
        const Pack t = t_.pack(), h_wanted = h_.pack(), stop = stop_.pack();
        const Pack remaining = stop - t;
        const Mask lands = remaining * Pack(1 - 1e-12) <= h_wanted;
        // Two steps of equal length end a phase better than one long and one tiny.
        const Mask halves = remaining < h_wanted + h_wanted;
        const Pack h = select(lands, remaining, select(halves, remaining * Pack(0.5), h_wanted));
        const Pack t_new = select(lands, stop, t + h);
        const Pack inverse_h = Pack(1.0) / h;

        Kernel::factor(y_, c_, inverse_h * Pack(1 / rodas5p::gamma), right_, lu_);
        Kernel::solve(lu_, right_, u_[0]);
        stage<2>(inverse_h);
        stage<3>(inverse_h);
        stage<4>(inverse_h);
        stage<5>(inverse_h);
        stage<6>(inverse_h);
        stage<7>(inverse_h);
        stage<8>(inverse_h);

        const Pack error = with_sensitivities(scaled_error(), h, inverse_h);
        const Mask accepted = error <= Pack(1.0); // not so if it is not a number
        const Mask finite = error <= Pack(never);
        choose_step(error, h, h_wanted, accepted, finite);

        const unsigned done = lanes_of(accepted) & active_;
        write_rows(t, h, t_new, done);
        if (sensitivities_.any()) {
            sensitivities_.accept(accepted);
        }
        if (problem_.n_summaries > 0 && done != 0) {
            summarise(t, h, accepted, done);
        }
        steps_.set(steps_.pack() + select(accepted, Pack(1.0), Pack(0.0)));
        rejected_.set(rejected_.pack() + select(accepted, Pack(0.0), Pack(1.0)));
        if ((active_ & ~done) == 0) {
            Pack* const old = y_;
            y_ = stage_y_;
            stage_y_ = old;
        } else {
            for (std::size_t k = 0; k < n; ++k) {
                y_[k] = select(accepted, stage_y_[k], y_[k]);
            }
        }
        t_.set(select(accepted, t_new, t));

        // What only some lanes need is done lane by lane.
        const Pack smallest = (magnitude(t) + Pack(1e-6)) * Pack(16 * 0x1p-52);
        const unsigned stuck = lanes_of((!accepted) & (h * Pack(0.1) <= smallest));
        const unsigned over =
            lanes_of(Pack(static_cast<double>(problem_.most_steps)) <= steps_.pack() + rejected_.pack());
        const unsigned landed = lanes_of(lands) & done;
        const unsigned started = starting_ & done;
        for (unsigned rest = (landed | started | stuck | over) & active_; rest != 0; rest &= rest - 1) {
            const auto lane = static_cast<std::size_t>(__builtin_ctz(rest));
            const unsigned bit = 1U << lane;
            if ((started & bit) != 0) {
                learn_start(lane, lane_in(error, lane), lane_in(h, lane));
            }
            if ((landed & bit) != 0) {
                reach_stop(lane);
            } else if ((stuck & bit) != 0) {
                end(lane, (lanes_of(finite) & bit) != 0 ? LaneStatus::step_too_small : LaneStatus::not_finite);
            } else if ((over & bit) != 0) {
                end(lane, LaneStatus::step_limit);
            }
        }
    }

    template <std::size_t Stage>
    void stage(Pack inverse_h)
    {
        constexpr std::size_t earlier = Stage - 1;
        for (std::size_t k = 0; k < n; ++k) {
            Pack u = in_register(u_[0][k]);
            Pack right = u * Pack(rodas5p::c[Stage - 2][0]);
            Pack y = stage_y_[k];
            if constexpr (Stage <= 6) {
                y = fma(u, Pack(rodas5p::a[Stage - 2][0]), y_[k]);
            }
#pragma GCC unroll 8
            for (std::size_t j = 1; j < earlier; ++j) {
                u = in_register(u_[j][k]);
                right = fma(u, Pack(rodas5p::c[Stage - 2][j]), right);
                if constexpr (Stage <= 6) {
                    y = fma(u, Pack(rodas5p::a[Stage - 2][j]), y);
                }
            }
            if constexpr (Stage > 2) {
                right_[k] = right;
            }
            stage_y_[k] = Stage <= 6 ? y : y + u;
        }
        if constexpr (Stage == 2) { // a store is as dear as two loads
            Kernel::stage(stage_y_, c_, lu_, u_[0], inverse_h * Pack(rodas5p::c[0][0]), u_[1]);
        } else {
            Kernel::stage(stage_y_, c_, lu_, right_, inverse_h, u_[Stage - 1]);
        }
    }

    /// Completes the new state and measures the error estimate u_8 against the tolerance: the largest of the states'
    /// |u| / (absolute + relative max(|y|, |y_new|)), or not a number if one of them is none. Two quotients share a
    /// division.
    Pack scaled_error()
    {
        const Pack relative(problem_.relative_tolerance);
        Pack worst(0.0), poisoned(0.0);
        for (std::size_t first = 0; first < n; first += 2) {
            Pack error[2] = {Pack(0.0), Pack(0.0)}, scale[2] = {Pack(1.0), Pack(1.0)};
            for (std::size_t k = first; k < n && k < first + 2; ++k) {
                const Pack u = u_[7][k];
                const Pack y_new = stage_y_[k] + u;
                stage_y_[k] = y_new;
                scale[k - first] =
                    fma(relative, maximum(magnitude(y_[k]), magnitude(y_new)), Pack(problem_.absolute_tolerance[k]));
                error[k - first] = magnitude(u);
            }
            const Pack most = maximum(error[0] * scale[1], error[1] * scale[0]) / (scale[0] * scale[1]);
            worst = maximum(worst, most);
            poisoned = fma(error[0] + error[1], Pack(0.0), poisoned); // 0 unless one is not finite
        }
        return worst + poisoned;
    }

    /// Lanes whose states have made the step try it with their sensitivities, and answer for both errors.
    Pack with_sensitivities(Pack error, Pack h, Pack inverse_h)
    {
        const Mask tries = error <= Pack(1.0);
        if (!sensitivities_.any() || (lanes_of(tries) & active_) == 0) {
            return error;
        }
        const Pack of_sensitivities = sensitivities_.step(y_, stage_y_, u_, c_, lu_, h, inverse_h);
        const Pack larger = select(error <= of_sensitivities, of_sensitivities,
                                   select(of_sensitivities <= error, error, of_sensitivities));
        return select(tries, larger, error);
    }

    /// The length of the next step. Gustafsson's predictive controller assumes that the error goes on to change as it
    /// did over the last two steps: steps that follow a decaying transient grow with it. It is believed by four fifths,
    /// which costs fewer steps at equal error than to believe it whole.
    void choose_step(Pack error, Pack h, Pack h_wanted, Mask accepted, Mask finite)
    {
        constexpr double per_order = 1.0 / 5, belief = 0.8;
        const Pack size = rough_log2(maximum(error, Pack(1e-10)));
        const Pack length = rough_log2(h);
        const Pack previous_size = previous_error_.pack();
        const Pack elementary = size * Pack(-per_order);
        const Pack change = fma(size - previous_size, Pack(-per_order), length - previous_h_.pack());
        const Pack predictive = fma(change, Pack(belief), elementary);
        const Mask has_previous = Pack(-500.0) < previous_size;
        const Pack wish = select(accepted & has_previous, predictive, elementary);
        const Pack factor = maximum(minimum(rough_exp2(wish) * Pack(0.85), Pack(5.0)), Pack(0.2));
        const Pack proposal = h * select(finite, factor, Pack(0.1));
        // A step that was shortened only to land does not lower what is proposed.
        const Mask shortened = accepted & (h < h_wanted);
        const Pack next = select(shortened, maximum(proposal, minimum(h_wanted, h * Pack(5.0))), proposal);
        h_.set(minimum(next, Pack(problem_.longest_step)));
        previous_error_.set(select(accepted, size, Pack(-1000.0)));
        previous_h_.set(length);
    }

    // Results on the continuous output.

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

    /// Rows that are made together: in each slot one of a lane that owes it.
    struct Round {
        unsigned slots = 0;              ///< that are taken
        std::uint64_t lane_of[width];    ///< whose step a slot looks into
        alignas(64) double theta[width]; ///< and where
        std::size_t time[width];         ///< its number
        bool is_mixed = false;           ///< some slot belongs to another lane
    };

    /// Writes what is due within the step just made. A lane that owes several rows takes slots of lanes that owe none.
    void write_rows(Pack t, Pack h, Pack t_new, unsigned done)
    {
        const Pack wanted = next_time_.pack();
        const Mask at_end = (wanted <= t_new) & (Pack(problem_.to) <= t_new);
        unsigned due = done & lanes_of((wanted < t_new) | at_end);
        if (due == 0) {
            return;
        }
        Lanes begin, length, end;
        begin.set(t);
        length.set(h);
        end.set(t_new);
        const auto take = [&](Round& round, std::size_t slot, std::size_t lane) {
            Slot& from = slots_[lane];
            round.slots |= 1U << slot;
            round.lane_of[slot] = lane;
            round.theta[slot] = (next_time_.at[lane] - begin.at[lane]) / length.at[lane];
            round.time[slot] = from.next_time++;
            const double next = from.next_time < problem_.n_times ? problem_.times[from.next_time] : never;
            next_time_.at[lane] = next;
            const bool is_due = next < end.at[lane] || (next <= end.at[lane] && problem_.to <= end.at[lane]);
            due &= is_due ? ~0U : ~(1U << lane);
        };
        if (takes_them_singly(due, end)) {
            for (unsigned rest = due; rest != 0; rest &= rest - 1) {
                const auto lane = static_cast<std::size_t>(__builtin_ctz(rest));
                Round one;
                take(one, 0, lane);
                write_row(one.theta[0], lane, one.time[0]);
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
            // Fluxes and sensitivities need the coefficients of the slot's own lane.
            unsigned free = wants_fluxes_ || sensitivities_.any() ? 0 : ~round.slots & ((1U << width) - 1);
            round.is_mixed = free != 0 && due != 0;
            for (; free != 0 && due != 0; free &= free - 1) {
                take(round, static_cast<std::size_t>(__builtin_ctz(free)),
                     static_cast<std::size_t>(__builtin_ctz(due)));
            }
            write_round(round);
        }
    }

    /// Whether so few rows of states are due that they cost less one by one than a round does.
    bool takes_them_singly(unsigned due, const Lanes& end) const
    {
        const auto n_due = static_cast<std::size_t>(__builtin_popcount(due));
        if (4 * n_due > width || wants_readouts_ || wants_fluxes_ || sensitivities_.any()) {
            return false;
        }
        for (unsigned rest = due; rest != 0; rest &= rest - 1) {
            const auto lane = static_cast<std::size_t>(__builtin_ctz(rest));
            const std::size_t following = slots_[lane].next_time + 1;
            if (following < problem_.n_times && problem_.times[following] <= end.at[lane]) {
                return false;
            }
        }
        return true;
    }

    /// The row of one lane, the same as in a round.
    void write_row(double theta, std::size_t lane, std::size_t time)
    {
        Pack1 weights[n_stages];
        output_weights(Pack1(theta), weights);
        double* row = slots_[lane].member.rows + time * row_stride(problem_.n_columns);
        const double* y = reinterpret_cast<const double*>(y_) + lane;
        const double* u = reinterpret_cast<const double*>(u_) + lane;
        for (std::size_t i = 0; i < problem_.n_columns; ++i) {
            const std::size_t k = problem_.columns[i];
            Pack1 value(y[k * width]);
#pragma GCC unroll 8
            for (std::size_t j = 0; j < n_stages; ++j) {
                value = fma(weights[j], Pack1(u[(j * n + k) * width]), value);
            }
            row[i] = value.v;
        }
    }

    void write_round(const Round& round)
    {
        Pack weights[n_stages];
        output_weights(Pack::load(round.theta), weights);
        if (round.is_mixed) {
            const auto order = Pack::order_of(round.lane_of);
            interpolate(weights, [order](Pack value) { return reordered(value, order); });
            if (wants_readouts_) {
                for (unsigned rest = round.slots; rest != 0; rest &= rest - 1) {
                    const auto slot = static_cast<std::size_t>(__builtin_ctz(rest));
                    mixed_readouts(slot, round.lane_of[slot]);
                }
            }
        } else {
            interpolate(weights, [](Pack value) { return value; });
            if (wants_readouts_) {
                Kernel::readouts(quantities_, c_, quantities_ + n);
            }
            if (wants_fluxes_) {
                Kernel::fluxes(quantities_, c_, quantities_ + n + Kernel::n_readouts);
            }
        }
        double* rows[width] = {};
        for (unsigned rest = round.slots; rest != 0; rest &= rest - 1) {
            const auto slot = static_cast<std::size_t>(__builtin_ctz(rest));
            rows[slot] = slots_[round.lane_of[slot]].member.rows + round.time[slot] * row_stride(problem_.n_columns);
        }
        store_rows(round.slots, rows, problem_.columns, problem_.n_columns, quantities_);
        for (std::size_t q = 0; q < problem_.n_sensitivities; ++q) {
            write_sensitivities(q, weights, round);
        }
    }

    /// Rows of the sensitivities to quantity `q`, at the state that `quantities_` holds.
    void write_sensitivities(std::size_t q, const Pack* weights, const Round& round)
    {
        const std::size_t stride = row_stride(problem_.n_sensitivity_columns);
        double* rows[width] = {};
        for (unsigned rest = round.slots; rest != 0; rest &= rest - 1) {
            const auto lane = static_cast<std::size_t>(__builtin_ctz(rest));
            rows[lane] = slots_[lane].member.sensitivities + (q * problem_.n_times + round.time[lane]) * stride;
        }
        Pack values[n + Kernel::n_readouts];
        sensitivities_.evaluate(q, weights, quantities_, c_, values);
        store_rows(round.slots, rows, problem_.sensitivity_columns, problem_.n_sensitivity_columns, values);
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
    void interpolate(const Pack* weights, Pick pick)
    {
        for (std::size_t k = 0; k < n; ++k) {
            Pack y = pick(y_[k]);
#pragma GCC unroll 8
            for (std::size_t j = 0; j < n_stages; ++j) {
                y = fma(weights[j], pick(u_[j][k]), y);
            }
            quantities_[k] = y;
        }
    }

    /// Read-outs in a slot that belongs to another lane, with that lane's coefficients.
    void mixed_readouts(std::size_t slot, std::size_t lane)
    {
        Pack1 all[n + Kernel::n_readouts];
        for (const auto state : Kernel::readout_states) {
            all[state] = Pack1(lane_in(quantities_[state], slot));
        }
        const Prepared& prepared = prepared_[lane];
        Kernel::readouts(all, prepared.coefficients[prepared.current], all + n);
        for (std::size_t i = n; i < n + Kernel::n_readouts; ++i) {
            lane_in(quantities_[i], slot) = all[i].v;
        }
    }

    /// Where within a step quantities are looked at; the last but one tells whether a course turns before the end.
    static constexpr std::size_t n_samples = 6;
    static constexpr double samples[n_samples] = {0, 0.25, 0.5, 0.75, 1 - 0x1p-10, 1};

    void summarise(Pack t, Pack h, Mask accepted, unsigned done)
    {
        Pack quantity[most_summaries][n_samples];
        for (std::size_t s = 0; s < n_samples; ++s) {
            for (std::size_t i = 0; i < n_sampled_; ++i) {
                const std::size_t k = sampled_[i];
                Pack y = y_[k];
                if (s + 1 == n_samples) {
                    y = stage_y_[k];
                } else if (s > 0) {
                    for (std::size_t j = 0; j < n_stages; ++j) {
                        y = fma(Pack(sample_weights.at[s][j]), u_[j][k], y);
                    }
                }
                quantities_[k] = y;
            }
            Kernel::readouts(quantities_, c_, quantities_ + n);
            for (std::size_t i = 0; i < problem_.n_summaries; ++i) {
                quantity[i][s] = quantities_[problem_.summaries[i].quantity];
            }
        }
        for (std::size_t i = 0; i < problem_.n_summaries; ++i) {
            const Pack* q = quantity[i];
            const LaneSummaryKind kind = problem_.summaries[i].kind;
            const Pack known = summaries_[i].pack();
            if (kind == LaneSummaryKind::final) {
                summaries_[i].set(select(accepted, q[n_samples - 1], known));
                continue;
            }
            const double sign = kind == LaneSummaryKind::minimum ? -1 : 1;
            Pack most = q[0] * Pack(sign);
            for (std::size_t s = 1; s < n_samples; ++s) {
                most = maximum(q[s] * Pack(sign), most);
            }
            if (kind == LaneSummaryKind::first_above) {
                unsigned crossing = done & ~found_[i] & lanes_of(levels_[i].pack() < most);
                found_[i] |= crossing;
                for (; crossing != 0; crossing &= crossing - 1) {
                    const auto lane = static_cast<std::size_t>(__builtin_ctz(crossing));
                    summaries_[i].at[lane] = first_above(i, lane, q, lane_in(t, lane), lane_in(h, lane));
                }
                continue;
            }
            // The best so far, times sign, starts at -never.
            const Pack better = maximum(most, known);
            const Pack at_ends = maximum(q[0] * Pack(sign), q[n_samples - 1] * Pack(sign));
            const Mask inside = (at_ends < most) & (known < most);
            const Mask turns_at_begin = (known <= q[0] * Pack(sign)) & (q[1] * Pack(sign) < q[0] * Pack(sign));
            summaries_[i].set(select(accepted, better, known));
            for (unsigned rest = done & lanes_of(inside | turns_at_begin); rest != 0; rest &= rest - 1) {
                const auto lane = static_cast<std::size_t>(__builtin_ctz(rest));
                const double found = extremum(i, lane, sign, q);
                summaries_[i].at[lane] = found > summaries_[i].at[lane] ? found : summaries_[i].at[lane];
            }
        }
    }

    /// A summary's quantity within the step just made.
    double quantity_at(std::size_t summary, std::size_t lane, double theta) const
    {
        Pack1 all[n + Kernel::n_readouts];
        double weights[n_stages];
        for (std::size_t j = 0; j < n_stages; ++j) {
            weights[j] = rodas5p::weight<Pack>(j, theta);
        }
        for (std::size_t i = 0; i < n_sampled_; ++i) {
            const std::size_t k = sampled_[i];
            Pack1 y(lane_in(y_[k], lane));
            for (std::size_t j = 0; j < n_stages; ++j) {
                y = fma(Pack1(weights[j]), Pack1(lane_in(u_[j][k], lane)), y);
            }
            all[k] = y;
        }
        const Prepared& prepared = prepared_[lane];
        Kernel::readouts(all, prepared.coefficients[prepared.current], all + n);
        return all[problem_.summaries[summary].quantity].v;
    }

    /// The moment of the first crossing in a step that has one, to 1e-6 by bisection.
    double first_above(std::size_t summary, std::size_t lane, const Pack* q, double t, double h) const
    {
        const double level = levels_[summary].at[lane];
        std::size_t s = 0;
        while (s + 1 < n_samples && !(lane_in(q[s], lane) > level)) {
            ++s;
        }
        if (s == 0) {
            return t;
        }
        double below = samples[s - 1], above = samples[s];
        while ((above - below) * h > 1e-6) {
            const double middle = (below + above) / 2;
            (quantity_at(summary, lane, middle) > level ? above : below) = middle;
        }
        return t + above * h;
    }

    /// The largest value of sign * quantity near the best sample, by golden sections.
    double extremum(std::size_t summary, std::size_t lane, double sign, const Pack* q) const
    {
        constexpr double golden = 0.61803398874989485;
        std::size_t best = 0;
        for (std::size_t s = 1; s < n_samples; ++s) {
            best = sign * lane_in(q[s], lane) > sign * lane_in(q[best], lane) ? s : best;
        }
        double low = samples[best > 0 ? best - 1 : 0], high = samples[best + 1 < n_samples ? best + 1 : best];
        const auto value = [&](double theta) { return sign * quantity_at(summary, lane, theta); };
        double left = high - golden * (high - low), right = low + golden * (high - low);
        double at_left = value(left), at_right = value(right);
        // The value is flat at an extremum: sections far below its square root of rounding change nothing.
        for (int section = 0; section < 32; ++section) {
            if (at_left > at_right) {
                high = right;
                right = left;
                at_right = at_left;
                left = high - golden * (high - low);
                at_left = value(left);
            } else {
                low = left;
                left = right;
                at_left = at_right;
                right = low + golden * (high - low);
                at_right = value(right);
            }
        }
        return at_left > at_right ? at_left : at_right;
    }

    // One lane at a time.

    void refill(std::size_t lane)
    {
        Slot& slot = slots_[lane];
        slot = {};
        const unsigned bit = 1U << lane;
        if (!client_.next(client_.self, slot.member)) {
            active_ &= ~bit;
            stop_.at[lane] = next_time_.at[lane] = never;
            t_.at[lane] = 0;
            h_.at[lane] = 1;
            return;
        }
        active_ |= bit;
        for (std::size_t k = 0; k < n; ++k) {
            lane_in(y_[k], lane) = slot.member.start_state[k];
        }
        for (std::size_t i = 0; i < problem_.n_summaries; ++i) {
            const LaneSummaryKind kind = problem_.summaries[i].kind;
            const bool is_extremum = kind == LaneSummaryKind::maximum || kind == LaneSummaryKind::minimum;
            summaries_[i].at[lane] = is_extremum ? -never : __builtin_nan("");
            levels_[i].at[lane] = slot.member.levels[i];
            found_[i] &= ~bit;
        }
        t_.at[lane] = problem_.from;
        steps_.at[lane] = rejected_.at[lane] = 0;
        next_time_.at[lane] = problem_.n_times > 0 ? problem_.times[0] : never;
        for (const double*& settings : prepared_[lane].settings) {
            settings = nullptr;
        }
        sensitivities_.start(lane);
        begin_phase(lane);
    }

    void begin_phase(std::size_t lane)
    {
        Slot& slot = slots_[lane];
        const Pack1* coefficients = load_coefficients(lane);
        if (sensitivities_.any()) {
            sensitivities_.begin_phase(lane, slot.member, slot.phase, y_, coefficients);
        }
        stop_.at[lane] = slot.phase + 1 < slot.member.n_phases ? slot.member.phase_begins[slot.phase + 1] : problem_.to;
        if (problem_.first_step > 0) {
            h_.at[lane] = problem_.first_step;
        } else {
            h_.at[lane] = slot.restart_step > 0 ? slot.restart_step : first_step(lane, coefficients);
        }
        previous_error_.at[lane] = -1000;
        starting_ |= 1U << lane;
    }

    /// Puts the coefficients of a lane's phase into their place; on the way back and forth between two settings, only
    /// those that differ.
    const Pack1* load_coefficients(std::size_t lane)
    {
        const Slot& slot = slots_[lane];
        Prepared& prepared = prepared_[lane];
        const std::size_t before = prepared.current;
        const Pack1* wanted = prepare(lane, slot.member.settings[slot.phase]);
        const bool has_previous = slot.phase > 0 && prepared.current != before;
        const unsigned pair = has_previous ? 1U << before | 1U << prepared.current : 0;
        if (has_previous && pair == prepared.compared) {
            for (std::size_t i = 0; i < prepared.n_different; ++i) {
                lane_in(c_[prepared.different[i]], lane) = wanted[prepared.different[i]].v;
            }
            return wanted;
        }
        const Pack1* previous = prepared.coefficients[before];
        prepared.compared = pair;
        prepared.n_different = 0;
        for (std::size_t i = 0; i < Kernel::n_coefficients; ++i) {
            if (has_previous && !(previous[i].v == wanted[i].v)) {
                prepared.different[prepared.n_different++] = static_cast<std::uint16_t>(i);
            }
            lane_in(c_[i], lane) = wanted[i].v;
        }
        return wanted;
    }

    const Pack1* prepare(std::size_t lane, const double* settings)
    {
        Prepared& prepared = prepared_[lane];
        for (std::size_t i = 0; i < Prepared::n_kept; ++i) {
            if (prepared.settings[i] == settings) {
                prepared.current = i;
                return prepared.coefficients[i];
            }
        }
        const std::size_t i = prepared.oldest;
        prepared.oldest = (i + 1) % Prepared::n_kept;
        prepared.current = i;
        prepared.settings[i] = settings;
        prepared.compared = 0;
        Kernel::prepare(settings, prepared.coefficients[i]);
        return prepared.coefficients[i];
    }

    /// A first step after Hairer, Nørsett & Wanner I, II.4: from the sizes of f and of its change over a small Euler
    /// step.
    double first_step(std::size_t lane, const Pack1* coefficients) const
    {
        Pack1 y[n], rate[n], moved[n], moved_rate[n];
        for (std::size_t k = 0; k < n; ++k) {
            y[k] = Pack1(lane_in(y_[k], lane));
        }
        Kernel::rates(y, coefficients, rate);
        const auto scaled = [&](double value, std::size_t k) {
            return __builtin_fabs(value)
                   / (problem_.absolute_tolerance[k] + problem_.relative_tolerance * __builtin_fabs(y[k].v));
        };
        double size = 0, speed = 0;
        for (std::size_t k = 0; k < n; ++k) {
            size = __builtin_fmax(size, scaled(y[k].v, k));
            speed = __builtin_fmax(speed, scaled(rate[k].v, k));
        }
        const double span = stop_.at[lane] - t_.at[lane];
        const double h = size < 1e-5 || !(speed > 1e-5) ? 1e-6 * span : __builtin_fmin(0.01 * size / speed, span);
        for (std::size_t k = 0; k < n; ++k) {
            moved[k] = Pack1(y[k].v + h * rate[k].v);
        }
        Kernel::rates(moved, coefficients, moved_rate);
        double bend = 0;
        for (std::size_t k = 0; k < n; ++k) {
            bend = __builtin_fmax(bend, scaled(moved_rate[k].v - rate[k].v, k) / h);
        }
        const double fastest = __builtin_fmax(speed, bend);
        const double by_order = fastest > 1e-15 ? power(Pack1(0.01 / fastest), Pack1(0.2)).v : 1e-3 * span;
        const double chosen = __builtin_fmin(__builtin_fmin(100 * h, by_order), span);
        return chosen > 0 && chosen < never ? chosen : 1e-6 * span;
    }

    /// Remembers which first step would have met the tolerance: the next change of this member starts with that.
    void learn_start(std::size_t lane, double error, double h)
    {
        starting_ &= ~(1U << lane);
        const double bounded = __builtin_fmax(error, 1e-6);
        slots_[lane].restart_step = h * 0.9 * power(Pack1(bounded), Pack1(-0.2)).v;
    }

    void reach_stop(std::size_t lane)
    {
        Slot& slot = slots_[lane];
        if (slot.phase + 1 < slot.member.n_phases) {
            ++slot.phase;
            begin_phase(lane);
        } else {
            end(lane, LaneStatus::reached_end);
        }
    }

    void end(std::size_t lane, LaneStatus status)
    {
        const LaneMember& member = slots_[lane].member;
        double state[n];
        for (std::size_t k = 0; k < n; ++k) {
            state[k] = lane_in(y_[k], lane);
        }
        for (std::size_t i = 0; i < problem_.n_summaries; ++i) {
            const bool is_minimum = problem_.summaries[i].kind == LaneSummaryKind::minimum;
            member.summaries[i] = is_minimum ? -summaries_[i].at[lane] : summaries_[i].at[lane];
        }
        const LaneReport report{status, t_.at[lane], static_cast<std::size_t>(steps_.at[lane]),
                                static_cast<std::size_t>(rejected_.at[lane])};
        client_.done(client_.self, member, report, state);
        refill(lane);
    }

    struct SampleWeights {
        double at[n_samples][n_stages];
        constexpr SampleWeights() : at{}
        {
            for (std::size_t s = 0; s < n_samples; ++s) {
                for (std::size_t j = 0; j < n_stages; ++j) {
                    at[s][j] = rodas5p::weight<Pack>(j, samples[s]);
                }
            }
        }
    };
    static constexpr SampleWeights sample_weights{};

    LaneProblem problem_;
    LaneClient client_;
    bool wants_readouts_ = false, wants_fluxes_ = false;
    std::size_t sampled_[n] = {}, n_sampled_ = 0; ///< states that summaries need

    alignas(64) Pack states_[2][n] = {};
    Pack *y_ = states_[0], *stage_y_ = states_[1]; ///< before the step; at a stage and in the end after the step
    alignas(64) Pack right_[n] = {};
    Pack u_[n_stages][n] = {};
    Pack lu_[Kernel::n_factors] = {};
    Pack c_[Kernel::n_coefficients] = {};
    Pack quantities_[n + Kernel::n_readouts + Kernel::n_fluxes] = {};

    Lanes t_{}, h_{}, stop_{}, next_time_{}, steps_{}, rejected_{};
    Lanes previous_error_{}, previous_h_{}; ///< logarithms to base 2
    Lanes summaries_[most_summaries] = {}, levels_[most_summaries] = {};
    unsigned found_[most_summaries] = {}; ///< lanes that have crossed a level
    unsigned active_ = 0, starting_ = 0;
    Slot slots_[width];
    Prepared prepared_[width];
    Sensitivities<Pack, Kernel> sensitivities_;
};

} // namespace osteoflare::solvers::lanes
