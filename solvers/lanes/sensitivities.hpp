#pragma once

#include "solvers/lanes/esdirk5.hpp"
#include "solvers/lanes/forcing.hpp"
#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/lane_problem.hpp"
#include "solvers/lanes/lane_step.hpp"
#include "solvers/lanes/pack.hpp"
#include "solvers/lanes/pack_dual.hpp"
#include "solvers/lanes/rodas5p.hpp"
#include "solvers/lanes/room.hpp"

#include <cstddef>

namespace osteoflare::solvers::lanes {

/// How the states of all lanes move with chosen quantities: s' = J(y(t)) s + df/dq, one such system per quantity.
///
/// The systems are linear, and y(t) is known by the time a step of the states is made. So a stage of a diagonally
/// implicit method costs a quantity one solve with factors that all quantities share, and no product with J. J is taken
/// on the states' continuous output, whose error of order h^5 enters multiplied by h. Each quantity has an error
/// estimate of its own.
template <class Pack, class Kernel>
class Sensitivities {
public:
    using Step = LaneStep<Pack, Kernel>;

    explicit Sensitivities(const LaneProblem& problem)
        : problem_(problem),
          n_(problem.n_sensitivities),
          values_(n_ * n),
          next_(n_ * n),
          largest_(n_ * n),
          slopes_(n_ * n),
          next_slopes_(n_ * n),
          stages_(n_ * n * n_inner),
          forcing_(problem)
    {
        bool is_evaluated[n] = {};
        for (std::size_t i = 0; i < problem.n_sensitivity_columns; ++i) {
            if (problem.sensitivity_columns[i] < n) {
                is_evaluated[problem.sensitivity_columns[i]] = true;
            } else {
                wants_readouts_ = true;
            }
        }
        for (std::size_t k = 0; k < n; ++k) {
            if (is_evaluated[k] || wants_readouts_) {
                evaluated_[n_evaluated_++] = k;
            }
        }
    }

    bool any() const { return n_ > 0; }
    bool wants_readouts() const { return wants_readouts_; }

    /// A member enters a lane.
    void start(std::size_t lane)
    {
        for (std::size_t q = 0; q < n_; ++q) {
            for (std::size_t k = 0; k < n; ++k) {
                const bool moves = problem_.sensitivities[q].start_state == static_cast<std::int32_t>(k);
                lane_in(*values_.at(q * n + k), lane) = moves ? 1 : 0;
                lane_in(*largest_.at(q * n + k), lane) = 0;
            }
        }
    }

    /// A lane's member begins a phase with this state.
    void begin_phase(std::size_t lane, const LaneMember& member, std::size_t phase, const Pack* y,
                     const Pack1* coefficients)
    {
        for (std::size_t q = 0; q < n_; ++q) {
            if (const double* instead = member.instead[phase * n_ + q]) {
                jump(lane, q, instead, y, coefficients);
            }
        }
        begin_slopes(lane, y, coefficients);
        forcing_.begin_phase(lane, member, phase, y, slopes_.at(0));
    }

    /// Makes the step that the states have made, and returns the largest of the quantities' error estimates, each
    /// relative to the tolerance.
    ///
    /// Stage by stage for all quantities, so that the factors stay in the first-level cache.
    [[gnu::noinline]] Pack step(const Step& now, Pack inverse_h)
    {
        const Pack shift = inverse_h * Pack(1 / esdirk5::gamma);
        stages<2>(now, shift);
        stages<3>(now, shift);
        stages<4>(now, shift);
        stages<5>(now, shift);
        stages<6>(now, shift);
        stages<7>(now, shift);
        Pack worst(0.0);
        for (std::size_t q = 0; q < n_; ++q) {
            const Pack error = mean_square_error(q, shift);
            worst = select(worst <= error, error, select(error <= worst, worst, error)); // what is not a number stays
        }
        return power(worst, Pack(0.5));
    }

