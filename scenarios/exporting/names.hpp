#pragma once

#include "scenarios/catalogue.hpp"
#include "solvers/compiler/notation.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace osteoflare::scenarios {

/// The notation of a model's equations in which species, settings, intermediates and fluxes are called `name(entry)`.
solvers::compiler::Notation notation_of(const ModelEntry& model, const Equations& equations,
                                        const std::function<std::string(const model::Description& entry)>& name);

/// LaTeX of a list's symbol, in mathematics mode: "N_{b0}" of "N_b0", "\\bar{\\pi}_1" of "pibar_1", "x_F'" and "E^*" as
/// they are, "v_{N+}" of "v_N+". A word that is no Greek letter is set upright.
std::string latex_symbol(std::string_view symbol);

} // namespace osteoflare::scenarios
