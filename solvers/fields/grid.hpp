#pragma once

#include <cstddef>

namespace osteoflare::solvers::fields {

/// A box of cubic voxels, periodic in x and y and closed in z. Voxels are numbered with x fastest.
struct Grid {
    std::size_t nx = 0, ny = 0, nz = 0;
    double spacing = 0; ///< [um]

    std::size_t n_voxels() const { return nx * ny * nz; }
    std::size_t voxel(std::size_t x, std::size_t y, std::size_t z) const { return (z * ny + y) * nx + x; }
};

} // namespace osteoflare::solvers::fields
