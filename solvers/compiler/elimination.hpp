#pragma once

#include "solvers/compiler/sparse_lu.hpp"
#include "solvers/compiler/straight_line.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace osteoflare::solvers::compiler {

/// `array[index]`.
std::string at(const std::string& array, std::size_t index);

/// The linear systems of a step as straight-line code: (I/(h gamma) - J) x = r over the states, with further unknowns
/// behind them that stand for shared quantities' changes: what many rates share then stands in the matrix once, instead
/// of once in each of their rows. Code calls the factors `lu`, the shift 1/(h gamma) `shift`.
class Elimination {
public:
    Elimination() = default;
    /// `entries[i][j]`: whether row i of J has something in column j; of the unknowns, the first `n_states` are states.
    Elimination(std::size_t n_states, const std::vector<std::vector<bool>>& entries);

    std::size_t n_unknowns() const { return n_unknowns_; }
    std::size_t n_factors() const { return pattern_.n_factors; }
    const std::vector<LuPattern::Row>& rows() const { return pattern_.rows; } ///< in order of elimination

    /// Factors J - I/(h gamma), with -1 on the diagonal of the other unknowns. `row` gives the texts of a row of J
    /// (empty where there is nothing); `after` is called when a row is done.
    void factor(StraightLine& lines, const std::function<std::vector<std::string>(std::size_t)>& row,
                const std::function<void(std::size_t)>& after);
    /// Forward elimination of row `row`, whose right-hand side is `value` (empty for 0); empty if it stays 0.
    std::string eliminated(StraightLine& lines, const LuPattern::Row& row, std::string value,
                           const std::vector<std::string>& z) const;
    /// Back substitution as far as the `wanted` unknowns need it; `take` gets their numbers and texts.
    void substitute_back(StraightLine& lines, std::vector<std::string> z, std::vector<bool> wanted,
                         const std::function<void(std::size_t, const std::string&)>& take) const;
    /// The row vector v with v (I/(h gamma) - J) = p, all as texts, empty for 0. Uses what `factor` stored.
    std::vector<std::string> adjoint(StraightLine& lines, const std::vector<std::string>& p) const;

private:
    std::string factor_text(std::size_t row, std::size_t column) const;

    std::size_t n_states_ = 0, n_unknowns_ = 0;
    LuPattern pattern_;
    std::vector<std::size_t> factor_number_;
    std::vector<bool> is_unit_; ///< unknowns whose pivot is -1
};

} // namespace osteoflare::solvers::compiler
