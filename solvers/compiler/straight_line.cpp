#include "solvers/compiler/straight_line.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

namespace osteoflare::solvers::compiler {
namespace {

std::string literal(double value)
{
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.17g", value);
    std::string digits = text.data();
    if (digits.find_first_of(".en") == std::string::npos) {
        digits += ".0";
    }
    return std::string("Pack(").append(digits).append(")");
}

std::string call(const std::string& function, const std::vector<std::string>& arguments)
{
    std::string text = function + "(";
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        text.append(i == 0 ? "" : ", ").append(arguments[i]);
    }
    return text + ")";
}

} // namespace

std::size_t Coefficients::number_of(Term term)
{
    const auto [known, is_new] = numbers_.try_emplace(term, terms_.size());
    if (is_new) {
        terms_.push_back(term);
    }
    return known->second;
}

StraightLine::StraightLine(Algebra& algebra, int level, Coefficients& coefficients, std::vector<Term> outputs)
    : algebra_(algebra), level_(level), coefficients_(coefficients)
{
    for (const Term output : outputs) {
        is_needed_whole_[output] = true;
        visit(output);
    }
    pair_reciprocals();
    share_pairs();
    for (const Product& product : products_) {
        for (const Factor factor : product.factors) {
            ++factor_uses_[factor];
        }
    }
    for (const FactorEntry& entry : factors_) {
        if (entry.is_pair) {
            ++factor_uses_[entry.a];
            ++factor_uses_[entry.b];
        }
    }
}

StraightLine::Factor StraightLine::factor_of(Term term)
{
    const auto [known, is_new] = factor_of_term_.try_emplace(term, factors_.size());
    if (is_new) {
        factors_.push_back({.term = term, .text = {}});
    }
    return known->second;
}

StraightLine::Signed StraightLine::product_of(Term coefficient, Term monomial)
{
    Signed result;
    const Algebra::Entry& entry = algebra_[coefficient];
    const Algebra::Entry& sign = entry.kind == Kind::product ? algebra_[entry.operands[0]] : entry; // or its constant
    if (sign.kind == Kind::constant && sign.value < 0) {
        result.negative = true;
        coefficient = algebra_.product(algebra_.constant(-1), coefficient);
    }
    const auto [known, is_new] = product_numbers_.try_emplace({coefficient, monomial}, products_.size());
    result.product = known->second;
    if (is_new) {
        Product product;
        if (!algebra_.is_constant(coefficient, 1)) {
            product.factors.push_back(factor_of(coefficient));
        }
        const Algebra::Entry whole = algebra_[monomial];
        if (whole.kind == Kind::product) {
            for (std::size_t i = 1; i < whole.operands.size(); ++i) {
                product.factors.push_back(factor_of(whole.operands[i]));
            }
        } else if (!algebra_.is_constant(monomial, 1) || product.factors.empty()) {
            product.factors.push_back(factor_of(monomial));
        }
        products_.push_back(std::move(product));
    }
    return result;
}

void StraightLine::visit(Term term)
{
    const Algebra::Entry entry = algebra_[term];
    if (entry.level < level_ || std::exchange(visited_[term], true)) {
        if (entry.level >= level_ && entry.kind == Kind::product) {
            ++products_[product_of(entry.operands[0], algebra_.product(std::span(entry.operands).subspan(1))).product]
                  .uses;
        }
        return;
    }
    const auto visit_monomial = [&](Term monomial) {
        const Algebra::Entry whole = algebra_[monomial];
        if (whole.kind == Kind::product) {
            for (std::size_t i = 1; i < whole.operands.size(); ++i) {
                visit(whole.operands[i]);
            }
        } else {
            visit(monomial);
        }
    };
    if (entry.kind == Kind::sum) {
        for (std::size_t i = 0; i < entry.operands.size(); i += 2) {
            visit_monomial(entry.operands[i + 1]);
            ++products_[product_of(entry.operands[i], entry.operands[i + 1]).product].uses;
        }
    } else if (entry.kind == Kind::product) {
        const Term monomial = algebra_.product(std::span(entry.operands).subspan(1));
        visit_monomial(monomial);
        ++products_[product_of(entry.operands[0], monomial).product].uses;
    } else {
        for (const Term operand : entry.operands) {
            is_needed_whole_[operand] = true;
            visit(operand);
        }
    }
}

bool StraightLine::depends_on(Term term, Term on)
{
    if (term == on) {
        return true;
    }
    const auto known = dependencies_.find({term, on});
    if (known != dependencies_.end()) {
        return known->second;
    }
    const std::vector<Term> operands = algebra_[term].operands;
    const bool depends = std::ranges::any_of(operands, [&](Term operand) { return depends_on(operand, on); });
    dependencies_[{term, on}] = depends;
    return depends;
}

