#pragma once

#include "solvers/compiler/expression.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

/// A graph's expressions as others read them.
namespace osteoflare::solvers::compiler {

/// What the nodes of a graph are called. Whatever uses a node that has a name is written with the name; every symbol
/// must have one.
struct Notation {
    const Graph& graph;
    std::map<std::uint32_t, std::string> names;
};

/// The shortest decimal number that is this value, such as "0.1" or "2e-05". `value` must be finite.
std::string decimal(double value);

/// The <cn> of SBML Level 3 for a number of this unit, by the attribute units of the namespace prefix sbml.
std::string mathml_number(double value, std::string_view unit);

/// Content MathML of the expression that a node stands for, for SBML Level 3: names become <ci>, and numbers are
/// dimensionless. Indented by `indent` blanks, lines ended.
std::string mathml(const Notation& notation, std::uint32_t node, int indent);

/// LaTeX of the expression that a node stands for, in mathematics mode: sums and products without needless brackets,
/// quotients as fractions, squares as powers. Terms that cancel are left out. Names are LaTeX.
std::string latex(const Notation& notation, std::uint32_t node);

} // namespace osteoflare::solvers::compiler
