#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <tuple>
#include <vector>

/// The recording number: a model's function template, run once on it, leaves the graph of its expressions.
namespace osteoflare::solvers::compiler {

enum class Operation : std::uint8_t {
    constant,
    symbol,
    add,
    subtract,
    multiply,
    divide,
    negate,
    power,       ///< a^b for a > 0
    maximum,     ///< the larger one; the second at a tie
    exponential, ///< e^a
    logarithm,   ///< natural
};

/// One operation of a recorded graph; operands stand before it.
struct Node {
    Operation operation = Operation::constant;
    std::uint32_t a = 0, b = 0; ///< operands; a symbol's number in a
    double value = 0;           ///< of a constant

    friend auto operator<=>(const Node&, const Node&) = default;
};

/// What a model computes, each expression once.
class Graph {
public:
    /// The node that is this operation, made if it is new. Operations on constants alone are carried out.
    std::uint32_t add(const Node& node);

    const Node& operator[](std::uint32_t node) const { return nodes_[node]; }
    std::size_t size() const { return nodes_.size(); }

private:
    std::vector<Node> nodes_;
    std::map<std::tuple<Operation, std::uint32_t, std::uint32_t, std::uint64_t>, std::uint32_t> known_;
};

/// Numbers the nodes that `roots` (lists of nodes) need, and the roots with them, in the order in which they are read
/// from there: operands before what is made of them, the left one first. The order in which they were recorded is the
/// compiler's choice, which may evaluate either operand first, and whatever is sorted by number would be it, too.
void put_in_reading_order(Graph& graph, std::initializer_list<std::vector<std::uint32_t>*> roots);

/// A number that records what is done to it. Without a graph it is a plain constant.
class Expression {
public:
    Expression() = default;
    Expression(double value) : value_(value) {} // implicit: a constant is an expression
    Expression(Graph& graph, std::uint32_t node) : graph_(&graph), node_(node) {}

    /// The symbol with this number.
    static Expression symbol(Graph& graph, std::uint32_t number);

    bool is_constant() const { return graph_ == nullptr; }
    double constant() const { return value_; }
    /// The node in `graph`, made for a constant.
    std::uint32_t in(Graph& graph) const;

    friend Expression operator+(const Expression& a, const Expression& b);
    friend Expression operator-(const Expression& a, const Expression& b);
    friend Expression operator*(const Expression& a, const Expression& b);
    friend Expression operator/(const Expression& a, const Expression& b);
    friend Expression operator-(const Expression& a);
    friend Expression pow(const Expression& a, const Expression& b);
    friend Expression max(const Expression& a, const Expression& b);
    friend Expression exp(const Expression& a);
    friend Expression log(const Expression& a);

private:
    static Expression record(Operation operation, const Expression& a, const Expression& b);

    Graph* graph_ = nullptr;
    std::uint32_t node_ = 0;
    double value_ = 0;
};

} // namespace osteoflare::solvers::compiler
