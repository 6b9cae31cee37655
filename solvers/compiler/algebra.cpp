#include "solvers/compiler/algebra.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

namespace osteoflare::solvers::compiler {
namespace {

double applied(Kind kind, std::span<const double> of)
{
    switch (kind) {
    case Kind::maximum: return of[0] > of[1] ? of[0] : of[1];
    case Kind::choice: return of[0] > of[1] ? of[2] : of[3];
    case Kind::exponential: return std::exp(of[0]);
    case Kind::logarithm: return std::log(of[0]);
    default: throw std::logic_error("Algebra::apply: not a function");
    }
}

} // namespace

Term Algebra::make(Entry entry)
{
    for (const Term operand : entry.operands) {
        entry.level = std::max(entry.level, entries_[operand].level);
    }
    const auto [known, is_new] = known_.try_emplace(entry, static_cast<Term>(entries_.size()));
    if (is_new) {
        entries_.push_back(std::move(entry));
    }
    return known->second;
}

Term Algebra::constant(double value)
{
    return make({.kind = Kind::constant, .operands = {}, .value = value == 0 ? 0 : value});
}

Term Algebra::symbol(std::uint32_t number)
{
    return make({.kind = Kind::symbol, .operands = {}, .symbol = number, .level = number < n_moving_ ? moving : fixed});
}

Term Algebra::product(std::span<const Term> factors)
{
    int level = 0;
    for (const Term factor : factors) {
        level = std::max(level, entries_[factor].level);
    }
    if (level == 0) {
        double value = 1;
        for (const Term factor : factors) {
            value *= entries_[factor].value;
        }
        return constant(value);
    }
    std::vector<Term> lower;
    std::vector<Term> atoms;
    for (const Term factor : factors) {
        const Entry& entry = entries_[factor];
        if (entry.level < level) {
            lower.push_back(factor);
        } else if (entry.kind == Kind::product) {
            lower.push_back(entry.operands[0]);
            atoms.insert(atoms.end(), entry.operands.begin() + 1, entry.operands.end());
        } else {
            atoms.push_back(factor);
        }
    }
    // x * (1/x) leaves nothing.
    for (std::size_t i = 0; i < atoms.size();) {
        const Entry& entry = entries_[atoms[i]];
        const auto partner = entry.kind == Kind::reciprocal ? std::ranges::find(atoms, entry.operands[0]) : atoms.end();
        if (partner == atoms.end()) {
            ++i;
            continue;
        }
        const auto other = static_cast<std::size_t>(partner - atoms.begin());
        atoms.erase(atoms.begin() + static_cast<std::ptrdiff_t>(std::max(i, other)));
        atoms.erase(atoms.begin() + static_cast<std::ptrdiff_t>(std::min(i, other)));
        i = 0;
    }
    const Term coefficient = lower.empty() ? constant(1) : product(lower);
    if (atoms.empty() || is_constant(coefficient, 0)) {
        return coefficient;
    }
    if (atoms.size() == 1 && is_constant(coefficient, 1)) {
        return atoms[0];
    }
    std::ranges::sort(atoms);
    atoms.insert(atoms.begin(), coefficient);
    return make({.kind = Kind::product, .operands = std::move(atoms)});
}

std::pair<Term, Term> Algebra::split(Term term, int level)
{
    const Entry entry = entries_[term];
    if (entry.level < level) {
        return {term, constant(1)};
    }
    if (entry.kind != Kind::product) {
        return {constant(1), term};
    }
    return {entry.operands[0], product(std::span(entry.operands).subspan(1))};
}

Term Algebra::sum(std::span<const Term> terms, bool open_sums)
{
    int level = 0;
    for (const Term term : terms) {
        level = std::max(level, entries_[term].level);
    }
    if (level == 0) {
        double value = 0;
        for (const Term term : terms) {
            value += entries_[term].value;
        }
        return constant(value);
    }
    std::map<Term, std::vector<Term>> collected; // monomial → coefficients
    const auto collect = [&](Term term) {
        const auto [coefficient, monomial] = split(term, level);
        collected[monomial].push_back(coefficient);
    };
    for (const Term term : terms) {
        const auto [coefficient, monomial] = split(term, level);
        const Entry inner = entries_[monomial];
        if (open_sums && inner.kind == Kind::sum && entries_[coefficient].kind == Kind::constant) {
            for (std::size_t i = 0; i < inner.operands.size(); i += 2) {
                collect(product(std::array{coefficient, inner.operands[i], inner.operands[i + 1]}));
            }
        } else {
            collect(term);
        }
    }
    std::vector<Term> operands;
    for (const auto& [monomial, coefficients] : collected) {
        const Term coefficient = coefficients.size() == 1 ? coefficients[0] : sum(coefficients, true);
        if (!is_constant(coefficient, 0)) {
            operands.push_back(coefficient);
            operands.push_back(monomial);
        }
    }
    if (operands.empty()) {
        return constant(0);
    }
    if (operands.size() == 2) {
        return product(operands[0], operands[1]);
    }
    return make({.kind = Kind::sum, .operands = std::move(operands)});
}

Term Algebra::reciprocal(Term a)
{
    const Entry entry = entries_[a];
    if (entry.kind == Kind::constant) {
        return constant(1 / entry.value);
    }
    if (entry.kind == Kind::reciprocal) {
        return entry.operands[0];
    }
    if (entry.kind == Kind::product) {
        std::vector<Term> factors;
        for (const Term operand : entry.operands) {
            factors.push_back(reciprocal(operand));
        }
        return product(factors);
    }
    return make({.kind = Kind::reciprocal, .operands = {a}});
}

Term Algebra::power(Term a, Term b)
{
    if (entries_[b].kind == Kind::constant) {
        const double exponent = entries_[b].value;
        if (exponent == std::round(exponent) && std::abs(exponent) <= 8) {
            const std::vector<Term> factors(static_cast<std::size_t>(std::abs(exponent)), a);
            const Term whole = factors.empty() ? constant(1) : product(factors);
            return exponent < 0 ? reciprocal(whole) : whole;
        }
        if (entries_[a].kind == Kind::constant) {
            return constant(std::pow(entries_[a].value, exponent));
        }
    }
    return make({.kind = Kind::power, .operands = {a, b}});
}

Term Algebra::apply(Kind kind, std::vector<Term> operands)
{
    if (kind == Kind::maximum && operands[0] == operands[1]) {
        return operands[0];
    }
    if (kind == Kind::choice && operands[2] == operands[3]) {
        return operands[2];
    }
    // As everywhere: what is known before the kernel is written is a number in it.
    if (std::ranges::all_of(operands, [this](Term operand) { return entries_[operand].kind == Kind::constant; })) {
        std::vector<double> values;
        std::ranges::transform(operands, std::back_inserter(values),
                               [this](Term operand) { return entries_[operand].value; });
        return constant(applied(kind, values));
    }
    return make({.kind = kind, .operands = std::move(operands)});
}

Term Algebra::derivative(Term of, Term by, bool stop_at_aliases)
{
    if (of == by) {
        return constant(1);
    }
    if (entries_[of].level < entries_[by].level || (stop_at_aliases && entries_[of].kind == Kind::alias)) {
        return constant(0);
    }
    const auto known = derivatives_.find({of, by, stop_at_aliases});
    if (known != derivatives_.end()) {
        return known->second;
    }
    const Term result = derive(of, by, stop_at_aliases);
    derivatives_[{of, by, stop_at_aliases}] = result;
    return result;
}

Term Algebra::derive(Term of, Term by, bool stop_at_aliases)
{
    const Entry entry = entries_[of]; // by value: the table grows
    const std::vector<Term>& operands = entry.operands;
    const auto slope = [&](Term operand) { return derivative(operand, by, stop_at_aliases); };
    switch (entry.kind) {
    case Kind::constant: return constant(0);
    case Kind::symbol: return constant(0);
    case Kind::alias: return slope(operands[0]);
    case Kind::sum: {
        std::vector<Term> terms;
        for (std::size_t i = 0; i < operands.size(); i += 2) {
            terms.push_back(product(slope(operands[i]), operands[i + 1]));
            terms.push_back(product(operands[i], slope(operands[i + 1])));
        }
        return sum(terms);
    }
    case Kind::product: {
        std::vector<Term> terms;
        for (std::size_t i = 0; i < operands.size(); ++i) {
            std::vector<Term> factors = operands;
            factors[i] = slope(operands[i]);
            terms.push_back(product(factors));
        }
        return sum(terms);
    }
    case Kind::reciprocal: {

        return product(std::array{constant(-1), of, of, slope(operands[0])});
    }
    case Kind::power: {
        const Term base_part = product(std::array{operands[1], of, reciprocal(operands[0]), slope(operands[0])});
        const Term exponent_slope = slope(operands[1]);
        if (is_constant(exponent_slope, 0)) {
            return base_part;
        }
        const Term exponent_part = product(std::array{of, apply(Kind::logarithm, {operands[0]}), exponent_slope});
        return sum(std::array{base_part, exponent_part});
    }
    case Kind::maximum: return apply(Kind::choice, {operands[0], operands[1], slope(operands[0]), slope(operands[1])});
    case Kind::choice: return apply(Kind::choice, {operands[0], operands[1], slope(operands[2]), slope(operands[3])});
    case Kind::exponential: return product(of, slope(operands[0]));
    case Kind::logarithm: return product(std::array{reciprocal(operands[0]), slope(operands[0])});
    }
    throw std::logic_error("Algebra::derive: unknown kind");
}

std::vector<Term> Algebra::normal_forms(const Graph& graph, std::span<const std::uint32_t> roots,
                                        const std::set<std::uint32_t>& aliases)
{
    std::vector<bool> reachable(graph.size());
    std::vector<std::size_t> uses(graph.size());
    for (const std::uint32_t root : roots) {
        reachable[root] = true;
        ++uses[root];
    }
    for (std::size_t node = graph.size(); node-- > 0;) {
        const Node& entry = graph[static_cast<std::uint32_t>(node)];
        if (!reachable[node] || entry.operation == Operation::constant || entry.operation == Operation::symbol) {
            continue;
        }
        reachable[entry.a] = reachable[entry.b] = true;
        ++uses[entry.a];
        uses[entry.b] += entry.a == entry.b ? 0 : 1;
    }
    std::vector<Term> forms(graph.size());
    for (std::uint32_t node = 0; node < graph.size(); ++node) {
        if (!reachable[node]) {
            continue;
        }
        const Node& entry = graph[node];
        const bool is_leaf = entry.operation == Operation::constant || entry.operation == Operation::symbol;
        const Term a = is_leaf ? 0 : forms[entry.a], b = is_leaf ? 0 : forms[entry.b]; // a symbol's a is its number
        // Fixed sums are computed rarely and open freely; a moving one that others need as well stays whole.
        const auto opens = [&](std::uint32_t operand) {
            return entries_[forms[operand]].level <= fixed || uses[operand] == 1;
        };
        const auto plus = [&](Term right) {
            std::vector<Term> terms;
            const std::pair<std::uint32_t, Term> sides[] = {{entry.a, a}, {entry.b, right}};
            for (const auto& [operand, form] : sides) {
                const auto [coefficient, monomial] = split(form, entries_[form].level);
                const Entry inner = entries_[monomial];
                if (opens(operand) && inner.kind == Kind::sum && entries_[coefficient].kind == Kind::constant) {
                    for (std::size_t i = 0; i < inner.operands.size(); i += 2) {
                        terms.push_back(product(std::array{coefficient, inner.operands[i], inner.operands[i + 1]}));
                    }
                } else {
                    terms.push_back(form);
                }
            }
            return sum(terms);
        };
        // A fixed factor goes into a sum that nobody else needs: k (1 + q x) becomes k + (k q) x, one operation less.
        const auto times = [&](Term left, Term right) {
            const std::pair<std::uint32_t, Term> sides[] = {{entry.a, right}, {entry.b, left}};
            for (const auto& [operand, other] : sides) {
                const Entry inner = entries_[forms[operand]];
                if (inner.kind == Kind::sum && inner.level == moving && uses[operand] == 1 && is_fixed(other)
                    && forms[operand] == (operand == entry.a ? left : right)) {
                    std::vector<Term> terms;
                    for (std::size_t i = 0; i < inner.operands.size(); i += 2) {
                        terms.push_back(product(std::array{other, inner.operands[i], inner.operands[i + 1]}));
                    }
                    return sum(terms);
                }
            }
            return product(left, right);
        };
        switch (entry.operation) {
        case Operation::constant: forms[node] = constant(entry.value); break;
        case Operation::symbol: forms[node] = symbol(entry.a); break;
        case Operation::add: forms[node] = plus(b); break;
        case Operation::subtract: forms[node] = plus(product(constant(-1), b)); break;
        case Operation::multiply: forms[node] = times(a, b); break;
        case Operation::divide: forms[node] = times(a, reciprocal(b)); break;
        case Operation::negate: forms[node] = product(constant(-1), a); break;
        case Operation::power: forms[node] = power(a, b); break;
        case Operation::maximum: forms[node] = apply(Kind::maximum, {a, b}); break;
        case Operation::exponential: forms[node] = apply(Kind::exponential, {a}); break;
        case Operation::logarithm: forms[node] = apply(Kind::logarithm, {a}); break;
        }
        if (aliases.contains(node) && entries_[forms[node]].level == moving) {
            forms[node] = apply(Kind::alias, {forms[node]});
            aliases_.push_back(forms[node]);
        }
    }
    std::vector<Term> result;
    for (const std::uint32_t root : roots) {
        result.push_back(forms[root]);
    }
    return result;
}

} // namespace osteoflare::solvers::compiler
