#include "solvers/compiler/elimination.hpp"

#include <algorithm>

namespace osteoflare::solvers::compiler {
namespace {

/// Adds a product to a sum that may still be empty.
std::string plus_product(StraightLine& lines, const std::string& sum, const std::string& a, const std::string& b)
{
    return lines.statement(sum.empty() ? a + " * " + b : "fma(" + a + ", " + b + ", " + sum + ")");
}

} // namespace

std::string at(const std::string& array, std::size_t index)
{
    return std::string(array).append("[").append(std::to_string(index)).append("]");
}

Elimination::Elimination(std::size_t n_states, const std::vector<std::vector<bool>>& entries)
    : n_states_(n_states), n_unknowns_(entries.size()), pattern_(order_elimination(entries))
{
    // Each row's factors lie together: the multipliers of its elimination, the negative reciprocal of its pivot, what
    // remains right of it.
    std::size_t next = 0;
    factor_number_.assign(n_unknowns_ * n_unknowns_, 0);
    for (const LuPattern::Row& row : pattern_.rows) {
        for (const std::size_t column : row.lower) {
            factor_number_[row.unknown * n_unknowns_ + column] = next++;
        }
        factor_number_[row.unknown * n_unknowns_ + row.unknown] = next++;
        for (const std::size_t column : row.upper) {
            factor_number_[row.unknown * n_unknowns_ + column] = next++;
        }
    }
}

std::string Elimination::factor_text(std::size_t row, std::size_t column) const
{
    return at("lu", factor_number_[row * n_unknowns_ + column]);
}

void Elimination::factor(StraightLine& lines, const std::function<std::vector<std::string>(std::size_t)>& row_texts,
                         const std::function<void(std::size_t)>& after)
{
    std::vector<std::vector<std::string>> stored(n_unknowns_, std::vector<std::string>(n_unknowns_));
    is_unit_.assign(n_unknowns_, false);
    for (const LuPattern::Row& row : pattern_.rows) {
        const std::size_t i = row.unknown;
        std::vector<std::string> entry = row_texts(i);
        if (i < n_states_) {
            entry[i] = lines.statement(entry[i].empty() ? "negative(shift)" : entry[i] + " - shift");
        }
        for (const std::size_t k : row.lower) {
            const std::string multiplier = is_unit_[k] ? entry[k] : lines.statement(entry[k] + " * " + stored[k][k]);
            lines.line(factor_text(i, k) + " = " + multiplier + ";");
            for (std::size_t j = 0; j < n_unknowns_; ++j) {
                if (j == k || stored[k][j].empty()) {
                    continue;
                }
                if (i == j && i >= n_states_ && entry[j].empty()) {
                    entry[j] = "Pack(-1.0)";
                }
                entry[j] = plus_product(lines, entry[j], multiplier, stored[k][j]);
            }
        }
        is_unit_[i] = i >= n_states_ && entry[i].empty();
        if (!is_unit_[i]) {
            stored[i][i] = lines.statement("Pack(-1.0) / " + entry[i]);
            lines.line(factor_text(i, i) + " = " + stored[i][i] + ";");
        }
        for (const std::size_t j : row.upper) {
            stored[i][j] = entry[j];
            lines.line(factor_text(i, j) + " = " + entry[j] + ";");
        }
        after(i);
    }
}

std::string Elimination::eliminated(StraightLine& lines, const LuPattern::Row& row, std::string value,
                                    const std::vector<std::string>& z) const
{
    for (const std::size_t k : row.lower) {
        if (!z[k].empty()) {
            value = plus_product(lines, value, factor_text(row.unknown, k), z[k]);
        }
    }
    return value;
}

void Elimination::substitute_back(StraightLine& lines, std::vector<std::string> z, std::vector<bool> wanted,
                                  const std::function<void(std::size_t, const std::string&)>& take) const
{
    std::vector<bool> needed = wanted;
    for (const LuPattern::Row& row : pattern_.rows) {
        for (const std::size_t j : row.upper) {
            needed[j] = needed[j] || needed[row.unknown];
        }
    }
    for (std::size_t position = n_unknowns_; position-- > 0;) {
        const LuPattern::Row& row = pattern_.rows[position];
        const std::size_t i = row.unknown;
        if (!needed[i]) {
            continue;
        }
        std::string value = z[i];
        for (std::size_t u = row.upper.size(); u-- > 0;) {
            const std::size_t j = row.upper[u];
            if (!z[j].empty()) {
                value = plus_product(lines, value, factor_text(i, j), z[j]);
            }
        }
        z[i] = is_unit_[i] || value.empty() ? value : lines.statement(value + " * " + factor_text(i, i));
        if (wanted[i]) {
            take(i, z[i]);
        }
    }
}

std::vector<std::string> Elimination::adjoint(StraightLine& lines, const std::vector<std::string>& p) const
{
    // J - I/(h gamma) = (1 - M) U with the multipliers M, so -v (1 - M) U = p: first by columns of U, then of M.
    std::vector<std::string> v = p;
    for (const LuPattern::Row& row : pattern_.rows) { // v[row] is complete: all earlier rows have added to it
        std::string& value = v[row.unknown];
        if (value.empty()) {
            continue;
        }
        value = is_unit_[row.unknown] ? value : lines.statement(value + " * " + factor_text(row.unknown, row.unknown));
        for (const std::size_t j : row.upper) {
            v[j] = plus_product(lines, v[j], value, factor_text(row.unknown, j));
        }
    }
    for (std::size_t position = n_unknowns_; position-- > 0;) {
        const LuPattern::Row& row = pattern_.rows[position];
        if (v[row.unknown].empty()) {
            continue;
        }
        for (const std::size_t k : row.lower) {
            v[k] = plus_product(lines, v[k], v[row.unknown], factor_text(row.unknown, k));
        }
    }
    return v;
}

} // namespace osteoflare::solvers::compiler
