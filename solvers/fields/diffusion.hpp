#pragma once

#include "solvers/fields/grid.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace osteoflare::solvers::fields {

/// How one substance moves and vanishes; the unit of time is the caller's.
struct Substance {
    std::string name;
    double diffusion = 0; ///< [um^2/time]
    double decay = 0;     ///< [1/time]
};

/// Substances that diffuse through the open voxels of a grid, decay everywhere at the same rate, and come from sources.
///
/// A step goes through the directions one by one, the next in the opposite order (Marchuk, Strang): z, y, x, x, y, z,
/// ... Each sweep is the trapezoidal rule in one direction, or Euler's implicit one for substances that a step carries
/// over several voxels. So two steps are second order in space, and in time with the former; they are stable whatever
/// their length and whichever voxels are closed, because no single sweep lets differences grow. Amounts are kept to
/// rounding. Decay and sources belong to the sweeps along z: decay is exact, and an even steady state, source over
/// decay, too. Values do not depend on the instruction set or the number of threads.
class Diffusion {
public:
    /// One voxel along y makes a slice, in which nothing diffuses along y. Throws std::invalid_argument if the grid has
    /// less than three voxels along x, none or two along y or none along z, if spacing or step are not positive, or if
    /// a substance has a negative constant.
    Diffusion(const Grid& grid, std::vector<Substance> substances, double step);
    ~Diffusion();
    Diffusion(Diffusion&&) noexcept;
    Diffusion& operator=(Diffusion&&) noexcept;

    const Grid& grid() const;

    /// Where a voxel's number stands behind `values` and `sources`: rows are padded.
    std::size_t offset(std::size_t x, std::size_t y, std::size_t z) const;
    /// Amount per volume of one substance. Closed voxels hold 0.
    double* values(std::size_t substance);
    const double* values(std::size_t substance) const;
    /// Amount per volume and time that comes into each voxel; stays until it is changed. Closed voxels take 0.
    double* sources(std::size_t substance);

    /// Closes some voxels (1) and opens all others (0), one number per voxel. What a voxel held that is closed moves to
    /// the nearest open one above it in its column, or else below; a voxel that opens holds nothing at first.
    /// Throws std::invalid_argument if that column has no open voxel left.
    void close(std::span<const std::uint8_t> closed);

    /// Some steps. Sweeps of the same direction that meet are done at once, so two or more cost less each.
    void advance(std::size_t n_steps = 1, std::size_t n_threads = 1);

    /// The sum over all voxels of one substance, times the volume of a voxel.
    double total(std::size_t substance) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace osteoflare::solvers::fields
