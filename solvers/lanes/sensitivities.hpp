#pragma once

#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/lane_problem.hpp"
#include "solvers/lanes/pack.hpp"
#include "solvers/lanes/pack_dual.hpp"
#include "solvers/lanes/rodas5p.hpp"

#include <cstddef>
#include <new>

namespace osteoflare::solvers::lanes {

/// Room for packs.
template <class Pack>
class PackArray {
public:
    explicit PackArray(std::size_t size)
        : packs_(size == 0 ? nullptr : static_cast<Pack*>(operator new(size * sizeof(Pack), std::align_val_t(64))))
    {
        for (std::size_t i = 0; i < size; ++i) {
            packs_[i] = Pack(0.0);
        }
    }
    PackArray(const PackArray&) = delete;
    PackArray& operator=(const PackArray&) = delete;
    ~PackArray() { operator delete(packs_, std::align_val_t(64)); }
    Pack* at(std::size_t i) const { return packs_ + i; }

private:
    Pack* packs_;
};

/// How the states of all lanes move with chosen quantities: s' = J(y(t)) s + df/dq, one such system per quantity.
///
/// The system is linear, and y(t) is known by the time a step of the states is made. So Rodas5P is applied to it as to
/// any system that depends on time, with the factors that the states' step has left; J is taken on the continuous
/// output, whose error of order h^5 enters multiplied by h. Each quantity has an error estimate of its own.
template <class Pack, class Kernel>
class Sensitivities {
public:
    explicit Sensitivities(const LaneProblem& problem)
        : problem_(problem),
          n_(problem.n_sensitivities),
          values_(n_ * n),
          next_(n_ * n),
          largest_(n_ * n),
          stages_(n_ * n * n_stages),
          settings_(n_ == 0 ? 0 : Kernel::n_settings),
          linear_(n_ == 0 ? 0 : n_nodes * Kernel::n_linear),
          linear_change_(n_ == 0 ? 0 : Kernel::n_linear),
          nodes_(n_ == 0 ? 0 : n_nodes * n)
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
        std::size_t n_links = 0;
        for (std::size_t q = 0; q < n_; ++q) {
            n_links += problem.sensitivities[q].n_settings;
        }
        following_ = n_links == 0 ? nullptr : static_cast<unsigned*>(operator new(n_links * sizeof(unsigned)));
        for (std::size_t i = 0; i < n_links; ++i) {
            following_[i] = 0;
        }
    }
    Sensitivities(const Sensitivities&) = delete;
    Sensitivities& operator=(const Sensitivities&) = delete;
    ~Sensitivities() { operator delete(following_); }

    bool any() const { return n_ > 0; }

    /// A member enters a lane.
    void start(std::size_t lane)
    {
        for (std::size_t q = 0; q < n_; ++q) {
            for (std::size_t k = 0; k < n; ++k) {
                const bool moves = problem_.sensitivities[q].start_state == static_cast<std::int32_t>(k);
                lane_in(*values_.at(q * n + k), lane) = lane_in(*largest_.at(q * n + k), lane) = moves ? 1 : 0;
            }
        }
    }

    /// A lane's member begins a phase with this state.
    void begin_phase(std::size_t lane, const LaneMember& member, std::size_t phase, const Pack* y,
                     const Pack1* coefficients)
    {
        for (std::size_t i = 0; i < Kernel::n_settings; ++i) {
            lane_in(*settings_.at(i), lane) = member.settings[phase][i];
        }
        const unsigned bit = 1U << lane;
        std::size_t link = 0;
        for (std::size_t q = 0; q < n_; ++q) {
            const std::uint32_t follows = member.follows[phase * n_ + q];
            for (std::size_t i = 0; i < problem_.sensitivities[q].n_settings; ++i, ++link) {
                following_[link] = (follows >> i & 1U) != 0 ? following_[link] | bit : following_[link] & ~bit;
            }
            if (const double* instead = member.instead[phase * n_ + q]) {
                jump(lane, q, instead, y, coefficients);
            }
        }
    }

    /// Makes the step that the states have made, and returns the largest of the quantities' error estimates, each
    /// relative to the tolerance. `u` are the states' stages; `lu` belongs to `y` and `h`.
    [[gnu::noinline]] Pack step(const Pack* y, const Pack* y_new, const Pack (*u)[Kernel::n_states], const Pack* c,
                                const Pack* lu, Pack h, Pack inverse_h)
    {
        linearise(y, y_new, u, c);
        Pack worst(0.0);
        std::size_t link = 0;
        for (std::size_t q = 0; q < n_; ++q) {
            add_forcing(q, link);
            link += problem_.sensitivities[q].n_settings;
            const Pack* s = values_.at(q * n);
            Pack change[n];
            Kernel::linear_change(c, linear_.at(0), linear_change_.at(0), s, change);
            for (std::size_t k = 0; k < n; ++k) {
                change[k] = change[k] + forcing_change_[k];
            }
            Pack(*us)[n] = stages_of(q);
            stage<1>(s, us, change, c, lu, h, inverse_h);
            stage<2>(s, us, change, c, lu, h, inverse_h);
            stage<3>(s, us, change, c, lu, h, inverse_h);
            stage<4>(s, us, change, c, lu, h, inverse_h);
            stage<5>(s, us, change, c, lu, h, inverse_h);
            stage<6>(s, us, change, c, lu, h, inverse_h);
            stage<7>(s, us, change, c, lu, h, inverse_h);
            stage<8>(s, us, change, c, lu, h, inverse_h);
            clear_forcing(q);
            const Pack error = mean_square_error(q, us[7]);
            worst = select(worst <= error, error, select(error <= worst, worst, error)); // what is not a number stays
        }
        return power(worst, Pack(0.5));
    }

