#pragma once

#include <cstddef>

/// What the sweeps of the diffusion solver work on: plain data, because the code behind it is compiled once for each
/// instruction set and must share no inline functions with the rest of the program.
namespace osteoflare::solvers::fields {

/// Factors of I - alpha L for lines along one direction, where L is the second difference with no flux into closed
/// voxels. With y_i = d_i + e_{i-1} y_{i-1}, the solution without the periodic bond is x_i = m_i y_i + e_i x_{i+1}; the
/// bond between the ends adds -z_i f (x_0 - x_last).
struct LineFactors {
    const double *e = nullptr, *m = nullptr, *z = nullptr; ///< of a line without closed voxels, by position
    double f = 0;
    std::size_t reach = 0; ///< positions from either end at which z is more than rounding; 0 without a bond
    enum : unsigned char { mixed, open, closed }; ///< some, none or all of a batch's voxels are closed
    const unsigned char* state = nullptr;         ///< by batch of lines
    /// Of mixed batches: (batch, position, line of the batch), and f by (batch, line).
    const double *own_e = nullptr, *own_m = nullptr, *own_z = nullptr, *own_f = nullptr;
};

/// One substance on its way through a step.
struct SweepProblem {
    std::size_t nx = 0, ny = 0, nz = 0, row = 0, plane = 0; ///< numbers between two rows and two planes
    double* values = nullptr;                               ///< (z, y, x)
    const double* sources = nullptr;                        ///< the same shape
    /// A sweep makes w (I - alpha L)^-1 u - (w - 1) u of u: w = 2 is the trapezoidal rule, w = 1 Euler's implicit one.
    double weight = 2;
    LineFactors x[2], y, z[2]; ///< of one step, and of two
    double source_gain[2]{};   ///< of sources within these
    double half_decay[2]{};    ///< what is left after half of these
};

/// What is done in a plane between two sweeps along z.
struct PlaneSweeps {
    bool y_before = false, x_twice = false, y_after = false; ///< along x always
};

/// The sweeps for one instruction set. Lines are solved in batches of `width`; `scratch` has room for four batches of
/// the longest line, rounded up to the width.
struct SweepEngine {
    const char* instruction_set = "";
    std::size_t width = 1;
    void (*sweep_plane)(const SweepProblem& problem, std::size_t z, const PlaneSweeps& sweeps,
                        double* scratch) = nullptr;
    /// In row `y`, along z, with sources and decay, for one step or two.
    void (*sweep_columns)(const SweepProblem& problem, std::size_t y, bool twice, double* scratch) = nullptr;
};

} // namespace osteoflare::solvers::fields
