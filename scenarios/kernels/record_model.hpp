#pragma once

#include "model/description.hpp"
#include "solvers/compiler/recording.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// A set of quantities that are the next symbols of a graph.
template <class Set>
Set next_symbols(solvers::compiler::Graph& graph, std::uint32_t& n_symbols)
{
    Set set;
    Set::visit(set, [&](auto& field, const model::Description&) {
        field = solvers::compiler::Expression::symbol(graph, n_symbols++);
    });
    return set;
}

/// The nodes of a set's quantities.
template <class Set>
std::vector<std::uint32_t> nodes_of(const Set& set, solvers::compiler::Graph& graph)
{
    std::vector<std::uint32_t> nodes;
    Set::visit(set, [&](const auto& field, const model::Description&) { nodes.push_back(field.in(graph)); });
    return nodes;
}

/// Runs a model's template once on the recording number. Settings are the parameters, then the inputs.
template <class Model>
solvers::compiler::Recording record_model()
{
    using Number = solvers::compiler::Expression;

    solvers::compiler::Recording recording;
    recording.name = Model::name;
    std::uint32_t n_symbols = 0;
    const auto state = next_symbols<typename Model::template State<Number>>(recording.graph, n_symbols);
    recording.n_states = n_symbols;
    const auto parameters = next_symbols<typename Model::template Parameters<Number>>(recording.graph, n_symbols);
    const auto inputs = next_symbols<typename Model::template Inputs<Number>>(recording.graph, n_symbols);
    recording.n_settings = n_symbols - recording.n_states;

    const auto fluxes = Model::fluxes(state, inputs, parameters);
    recording.rates = nodes_of(Model::balance(fluxes), recording.graph);
    recording.readouts = nodes_of(Model::readouts(state, inputs, parameters), recording.graph);
    recording.fluxes = nodes_of(fluxes, recording.graph);
    return recording;
}

/// A model's equations as people read them: balances over fluxes, fluxes over intermediates. Symbols are the species,
/// the settings and, in balances only, the fluxes.
struct Equations {
    solvers::compiler::Graph graph;
    std::vector<std::uint32_t> symbols; ///< nodes of species, settings, fluxes
    std::vector<std::uint32_t> intermediates, fluxes, readouts, balances;
};

template <class Model>
Equations record_equations()
{
    using Number = solvers::compiler::Expression;

    Equations equations;
    solvers::compiler::Graph& graph = equations.graph;
    std::uint32_t n_symbols = 0;
    const auto state = next_symbols<typename Model::template State<Number>>(graph, n_symbols);
    const auto parameters = next_symbols<typename Model::template Parameters<Number>>(graph, n_symbols);
    const auto inputs = next_symbols<typename Model::template Inputs<Number>>(graph, n_symbols);
    const auto fluxes = next_symbols<typename Model::template Fluxes<Number>>(graph, n_symbols);
    for (std::uint32_t symbol = 0; symbol < n_symbols; ++symbol) {
        equations.symbols.push_back(Number::symbol(graph, symbol).in(graph));
    }
    equations.intermediates = nodes_of(Model::intermediates(state, inputs, parameters), graph);
    equations.fluxes = nodes_of(Model::fluxes(state, inputs, parameters), graph);
    equations.readouts = nodes_of(Model::readouts(state, inputs, parameters), graph);
    equations.balances = nodes_of(Model::balance(fluxes), graph);
    return equations;
}

} // namespace osteoflare::scenarios
