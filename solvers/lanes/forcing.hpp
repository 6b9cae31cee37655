#pragma once

#include "solvers/lanes/lane_problem.hpp"
#include "solvers/lanes/pack.hpp"
#include "solvers/lanes/room.hpp"

#include <cstddef>

namespace osteoflare::solvers::lanes {

/// How rates and read-outs move with quantities themselves, df/dq: through the settings that follow them.
template <class Pack, class Kernel>
class Forcing {
public:
    explicit Forcing(const LaneProblem& problem)
        : problem_(problem),
          first_link_(problem.n_sensitivities + 1),
          following_(count_links()),
          rates_coefficients_(count_links() * Kernel::most_rates_by_setting_coefficients),
          readouts_coefficients_(count_links() * Kernel::most_readouts_by_setting_coefficients)
    {
        for (std::size_t q = 0; q < problem.n_sensitivities; ++q) {
            *first_link_.at(q + 1) = *first_link_.at(q) + problem.sensitivities[q].n_settings;
        }
    }

    /// A lane's member begins a phase; what df/dq is at its beginning is added to `slopes`, (quantity, state).
    void begin_phase(std::size_t lane, const LaneMember& member, std::size_t phase, const Pack* y, Pack* slopes)
    {
        Pack1 state[n];
        for (std::size_t k = 0; k < n; ++k) {
            state[k] = Pack1(lane_in(y[k], lane));
        }
        for (std::size_t q = 0; q < problem_.n_sensitivities; ++q) {
            for (std::size_t link = *first_link_.at(q); link < *first_link_.at(q + 1); ++link) {
                const std::size_t number = link - *first_link_.at(q);
                const bool follows = (member.follows[phase * problem_.n_sensitivities + q] >> number & 1U) != 0;
                unsigned& following = *following_.at(link);
                following = follows ? following | 1U << lane : following & ~(1U << lane);
                if (follows) {
                    follow(lane, link, setting_of(q, link), member.settings[phase], state, slopes + q * n);
                }
            }
        }
    }

    /// Adds df/dq at the state `y`.
    void add_to_rates(std::size_t q, const Pack* y, Pack* rates) const
    {
        for (std::size_t link = *first_link_.at(q); link < *first_link_.at(q + 1); ++link) {
            if (*following_.at(link) == 0) {
                continue;
            }
            const std::size_t setting = setting_of(q, link);
            const auto follows = Pack::mask_of(*following_.at(link));
            Pack slopes[n];
            Kernel::rates_by_setting(setting, y, rates_coefficients(link), slopes);
            for (const auto k : Kernel::template rates_rows<Pack>(setting)) {
                rates[k] = rates[k] + select(follows, slopes[k], Pack(0.0));
            }
        }
    }

    /// Sets to zero what `add_to_rates` may have touched.
    void clear(std::size_t q, Pack* rates) const
    {
        for (std::size_t link = *first_link_.at(q); link < *first_link_.at(q + 1); ++link) {
            for (const auto k : Kernel::template rates_rows<Pack>(setting_of(q, link))) {
                rates[k] = Pack(0.0);
            }
        }
    }

    /// Adds the read-outs' own part at the state `y`.
    void add_to_readouts(std::size_t q, const Pack* y, Pack* readouts) const
    {
        for (std::size_t link = *first_link_.at(q); link < *first_link_.at(q + 1); ++link) {
            const std::size_t setting = setting_of(q, link);
            const auto follows = Pack::mask_of(*following_.at(link));
            Pack slopes[Kernel::n_readouts == 0 ? 1 : Kernel::n_readouts];
            Kernel::readouts_by_setting(setting, y, readouts_coefficients(link), slopes);
            for (const auto r : Kernel::template readouts_rows<Pack>(setting)) {
                readouts[r] = readouts[r] + select(follows, slopes[r], Pack(0.0));
            }
        }
    }

private:
    static constexpr std::size_t n = Kernel::n_states;
    static constexpr std::size_t most_coefficients =
        1
        + (Kernel::most_rates_by_setting_coefficients > Kernel::most_readouts_by_setting_coefficients
               ? Kernel::most_rates_by_setting_coefficients
               : Kernel::most_readouts_by_setting_coefficients);

    /// Pairs of a quantity and a setting that may follow it.
    std::size_t count_links() const
    {
        std::size_t n_links = 0;
        for (std::size_t q = 0; q < problem_.n_sensitivities; ++q) {
            n_links += problem_.sensitivities[q].n_settings;
        }
        return n_links;
    }

    std::size_t setting_of(std::size_t q, std::size_t link) const
    {
        return problem_.sensitivities[q].settings[link - *first_link_.at(q)];
    }
    Pack* rates_coefficients(std::size_t link) const
    {
        return rates_coefficients_.at(link * Kernel::most_rates_by_setting_coefficients);
    }
    Pack* readouts_coefficients(std::size_t link) const
    {
        return readouts_coefficients_.at(link * Kernel::most_readouts_by_setting_coefficients);
    }

    /// In one lane: what the generated derivatives need of the settings, and what they are at the beginning.
    void follow(std::size_t lane, std::size_t link, std::size_t setting, const double* settings, const Pack1* y,
                Pack* slopes)
    {
        Pack1 here[n], c[most_coefficients];
        Kernel::prepare_rates_by_setting(setting, settings, c);
        for (std::size_t i = 0; i < Kernel::template rates_by_setting_coefficients<Pack1>(setting); ++i) {
            lane_in(rates_coefficients(link)[i], lane) = c[i].v;
        }
        Kernel::rates_by_setting(setting, y, c, here);
        for (const auto k : Kernel::template rates_rows<Pack1>(setting)) {
            lane_in(slopes[k], lane) = lane_in(slopes[k], lane) + here[k].v;
        }
        Kernel::prepare_readouts_by_setting(setting, settings, c);
        for (std::size_t i = 0; i < Kernel::template readouts_by_setting_coefficients<Pack1>(setting); ++i) {
            lane_in(readouts_coefficients(link)[i], lane) = c[i].v;
        }
    }

    const LaneProblem& problem_;
    Room<std::size_t> first_link_;                          ///< (quantity + 1)
    Room<unsigned> following_;                              ///< (link): lanes in which the setting follows
    Room<Pack> rates_coefficients_, readouts_coefficients_; ///< (link, coefficient)
};

} // namespace osteoflare::solvers::lanes
