#include "solvers/compiler/kernel_text.hpp"

#include "catch.hpp"

#include <cmath>
#include <set>
#include <vector>

using namespace osteoflare::solvers::compiler;

TEST_CASE("what is done to constants alone is carried out, and leaves no node", "[compiler]")
{
    const Expression two = 2, five = 5;
    CHECK((two + five).constant() == 7);
    CHECK((two - five).constant() == -3);
    CHECK((two * five).constant() == 10);
    CHECK((two / five).constant() == 0.4);
    CHECK((-two).constant() == -2);
    CHECK(pow(two, five).constant() == 32);
    CHECK(max(two, five).constant() == 5);
    CHECK(max(five, two).constant() == 5);
    CHECK(exp(two).constant() == std::exp(2.0));
    CHECK(log(five).constant() == std::log(5.0));
    CHECK(max(two, five).is_constant());
    Graph graph;
    const Expression x = Expression::symbol(graph, 3);
    CHECK(graph.size() == 1);
    CHECK_FALSE((x + two).is_constant());
    CHECK_FALSE((two + x).is_constant());
    CHECK(graph.size() == 4); // x, 2, x + 2, 2 + x
}

TEST_CASE("a graph holds each operation once, with its operands in their order", "[compiler]")
{
    Graph graph;
    const auto x = Expression::symbol(graph, 0), y = Expression::symbol(graph, 1);
    const auto difference = (x - y).in(graph);
    CHECK((x - y).in(graph) == difference);
    CHECK((y - x).in(graph) != difference);
    CHECK(graph[difference].operation == Operation::subtract);
    CHECK(graph[difference].a == x.in(graph));
    CHECK(graph[difference].b == y.in(graph));
    CHECK(Expression(2.5).in(graph) == Expression(2.5).in(graph));
    CHECK(graph[Expression(2.5).in(graph)].value == 2.5);
}

TEST_CASE("aliases are what is used twice and makes a step cheaper, the best ones, as long as any does", "[compiler]")
{
    Graph graph;
    const auto x = Expression::symbol(graph, 0), y = Expression::symbol(graph, 1);
    const Expression first = x * y, second = x / y, once = x + y, squared = log(x), plain = exp(y);
    const Expression uses[] = {first * 3.0, 4.0 * first,       second - 1.0, second - 2.0,
                               once * 5.0,  squared * squared, 1.0 - plain,  2.0 - plain};
    REQUIRE(std::size(uses) == 8);
    const auto node = [&](const Expression& expression) { return expression.in(graph); };
    std::set<std::uint32_t> gains, asked;
    const auto cost = [&](const std::set<std::uint32_t>& aliases) {
        std::size_t result = 100;
        for (const std::uint32_t alias : aliases) {
            asked.insert(alias);
            result -= gains.contains(alias) ? 10 : 0;
            result += gains.contains(alias) ? 0 : 1;
        }
        // The first two together are worth no more than one.
        return aliases.contains(node(first)) && aliases.contains(node(second)) ? result + 15 : result;
    };
    CHECK(worthwhile_aliases(graph, cost).empty());
    // What is multiplied with itself is used once, and symbols and constants are there already.
    CHECK(asked == std::set{node(first), node(second), node(plain)});
    gains = {node(plain), node(once), node(x), node(y), node(squared), node(Expression(1.0))};
    CHECK(worthwhile_aliases(graph, cost) == std::set{node(plain)});
    gains = {node(plain), node(first), node(second)};
    CHECK(worthwhile_aliases(graph, cost) == std::set{node(plain), node(first)});
    CHECK(n_statements("a = b;\nc = d;\n") == 2);
}
