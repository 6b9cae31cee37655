#include "unit/grown.hpp"

#include "catch.hpp"

#include <array>
#include <cmath>
#include <set>
#include <stdexcept>
#include <vector>

using namespace osteoflare::solvers::compiler;
using grown::n_moving;
using grown::n_symbols;
using grown::value;

namespace {

/// States x, y and settings k, q.
struct World {
    Algebra algebra{2};
    Term x = algebra.symbol(0), y = algebra.symbol(1), k = algebra.symbol(2), q = algebra.symbol(3);
};

} // namespace

TEST_CASE("a normal form has the value of what was recorded, and its derivatives", "[compiler]")
{
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        for (std::uint32_t direction = 0; direction < n_symbols; ++direction) {
            Graph graph;
            const auto all = grown::expressions(graph, seed, direction);
            std::vector<std::uint32_t> roots;
            for (const grown::Both& both : all) {
                roots.push_back(both.expression.in(graph));
            }
            Algebra algebra(n_moving);
            const std::set<std::uint32_t> aliases =
                seed % 2 == 0 ? std::set{roots[12], roots[20]} : std::set<std::uint32_t>{};
            const auto forms = algebra.normal_forms(graph, roots, aliases);
            const Term by = algebra.symbol(direction);
            for (std::size_t i = 0; i < all.size(); ++i) {
                INFO("seed " << seed << ", direction " << direction << ", number " << i);
                const Traced& number = all[i].number;
                CHECK(std::abs(value(algebra, forms[i]) - number.value) <= 1e-11 * (1 + number.size));
                CHECK(std::abs(value(algebra, algebra.derivative(forms[i], by, false)) - number.slope)
                      <= 1e-11 * (1 + number.slope_size));
            }
        }
    }
}

TEST_CASE("like terms are collected until nothing is left, and what is divided by itself is one", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    const Term kx = a.product(w.k, w.x), xk = a.product(w.x, w.k);
    CHECK(kx == xk);
    CHECK(a.is_constant(a.sum(std::array{kx, xk, a.product(a.constant(-2), kx)}), 0));
    CHECK(a.sum(std::array{kx, a.product(w.q, w.x)}) == a.product(a.sum(std::array{w.k, w.q}), w.x));
    CHECK(a.product(std::array{w.x, w.y, a.reciprocal(w.x)}) == w.y);
    CHECK(a.product(std::array{a.reciprocal(w.y), w.x, w.y}) == w.x);
    CHECK(a.is_constant(a.product(kx, a.reciprocal(xk)), 1));
    CHECK(a.is_constant(a.product(w.x, a.constant(0)), 0));
    CHECK(a.is_constant(a.sum(std::array{a.constant(2), a.constant(3)}), 5));
    CHECK(a.is_constant(a.product(a.constant(2), a.constant(3)), 6));
}

TEST_CASE("a sum within a sum is opened where that is asked for, with its factor", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    const Term inner = a.sum(std::array{w.x, w.y}), twice = a.product(a.constant(2), inner);
    const Term open = a.sum(std::array{twice, w.k}, true), whole = a.sum(std::array{twice, w.k});
    CHECK(a[open].operands.size() == 6); // 2 x + 2 y + k
    CHECK(a[whole].operands.size() == 4);
    CHECK(open == a.sum(std::array{a.product(a.constant(2), w.x), w.k, a.product(a.constant(2), w.y)}));
    // With a factor that is no number it stays whole: opened, it would be multiplied once per summand.
    const Term scaled = a.product(w.k, inner);
    CHECK(a.sum(std::array{scaled, w.q}, true) == a.sum(std::array{scaled, w.q}));
}

TEST_CASE("small whole powers are products, others stay powers; reciprocals cancel", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    CHECK(a.is_constant(a.power(w.x, a.constant(0)), 1));
    CHECK(a.power(w.x, a.constant(1)) == w.x);
    CHECK(a.power(w.x, a.constant(3)) == a.product(std::array{w.x, w.x, w.x}));
    CHECK(a.power(w.x, a.constant(-2)) == a.reciprocal(a.product(w.x, w.x)));
    CHECK(a[a.power(w.x, a.constant(8))].kind == Kind::product);
    CHECK(a[a.power(w.x, a.constant(9))].kind == Kind::power);
    CHECK(a[a.power(w.x, a.constant(0.5))].kind == Kind::power);
    CHECK(a.is_constant(a.power(a.constant(4), a.constant(0.5)), 2));
    CHECK(a[a.power(w.x, w.k)].kind == Kind::power);
    CHECK(a.reciprocal(a.reciprocal(w.x)) == w.x);
    CHECK(a.is_constant(a.reciprocal(a.constant(4)), 0.25));
    CHECK(a.reciprocal(a.product(w.x, w.y)) == a.product(a.reciprocal(w.x), a.reciprocal(w.y)));
    CHECK(a.apply(Kind::maximum, {w.x, w.x}) == w.x);
    CHECK(a.apply(Kind::choice, {w.x, w.y, w.k, w.k}) == w.k);
    CHECK(a[a.apply(Kind::choice, {w.x, w.y, w.k, w.q})].kind == Kind::choice);
}

