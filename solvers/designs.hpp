#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace osteoflare::solvers {

enum class Design {
    random,          ///< independent points
    latin_hypercube, ///< one point in each of `size` equal slices of every dimension
    sobol,           ///< Sobol' sequence (Joe & Kuo directions) under a random digital shift
    owen,            ///< the same from its first point on, under Owen's nested uniform scrambling
};

/// Points in the open unit cube, each coordinate computed when it is asked for: nothing is held that grows with the
/// number of points, and any point can be drawn by anybody without those before it. Points of a `random`, `sobol` or
/// `owen` design do not depend on its size: a larger one goes on where a smaller one ended.
class UnitDesign {
public:
    /// Throws std::invalid_argument beyond 3667 dimensions of a Sobol' design.
    UnitDesign(Design design, std::uint64_t size, std::size_t dimensions, std::uint64_t seed);

    /// The coordinate of a point in [0, size): a pure function of the design and its arguments.
    double operator()(std::uint64_t point, std::size_t dimension) const;

private:
    std::uint64_t sobol_coordinate(std::uint64_t number, std::size_t dimension) const;
    std::uint64_t slice(std::uint64_t point, std::size_t dimension) const;

    Design design_;
    std::uint64_t size_, seed_;
    std::vector<std::uint64_t> directions_; ///< of a Sobol' sequence, (dimension, bit)
    std::vector<std::uint64_t> shifts_;     ///< of a `sobol` design, (dimension)
};

/// The standard normal quantile of u in (0, 1).
double normal_quantile(double u);

} // namespace osteoflare::solvers