    void accept(typename Pack::Mask accepted)
    {
        for (std::size_t i = 0; i < n_ * n; ++i) {
            Pack& value = *values_.at(i);
            value = select(accepted, *next_.at(i), value);
            *largest_.at(i) = maximum(magnitude(value), *largest_.at(i));
        }
    }

    /// Quantity `q`'s sensitivities within the step just made, by the weights of its stages: the columns asked for, of
    /// the states and, behind them, of the read-outs at the state `y`.
    void evaluate(std::size_t q, const Pack* weights, const Pack* y, const Pack* c, Pack* out) const
    {
        const Pack* s = values_.at(q * n);
        const Pack(*us)[n] = stages_of(q);
        for (std::size_t i = 0; i < n_evaluated_; ++i) {
            const std::size_t k = evaluated_[i];
            Pack value = s[k];
#pragma GCC unroll 8
            for (std::size_t j = 0; j < n_stages; ++j) {
                value = fma(weights[j], us[j][k], value);
            }
            out[k] = value;
        }
        if (wants_readouts_) {
            readouts(q, y, c, out);
        }
    }

private:
    static constexpr std::size_t n = Kernel::n_states, n_stages = rodas5p::n_stages;
    /// Where J is needed: at the moments of stages 1 to 5, and at the end of the step for the last three.
    static constexpr std::size_t n_nodes = 6;

    Pack (*stages_of(std::size_t q) const)[n]
    {
        return reinterpret_cast<Pack(*)[n]>(stages_.at(q * n * n_stages));
    }

    struct NodeWeights {
        double at[n_nodes][n_stages];
        constexpr NodeWeights() : at{}
        {
            for (std::size_t i = 1; i < n_nodes; ++i) {
                for (std::size_t j = 0; j < n_stages; ++j) {
                    at[i][j] = rodas5p::weight<Pack>(j, i + 1 < n_nodes ? rodas5p::alpha[i] : 1.0);
                }
            }
        }
    };
    static constexpr NodeWeights node_weights{};

    /// The states and J at all nodes, and how J changes at the first of them.
    void linearise(const Pack* y, const Pack* y_new, const Pack (*u)[n], const Pack* c)
    {
        Pack rate[n];
        Kernel::rates(y, c, rate);
        PackDual<Pack> entries[Kernel::n_linear == 0 ? 1 : Kernel::n_linear];
        for (std::size_t k = 0; k < n; ++k) {
            *nodes_.at(k) = y[k];
            *nodes_.at((n_nodes - 1) * n + k) = y_new[k];
            moving_[k] = {y[k], rate[k]};
        }
        Kernel::linearise(moving_, c, entries);
        for (std::size_t i = 0; i < Kernel::n_linear; ++i) {
            *linear_.at(i) = entries[i].value;
            *linear_change_.at(i) = entries[i].change;
        }
        for (std::size_t node = 1; node < n_nodes; ++node) {
            Pack* at_node = nodes_.at(node * n);
            for (std::size_t k = 0; node + 1 < n_nodes && k < n; ++k) {
                Pack value = y[k];
                for (std::size_t j = 0; j < n_stages; ++j) {
                    value = fma(Pack(node_weights.at[node][j]), u[j][k], value);
                }
                at_node[k] = value;
            }
            Kernel::linearise(at_node, c, linear_.at(node * Kernel::n_linear));
        }
    }

    /// df/dq at all nodes, and how it changes at the first.
    void add_forcing(std::size_t q, std::size_t link)
    {
        const LaneSensitivity& quantity = problem_.sensitivities[q];
        for (std::size_t i = 0; i < quantity.n_settings; ++i) {
            if (following_[link + i] == 0) {
                continue;
            }
            const std::size_t setting = quantity.settings[i];
            const auto rows = Kernel::template rates_rows<Pack>(setting);
            const auto follows = Pack::mask_of(following_[link + i]);
            PackDual<Pack> slopes[n];
            Kernel::rates_by_setting(setting, moving_, settings_.at(0), slopes);
            for (const auto k : rows) {
                forcing_[0][k] = forcing_[0][k] + select(follows, slopes[k].value, Pack(0.0));
                forcing_change_[k] = forcing_change_[k] + select(follows, slopes[k].change, Pack(0.0));
            }
            for (std::size_t node = 1; node < n_nodes; ++node) {
                Pack slope[n];
                Kernel::rates_by_setting(setting, nodes_.at(node * n), settings_.at(0), slope);
                for (const auto k : rows) {
                    forcing_[node][k] = forcing_[node][k] + select(follows, slope[k], Pack(0.0));
                }
            }
        }
    }