TEST_CASE("functions of constants are constants, also of what only became one by cancelling", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    const Term two = a.constant(2), three = a.constant(3),
               nothing = a.sum(std::array{w.k, a.product(a.constant(-1), w.k)});
    CHECK(a.is_constant(a.apply(Kind::maximum, {two, three}), 3));
    CHECK(a.is_constant(a.apply(Kind::maximum, {three, two}), 3));
    CHECK(a.is_constant(a.apply(Kind::choice, {two, three, a.constant(5), a.constant(7)}), 7));
    CHECK(a.is_constant(a.apply(Kind::choice, {three, two, a.constant(5), a.constant(7)}), 5));
    CHECK(a.is_constant(a.apply(Kind::exponential, {nothing}), 1));
    CHECK(a.is_constant(a.apply(Kind::logarithm, {two}), std::log(2.0)));
    CHECK_FALSE(a[a.apply(Kind::exponential, {w.k})].kind == Kind::constant);
}

TEST_CASE("what holds settings alone is fixed, what holds a state moves, and both are told apart", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    CHECK(a[w.y].level == Algebra::moving);
    CHECK(a[w.k].level == Algebra::fixed);
    CHECK(a.is_fixed(a.product(w.k, w.q)));
    CHECK_FALSE(a.is_fixed(a.product(w.k, w.x)));
    CHECK(a.is_fixed(a.constant(7)));
    CHECK_FALSE(a.is_constant(w.k, 0));
    CHECK_FALSE(a.is_constant(a.constant(1), 2));
    CHECK(a.symbol(2) == w.k);
    CHECK(a.constant(-0.0) == a.constant(0.0));
    const Term fixed_part = a[a.product(std::array{w.k, w.q, w.x})].operands[0];
    CHECK(fixed_part == a.product(w.k, w.q)); // whatever can be computed before a step, is
}

TEST_CASE("a fixed factor goes into a sum that nobody else needs, and a shared sum stays whole", "[compiler]")
{
    Graph graph;
    const auto x = Expression::symbol(graph, 0), y = Expression::symbol(graph, 1), k = Expression::symbol(graph, 2),
               q = Expression::symbol(graph, 3);
    const Expression alone = k * (1.0 + q * x), shared = x + 2.0 * y, one = k * shared, other = shared * q;
    const std::vector roots = {alone.in(graph), one.in(graph), other.in(graph), (shared - 3.0).in(graph)};
    Algebra algebra(2);
    const auto forms = algebra.normal_forms(graph, roots);
    CHECK(algebra[forms[0]].kind == Kind::sum);
    CHECK(algebra[forms[1]].kind == Kind::product);
    CHECK(algebra[forms[2]].kind == Kind::product);
    CHECK(algebra[forms[1]].operands[1] == algebra[forms[2]].operands[1]);
    CHECK(algebra[forms[3]].operands.size() == 4);
}

TEST_CASE("a derivative stops at an alias if asked to, and an alias is a symbol of its own", "[compiler]")
{
    Graph graph;
    const auto x = Expression::symbol(graph, 0), k = Expression::symbol(graph, 2);
    const Expression square = x * x, fixed = k * k;
    const std::vector roots = {(square * x).in(graph), fixed.in(graph)};
    Algebra algebra(2);
    const auto forms = algebra.normal_forms(graph, roots, {square.in(graph), fixed.in(graph)});
    REQUIRE(algebra.aliases().size() == 1); // what is fixed needs none
    const Term alias = algebra.aliases()[0], by = algebra.symbol(0);
    CHECK(algebra.derivative(forms[0], by, true) == alias);
    CHECK(value(algebra, algebra.derivative(forms[0], by, false)) == Approx(3 * 0.6 * 0.6));
    CHECK(algebra.derivative(forms[0], alias, true) == by);
    CHECK(algebra.is_constant(algebra.derivative(forms[1], by, false), 0));
    CHECK(algebra.is_constant(algebra.derivative(by, by, false), 1));
}

TEST_CASE("a fixed number divided by a sum is no sum", "[compiler]")
{
    Graph graph;
    const auto x = Expression::symbol(graph, 0), k = Expression::symbol(graph, 2);
    const std::vector roots = {(k / (1.0 + x)).in(graph)};
    Algebra algebra(2);
    const Term found = algebra.normal_forms(graph, roots)[0];
    const Term sum = algebra.sum(std::array{algebra.constant(1), algebra.symbol(0)});
    CHECK(found == algebra.product(algebra.symbol(2), algebra.reciprocal(sum)));
}

TEST_CASE("the slope of a maximum is that of the larger side, and so is the slope's slope", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    const Term square = a.product(w.x, w.x), cube = a.product(square, w.x);
    const Term larger = a.apply(Kind::maximum, {square, cube});
    const Term slope = a.derivative(larger, w.x, false), curvature = a.derivative(slope, w.x, false);
    CHECK(slope
          == a.apply(Kind::choice, {square, cube, a.product(a.constant(2), w.x), a.product(a.constant(3), square)}));
    CHECK(curvature == a.apply(Kind::choice, {square, cube, a.constant(2), a.product(a.constant(6), w.x)}));
}

TEST_CASE("what is no function is not applied, and has no derivative", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    CHECK_THROWS_AS(a.apply(Kind::sum, {a.constant(1), a.constant(2)}), std::logic_error);
    const Term unknown = a.apply(static_cast<Kind>(99), {w.x});
    CHECK_THROWS_AS(a.derivative(unknown, w.x, false), std::logic_error);
    CHECK(a.is_constant(a.derivative(a.constant(3), a.constant(4), false), 0)); // nor do numbers move
}
