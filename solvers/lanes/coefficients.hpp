#pragma once

#include "solvers/lanes/lane_problem.hpp"
#include "solvers/lanes/pack.hpp"

#include <cstddef>
#include <cstdint>

namespace osteoflare::solvers::lanes {

/// What the kernels load instead of computing, as each lane's settings have it.
template <class Pack, class Kernel>
class LaneCoefficients {
public:
    const Pack* all() const { return c_; }
    /// Those of one lane in its present phase.
    const Pack1* of(std::size_t lane) const { return prepared_[lane].coefficients[prepared_[lane].current]; }

    /// A member leaves a lane.
    void forget(std::size_t lane)
    {
        for (const double*& settings : prepared_[lane].settings) {
            settings = nullptr;
        }
    }

    /// Puts the coefficients of a lane's phase into their place; on the way back and forth between two settings, only
    /// those that differ.
    const Pack1* load(std::size_t lane, const LaneMember& member, std::size_t phase)
    {
        Prepared& prepared = prepared_[lane];
        const std::size_t before = prepared.current;
        const Pack1* wanted = prepare(lane, member.settings[phase]);
        const bool has_previous = prepared.current != before;
        const unsigned pair = has_previous ? 1U << before | 1U << prepared.current : 0;
        if (has_previous && pair == prepared.compared) {
            for (std::size_t i = prepared.n_different; i-- > 0;) {
                lane_in(c_[prepared.different[i]], lane) = wanted[prepared.different[i]].v;
            }
            return wanted;
        }
        const Pack1* previous = prepared.coefficients[before];
        prepared.compared = pair;
        prepared.n_different = 0;
        for (std::size_t i = 0; i < Kernel::n_coefficients; ++i) {
            if (!(previous[i].v == wanted[i].v)) {
                prepared.different[prepared.n_different++] = static_cast<std::uint16_t>(i);
            }
            lane_in(c_[i], lane) = wanted[i].v;
        }
        return wanted;
    }

private:
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

    Pack c_[Kernel::n_coefficients] = {};
    Prepared prepared_[Pack::width];
};

} // namespace osteoflare::solvers::lanes
