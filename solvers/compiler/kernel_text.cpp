#include "solvers/compiler/kernel_text.hpp"

#include "solvers/compiler/elimination.hpp"

#include <algorithm>

namespace osteoflare::solvers::compiler {
namespace {

/// Nodes that may be worth an alias: used at least twice, and made by something else than a sum.
std::vector<std::uint32_t> candidates(const Graph& graph)
{
    std::vector<std::size_t> uses(graph.size());
    for (std::uint32_t node = 0; node < graph.size(); ++node) {
        const Node& entry = graph[node];
        if (entry.operation != Operation::constant && entry.operation != Operation::symbol) {
            ++uses[entry.a];
            uses[entry.b] += entry.a == entry.b ? 0 : 1;
        }
    }
    std::vector<std::uint32_t> found;
    for (std::uint32_t node = 0; node < graph.size(); ++node) {
        const Operation operation = graph[node].operation;
        if (uses[node] >= 2 && operation != Operation::constant && operation != Operation::symbol) {
            found.push_back(node);
        }
    }
    return found;
}

} // namespace

std::string function_text(const std::string& signature, const std::string& body, const std::string& types)
{
    return "    template <" + types + ">\n    static " + signature + "\n    {\n" + body + "    }\n\n";
}

std::string quantities_text(Algebra& algebra, Coefficients& coefficients, const std::string& name,
                            const std::vector<Term>& terms)
{
    StraightLine lines(algebra, Algebra::moving, coefficients, terms);
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const std::string value = lines.value(terms[i]);
        lines.line(at("o", i) + " = " + value + ";");
    }
    return function_text("void " + name
                             + "([[maybe_unused]] const Pack* y, [[maybe_unused]] const Fixed* c, [[maybe_unused]] "
                               "Pack* o)",
                         lines.body(), "class Pack, class Fixed");
}

std::string prepare_text(Algebra& algebra, const std::string& name, const std::vector<Term>& terms,
                         const std::string& first_setting)
{
    Coefficients none;
    StraightLine lines(algebra, Algebra::fixed, none, terms);
    for (std::size_t i = 0; i < terms.size(); ++i) {
        const std::string value = lines.value(terms[i]);
        lines.line(at("c", i) + " = " + value + ";");
    }
    const std::string of_setting = "        [[maybe_unused]] const auto s = [settings](std::size_t symbol)\n"
                                   "        { return Pack(settings[symbol - "
                                   + first_setting + "]); };\n";
    return "    template <class Pack>\n    static void " + name
           + "([[maybe_unused]] const double* settings, [[maybe_unused]] Pack* __restrict c)\n    {\n" + of_setting
           + lines.body() + "    }\n\n";
}

std::size_t n_statements(const std::string& text)
{
    return static_cast<std::size_t>(std::ranges::count(text, '='));
}

std::set<std::uint32_t> worthwhile_aliases(const Graph& graph,
                                           const std::function<std::size_t(const std::set<std::uint32_t>&)>& cost)
{
    std::set<std::uint32_t> aliases;
    std::size_t least = cost(aliases);
    for (const auto all = candidates(graph);;) {
        std::uint32_t best = 0;
        std::size_t best_cost = least;
        for (const std::uint32_t node : all) {
            auto tried = aliases;
            if (!tried.insert(node).second) {
                continue;
            }
            const std::size_t tried_cost = cost(tried);
            if (tried_cost < best_cost) {
                best = node;
                best_cost = tried_cost;
            }
        }
        if (best_cost == least) {
            return aliases;
        }
        aliases.insert(best);
        least = best_cost;
    }
}

} // namespace osteoflare::solvers::compiler
