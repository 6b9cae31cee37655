#pragma once

#include <cstddef>

/// Blocks that meet in a border, for the tests: stiff, non-linear in every coupling.
namespace coupled_blocks {

/// Settings of a block: inflow, speed, share.
inline constexpr std::size_t n_block_states = 3, n_block_settings = 3, n_given = 3, n_offered = 2;
/// Settings of the border: turnover, rest.
inline constexpr std::size_t n_border_states = 2, n_border_settings = 2;

template <class Number>
void block_rates(const Number* y, const Number* given, const Number* settings, Number* rates)
{
    const Number signal = y[0] * y[0] / (1.0 + y[0] * y[0]); // used twice, so that it may become an alias
    rates[0] = settings[0] * (1.0 + given[0]) - y[0] * (1.0 + y[1] * given[2]);
    rates[1] = settings[1] * (2.0 * signal + 0.1 * given[1] - y[1]);
    rates[2] = signal * y[1] - 0.3 * y[2] * (1.0 + given[0]);
}

template <class Number>
void block_offers(const Number* y, const Number* settings, Number* offered)
{
    offered[0] = settings[2] * y[0];
    offered[1] = settings[2] * y[1] * y[2];
}

template <class Number>
void border_rates(const Number* y, const Number* sums, const Number* settings, Number* rates)
{
    rates[0] = settings[0] * (settings[1] + sums[0] - y[0]);
    rates[1] = sums[1] / (1.0 + y[0]) - 0.5 * y[1] * y[0];
}

template <class Number>
void border_gives(const Number* y, Number* given)
{
    given[0] = y[0] / (1.0 + y[0]);
    given[1] = y[1];
    given[2] = y[0] * y[1] + 0.2;
}

} // namespace coupled_blocks
