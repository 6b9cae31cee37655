#include "solvers/compiler/notation.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace osteoflare::solvers::compiler {
namespace {

/// How strongly a piece of text holds together.
enum class Binding { sum, product, power, atom };

struct Piece {
    std::string text;
    Binding binding = Binding::atom;
    int brackets = 0;         ///< how many stand in each other
    bool is_tall = false;     ///< holds a fraction
    bool is_fraction = false; ///< and nothing else
    std::string in_line{};    ///< a fraction with a slash, for exponents
};

/// Round brackets inside, square ones around them, then curly ones.
Piece bracketed(const Piece& piece)
{
    constexpr std::array<std::array<const char*, 2>, 3> kinds = {{{"(", ")"}, {"[", "]"}, {"\\{", "\\}"}}};
    const auto& [left, right] = kinds[static_cast<std::size_t>(piece.brackets) % kinds.size()];
    const bool grows = piece.is_tall || piece.brackets > 0;
    const std::string opening = grows ? std::string("\\left").append(left).append(" ") : left;
    const std::string closing = grows ? std::string(" \\right").append(right) : right;
    return {opening + piece.text + closing, Binding::atom, piece.brackets + 1, piece.is_tall, false};
}

Piece holding(const Piece& piece, Binding least)
{
    return piece.binding < least ? bracketed(piece) : piece;
}

Piece fraction(const Piece& above, const Piece& below)
{
    return {std::string("\\frac{").append(above.text).append("}{").append(below.text).append("}"),
            Binding::product,
            std::max(above.brackets, below.brackets),
            true,
            true,
            holding(above, Binding::product).text + "/" + holding(below, Binding::power).text};
}

Piece number(double value)
{
    const std::string digits = decimal(value);
    const std::size_t e = digits.find('e');
    if (e == digits.npos) {
        return {digits, value < 0 ? Binding::sum : Binding::atom};
    }
    const int exponent = std::stoi(digits.substr(e + 1));
    const std::string power = std::string("10^{").append(std::to_string(exponent)).append("}");
    return digits.substr(0, e) == "1" ? Piece{power, Binding::power}
                                      : Piece{digits.substr(0, e) + " \\cdot " + power, Binding::product};
}

class Writer {
public:
    explicit Writer(const Notation& notation) : notation_(notation) {}

    Piece write(std::uint32_t node, bool by_name) const
    {
        const Node& entry = notation_.graph[node];
        if (const auto name = name_of(node); name && (by_name || entry.operation == Operation::symbol)) {
            const bool is_raised = name->find('^') != name->npos || name->find('\'') != name->npos;
            return {*name, is_raised ? Binding::product : Binding::atom};
        }
        switch (entry.operation) {
        case Operation::constant: return number(entry.value);
        case Operation::add:
        case Operation::subtract:
        case Operation::negate: return sum(node);
        case Operation::multiply:
        case Operation::divide: return is_square(node) ? power(write(entry.a, true), {"2"}) : product(node);
        case Operation::power: return power(write(entry.a, true), write(entry.b, true));
        case Operation::maximum: return function("\\max", {entry.a, entry.b});
        case Operation::exponential: return function("\\exp", {entry.a});
        case Operation::logarithm: return function("\\ln", {entry.a});
        case Operation::symbol: break;
        }
        throw std::logic_error("latex: a symbol has no name");
    }

private:
    std::optional<std::string> name_of(std::uint32_t node) const
    {
        const auto name = notation_.names.find(node);
        return name == notation_.names.end() ? std::nullopt : std::optional(name->second);
    }
    bool is_square(std::uint32_t node) const
    {
        const Node& entry = notation_.graph[node];
        return entry.operation == Operation::multiply && entry.a == entry.b;
    }
    bool is_zero(std::uint32_t node) const
    {
        const Node& entry = notation_.graph[node];
        return (entry.operation == Operation::constant && entry.value == 0)
               || (entry.operation == Operation::multiply && (is_zero(entry.a) || is_zero(entry.b)));
    }

    static Piece power(const Piece& base, const Piece& exponent)
    {
        const Piece whole = holding(base, Binding::atom);
        const std::string& above = exponent.is_fraction ? exponent.in_line : exponent.text;
        const std::string raised = above.size() == 1 ? above : "{" + above + "}";
        return {whole.text + "^" + raised, Binding::power, whole.brackets, whole.is_tall, false};
    }

