#pragma once

#include <cstddef>
#include <vector>

namespace osteoflare::solvers::compiler {

/// Where the entries of a matrix and of its LU factors stand, and in which order its unknowns are eliminated.
struct LuPattern {
    /// One elimination: unknown `unknown`, the earlier unknowns that its row is combined with, in order of elimination,
    /// and the later ones that remain in its row.
    struct Row {
        std::size_t unknown = 0;
        std::vector<std::size_t> lower, upper;
    };
    std::vector<Row> rows;     ///< in order of elimination
    std::size_t n_factors = 0; ///< entries of both factors, diagonal included
};

/// Orders the elimination of a square matrix with a full diagonal after Markowitz: among the unknowns left, the one
/// whose elimination can make the fewest new entries goes first. Pivots stay on the diagonal, as W = I/(h gamma) - J
/// allows. `entries[i][j]` says whether row i has an entry in column j.
LuPattern order_elimination(std::vector<std::vector<bool>> entries);

} // namespace osteoflare::solvers::compiler
