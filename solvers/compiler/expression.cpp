#include "solvers/compiler/expression.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <utility>

namespace osteoflare::solvers::compiler {
namespace {

double evaluate(Operation operation, double a, double b)
{
    switch (operation) {
    case Operation::add: return a + b;
    case Operation::subtract: return a - b;
    case Operation::multiply: return a * b;
    case Operation::divide: return a / b;
    case Operation::negate: return -a;
    case Operation::power: return std::pow(a, b);
    case Operation::maximum: return a > b ? a : b;
    case Operation::exponential: return std::exp(a);
    case Operation::logarithm: return std::log(a);
    case Operation::constant:
    case Operation::symbol: break;
    }
    return a;
}

} // namespace

std::uint32_t Graph::add(const Node& node)
{
    const auto key = std::tuple(node.operation, node.a, node.b, std::bit_cast<std::uint64_t>(node.value));
    const auto [known, is_new] = known_.try_emplace(key, static_cast<std::uint32_t>(nodes_.size()));
    if (is_new) {
        nodes_.push_back(node);
    }
    return known->second;
}

void put_in_reading_order(Graph& graph, std::initializer_list<std::vector<std::uint32_t>*> roots)
{
    Graph ordered;
    std::map<std::uint32_t, std::uint32_t> numbers;
    const std::function<std::uint32_t(std::uint32_t)> read = [&](std::uint32_t node) {
        const auto known = numbers.find(node);
        if (known != numbers.end()) {
            return known->second;
        }
        Node entry = graph[node];
        if (entry.operation != Operation::constant && entry.operation != Operation::symbol) {
            entry.a = read(entry.a);
            entry.b = read(entry.b);
        }
        return numbers[node] = ordered.add(entry);
    };
    for (std::vector<std::uint32_t>* const list : roots) {
        for (std::uint32_t& root : *list) {
            root = read(root);
        }
    }
    graph = std::move(ordered);
}

Expression Expression::symbol(Graph& graph, std::uint32_t number)
{
    return {graph, graph.add({.operation = Operation::symbol, .a = number})};
}

std::uint32_t Expression::in(Graph& graph) const
{
    return is_constant() ? graph.add({.operation = Operation::constant, .value = value_}) : node_;
}

Expression Expression::record(Operation operation, const Expression& a, const Expression& b)
{
    if (a.is_constant() && b.is_constant()) {
        return evaluate(operation, a.value_, b.value_);
    }
    Graph& graph = a.is_constant() ? *b.graph_ : *a.graph_;
    return {graph, graph.add({.operation = operation, .a = a.in(graph), .b = b.in(graph)})};
}

Expression operator+(const Expression& a, const Expression& b)
{
    return Expression::record(Operation::add, a, b);
}

Expression operator-(const Expression& a, const Expression& b)
{
    return Expression::record(Operation::subtract, a, b);
}

Expression operator*(const Expression& a, const Expression& b)
{
    return Expression::record(Operation::multiply, a, b);
}

Expression operator/(const Expression& a, const Expression& b)
{
    return Expression::record(Operation::divide, a, b);
}

Expression operator-(const Expression& a)
{
    return Expression::record(Operation::negate, a, a);
}

Expression pow(const Expression& a, const Expression& b)
{
    return Expression::record(Operation::power, a, b);
}

Expression max(const Expression& a, const Expression& b)
{
    return Expression::record(Operation::maximum, a, b);
}

Expression exp(const Expression& a)
{
    return Expression::record(Operation::exponential, a, a);
}

Expression log(const Expression& a)
{
    return Expression::record(Operation::logarithm, a, a);
}

} // namespace osteoflare::solvers::compiler
