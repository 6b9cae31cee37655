#include "solvers/designs.hpp"

#include "solvers/random.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <boost/random/sobol.hpp>

#include <algorithm>
#include <numbers>
#include <numeric>
#include <stdexcept>

namespace osteoflare::solvers {
namespace {

// What random bits are for; numbers that were given away never change, or old seeds would mean new members.
constexpr std::uint32_t position_purpose = 1, order_purpose = 2, shift_purpose = 3;

constexpr std::size_t most_sobol_dimensions = 3667;

double position(std::uint64_t seed, std::size_t point, std::size_t dimension)
{
    return to_unit_interval(random_bits(seed, position_purpose, point, static_cast<std::uint32_t>(dimension)));
}

/// A random order of 0 … size-1: sorts them by random keys.
std::vector<std::size_t> shuffled(std::size_t size, std::size_t dimension, std::uint64_t seed)
{
    std::vector<std::uint64_t> keys(size);
    for (std::size_t i = 0; i < size; ++i) {
        keys[i] = random_bits(seed, order_purpose, i, static_cast<std::uint32_t>(dimension));
    }
    std::vector<std::size_t> order(size);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
    return order;
}

} // namespace

std::vector<double> unit_design(Design design, std::size_t size, std::size_t dimensions, std::uint64_t seed)
{
    std::vector<double> points(size * dimensions);
    switch (design) {
    case Design::random:
        for (std::size_t i = 0; i < size; ++i) {
            for (std::size_t d = 0; d < dimensions; ++d) {
                points[i * dimensions + d] = position(seed, i, d);
            }
        }
        break;
    case Design::latin_hypercube:
        for (std::size_t d = 0; d < dimensions; ++d) {
            const auto slices = shuffled(size, d, seed);
            for (std::size_t i = 0; i < size; ++i) {
                points[i * dimensions + d] =
                    (static_cast<double>(slices[i]) + position(seed, i, d)) / static_cast<double>(size);
            }
        }
        break;
    case Design::sobol:
        if (dimensions > most_sobol_dimensions) {
            throw std::invalid_argument("unit_design: a Sobol' design has at most 3667 dimensions");
        }
        if (dimensions > 0) {
            boost::random::sobol sequence(dimensions);
            for (std::size_t k = 0; k < points.size(); ++k) {
                const auto dimension = static_cast<std::uint32_t>(k % dimensions);
                points[k] = to_unit_interval(sequence() ^ random_bits(seed, shift_purpose, 0, dimension));
            }
        }
        break;
    }
    return points;
}

double normal_quantile(double u)
{
    return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * u);
}

} // namespace osteoflare::solvers
