#pragma once

#include "solvers/lanes/pack.hpp"
#include "solvers/lanes/rodas5p.hpp"

#include <cstddef>

namespace osteoflare::solvers::lanes {

/// Later than all times.
inline constexpr double never = 1e300;

/// One number per lane.
template <class Pack>
struct alignas(64) Lanes {
    double at[Pack::width];
    static Lanes of(Pack value)
    {
        Lanes lanes;
        value.store(lanes.at);
        return lanes;
    }
    Pack pack() const { return Pack::load(at); }
    void set(Pack value) { value.store(at); }
};

/// Rodas5P's continuous output over a step. (Copied before use, it stays in registers.)
template <class Pack, class Kernel>
struct ContinuousOutput {
    const Pack* y;                     ///< (state): before the step
    const Pack (*u)[Kernel::n_states]; ///< (stage, state)

    /// A state. `weights` are those of the stages, each lane's its own or a number for all; `pick` says which lane's
    /// numbers stand in which.
    template <class Weight, class Pick>
    Pack state(std::size_t k, const Weight* weights, Pick pick) const
    {
        Pack value = pick(y[k]);
#pragma GCC unroll 8
        for (std::size_t j = 0; j < rodas5p::n_stages; ++j) {
            value = fma(Pack(weights[j]), pick(u[j][k]), value);
        }
        return value;
    }

    /// The same in one lane.
    Pack1 state_in(std::size_t lane, std::size_t k, const Pack1* weights) const
    {
        Pack1 value(lane_in(y[k], lane));
#pragma GCC unroll 8
        for (std::size_t j = 0; j < rodas5p::n_stages; ++j) {
            value = fma(weights[j], Pack1(lane_in(u[j][k], lane)), value);
        }
        return value;
    }
};

/// A step that all lanes have tried, each at its own time and with a length of its own.
template <class Pack, class Kernel>
struct LaneStep {
    ContinuousOutput<Pack, Kernel> output;
    const Pack *y, *y_new; ///< (state): before and after
    const Pack* c;         ///< (coefficient)
    Lanes<Pack> t, h, t_new;
    unsigned done = 0; ///< lanes with a member that has made the step
};

} // namespace osteoflare::solvers::lanes
