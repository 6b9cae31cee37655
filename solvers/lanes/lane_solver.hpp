#pragma once

#include "solvers/lanes/coefficients.hpp"
#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/lane_problem.hpp"
#include "solvers/lanes/lane_step.hpp"
#include "solvers/lanes/pack.hpp"
#include "solvers/lanes/rodas5p.hpp"
#include "solvers/lanes/rodas5p_step.hpp"
#include "solvers/lanes/rows.hpp"
#include "solvers/lanes/sensitivities.hpp"
#include "solvers/lanes/summaries.hpp"

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
        : problem_(problem),
          client_(client),
          sensitivities_(problem_),
          rows_(problem_, coefficients_, sensitivities_),
          summaries_(problem_, coefficients_)
    {
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
    using Mask = typename Pack::Mask;

    struct Slot {
        LaneMember member;
        std::size_t phase = 0;
        double restart_step = 0; ///< what the last start would have been best with; 0 before the first
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

        const Pack* const c = coefficients_.all();
        Kernel::factor(y_, c, inverse_h * Pack(1 / rodas5p::gamma), right_, lu_);
        Kernel::solve(
            lu_, [this](std::size_t k) { return right_[k]; }, u_[0]);
        stage<2>(c, inverse_h);
        stage<3>(c, inverse_h);
        stage<4>(c, inverse_h);
        stage<5>(c, inverse_h);
        stage<6>(c, inverse_h);
        stage<7>(c, inverse_h);
        stage<8>(c, inverse_h);

        LaneStep<Pack, Kernel> made{.output = {y_, u_},
                                    .y = y_,
                                    .y_new = stage_y_,
                                    .c = c,
                                    .t = Lanes<Pack>::of(t),
                                    .h = Lanes<Pack>::of(h),
                                    .t_new = Lanes<Pack>::of(t_new)};
        const Pack of_states =
            complete_step<n>(y_, u_[7], problem_.relative_tolerance, problem_.absolute_tolerance, stage_y_);
        const Pack error = with_sensitivities(of_states, made, inverse_h);
        const Mask accepted = error <= Pack(1.0); // not so if it is not a number
        const Mask finite = error <= Pack(never);
        h_.set(controller_.next(error, h, h_wanted, accepted, finite, problem_.longest_step));

        const unsigned done = lanes_of(accepted) & active_;
        made.done = done;
        rows_.write(made);
        summaries_.look(made, accepted);
        if (sensitivities_.any()) {
            sensitivities_.accept(accepted, (active_ & ~done) == 0);
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
    void stage(const Pack* c, Pack inverse_h)
    {
        combine_stages<Stage>(y_, u_, right_, stage_y_);
        if constexpr (Stage == 2) { // a store is as dear as two loads
            Kernel::stage(stage_y_, c, lu_, u_[0], inverse_h * Pack(rodas5p::c[0][0]), u_[1]);
        } else {
            Kernel::stage(stage_y_, c, lu_, right_, inverse_h, u_[Stage - 1]);
        }
    }

    /// Lanes whose states have made the step try it with their sensitivities, and answer for both errors.
    Pack with_sensitivities(Pack error, const LaneStep<Pack, Kernel>& tried, Pack inverse_h)
    {
        const Mask tries = error <= Pack(1.0);
        if (!sensitivities_.any() || (lanes_of(tries) & active_) == 0) {
            return error;
        }
        const Pack of_sensitivities = sensitivities_.step(tried, inverse_h);
        const Pack larger = select(error <= of_sensitivities, of_sensitivities,
                                   select(of_sensitivities <= error, error, of_sensitivities));
        return select(tries, larger, error);
    }

    // One lane at a time.

    void refill(std::size_t lane)
    {
        Slot& slot = slots_[lane];
        slot = {};
        const unsigned bit = 1U << lane;
        if (!client_.next(client_.self, slot.member)) {
            active_ &= ~bit;
            stop_.at[lane] = never;
            rows_.stop(lane);
            t_.at[lane] = 0;
            h_.at[lane] = 1;
            return;
        }
        active_ |= bit;
        for (std::size_t k = 0; k < n; ++k) {
            lane_in(y_[k], lane) = slot.member.start_state[k];
        }
        t_.at[lane] = problem_.from;
        steps_.at[lane] = rejected_.at[lane] = 0;
        coefficients_.forget(lane);
        rows_.start(lane, slot.member);
        summaries_.start(lane, slot.member);
        sensitivities_.start(lane);
        begin_phase(lane);
    }

    void begin_phase(std::size_t lane)
    {
        Slot& slot = slots_[lane];
        const Pack1* coefficients = coefficients_.load(lane, slot.member, slot.phase);
        if (sensitivities_.any()) {
            sensitivities_.begin_phase(lane, slot.member, slot.phase, y_, coefficients);
        }
        stop_.at[lane] = slot.phase + 1 < slot.member.n_phases ? slot.member.phase_begins[slot.phase + 1] : problem_.to;
        if (problem_.first_step > 0) {
            h_.at[lane] = problem_.first_step;
        } else {
            h_.at[lane] = slot.restart_step > 0 ? slot.restart_step : first_step(lane, coefficients);
        }
        controller_.restart(lane);
        starting_ |= 1U << lane;
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
        return chosen > 0 ? chosen : 1e-6 * span;
    }

    /// Remembers which first step would have met the tolerance: the next change of this member starts with that.
    void learn_start(std::size_t lane, double error, double h)
    {
        starting_ &= ~(1U << lane);
        slots_[lane].restart_step = better_start<Pack1>(error, h);
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
        summaries_.end(lane, member);
        const LaneReport report{status, t_.at[lane], static_cast<std::size_t>(steps_.at[lane]),
                                static_cast<std::size_t>(rejected_.at[lane])};
        client_.done(client_.self, member, report, state);
        refill(lane);
    }

    LaneProblem problem_;
    LaneClient client_;
    alignas(64) Pack states_[2][n] = {};
    Pack *y_ = states_[0], *stage_y_ = states_[1]; ///< before the step; at a stage and in the end after the step
    alignas(64) Pack right_[n] = {};
    Pack u_[n_stages][n] = {};
    Pack lu_[Kernel::n_factors] = {};
    LaneCoefficients<Pack, Kernel> coefficients_;

    Lanes<Pack> t_{}, h_{}, stop_{}, steps_{}, rejected_{};
    StepController<Pack> controller_;
    unsigned active_ = 0, starting_ = 0;
    Slot slots_[width];
    Sensitivities<Pack, Kernel> sensitivities_;
    RowWriter<Pack, Kernel> rows_;
    SummaryFinder<Pack, Kernel> summaries_;
};

} // namespace osteoflare::solvers::lanes
