#include "solvers/compiler/straight_line.hpp"
#include "unit/grown.hpp"
#include "unit/read_lines.hpp"

#include "catch.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

using namespace osteoflare::solvers::compiler;
using grown::number_of;

namespace {

/// The statements of a body run, with these coefficients.
read_lines::Reader read(const Algebra& algebra, const Coefficients& coefficients, const std::string& body)
{
    read_lines::Reader reader([](std::size_t symbol) { return number_of(static_cast<std::uint32_t>(symbol)); });
    for (std::size_t i = 0; i < coefficients.terms().size(); ++i) {
        reader.set("c[" + std::to_string(i) + "]", grown::value(algebra, coefficients.terms()[i]));
    }
    reader.run(body);
    return reader;
}

/// States x, y, z and settings k, q, as straight lines.
struct World {
    Algebra algebra{3};
    Term x = algebra.symbol(0), y = algebra.symbol(1), z = algebra.symbol(2), k = algebra.symbol(3),
         q = algebra.symbol(4);

    /// The statements for these outputs, which have the values that they should.
    std::string body(const std::vector<Term>& outputs, int level = Algebra::moving)
    {
        Coefficients coefficients;
        StraightLine lines(algebra, level, coefficients, outputs);
        std::vector<std::string> texts;
        for (const Term output : outputs) {
            texts.push_back(lines.value(output));
        }
        const auto reader = read(algebra, coefficients, lines.body());
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            INFO("output " << i << " of\n" << lines.body());
            CHECK(reader.atom(texts[i]) == Approx(grown::value(algebra, outputs[i])).epsilon(1e-14));
        }
        return lines.body();
    }
};

std::size_t count(const std::string& text, const std::string& what)
{
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) {
        ++found;
    }
    return found;
}

} // namespace

TEST_CASE("straight lines, read back, have the values of what was recorded", "[compiler]")
{
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Graph graph;
        const auto all = grown::expressions(graph, seed, 0);
        std::vector<std::uint32_t> roots;
        for (const grown::Both& both : all) {
            roots.push_back(both.expression.in(graph));
        }
        Algebra algebra(grown::n_moving);
        const auto forms = algebra.normal_forms(graph, roots);
        for (const int level : {Algebra::moving, Algebra::fixed}) {
            std::vector<Term> outputs;
            for (const Term form : forms) {
                if (level == Algebra::moving || algebra.is_fixed(form)) {
                    outputs.push_back(form);
                }
            }
            Coefficients coefficients;
            StraightLine lines(algebra, level, coefficients, outputs);
            std::vector<std::string> texts;
            for (const Term output : outputs) {
                texts.push_back(lines.value(output));
            }
            const auto reader = read(algebra, coefficients, lines.body());
            for (std::size_t i = 0; i < outputs.size(); ++i) {
                INFO("seed " << seed << ", level " << level << ", output " << i << " is " << texts[i] << " of\n"
                             << lines.body());
                const double exact = grown::value(algebra, outputs[i]);
                REQUIRE(reader.atom(texts[i]) == Approx(exact).epsilon(1e-10).margin(1e-10));
            }
            if (level == Algebra::fixed) {
                CHECK(coefficients.terms().empty()); // settings are read where they are
            }
        }
    }
}

TEST_CASE("reciprocals that are multiplied with each other share a division, each with one partner", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    const Term of_x = a.reciprocal(w.x), of_y = a.reciprocal(w.y), of_z = a.reciprocal(w.z);
    const Term one = a.product(of_x, of_y), other = a.product(of_x, of_z);
    CHECK(count(w.body({one, a.sum(std::array{of_x, of_y})}), " / ") == 1);
    CHECK(count(w.body({one, other, a.product(other, w.k), a.product(one, w.k), of_x, of_y, of_z}), " / ") == 2);
    CHECK(count(w.body({of_x, of_y}), " / ") == 2);
    // A fixed one is loaded, and divided.
    CHECK(count(w.body({a.product(a.reciprocal(w.k), of_x)}), "=") == 1);
}

