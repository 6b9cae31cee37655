#pragma once

#include "solvers/compiler/algebra.hpp"
#include "solvers/random.hpp"
#include "unit/traced.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

/// Expressions by chance, with what they are worth: for tests of what the model compiler makes of them.
namespace grown {

using namespace osteoflare::solvers::compiler;

/// Three symbols that move, then three that are fixed.
inline constexpr std::size_t n_symbols = 6;
inline constexpr std::uint32_t n_moving = 3;

inline double number_of(std::uint32_t symbol)
{
    return 0.6 + 0.3 * symbol;
}

/// A recorded expression, and the number that it stands for.
struct Both {
    Traced number;
    Expression expression;
};

/// Expressions of expressions, by chance: the first are the symbols, `direction` is the one that moves.
inline std::vector<Both> expressions(Graph& graph, std::uint64_t seed, std::size_t direction)
{
    std::vector<Both> all;
    for (std::uint32_t i = 0; i < n_symbols; ++i) {
        Traced number = number_of(i);
        number.slope = number.slope_size = i == direction ? 1 : 0;
        all.push_back({number, Expression::symbol(graph, i)});
    }
    std::uint64_t n = 0;
    const auto below = [&](std::size_t limit) {
        return static_cast<std::size_t>(osteoflare::solvers::random_bits(seed, 1, n++, 0) % limit);
    };
    while (all.size() < 40) {
        const Both a = all[below(all.size())], b = all[below(all.size())];
        switch (below(9)) {
        case 0: all.push_back({a.number + b.number, a.expression + b.expression}); break;
        case 1: all.push_back({a.number - b.number, a.expression - b.expression}); break;
        case 2: all.push_back({a.number * b.number, a.expression * b.expression}); break;
        case 3: all.push_back({a.number / b.number, a.expression / b.expression}); break;
        case 4: all.push_back({-a.number, -a.expression}); break;
        case 5: all.push_back({max(a.number, b.number), max(a.expression, b.expression)}); break;
        case 6: all.push_back({pow(a.number * a.number, 1.5), pow(a.expression * a.expression, 1.5)}); break;
        case 7: all.push_back({a.number * 2.0 + 1.0, a.expression * 2.0 + 1.0}); break;
        default: all.push_back({log(exp(a.number) + 1.0), log(exp(a.expression) + 1.0)});
        }
        // What became nothing, too much or not a number by cancelling is no test of anything.
        const Traced& made = all.back().number;
        if (!(std::abs(made.value) > 1e-3 && made.size < 50 && made.slope_size < 1e3)) {
            all.pop_back();
        }
    }
    return all;
}

/// What a normal form is worth.
inline double value(const Algebra& algebra, Term term)
{
    const Algebra::Entry& entry = algebra[term];
    const auto of = [&](std::size_t i) { return value(algebra, entry.operands[i]); };
    double result = 0;
    switch (entry.kind) {
    case Kind::constant: return entry.value;
    case Kind::symbol: return number_of(entry.symbol);
    case Kind::sum:
        for (std::size_t i = 0; i < entry.operands.size(); i += 2) {
            result += of(i) * of(i + 1);
        }
        return result;
    case Kind::product:
        result = 1;
        for (std::size_t i = 0; i < entry.operands.size(); ++i) {
            result *= of(i);
        }
        return result;
    case Kind::reciprocal: return 1 / of(0);
    case Kind::power: return std::pow(of(0), of(1));
    case Kind::maximum: return std::max(of(0), of(1));
    case Kind::choice: return of(0) > of(1) ? of(2) : of(3);
    case Kind::exponential: return std::exp(of(0));
    case Kind::logarithm: return std::log(of(0));
    case Kind::alias: return of(0);
    }
    return result;
}

} // namespace grown