    /// The lanes that have made the step go on from its end.
    void accept(typename Pack::Mask accepted, bool by_all)
    {
        if (!by_all) {
            for (std::size_t i = 0; i < n_ * n; ++i) {
                *next_.at(i) = select(accepted, *next_.at(i), *values_.at(i));
                *next_slopes_.at(i) = select(accepted, *next_slopes_.at(i), *slopes_.at(i));
            }
        }
        values_.swap(next_);
        slopes_.swap(next_slopes_);
    }

    /// What a moment within a step takes from its beginning, the slope there, and the stages.
    struct Weights {
        Pack slope, at[esdirk5::n_stages];
    };
    /// At a share theta of a step of length h.
    static Weights weights_at(Pack theta, Pack h)
    {
        constexpr double per_gamma = 1 / esdirk5::gamma;
        const Pack rest = Pack(1.0) - theta;
        const Pack square = theta * theta, inside = square * rest * rest;
        const Pack towards_end = square * fma(theta, Pack(-2.0), Pack(3.0));
        Weights weights;
        weights.slope = h * fma(inside, Pack(esdirk5::d[0] - esdirk5::d[1]), theta * rest * rest);
        weights.at[0] = Pack(1.0);
        for (std::size_t i = 1; i < esdirk5::n_stages; ++i) {
            weights.at[i] = Pack(0.0);
        }
        for (std::size_t j = 1; j < esdirk5::n_stages; ++j) {
            const bool is_last = j + 1 == esdirk5::n_stages;
            Pack of_rate = towards_end * Pack(is_last ? 1.0 : esdirk5::a[4][j - 1] * per_gamma);
            of_rate = fma(inside, Pack(esdirk5::d[j] * per_gamma), of_rate);
            if (is_last) {
                of_rate = fma(square * rest, Pack(-per_gamma), of_rate);
            }
            for (std::size_t i = 0; i <= j; ++i) {
                weights.at[i] = fma(of_rate, Pack(esdirk5::combinations.rate[j][i]), weights.at[i]);
            }
        }
        return weights;
    }

    /// Quantity `q`'s sensitivities within the step just tried: the columns asked for, of the states and, behind them,
    /// of the read-outs at the state `y`. `pick` says which lane's numbers stand in which slot.
    template <class Pick>
    void evaluate(std::size_t q, const Weights& weights, Pick pick, const Pack* y, const Pack* c, Pack* out) const
    {
        const Pack* slope = slopes_.at(q * n);
        const auto at = stages_of(q);
        for (std::size_t i = 0; i < n_evaluated_; ++i) {
            const std::size_t k = evaluated_[i];
            Pack value = weights.slope * pick(slope[k]);
#pragma GCC unroll 8
            for (std::size_t j = 0; j < esdirk5::n_stages; ++j) {
                value = fma(weights.at[j], pick(at.stage[j][k]), value);
            }
            out[k] = value;
        }
        if (wants_readouts_) {
            readouts(q, y, c, out);
        }
    }

private:
    static constexpr std::size_t n = Kernel::n_states;
    static constexpr std::size_t n_inner = esdirk5::n_stages - 2; ///< stages between beginning and end

    /// Where a quantity's values stand at all stages.
    struct Stages {
        Pack* stage[esdirk5::n_stages];
    };
    Stages stages_of(std::size_t q) const
    {
        Stages at;
        at.stage[0] = values_.at(q * n);
        for (std::size_t i = 0; i < n_inner; ++i) {
            at.stage[i + 1] = stages_.at((q * n_inner + i) * n);
        }
        at.stage[n_inner + 1] = next_.at(q * n);
        return at;
    }

    /// The states' continuous output at the stages between beginning and end.
    struct NodeWeights {
        double at[n_inner][rodas5p::n_stages];
        constexpr NodeWeights() : at{}
        {
            for (std::size_t i = 0; i < n_inner; ++i) {
                for (std::size_t j = 0; j < rodas5p::n_stages; ++j) {
                    at[i][j] = rodas5p::weight<Pack>(j, esdirk5::c[i + 1]);
                }
            }
        }
    };
    static constexpr NodeWeights node_weights{};

