#pragma once

#include "scenarios/schedule.hpp"
#include "solvers/fields/grid.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace osteoflare::scenarios::spatial {

/// The box, the steps through time, and the seed of chance.
struct TissuePlan {
    double width = 1000, depth = 1000, height = 100; ///< of the box [um]
    double voxel = 20, bone_height = 40;             ///< [um]
    Tick step = 60, field_step = 3;                  ///< [s]; an even number of the latter make one of the former
    std::uint64_t seed = 1;

    solvers::fields::Grid grid() const
    {
        const auto count = [&](double length) { return static_cast<std::size_t>(std::llround(length / voxel)); };
        return {count(width), count(depth), count(height), voxel};
    }
    std::size_t fields_per_step() const { return static_cast<std::size_t>(step / field_step); }
    double step_days() const { return to_days(step); }
};

} // namespace osteoflare::scenarios::spatial