void StraightLine::pair_reciprocals()
{
    if (level_ < Algebra::moving) {
        return; // computed rarely
    }
    const auto fits = [&](Term a, Term b) {
        return a != b && !partner_.contains(a) && !partner_.contains(b) && !depends_on(a, b) && !depends_on(b, a);
    };
    const auto marry = [&](Term a, Term b) {
        partner_[a] = b;
        partner_[b] = a;
    };
    const std::size_t n_products = products_.size();
    for (std::size_t i = 0; i < n_products; ++i) {
        const std::vector<Factor> factors = products_[i].factors;
        for (const Factor a : factors) {
            for (const Factor b : factors) {
                if (algebra_[factors_[a].term].kind == Kind::reciprocal
                    && algebra_[factors_[b].term].kind == Kind::reciprocal && algebra_[factors_[a].term].level >= level_
                    && algebra_[factors_[b].term].level >= level_ && fits(factors_[a].term, factors_[b].term)) {
                    marry(factors_[a].term, factors_[b].term);
                    make_pair(std::min(a, b), std::max(a, b));
                }
            }
        }
    }
}

std::string StraightLine::common_reciprocal(Term reciprocal)
{
    const Term first = std::min(reciprocal, partner_.at(reciprocal));
    if (!common_.contains(first)) {
        const std::string a = value(algebra_[first].operands[0]), b = value(algebra_[partner_.at(first)].operands[0]);
        const std::string both = statement(std::string(a).append(" * ").append(b));
        common_[first] = statement(std::string("Pack(1.0) / ").append(both));
    }
    return common_.at(first);
}

/// Puts the product of two factors in their place wherever both stand.
void StraightLine::make_pair(Factor a, Factor b)
{
    const Factor pair = factors_.size();
    factors_.push_back({.is_pair = true, .a = a, .b = b, .text = {}});
    for (Product& product : products_) {
        auto& factors = product.factors;
        while (true) {
            const auto first = std::ranges::find(factors, a);
            if (first == factors.end()) {
                break;
            }
            const auto second = std::find(a == b ? first + 1 : factors.begin(), factors.end(), b);
            if (second == factors.end()) {
                break;
            }
            *first = pair;
            factors.erase(second);
        }
    }
}

/// Greedy: the pair of factors that stands in the most products becomes one factor, until no pair stands in two.
void StraightLine::share_pairs()
{
    while (true) {
        std::map<std::pair<Factor, Factor>, std::size_t> counts;
        for (const Product& product : products_) {
            std::map<std::pair<Factor, Factor>, bool> seen;
            for (std::size_t i = 0; i < product.factors.size(); ++i) {
                for (std::size_t j = i + 1; j < product.factors.size(); ++j) {
                    const auto pair = std::minmax(product.factors[i], product.factors[j]);
                    if (!std::exchange(seen[pair], true)) {
                        ++counts[pair];
                    }
                }
            }
        }
        const auto best = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
        if (best == counts.end() || best->second < 2) {
            return;
        }
        make_pair(best->first.first, best->first.second);
    }
}

std::string StraightLine::statement(const std::string& expression)
{
    const std::string name = "v" + std::to_string(n_values_++);
    line(std::string("const Pack ").append(name).append(" = ").append(expression).append(";"));
    return name;
}

std::string StraightLine::leaf(Term term)
{
    const Algebra::Entry& entry = algebra_[term];
    if (entry.kind == Kind::constant) {
        return literal(entry.value);
    }
    return std::string("c[").append(std::to_string(coefficients_.number_of(term))).append("]");
}

std::string StraightLine::text_of(Factor factor)
{
    if (factors_[factor].text.empty()) {
        const FactorEntry entry = factors_[factor];
        std::string text;
        const bool is_common = entry.is_pair && !factors_[entry.a].is_pair && !factors_[entry.b].is_pair
                               && partner_.contains(factors_[entry.a].term)
                               && partner_.at(factors_[entry.a].term) == factors_[entry.b].term;
        if (is_common) {
            text = common_reciprocal(factors_[entry.a].term);
        } else if (entry.is_pair && (is_divisor(entry.a) || is_divisor(entry.b))) {
            const Factor divisor = is_divisor(entry.a) ? entry.a : entry.b;
            const std::string left = text_of(divisor == entry.a ? entry.b : entry.a);
            text = joined({left, value(algebra_[factors_[divisor].term].operands[0]), true});
        } else if (entry.is_pair) {
            const std::string a = text_of(entry.a), b = text_of(entry.b);
            text = statement(std::string(a).append(" * ").append(b));
        } else {
            text = value(entry.term);
        }
        factors_[factor].text = text;
    }
    return factors_[factor].text;
}

bool StraightLine::is_divisor(Factor factor) const
{
    const FactorEntry& entry = factors_[factor];
    return !entry.is_pair && algebra_[entry.term].kind == Kind::reciprocal && algebra_[entry.term].level >= level_
           && !partner_.contains(entry.term) && !is_needed_whole_.contains(entry.term) && factor_uses_.at(factor) == 1;
}