    /// A lane's J s at the beginning of a phase. The quantities take the places of lanes.
    void begin_slopes(std::size_t lane, const Pack* y, const Pack1* coefficients)
    {
        PackDual<Pack> state[n], slopes[n];
        for (std::size_t k = 0; k < n; ++k) {
            state[k].value = Pack(lane_in(y[k], lane));
        }
        Pack c[Kernel::n_rate_coefficients == 0 ? 1 : Kernel::n_rate_coefficients];
        for (std::size_t i = 0; i < Kernel::n_rate_coefficients; ++i) {
            c[i] = Pack(coefficients[i].v);
        }
        for (std::size_t first = 0; first < n_; first += Pack::width) {
            const std::size_t count = n_ - first < Pack::width ? n_ - first : Pack::width;
            for (std::size_t k = 0; k < n; ++k) {
                state[k].change = Pack(0.0);
                for (std::size_t i = 0; i < count; ++i) {
                    lane_in(state[k].change, i) = lane_in(*values_.at((first + i) * n + k), lane);
                }
            }
            Kernel::rates(state, c, slopes);
            for (std::size_t k = 0; k < n; ++k) {
                for (std::size_t i = 0; i < count; ++i) {
                    lane_in(*slopes_.at((first + i) * n + k), lane) = lane_in(slopes[k].change, i);
                }
            }
        }
    }

    /// Stage `Stage` (from 2) of all quantities.
    template <std::size_t Stage>
    void stages(const Step& now, Pack shift)
    {
        factor<Stage>(now, shift);
        Pack forcing[n];
        for (Pack& none : forcing) {
            none = Pack(0.0);
        }
        for (std::size_t q = 0; q < n_; ++q) {
            forcing_.add_to_rates(q, node_, forcing);
            const auto at = stages_of(q);
            if constexpr (Stage == 2) { // starts from s + h gamma slope
                const Pack* slope = slopes_.at(q * n);
                Kernel::solve(
                    lu_, [&](std::size_t k) { return fma(at.stage[0][k], shift, slope[k]) + forcing[k]; }, at.stage[1]);
            } else {
                Kernel::solve(
                    lu_,
                    [&](std::size_t k) {
                        constexpr const esdirk5::Combination& start = esdirk5::combinations.start[Stage - 1];
                        Pack value = at.stage[0][k] * Pack(start[0]);
#pragma GCC unroll 8
                        for (std::size_t j = 1; j + 1 < Stage; ++j) {
                            value = fma(at.stage[j][k], Pack(start[j]), value);
                        }
                        return fma(value, shift, forcing[k]);
                    },
                    at.stage[Stage - 1]);
            }
            forcing_.clear(q, forcing);
        }
    }

    /// The state at the moment of stage `Stage`, and the factors of I/(h gamma) - J there.
    template <std::size_t Stage>
    void factor(const Step& now, Pack shift)
    {
        const auto output = now.output;
        for (std::size_t k = 0; k < n; ++k) {
            if constexpr (Stage < esdirk5::n_stages) {
                node_[k] = output.state(k, node_weights.at[Stage - 2], [](Pack value) { return value; });
            } else {
                node_[k] = now.y_new[k];
            }
        }
        Pack rates[n];
        Kernel::factor(node_, now.c, shift, rates, lu_);
    }

