#include "solvers/designs.hpp"

#include "solvers/random.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <boost/random/sobol.hpp>

#include <algorithm>
#include <bit>
#include <numbers>
#include <stdexcept>

namespace osteoflare::solvers {
namespace {

// What random bits are for; numbers that were given away never change, or old seeds would mean new members.
// 2 was the order of Latin hypercubes until 0.1.
constexpr std::uint32_t position_purpose = 1, shift_purpose = 3, permutation_purpose = 4, scramble_purpose = 5;
// Further ones: statistics/sobol_indices.cpp (6), statistics/elementary_effects.cpp (7 to 9),
// statistics/bootstrap.cpp (10).

constexpr std::size_t most_sobol_dimensions = 3667;
constexpr std::size_t sobol_bits = 63; ///< of the number of a point

constexpr std::uint32_t feistel_rounds = 8;

double position(std::uint64_t seed, std::uint64_t point, std::size_t dimension)
{
    return to_unit_interval(random_bits(seed, position_purpose, point, static_cast<std::uint32_t>(dimension)));
}

/// What each bit of a point's Gray code adds to its coordinates, (dimension, bit), asked of Boost's sequence: the
/// Gray code of 2^(bit+1) - 1 has this one bit.
std::vector<std::uint64_t> sobol_directions(std::size_t dimensions)
{
    std::vector<std::uint64_t> directions(dimensions * sobol_bits);
    boost::random::sobol sequence(std::max<std::size_t>(dimensions, 1));
    for (std::size_t bit = 0; bit < sobol_bits; ++bit) {
        sequence.seed((std::uint64_t{2} << bit) - 2); // Boost leaves out the origin, the sequence's first point
        for (std::size_t d = 0; d < dimensions; ++d) {
            directions[d * sobol_bits + bit] = sequence();
        }
    }
    return directions;
}

/// Owen's nested uniform scrambling ("Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995): whether a bit is
/// flipped is left to chance that depends on all bits above it. One draw serves the 63 nodes of six levels of that
/// tree, numbered as in a heap: 1, then 2 and 3, then 4 to 7…
std::uint64_t scrambled(std::uint64_t coordinate, std::uint64_t seed, std::size_t dimension)
{
    constexpr unsigned levels = 6, wanted_bits = 54; // to_unit_interval reads 52
    std::uint64_t result = 0;
    for (unsigned done = 0; done < wanted_bits; done += levels) {
        const std::uint64_t path = done == 0 ? 1 : (std::uint64_t{1} << done) | coordinate >> (64 - done);
        const std::uint64_t flips = random_bits(seed, scramble_purpose, path, static_cast<std::uint32_t>(dimension));
        std::uint64_t node = 1;
        for (unsigned level = 0; level < levels; ++level) {
            const std::uint64_t bit = coordinate >> (63 - done - level) & 1U;
            result = result << 1U | (bit ^ (flips >> node & 1U));
            node = 2 * node + bit;
        }
    }
    return result << (64 - wanted_bits);
}

} // namespace

UnitDesign::UnitDesign(Design design, std::uint64_t size, std::size_t dimensions, std::uint64_t seed)
    : design_(design), size_(size), seed_(seed)
{
    if (design != Design::sobol && design != Design::owen) {
        return;
    }
    if (dimensions > most_sobol_dimensions) {
        throw std::invalid_argument("UnitDesign: a Sobol' design has at most 3667 dimensions");
    }
    directions_ = sobol_directions(dimensions);
    for (std::size_t d = 0; design == Design::sobol && d < dimensions; ++d) {
        shifts_.push_back(random_bits(seed, shift_purpose, 0, static_cast<std::uint32_t>(d)));
    }
}

/// Which slice of a Latin hypercube a point lies in: a random permutation of [0, size) that needs no memory. A Feistel
/// network permutes the next power of two; numbers beyond the size go through it again until one falls inside (cycle
/// walking), which takes fewer than two rounds on average.
std::uint64_t UnitDesign::slice(std::uint64_t point, std::size_t dimension) const
{
    const auto bits = static_cast<unsigned>(std::bit_width(size_ - 1)), low_bits = bits / 2;
    const std::uint64_t low_mask = (std::uint64_t{1} << low_bits) - 1;
    const std::uint64_t high_mask = (std::uint64_t{1} << (bits - low_bits)) - 1;
    do {
        std::uint64_t low = point & low_mask, high = point >> low_bits;
        for (std::uint32_t round = 0; round < feistel_rounds; round += 2) {
            const std::uint32_t key = static_cast<std::uint32_t>(dimension) * feistel_rounds + round;
            high ^= random_bits(seed_, permutation_purpose, low, key) & high_mask;
            low ^= random_bits(seed_, permutation_purpose, high, key + 1) & low_mask;
        }
        point = high << low_bits | low;
    } while (point >= size_);
    return point;
}

/// Coordinate of the sequence's point with this number, the origin being number 0.
std::uint64_t UnitDesign::sobol_coordinate(std::uint64_t number, std::size_t dimension) const
{
    std::uint64_t coordinate = 0;
    for (std::uint64_t gray = number ^ (number >> 1U); gray != 0; gray &= gray - 1) {
        coordinate ^= directions_[dimension * sobol_bits + static_cast<std::size_t>(std::countr_zero(gray))];
    }
    return coordinate;
}

double UnitDesign::operator()(std::uint64_t point, std::size_t dimension) const
{
    switch (design_) {
    case Design::random: break;
    case Design::latin_hypercube: {
        const double where = static_cast<double>(slice(point, dimension)) + position(seed_, point, dimension);
        return std::min(where / static_cast<double>(size_), 1 - 0x1p-53); // the sum may round up to the size
    }
    case Design::sobol: return to_unit_interval(shifts_[dimension] ^ sobol_coordinate(point + 1, dimension));
    case Design::owen: return to_unit_interval(scrambled(sobol_coordinate(point, dimension), seed_, dimension));
    }
    return position(seed_, point, dimension);
}

double normal_quantile(double u)
{
    return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * u);
}

} // namespace osteoflare::solvers