    void clear_forcing(std::size_t q)
    {
        const LaneSensitivity& quantity = problem_.sensitivities[q];
        for (std::size_t i = 0; i < quantity.n_settings; ++i) {
            for (const auto k : Kernel::template rates_rows<Pack>(quantity.settings[i])) {
                forcing_change_[k] = Pack(0.0);
                for (auto& at_node : forcing_) {
                    at_node[k] = Pack(0.0);
                }
            }
        }
    }

    /// Solves for stage `Stage` (from 1); the value it started from stays in `stage_s_`.
    template <std::size_t Stage>
    void stage(const Pack* s, Pack (*us)[n], const Pack* change, const Pack* c, const Pack* lu, Pack h, Pack inverse_h)
    {
        constexpr std::size_t node = Stage < n_nodes ? Stage - 1 : n_nodes - 1;
        Pack right[n];
        for (std::size_t k = 0; k < n; ++k) {
            Pack r = forcing_[node][k];
            if constexpr (Stage <= 5) {
                r = fma(h * Pack(rodas5p::gammas[Stage - 1]), change[k], r);
            }
            if constexpr (Stage > 1) {
                Pack value = in_register(us[0][k]);
                Pack sum = value * Pack(rodas5p::c[Stage - 2][0]);
                Pack at = stage_s_[k];
                if constexpr (Stage <= 6) {
                    at = fma(value, Pack(rodas5p::a[Stage - 2][0]), s[k]);
                }
#pragma GCC unroll 8
                for (std::size_t j = 1; j < Stage - 1; ++j) {
                    value = in_register(us[j][k]);
                    sum = fma(value, Pack(rodas5p::c[Stage - 2][j]), sum);
                    if constexpr (Stage <= 6) {
                        at = fma(value, Pack(rodas5p::a[Stage - 2][j]), at);
                    }
                }
                r = fma(sum, inverse_h, r);
                stage_s_[k] = Stage <= 6 ? at : at + value;
            }
            right[k] = r;
        }
        Kernel::linear_stage(c, linear_.at(node * Kernel::n_linear), lu, Stage == 1 ? s : stage_s_, right,
                             us[Stage - 1]);
    }

    /// Completes quantity `q`'s new values, and compares the error estimate u_8 with the tolerance: the mean over the
    /// states of (|u| / (absolute + relative size))^2. The size is that of the value, but no less than a tenth of the
    /// largest so far: sensitivities change sign, and little depends on them where they do.
    Pack mean_square_error(std::size_t q, const Pack* u)
    {
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
                const Pack next = stage_s_[k] + u[k];
                *next_.at(q * n + k) = next;
                const Pack present = maximum(magnitude(*values_.at(q * n + k)), magnitude(next));
                const Pack size = maximum(present, *largest_.at(q * n + k) * Pack(0.1));
                scale[i] = fma(relative, size, Pack(absolute[k]));
                error[i] = u[k];
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
        std::size_t link = 0;
        for (std::size_t before = 0; before < q; ++before) {
            link += problem_.sensitivities[before].n_settings;
        }
        for (std::size_t i = 0; i < problem_.sensitivities[q].n_settings; ++i) {
            const std::size_t setting = problem_.sensitivities[q].settings[i];
            const auto follows = Pack::mask_of(following_[link + i]);
            Pack slopes[Kernel::n_readouts == 0 ? 1 : Kernel::n_readouts];
            Kernel::readouts_by_setting(setting, y, settings_.at(0), slopes);
            for (const auto r : Kernel::template readouts_rows<Pack>(setting)) {
                out[n + r] = out[n + r] + select(follows, slopes[r], Pack(0.0));
            }
        }
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
    PackArray<Pack> values_;                          ///< (quantity, state)
    PackArray<Pack> next_;                            ///< the same at the end of the step that is tried
    PackArray<Pack> largest_;                         ///< the same: the largest size so far
    PackArray<Pack> stages_;                          ///< (quantity, stage, state)
    PackArray<Pack> settings_;                        ///< of each lane's phase
    PackArray<Pack> linear_;                          ///< (node, moving entry of J)
    PackArray<Pack> linear_change_;                   ///< by time, at the beginning of the step
    PackArray<Pack> nodes_;                           ///< (node, state)
    unsigned* following_ = nullptr;             ///< lanes in which a setting follows its quantity: setting by setting
    alignas(64) Pack forcing_[n_nodes][n] = {}; ///< by the quantity at hand; 0 between two of them
    Pack forcing_change_[n] = {}, stage_s_[n] = {};
    PackDual<Pack> moving_[n] = {}; ///< the state at the beginning of the step, and its rates
};

} // namespace osteoflare::solvers::lanes
