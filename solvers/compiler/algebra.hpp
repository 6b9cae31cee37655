#pragma once

#include "solvers/compiler/expression.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

/// Expressions in a normal form, in which equal things look equal: sums of products, like terms collected.
namespace osteoflare::solvers::compiler {

using Term = std::uint32_t; ///< an expression in an Algebra

enum class Kind : std::uint8_t {
    constant,
    symbol,
    sum,         ///< operands: coefficient, monomial, coefficient, monomial, …
    product,     ///< operands: coefficient, factor, factor, …
    reciprocal,  ///< 1/a
    power,       ///< a^b for a > 0
    maximum,     ///< a > b ? a : b
    choice,      ///< a > b ? c : d
    exponential, ///< e^a
    logarithm,
    alias, ///< a itself, kept whole; derivatives may stop at it
};

/// Expressions over two kinds of symbols: settings, which stay fixed during a step, and states, which move.
///
/// Fixed expressions are the field over which moving ones are polynomials: in `k*(1 - x)*s*s`, with k and x settings
/// and s a state, the coefficient is k*(1 - x) and the factors are s, s. So whatever can be computed before a step, is.
class Algebra {
public:
    struct Entry {
        Kind kind = Kind::constant;
        std::vector<Term> operands;
        double value = 0;         ///< of a constant
        std::uint32_t symbol = 0; ///< number of a symbol
        int level = 0;            ///< 0: constant, 1: settings only, 2: states

        friend bool operator<(const Entry& a, const Entry& b)
        {
            return std::tie(a.kind, a.value, a.symbol, a.operands) < std::tie(b.kind, b.value, b.symbol, b.operands);
        }
    };
    static constexpr int fixed = 1, moving = 2;

    /// Symbols below `n_moving` are moving, the others fixed.
    explicit Algebra(std::size_t n_moving) : n_moving_(n_moving) {}

    const Entry& operator[](Term term) const { return entries_[term]; }
    bool is_constant(Term term, double value) const
    {
        return entries_[term].kind == Kind::constant && entries_[term].value == value;
    }
    bool is_fixed(Term term) const { return entries_[term].level <= fixed; }

    Term constant(double value);
    Term symbol(std::uint32_t number);
    Term product(std::span<const Term> factors);
    Term product(Term a, Term b) { return product(std::array{a, b}); }
    /// Sums among the terms are taken apart if `open_sums`.
    Term sum(std::span<const Term> terms, bool open_sums = false);
    Term reciprocal(Term a);
    Term power(Term a, Term b);
    Term apply(Kind kind, std::vector<Term> operands);

    /// The derivative of a term by a symbol or an alias, both as terms. With `stop_at_aliases`, what an alias stands
    /// for does not move along with the symbol.
    Term derivative(Term of, Term by, bool stop_at_aliases);

    /// The normal forms of `roots` in a recorded graph. A sum that is used once becomes part of the sum that uses it.
    /// The moving ones among the nodes `aliases` are kept whole.
    std::vector<Term> normal_forms(const Graph& graph, std::span<const std::uint32_t> roots,
                                   const std::set<std::uint32_t>& aliases = {});
    /// Aliases in the order in which they were made: later ones may contain earlier ones.
    const std::vector<Term>& aliases() const { return aliases_; }

private:
    Term make(Entry entry);
    /// Splits a term at `level` into coefficient and monomial.
    std::pair<Term, Term> split(Term term, int level);
    Term derive(Term of, Term by, bool stop_at_aliases);

    std::size_t n_moving_;
    std::vector<Entry> entries_;
    std::map<Entry, Term> known_;
    std::vector<Term> aliases_;
    std::map<std::tuple<Term, Term, bool>, Term> derivatives_;
};

} // namespace osteoflare::solvers::compiler
