#pragma once

#include "solvers/compiler/algebra.hpp"

#include <map>
#include <string>
#include <vector>

namespace osteoflare::solvers::compiler {

/// The fixed expressions that kernels load instead of computing, numbered as they are asked for.
class Coefficients {
public:
    std::size_t number_of(Term term);
    const std::vector<Term>& terms() const { return terms_; }

private:
    std::vector<Term> terms_;
    std::map<Term, std::size_t> numbers_;
};

/// Straight-line C++ for a set of expressions: products share their common parts, sums become chains of fused
/// multiply-adds, reciprocals that are multiplied with each other share a division, those that are needed once become
/// divisions, and each value is computed once, shortly before it is first needed.
class StraightLine {
public:
    /// Expressions of `level` and above are computed; below it, constants are written out and fixed expressions loaded
    /// from `coefficients`.
    StraightLine(Algebra& algebra, int level, Coefficients& coefficients, std::vector<Term> outputs);

    /// The C++ text of an output; statements that compute it, if still missing, are appended to the body.
    std::string value(Term term);
    /// Appends a statement `const auto NAME = expression` and returns the name.
    std::string statement(const std::string& expression);
    void line(const std::string& text) { body_ += "        " + text + "\n"; }
    const std::string& body() const { return body_; }

private:
    using Factor = std::size_t; ///< index into factors_
    /// A thing that products are made of: a term, or the product of two factors.
    struct FactorEntry {
        bool is_pair = false;
        Term term = 0;
        Factor a = 0, b = 0;
        std::string text; ///< once computed
    };
    struct Product {
        std::vector<Factor> factors;
        std::size_t uses = 0;
        std::string text; ///< once computed
    };
    /// A product, perhaps with a minus before it.
    struct Signed {
        std::size_t product = 0;
        bool negative = false;
    };

    Factor factor_of(Term term);
    Signed product_of(Term coefficient, Term monomial);
    void visit(Term term);
    void share_pairs();
    void make_pair(Factor a, Factor b);
    /// Reciprocals that are multiplied with each other become partners, which share one division. (To let any two share
    /// one would cost two multiplications; the divider works beside the multipliers and has time.)
    void pair_reciprocals();
    bool depends_on(Term term, Term on);
    std::string common_reciprocal(Term reciprocal);
    std::string text_of(Factor factor);
    std::string text_of_product(std::size_t product);
    /// Whether a factor is a reciprocal that nobody else needs: then its product is divided instead, one operation
    /// less.
    bool is_divisor(Factor factor) const;
    /// A product in two: of all factors but one, and that one.
    struct Halves {
        std::string left, right;  ///< the right one is empty if there is only one factor
        bool is_quotient = false; ///< left / right
    };
    Halves halves(std::size_t product);
    std::string joined(const Halves& halves);
    std::string leaf(Term term);
    std::string atom(Term term);
    std::string sum(Term term);

    Algebra& algebra_;
    int level_;
    Coefficients& coefficients_;
    std::map<Term, bool> visited_;
    std::vector<FactorEntry> factors_;
    std::map<Term, Factor> factor_of_term_;
    std::map<Factor, std::size_t> factor_uses_; ///< by products and pairs
    std::map<Term, bool> is_needed_whole_;      ///< outputs, and operands of what is neither a sum nor a product
    std::vector<Product> products_;
    std::map<std::pair<Term, Term>, std::size_t> product_numbers_;
    std::map<Term, std::string> texts_;
    std::map<Term, Term> partner_;       ///< reciprocals that share one division
    std::map<Term, std::string> common_; ///< text of 1/(a b) for both partners
    std::map<std::pair<Term, Term>, bool> dependencies_;
    std::string body_;
    std::size_t n_values_ = 0;
};

} // namespace osteoflare::solvers::compiler
