#pragma once

#include "solvers/agents/population.hpp"
#include "solvers/lanes/functions.hpp"
#include "solvers/lanes/pack.hpp"
#include "solvers/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace osteoflare::solvers::agents {

/// The chance that an event of this many expected ones happens: 1 - exp(-expected), the same on every machine.
inline double probability(double expected)
{
    using lanes::Pack1;
    return 1 - exponential(Pack1(-expected)).v;
}

/// Random numbers of one agent in one step, as many as are asked for.
class Draw {
public:
    /// The step that stands for an agent's birth: no run comes so far.
    static constexpr std::uint32_t at_birth = ~std::uint32_t{0};

    Draw(std::uint64_t seed, std::uint64_t agent, std::uint32_t step) : seed_(seed), agent_(agent), step_(step) {}

    /// The i-th number in (0, 1).
    double number(std::uint32_t i) const
    {
        if (i / 4 != block_) {
            block_ = i / 4;
            words_ = random_words(seed_, walking + block_, agent_, step_);
        }
        return word_to_unit_interval(words_[i % 4]);
    }

private:
    static constexpr std::uint32_t walking = 0x77616c6b; ///< "walk", and the numbers after it

    std::uint64_t seed_, agent_;
    std::uint32_t step_;
    mutable std::uint32_t block_ = ~std::uint32_t{0};
    mutable std::array<std::uint32_t, 4> words_{};
};

/// A point of the unit circle, by Marsaglia's way: no sine, so the same bits wherever it runs.
inline Vector unit_circle(const Draw& draw)
{
    for (std::uint32_t i = 2;; i += 2) {
        const double u = 2 * draw.number(i) - 1, v = 2 * draw.number(i + 1) - 1, square = u * u + v * v;
        if (square <= 1) { // and above 0: no number is a half
            return {(u * u - v * v) / square, 2 * u * v / square, 0};
        }
    }
}

inline Vector new_level_heading(const Draw& draw)
{
    return unit_circle(draw);
}

/// A heading with density (1 + bias h)/(4 pi): its mean is bias/3. Theory eq. (A16).
inline Vector new_heading(const Draw& draw, const Vector& bias)
{
    const double strength = std::sqrt(bias.x * bias.x + bias.y * bias.y + bias.z * bias.z);
    const Vector axis =
        strength > 0 ? Vector{bias.x / strength, bias.y / strength, bias.z / strength} : Vector{0, 0, 1};
    // The cosine c with the axis has the distribution (c + 1)/2 + strength (c^2 - 1)/4, solved for c.
    const double u = 4 * draw.number(1) - 2;
    const double cosine = (u + strength) / (1 + std::sqrt(std::max(0.0, 1 + strength * (u + strength))));
    const double sine = std::sqrt(std::max(0.0, 1 - cosine * cosine));
    // Two directions across the axis (Duff and others 2017).
    const double sign = std::copysign(1.0, axis.z), a = -1 / (sign + axis.z), b = axis.x * axis.y * a;
    const Vector one{1 + sign * axis.x * axis.x * a, sign * b, -sign * axis.x},
        other{b, sign + axis.y * axis.y * a, -axis.y};
    const Vector around = unit_circle(draw);
    const double p = sine * around.x, q = sine * around.y;
    return {cosine * axis.x + p * one.x + q * other.x, cosine * axis.y + p * one.y + q * other.y,
            cosine * axis.z + p * one.z + q * other.z};
}

} // namespace osteoflare::solvers::agents