TEST_CASE("a reciprocal that is needed once becomes a division", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    const Term quotient = a.product(w.x, a.reciprocal(w.y));
    const std::string alone = w.body({quotient}), twice = w.body({quotient, a.product(w.z, a.reciprocal(w.y))});
    CHECK(count(alone, "=") == 1);
    CHECK(count(alone, " / ") == 1);
    CHECK(count(twice, " / ") == 1); // 1/y, and two products
    CHECK(count(twice, " * ") == 2);
    CHECK(count(w.body({a.product(std::array{w.x, w.z, a.reciprocal(w.y)})}), "=") == 2);
}

TEST_CASE("what stands in two products is multiplied once, and sums become chains of multiply-adds", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    const Term kxy = a.product(std::array{w.k, w.x, w.y}), qxy = a.product(std::array{w.q, w.x, w.y});
    CHECK(count(w.body({kxy, qxy}), " * ") == 3);
    const Term minus = a.constant(-1);
    const Term chain = a.sum(std::array{w.z, a.product(w.k, w.x), a.product(std::array{minus, w.q, w.y})});
    const std::string body = w.body({chain});
    CHECK(count(body, "=") == 2);
    CHECK(count(body, " fma(") == 1);
    CHECK(count(body, "negative_fma(") == 1);
    // A sum begins with what is positive, if anything is.
    CHECK(count(w.body({a.sum(std::array{a.product(minus, w.x), w.y})}), "negative") == 0);
    CHECK(count(w.body({a.sum(std::array{a.product(minus, w.x), a.product(minus, w.y)})}), "negative") == 1);
    CHECK(count(w.body({a.product(minus, w.x)}), "negative(") == 1);
}

TEST_CASE("what is computed for one output serves the others, and fixed expressions are loaded", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    const Term root = a.power(w.x, a.constant(0.5)), fixed = a.product(w.k, w.q);
    CHECK(count(w.body({root, a.product(root, w.y), a.sum(std::array{root, w.z})}), "power") == 1);
    CHECK(w.body({fixed, a.constant(3), w.y}).empty());
    CHECK(count(w.body({fixed, w.k}, Algebra::fixed), " * ") == 1);
    const Term greater = a.apply(Kind::choice, {w.x, w.y, w.z, w.k}), larger = a.apply(Kind::maximum, {w.x, w.y});
    CHECK(count(w.body({greater, larger}), "=") == 2);
}

TEST_CASE("a reciprocal within another one is not divided together with it", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    const Term inner = a.reciprocal(w.y), outer = a.reciprocal(a.sum(std::array{w.x, inner}));
    const Term both = a.product(inner, outer);
    CHECK(count(w.body({both}), " / ") == 2);
    // Nor where it stands deeper.
    const Term deep = a.reciprocal(a.sum(std::array{w.z, a.power(outer, a.constant(0.5))}));
    CHECK(count(w.body({a.product(inner, deep)}), " / ") == 3);
}

TEST_CASE("in a sum, a reciprocal alone is a value, and a quotient is divided before it is added", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    const Term minus = a.constant(-1);
    CHECK(count(w.body({a.sum(std::array{a.reciprocal(w.x), w.y})}), "=") == 2);
    const Term quotient = a.product(w.x, a.reciprocal(w.y));
    const std::string body = w.body({a.sum(std::array{w.z, quotient})});
    CHECK(count(body, "=") == 2);
    CHECK(count(body, " / ") == 1);
    CHECK(count(body, "fma") == 0);
    CHECK(count(w.body({a.sum(std::array{w.z, a.product(minus, quotient)})}), " - ") == 1);
}

TEST_CASE("a sign goes from a coefficient into the sum, out of a product as well", "[compiler]")
{
    World w;
    Algebra& a = w.algebra;
    const Term kq = a.product(std::array{a.constant(-2), w.k, w.q});
    CHECK(count(w.body({a.sum(std::array{w.z, a.product(kq, w.x)})}), "negative_fma(") == 1);
    CHECK(count(w.body({a.sum(std::array{w.z, a.product(w.k, w.x)})}), "negative") == 0);
}

TEST_CASE("nothing is computed to get a constant", "[compiler]")
{
    World w;
    Coefficients coefficients;
    StraightLine lines(w.algebra, 0, coefficients, {}); // a level on which constants would have to be
    CHECK_THROWS_AS(lines.value(w.algebra.constant(3)), std::logic_error);
}
