#include "scenarios/exporting/names.hpp"

#include <algorithm>
#include <array>

namespace osteoflare::scenarios {
namespace {

constexpr std::array<std::string_view, 30> greek = {
    "alpha", "beta",  "gamma", "delta", "epsilon", "zeta",  "eta",   "theta",   "kappa", "lambda",
    "mu",    "nu",    "xi",    "pi",    "rho",     "sigma", "tau",   "upsilon", "phi",   "chi",
    "psi",   "omega", "Gamma", "Delta", "Lambda",  "Sigma", "Omega", "Phi",     "Psi",   "Theta"};

bool is_greek(std::string_view word)
{
    return std::ranges::find(greek, word) != greek.end();
}

std::string greek_letter(std::string_view word)
{
    const bool is_variant = word == "epsilon" || word == "phi";
    return std::string(is_variant ? "\\var" : "\\").append(word);
}

/// A letter, a Greek one, or a word, perhaps with a hat or a bar.
std::string latex_base(std::string_view base)
{
    for (const std::string_view accent : {"hat", "bar"}) {
        if (base.size() > accent.size() && base.ends_with(accent)) {
            base.remove_suffix(accent.size());
            return std::string("\\").append(accent).append("{").append(latex_base(base)).append("}");
        }
    }
    if (is_greek(base)) {
        return greek_letter(base);
    }
    return base.size() == 1 ? std::string(base) : std::string("\\mathrm{").append(base).append("}");
}

} // namespace

solvers::compiler::Notation notation_of(const ModelEntry& model, const Equations& equations,
                                        const std::function<std::string(const model::Description& entry)>& name)
{
    solvers::compiler::Notation notation{equations.graph, {}};
    std::size_t next = 0;
    for (const auto* entries : {&model.species, &model.settings, &model.fluxes}) {
        for (const model::Description& entry : *entries) {
            notation.names.emplace(equations.symbols[next++], name(entry));
        }
    }
    // A flux that is nothing but an input keeps the input's name.
    for (std::size_t i = 0; i < model.intermediates.size(); ++i) {
        notation.names.emplace(equations.intermediates[i], name(model.intermediates[i]));
    }
    for (std::size_t i = 0; i < model.fluxes.size(); ++i) {
        notation.names.emplace(equations.fluxes[i], name(model.fluxes[i]));
    }
    return notation;
}

std::string latex_symbol(std::string_view symbol)
{
    const std::size_t primes = symbol.size() - std::min(symbol.find_last_not_of('\'') + 1, symbol.size());
    symbol.remove_suffix(primes);
    const bool is_starred = symbol.ends_with('*');
    symbol.remove_suffix(is_starred ? 1 : 0);
    const std::size_t line = symbol.find('_');
    std::string result = latex_base(symbol.substr(0, line));
    if (line != symbol.npos) {
        std::string_view sub = symbol.substr(line + 1), head = sub;
        const std::string sign = sub.find_first_of("+-") == sub.npos ? "" : std::string(1, sub.back());
        head.remove_suffix(sign.size());
        const std::string below = (is_greek(head) ? greek_letter(head) : std::string(head)) + sign;
        result += below.size() == 1 ? "_" + below : "_{" + below + "}";
    }
    return result + (is_starred ? "^*" : "") + std::string(primes, '\'');
}

} // namespace osteoflare::scenarios
