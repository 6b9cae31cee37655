#include "solvers/compiler/notation.hpp"

#include "catch.hpp"

#include <stdexcept>
#include <string>

using namespace osteoflare::solvers::compiler;

namespace {

/// Four symbols and what expressions of them look like.
struct Sheet {
    Graph graph;
    Expression a = Expression::symbol(graph, 0), b = Expression::symbol(graph, 1), c = Expression::symbol(graph, 2),
               x = Expression::symbol(graph, 3);
    Notation notation{graph, {}};

    Sheet() { notation.names = {{a.in(graph), "a"}, {b.in(graph), "b"}, {c.in(graph), "c"}, {x.in(graph), "x_1"}}; }
    std::string in_latex(const Expression& expression) { return latex(notation, expression.in(graph)); }
    std::string in_mathml(const Expression& expression) { return mathml(notation, expression.in(graph), 0); }
};

} // namespace

TEST_CASE_METHOD(Sheet, "LaTeX has brackets where they are needed, and no others", "[compiler][notation]")
{
    CHECK(in_latex(a + b * c) == "a + b\\, c");
    CHECK(in_latex((a + b) * c) == "(a + b)\\, c");
    CHECK(in_latex(a * (1.0 - b * (1.0 + c))) == "a \\left[ 1 - b\\, (1 + c) \\right]");
    CHECK(in_latex(a * (b + (c + 1.0) * (1.0 - x * (1.0 + a))))
          == "a \\left\\{ b + (c + 1) \\left[ 1 - x_1\\, (1 + a) \\right] \\right\\}");
    CHECK(in_latex((a + b) + (c + x)) == "a + b + c + x_1");
    CHECK(in_latex((a * b) * (c * x)) == "a\\, b\\, c\\, x_1");
    CHECK(in_latex(-a * b) == "(-a)\\, b");
    CHECK(in_latex((1.0 + a / b) * c * x)
          == "\\left( 1 + \\frac{a}{b} \\right) c\\, x_1"); // brackets that grow have space
}

TEST_CASE_METHOD(Sheet, "LaTeX has the signs of a difference of sums", "[compiler][notation]")
{
    CHECK(in_latex(a - (b - c)) == "a - b + c");
    CHECK(in_latex(a - (b + c)) == "a - b - c");
    CHECK(in_latex(a - -b) == "a + b");
    CHECK(in_latex(-a) == "-a");
    CHECK(in_latex(-(a - b)) == "-a + b");
}

TEST_CASE_METHOD(Sheet, "what is added and taken away does not appear in LaTeX", "[compiler][notation]")
{
    CHECK(in_latex(1.0 - (1.0 - a) + (1.0 - a) * b) == "a + (1 - a)\\, b");
    CHECK(in_latex(a - a) == "0");
    CHECK(in_latex(max(a - b, 0.0 * a)) == "\\max(a - b, 0)");
}

TEST_CASE_METHOD(Sheet, "a quotient is a fraction below the factor before it", "[compiler][notation]")
{
    CHECK(in_latex(a * b / c) == "a\\, \\frac{b}{c}");
    CHECK(in_latex(a / (b + c)) == "\\frac{a}{b + c}");
    CHECK(in_latex(a * b / (b + c)) == "\\frac{a\\, b}{b + c}");
    CHECK(in_latex(a * (b / (b + c))) == "a\\, \\frac{b}{b + c}");
    CHECK(in_latex(a * (b + c) / (1.0 + c)) == "a\\, \\frac{b + c}{1 + c}");
    CHECK(in_latex(a * (b / c) / (1.0 + c)) == "a\\, \\frac{b}{c}\\, \\frac{1}{1 + c}");
    CHECK(in_latex((a + b) / c) == "\\frac{a + b}{c}");
    CHECK(in_latex(a / b / c) == "\\frac{a}{b}\\, \\frac{1}{c}");
    CHECK(in_latex(a / (b / c)) == "\\frac{a}{\\frac{b}{c}}");
    CHECK(in_latex(a * (1.0 + b / c)) == "a \\left( 1 + \\frac{b}{c} \\right)");
    CHECK(in_latex(1.0 / (1.0 + a)) == "\\frac{1}{1 + a}");
}

TEST_CASE_METHOD(Sheet, "a thing times itself is a square, and bases that are not single are bracketed",
                 "[compiler][notation]")
{
    CHECK(in_latex(a * a) == "a^2");
    CHECK(in_latex(x * x) == "x_1^2");
    CHECK(in_latex((a + b) * (a + b)) == "(a + b)^2");
    CHECK(in_latex((a / b) * (a / b)) == "\\left( \\frac{a}{b} \\right)^2");
    CHECK(in_latex(pow(a, b / c)) == "a^{b/c}");
    CHECK(in_latex(pow(a, (1.0 - b) / (c * x))) == "a^{(1 - b)/(c\\, x_1)}");
    CHECK(in_latex(pow(a * b, c)) == "(a\\, b)^c");
    CHECK(in_latex(exp(a + b) * log(c)) == "\\exp(a + b)\\, \\ln(c)");
    notation.names.insert_or_assign(x.in(graph), std::string("x_1'"));
    CHECK(in_latex(x * x) == "(x_1')^2");
}

TEST_CASE_METHOD(Sheet, "an intermediate that has a name is written by it, except where it is defined",
                 "[compiler][notation]")
{
    const Expression total = a + b;
    notation.names.insert_or_assign(total.in(graph), std::string("t"));
    CHECK(in_latex(total * c) == "t\\, c");
    CHECK(in_latex(total + c) == "t + c");
    CHECK(in_latex(total) == "a + b");
    CHECK(in_mathml(total / c) == "<apply>\n  <divide/>\n  <ci> t </ci>\n  <ci> c </ci>\n</apply>\n");
    CHECK(in_mathml(total + c) == "<apply>\n  <plus/>\n  <ci> t </ci>\n  <ci> c </ci>\n</apply>\n");
    CHECK(in_mathml(total) == "<apply>\n  <plus/>\n  <ci> a </ci>\n  <ci> b </ci>\n</apply>\n");
}