    Piece function(const std::string& name, const std::vector<std::uint32_t>& arguments) const
    {
        Piece list;
        for (const std::uint32_t argument : arguments) {
            const Piece piece = is_zero(argument) ? Piece{"0"} : write(argument, true);
            list.text += (list.text.empty() ? "" : ", ") + piece.text;
            list.brackets = std::max(list.brackets, piece.brackets);
            list.is_tall = list.is_tall || piece.is_tall;
        }
        Piece brackets = bracketed(list);
        brackets.text.insert(0, name);
        return brackets;
    }

    using Terms = std::vector<std::pair<bool, std::uint32_t>>; ///< whether negative, and the node

    void collect_terms(std::uint32_t node, bool negative, bool by_name, Terms& terms) const
    {
        const Node& entry = notation_.graph[node];
        const bool is_named = by_name && name_of(node);
        if (!is_named && (entry.operation == Operation::add || entry.operation == Operation::subtract)) {
            collect_terms(entry.a, negative, true, terms);
            collect_terms(entry.b, negative != (entry.operation == Operation::subtract), true, terms);
        } else if (!is_named && entry.operation == Operation::negate) {
            collect_terms(entry.a, !negative, true, terms);
        } else if (const auto opposite = std::ranges::find(terms, std::pair(!negative, node));
                   opposite != terms.end()) {
            terms.erase(opposite);
        } else {
            terms.emplace_back(negative, node);
        }
    }

    Piece sum(std::uint32_t node) const
    {
        Terms terms;
        collect_terms(node, false, false, terms);
        if (terms.size() == 1 && !terms[0].first) {
            return write(terms[0].second, true);
        }
        Piece whole{terms.empty() ? "0" : "", Binding::sum};
        for (const auto& [negative, term] : terms) {
            const Piece piece = holding(write(term, true), Binding::product);
            whole.text += whole.text.empty() ? (negative ? "-" : "") : (negative ? " - " : " + ");
            whole.text += piece.text;
            whole.brackets = std::max(whole.brackets, piece.brackets);
            whole.is_tall = whole.is_tall || piece.is_tall;
        }
        return whole;
    }

    /// The factors of a product. A divisor goes below the factor before it, or below a 1 if that is a fraction already;
    /// a sum goes below all the factors that it divides, if they are simple.
    void collect_factors(std::uint32_t node, bool by_name, std::vector<Piece>& factors) const
    {
        const Node& entry = notation_.graph[node];
        const bool is_product = entry.operation == Operation::multiply && !is_square(node);
        if ((by_name && name_of(node)) || (!is_product && entry.operation != Operation::divide)) {
            factors.push_back(write(node, true));
            return;
        }
        const std::size_t first = factors.size();
        collect_factors(entry.a, true, factors);
        if (is_product) {
            collect_factors(entry.b, true, factors);
            return;
        }
        const Piece below = write(entry.b, true);
        const auto divided = std::span(factors).subspan(first);
        const bool are_simple =
            std::ranges::none_of(divided, [](const Piece& factor) { return factor.binding == Binding::sum; });
        if (factors.back().is_fraction) {
            factors.push_back(fraction({"1"}, below));
        } else if (below.binding == Binding::sum && are_simple) {
            const Piece above = joined(divided);
            factors.resize(first);
            factors.push_back(fraction(above, below));
        } else {
            factors.back() = fraction(factors.back(), below);
        }
    }

    /// Brackets that grow bring their own space.
    static bool is_spaced(const std::string& left, const std::string& right)
    {
        const std::size_t closing = left.rfind("\\right");
        return right.starts_with("\\left") || (closing != left.npos && left.size() - closing <= 8);
    }

    static Piece joined(std::span<const Piece> factors)
    {
        if (factors.size() == 1) {
            return factors[0];
        }
        Piece whole{"", Binding::product};
        for (const Piece& factor : factors) {
            const Piece piece = holding(factor, Binding::product);
            whole.text += whole.text.empty() ? "" : is_spaced(whole.text, piece.text) ? " " : "\\, ";
            whole.text += piece.text;
            whole.brackets = std::max(whole.brackets, piece.brackets);
            whole.is_tall = whole.is_tall || piece.is_tall;
        }
        return whole;
    }

    Piece product(std::uint32_t node) const
    {
        std::vector<Piece> factors;
        collect_factors(node, false, factors);
        return joined(factors);
    }

    const Notation& notation_;
};

} // namespace

std::string latex(const Notation& notation, std::uint32_t node)
{
    return Writer(notation).write(node, false).text;
}

} // namespace osteoflare::solvers::compiler