    /// Compares quantity `q`'s error estimate with the tolerance: the mean over the states of
    /// (|error| / (absolute + relative size))^2. The size is that of the value, but no less than a tenth of the largest
    /// so far: sensitivities change sign, and little depends on them where they do. The rates at the end of the step,
    /// which are those at the beginning of the next, come from the same numbers.
    Pack mean_square_error(std::size_t q, Pack shift)
    {
        const auto at = stages_of(q);
        const Pack relative(problem_.relative_tolerance);
        const double* absolute = problem_.sensitivity_tolerance + q * n;
        Pack sum(0.0);
        for (std::size_t first = 0; first < n; first += 4) {
            Pack scale[4], error[4];
            for (std::size_t i = 0; i < 4; ++i) {
                const std::size_t k = first + i;
                if (k >= n) {
                    scale[i] = Pack(1.0);
                    error[i] = Pack(0.0);
                    continue;
                }
                const Pack present = at.stage[0][k], next = at.stage[esdirk5::n_stages - 1][k];
                Pack rate = present * Pack(esdirk5::combinations.rate[esdirk5::n_stages - 1][0]);
                error[i] = present * Pack(esdirk5::combinations.error[0]);
#pragma GCC unroll 8
                for (std::size_t j = 1; j < esdirk5::n_stages; ++j) {
                    const Pack stage = in_register(at.stage[j][k]);
                    rate = fma(stage, Pack(esdirk5::combinations.rate[esdirk5::n_stages - 1][j]), rate);
                    error[i] = fma(stage, Pack(esdirk5::combinations.error[j]), error[i]);
                }
                *next_slopes_.at(q * n + k) = rate * shift;
                Pack& largest = *largest_.at(q * n + k);
                const Pack largest_so_far = maximum(magnitude(present), largest);
                largest = largest_so_far;
                const Pack larger = maximum(magnitude(present), magnitude(next));
                scale[i] = fma(relative, maximum(larger, largest_so_far * Pack(0.1)), Pack(absolute[k]));
            }
            // Four quotients share a division.
            const Pack front = scale[0] * scale[1], back = scale[2] * scale[3];
            const Pack inverse = Pack(1.0) / (front * back);
            const Pack inverse_front = inverse * back, inverse_back = inverse * front;
            const Pack quotients[4] = {error[0] * scale[1] * inverse_front, error[1] * scale[0] * inverse_front,
                                       error[2] * scale[3] * inverse_back, error[3] * scale[2] * inverse_back};
            for (const Pack& quotient : quotients) {
                sum = fma(quotient, quotient, sum);
            }
        }
        return sum * Pack(1.0 / static_cast<double>(n));
    }

    void readouts(std::size_t q, const Pack* y, const Pack* c, Pack* out) const
    {
        PackDual<Pack> moving[n], results[Kernel::n_readouts == 0 ? 1 : Kernel::n_readouts];
        for (std::size_t k = 0; k < n; ++k) {
            moving[k] = {y[k], out[k]};
        }
        Kernel::readouts(moving, c, results);
        for (std::size_t i = 0; i < Kernel::n_readouts; ++i) {
            out[n + i] = results[i].change;
        }
        forcing_.add_to_readouts(q, y, out + n);
    }

    /// Where a quantity moves the moment of a change: by as much time as it comes later, the other rates rule longer.
    void jump(std::size_t lane, std::size_t q, const double* instead, const Pack* y, const Pack1* coefficients)
    {
        Pack1 state[n], rate[n], other_rate[n], other[Kernel::n_coefficients];
        for (std::size_t k = 0; k < n; ++k) {
            state[k] = Pack1(lane_in(y[k], lane));
        }
        Kernel::prepare(instead, other);
        Kernel::rates(state, other, other_rate);
        Kernel::rates(state, coefficients, rate);
        for (std::size_t k = 0; k < n; ++k) {
            double& value = lane_in(*values_.at(q * n + k), lane);
            value = value + (other_rate[k].v - rate[k].v);
        }
    }

    const LaneProblem& problem_;
    std::size_t n_;
    bool wants_readouts_ = false;
    std::size_t evaluated_[n] = {}, n_evaluated_ = 0; ///< states whose sensitivities are asked for
    Room<Pack> values_, next_;                        ///< (quantity, state): before and after the step that is tried
    Room<Pack> largest_;                              ///< the same: the largest size so far
    Room<Pack> slopes_, next_slopes_;                 ///< the same: the rates before and after the step
    Room<Pack> stages_;                               ///< (quantity, inner stage, state)
    Forcing<Pack, Kernel> forcing_;
    alignas(64) Pack lu_[Kernel::n_factors] = {}; ///< of the present stage
    Pack node_[n] = {};                           ///< the states at that moment
};

} // namespace osteoflare::solvers::lanes