TEST_CASE_METHOD(Sheet, "MathML joins chains of sums and products, and numbers in it are dimensionless",
                 "[compiler][notation]")
{
    CHECK(in_mathml(a + b + 0.5)
          == "<apply>\n  <plus/>\n  <ci> a </ci>\n  <ci> b </ci>\n  <cn sbml:units=\"dimensionless\"> 0.5 "
             "</cn>\n</apply>\n");
    CHECK(in_mathml(a - b - c)
          == "<apply>\n  <minus/>\n  <apply>\n    <minus/>\n    <ci> a </ci>\n    <ci> b </ci>\n  </apply>\n"
             "  <ci> c </ci>\n</apply>\n");
    CHECK(in_mathml(a / b / c)
          == "<apply>\n  <divide/>\n  <apply>\n    <divide/>\n    <ci> a </ci>\n    <ci> b </ci>\n  </apply>\n"
             "  <ci> c </ci>\n</apply>\n");
    CHECK(in_mathml(2e-6 * a)
          == "<apply>\n  <times/>\n  <cn type=\"e-notation\" sbml:units=\"dimensionless\"> 2 <sep/> -6 </cn>\n"
             "  <ci> a </ci>\n</apply>\n");
    CHECK(in_mathml(-max(a, log(b)))
          == "<apply>\n  <minus/>\n  <apply>\n    <max/>\n    <ci> a </ci>\n    <apply>\n      <ln/>\n      <ci> b "
             "</ci>\n"
             "    </apply>\n  </apply>\n</apply>\n");
}

TEST_CASE("numbers are written with the fewest digits that give them back", "[compiler][notation]")
{
    for (const double value : {0.1, 1.0 / 3, 2e-5, 59400.0, 6.022e23, 11.060660171779821, -3.0}) {
        CHECK(std::stod(decimal(value)) == value);
    }
    CHECK(decimal(0.1) == "0.1");
    CHECK(decimal(59400) == "59400");
}

TEST_CASE_METHOD(Sheet, "numbers in LaTeX have powers of ten, and brackets where they are negative",
                 "[compiler][notation]")
{
    CHECK(in_latex(2e-6 * a) == "2 \\cdot 10^{-6}\\, a");
    CHECK(in_latex(1e-6 * a) == "10^{-6}\\, a");
    CHECK(in_latex(pow(Expression(1e-6), a)) == "(10^{-6})^a");
    CHECK(in_latex(-3.0 * a) == "(-3)\\, a");
    CHECK(in_latex(3.0 * a) == "3\\, a");
    CHECK(in_latex(a + Expression(-3.0)) == "a + (-3)");
}

TEST_CASE_METHOD(Sheet, "a symbol alone is its name, whatever was done to it and taken back", "[compiler][notation]")
{
    CHECK(in_latex(a) == "a");
    CHECK(in_mathml(a) == "<ci> a </ci>\n");
    CHECK(in_latex(-(-a)) == "a");
    CHECK(in_latex(1.0 - (1.0 - a)) == "a");
    notation.names.insert_or_assign(x.in(graph), std::string("E^*"));
    CHECK(in_latex(x * x) == "(E^*)^2");
}

TEST_CASE_METHOD(Sheet, "brackets grow with any fraction in them, a square within a product stays one",
                 "[compiler][notation]")
{
    CHECK(in_latex(a * (b / c + 1.0)) == "a \\left( \\frac{b}{c} + 1 \\right)");
    CHECK(in_latex(a / b + c / x) == "\\frac{a}{b} + \\frac{c}{x_1}");
    CHECK(in_latex(max(a / b, c)) == "\\max\\left( \\frac{a}{b}, c \\right)");
    CHECK(in_latex(max(a, c / x)) == "\\max\\left( a, \\frac{c}{x_1} \\right)");
    CHECK(in_latex(b * (a * a)) == "b\\, a^2");
}

TEST_CASE_METHOD(Sheet, "in LaTeX's maximum what is nothing is 0, and what is something is written",
                 "[compiler][notation]")
{
    CHECK(in_latex(max(a, 1.0)) == "\\max(a, 1)");
    CHECK(in_latex(max(a, b * c)) == "\\max(a, b\\, c)");
    CHECK(in_latex(max(a, b * (c * 0.0))) == "\\max(a, 0)");
}

TEST_CASE_METHOD(Sheet, "powers and exponentials are elements of MathML", "[compiler][notation]")
{
    CHECK(in_mathml(pow(a, b)) == "<apply>\n  <power/>\n  <ci> a </ci>\n  <ci> b </ci>\n</apply>\n");
    CHECK(in_mathml(exp(a)) == "<apply>\n  <exp/>\n  <ci> a </ci>\n</apply>\n");
}

TEST_CASE_METHOD(Sheet, "a symbol without a name, and an operation that nobody knows, cannot be written",
                 "[compiler][notation]")
{
    const Expression nameless = Expression::symbol(graph, 7);
    CHECK_THROWS_WITH(in_latex(nameless * a), "latex: a symbol has no name");
    CHECK_THROWS_WITH(in_mathml(nameless * a), "mathml: a symbol has no name");
    const std::uint32_t unknown =
        graph.add({.operation = static_cast<Operation>(99), .a = a.in(graph), .b = a.in(graph)});
    CHECK_THROWS_AS(latex(notation, unknown), std::logic_error);
    CHECK_THROWS_AS(mathml(notation, unknown, 0), std::logic_error);
}
