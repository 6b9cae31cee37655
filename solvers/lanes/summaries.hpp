#pragma once

#include "solvers/lanes/coefficients.hpp"
#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/lane_problem.hpp"
#include "solvers/lanes/lane_step.hpp"

#include <cstddef>

namespace osteoflare::solvers::lanes {

/// Finds crossings and extremes on the continuous output: at a few places of each step for all lanes, refined where
/// something is found.
template <class Pack, class Kernel>
class SummaryFinder {
public:
    using Step = LaneStep<Pack, Kernel>;

    SummaryFinder(const LaneProblem& problem, const LaneCoefficients<Pack, Kernel>& coefficients)
        : problem_(problem), coefficients_(coefficients)
    {
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
                sampled_.list[sampled_.size++] = k;
            }
        }
    }

    /// A member enters a lane.
    void start(std::size_t lane, const LaneMember& member)
    {
        for (std::size_t i = 0; i < problem_.n_summaries; ++i) {
            const LaneSummaryKind kind = problem_.summaries[i].kind;
            const bool is_extremum = kind == LaneSummaryKind::maximum || kind == LaneSummaryKind::minimum;
            summaries_[i].at[lane] = is_extremum ? -never : __builtin_nan("");
            levels_[i].at[lane] = member.levels[i];
            found_[i] &= ~(1U << lane);
        }
    }

    /// And leaves it.
    void end(std::size_t lane, const LaneMember& member) const
    {
        for (std::size_t i = 0; i < problem_.n_summaries; ++i) {
            const bool is_minimum = problem_.summaries[i].kind == LaneSummaryKind::minimum;
            member.summaries[i] = is_minimum ? -summaries_[i].at[lane] : summaries_[i].at[lane];
        }
    }

    /// Looks at a step that some lanes have made.
    void look(const Step& step, typename Pack::Mask accepted)
    {
        if (problem_.n_summaries == 0 || step.done == 0) {
            return;
        }
        sample(step);
        for (std::size_t i = 0; i < problem_.n_summaries; ++i) {
            Pack q[n_samples];
            for (std::size_t s = 0; s < n_samples; ++s) {
                q[s] = quantities_[s][problem_.summaries[i].quantity];
            }
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
                unsigned crossing = step.done & ~found_[i] & lanes_of(levels_[i].pack() < most);
                found_[i] |= crossing;
                for (; crossing != 0; crossing &= crossing - 1) {
                    const auto lane = static_cast<std::size_t>(__builtin_ctz(crossing));
                    summaries_[i].at[lane] = first_above(step, i, lane, q);
                }
                continue;
            }
            // The best so far, times sign, starts at -never.
            const Pack better = maximum(most, known);
            const Pack at_ends = maximum(q[0] * Pack(sign), q[n_samples - 1] * Pack(sign));
            const auto inside = (at_ends < most) & (known < most);
            const auto turns_at_begin = (known <= q[0] * Pack(sign)) & (q[1] * Pack(sign) < q[0] * Pack(sign));
            summaries_[i].set(select(accepted, better, known));
            for (unsigned rest = step.done & lanes_of(inside | turns_at_begin); rest != 0; rest &= rest - 1) {
                const auto lane = static_cast<std::size_t>(__builtin_ctz(rest));
                const double found = extremum(step, i, lane, sign, q);
                summaries_[i].at[lane] = found > summaries_[i].at[lane] ? found : summaries_[i].at[lane];
            }
        }
    }

private:
    static constexpr std::size_t n = Kernel::n_states, n_stages = rodas5p::n_stages;

    /// Where within a step quantities are looked at; the last but one tells whether a course turns before the end.
    static constexpr std::size_t n_samples = 6;
    static constexpr double samples[n_samples] = {0, 0.25, 0.5, 0.75, 1 - 0x1p-10, 1};

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

    /// The states that summaries need.
    struct States {
        std::size_t list[n] = {}, size = 0;
        const std::size_t* begin() const { return list; }
        const std::size_t* end() const { return list + size; }
    };

    /// What summaries need at all samples; each stage is loaded once.
    void sample(const Step& step)
    {
        const auto output = step.output;
        for (const std::size_t k : sampled_) {
            Pack inside[n_samples - 2];
            for (Pack& value : inside) {
                value = output.y[k];
            }
#pragma GCC unroll 8
            for (std::size_t j = 0; j < n_stages; ++j) {
                const Pack u = in_register(output.u[j][k]);
#pragma GCC unroll 8
                for (std::size_t s = 0; s < n_samples - 2; ++s) {
                    inside[s] = fma(Pack(sample_weights.at[s + 1][j]), u, inside[s]);
                }
            }
            quantities_[0][k] = step.y[k];
            for (std::size_t s = 0; s < n_samples - 2; ++s) {
                quantities_[s + 1][k] = inside[s];
            }
            quantities_[n_samples - 1][k] = step.y_new[k];
        }
        for (auto& quantities : quantities_) {
            Kernel::readouts(quantities, step.c, quantities + n);
        }
    }

    /// A summary's quantity within the step just made.
    double quantity_at(const Step& step, std::size_t summary, std::size_t lane, double theta) const
    {
        Pack1 all[n + Kernel::n_readouts], weights[n_stages];
        for (std::size_t j = 0; j < n_stages; ++j) {
            weights[j] = Pack1(rodas5p::weight<Pack>(j, theta));
        }
        for (const std::size_t k : sampled_) {
            all[k] = step.output.state_in(lane, k, weights);
        }
        Kernel::readouts(all, coefficients_.of(lane), all + n);
        return all[problem_.summaries[summary].quantity].v;
    }

    /// The moment of the first crossing in a step that has one, to 1e-6 by bisection.
    double first_above(const Step& step, std::size_t summary, std::size_t lane, const Pack* q) const
    {
        const double t = step.t.at[lane], h = step.h.at[lane];
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
            (quantity_at(step, summary, lane, middle) > level ? above : below) = middle;
        }
        return t + above * h;
    }

    /// The largest value of sign * quantity near the best sample, by golden sections.
    double extremum(const Step& step, std::size_t summary, std::size_t lane, double sign, const Pack* q) const
    {
        constexpr double golden = 0.61803398874989485;
        std::size_t best = 0;
        for (std::size_t s = 1; s < n_samples; ++s) {
            best = sign * lane_in(q[s], lane) > sign * lane_in(q[best], lane) ? s : best;
        }
        double low = samples[best > 0 ? best - 1 : 0], high = samples[best + 1 < n_samples ? best + 1 : best];
        const auto value = [&](double theta) { return sign * quantity_at(step, summary, lane, theta); };
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

    const LaneProblem& problem_;
    const LaneCoefficients<Pack, Kernel>& coefficients_;
    States sampled_;
    Lanes<Pack> summaries_[most_summaries] = {}, levels_[most_summaries] = {};
    unsigned found_[most_summaries] = {};                     ///< lanes that have crossed a level
    Pack quantities_[n_samples][n + Kernel::n_readouts] = {}; ///< (sample, quantity) of the present step
};

} // namespace osteoflare::solvers::lanes
