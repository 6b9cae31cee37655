#pragma once

#include "solvers/compiler/straight_line.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

/// What the writers of kernels share: pieces of C++ text.
namespace osteoflare::solvers::compiler {

/// A static function template of a kernel.
std::string function_text(const std::string& signature, const std::string& body,
                          const std::string& types = "class Pack");

/// `NAME(y, c, o)`: functions of the state that are not rates; they may write behind the state itself.
std::string quantities_text(Algebra& algebra, Coefficients& coefficients, const std::string& name,
                            const std::vector<Term>& terms);

/// `NAME(settings, c)` computes fixed expressions; `first_setting` is the text of the first setting's symbol number.
std::string prepare_text(Algebra& algebra, const std::string& name, const std::vector<Term>& terms,
                         const std::string& first_setting);

/// Statements of a text.
std::size_t n_statements(const std::string& text);

/// Nodes of a graph worth an alias. Greedy: as long as one more makes a step cheaper, the best one is taken.
std::set<std::uint32_t> worthwhile_aliases(const Graph& graph,
                                           const std::function<std::size_t(const std::set<std::uint32_t>&)>& cost);

} // namespace osteoflare::solvers::compiler