StraightLine::Halves StraightLine::halves(std::size_t product)
{
    std::vector<Factor> factors = products_[product].factors;
    Halves result;
    const auto divisor = std::ranges::find_if(factors, [this](Factor factor) { return is_divisor(factor); });
    if (divisor != factors.end() && factors.size() > 1) {
        result.is_quotient = true;
        std::rotate(divisor, divisor + 1, factors.end());
    }
    std::vector<std::string> texts;
    for (const Factor factor : factors) {
        const bool is_last = texts.size() + 1 == factors.size();
        texts.push_back(result.is_quotient && is_last ? value(algebra_[factors_[factor].term].operands[0])
                                                      : text_of(factor));
    }
    result.left = texts[0];
    for (std::size_t i = 1; i + 1 < texts.size(); ++i) {
        result.left = statement(std::string(result.left).append(" * ").append(texts[i]));
    }
    result.right = texts.size() > 1 ? texts.back() : std::string();
    return result;
}

std::string StraightLine::joined(const Halves& halves)
{
    if (halves.right.empty()) {
        return halves.left;
    }
    return statement(std::string(halves.left).append(halves.is_quotient ? " / " : " * ").append(halves.right));
}

std::string StraightLine::text_of_product(std::size_t product)
{
    if (products_[product].text.empty()) {
        products_[product].text = joined(halves(product));
    }
    return products_[product].text;
}

std::string StraightLine::sum(Term term)
{
    const std::vector<Term> operands = algebra_[term].operands;
    std::vector<Signed> terms;
    for (std::size_t i = 0; i < operands.size(); i += 2) {
        terms.push_back(product_of(operands[i], operands[i + 1]));
    }
    // A single value first, then products, which become fused multiply-adds; a positive one to begin with.
    const auto is_single = [&](const Signed& part) {
        const Product& product = products_[part.product];
        return product.factors.size() == 1 || product.uses > 1;
    };
    std::ranges::stable_sort(terms, {},
                             [&](const Signed& part) { return (part.negative ? 1 : 0) + (is_single(part) ? 0 : 2); });
    const auto positive = std::ranges::find(terms, false, &Signed::negative);
    if (positive != terms.end()) {
        std::rotate(terms.begin(), positive, positive + 1);
    }
    std::string total;
    for (const Signed& part : terms) {
        if (total.empty()) {
            total = text_of_product(part.product);
            total = part.negative ? statement(call("negative", {total})) : total;
            continue;
        }
        const Halves factors = is_single(part) ? Halves{text_of_product(part.product), {}} : halves(part.product);
        if (factors.right.empty() || factors.is_quotient) {
            const std::string text = joined(factors);
            total = statement(std::string(total).append(part.negative ? " - " : " + ").append(text));
        } else {
            total = statement(call(part.negative ? "negative_fma" : "fma", {factors.left, factors.right, total}));
        }
    }
    return total;
}

std::string StraightLine::atom(Term term)
{
    const Algebra::Entry entry = algebra_[term];
    if (entry.kind == Kind::reciprocal && partner_.contains(term)) {
        const std::string common = common_reciprocal(term);
        const std::string other = value(algebra_[partner_.at(term)].operands[0]);
        return statement(std::string(common).append(" * ").append(other));
    }
    std::vector<std::string> operands;
    if (entry.kind != Kind::sum && entry.kind != Kind::product) {
        for (const Term operand : entry.operands) {
            operands.push_back(value(operand));
        }
    }
    switch (entry.kind) {
    case Kind::symbol:
        return entry.level == Algebra::moving ? "y[" + std::to_string(entry.symbol) + "]"
                                              : "s(" + std::to_string(entry.symbol) + ")";
    case Kind::alias: return operands[0];
    case Kind::sum: return sum(term);
    case Kind::product: {
        const Signed part = product_of(entry.operands[0], algebra_.product(std::span(entry.operands).subspan(1)));
        const std::string text = text_of_product(part.product);
        return part.negative ? statement(call("negative", {text})) : text;
    }
    case Kind::reciprocal: return statement(std::string("Pack(1.0) / ").append(operands[0]));
    case Kind::power: return statement(call("power", operands));
    case Kind::maximum: return statement(call("maximum", operands));
    case Kind::choice: return statement(call("choose_greater", operands));
    case Kind::exponential: return statement(call("exponential", operands));
    case Kind::logarithm: return statement(call("logarithm", operands));
    case Kind::constant: break;
    }
    throw std::logic_error("StraightLine::atom: a constant is a leaf");
}

std::string StraightLine::value(Term term)
{
    if (algebra_[term].level < level_) {
        return leaf(term);
    }
    const auto known = texts_.find(term);
    if (known != texts_.end()) {
        return known->second;
    }
    const std::string text = atom(term);
    texts_[term] = text;
    return text;
}

} // namespace osteoflare::solvers::compiler
