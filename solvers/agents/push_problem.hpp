#pragma once

#include <cstddef>
#include <cstdint>

/// What pushing works on: plain data, because the code behind it is compiled once for each instruction set and must
/// share no inline functions with the rest of the program.
namespace osteoflare::solvers::agents {

/// Agents sorted by voxel, x fastest. Columns can be read eight numbers past their ends. Nobody overlaps with an agent
/// whose radius is not a number.
struct PushProblem {
    std::size_t nx = 0, ny = 0, nz = 0, reach = 1; ///< voxels; how many of them to either side neighbours may be in
    std::size_t room = 0;                          ///< agents at most around one voxel, and sixteen
    double width = 0, depth = 0;                   ///< of the box, along x and y [um]
    const std::uint32_t* begin = nullptr;          ///< (voxel): its first agent
    const double *x = nullptr, *y = nullptr, *z = nullptr, *radius = nullptr;
    double *push_x = nullptr, *push_y = nullptr, *push_z = nullptr; ///< sum over neighbours of overlap times direction
};

struct PushEngine {
    const char* instruction_set = "";
    /// For all agents in one row of voxels; `scratch` holds four times `room` numbers.
    void (*push_row)(const PushProblem& problem, std::size_t y, std::size_t z, double* scratch) = nullptr;
};

} // namespace osteoflare::solvers::agents
