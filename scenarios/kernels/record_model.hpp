#pragma once

#include "model/description.hpp"
#include "solvers/compiler/recording.hpp"

#include <string>

namespace osteoflare::scenarios {

/// Runs a model's template once on the recording number. Settings are the parameters, then the inputs.
template <class Model>
solvers::compiler::Recording record_model()
{
    using Number = solvers::compiler::Expression;
    using State = typename Model::template State<Number>;
    using Parameters = typename Model::template Parameters<Number>;
    using Inputs = typename Model::template Inputs<Number>;

    solvers::compiler::Recording recording;
    recording.name = Model::name;
    std::uint32_t n_symbols = 0;
    const auto symbols = [&]<class Set>(Set set) {
        Set::visit(
            set, [&](auto& field, const model::Description&) { field = Number::symbol(recording.graph, n_symbols++); });
        return set;
    };
    const State state = symbols(State{});
    recording.n_states = n_symbols;
    const Parameters parameters = symbols(Parameters{});
    const Inputs inputs = symbols(Inputs{});
    recording.n_settings = n_symbols - recording.n_states;

    const auto nodes = [&](const auto& set, std::vector<std::uint32_t>& list) {
        std::remove_cvref_t<decltype(set)>::visit(
            set, [&](const auto& field, const model::Description&) { list.push_back(field.in(recording.graph)); });
    };
    const auto fluxes = Model::fluxes(state, inputs, parameters);
    nodes(Model::balance(fluxes), recording.rates);
    nodes(Model::readouts(state, inputs, parameters), recording.readouts);
    nodes(fluxes, recording.fluxes);
    return recording;
}

} // namespace osteoflare::scenarios
