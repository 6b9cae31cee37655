#pragma once

#include "model/patient/patient.hpp"
#include "scenarios/kernels/record_model.hpp"
#include "solvers/compiler/block_kernel_writer.hpp"

#include <array>

namespace osteoflare::scenarios {

/// The inputs that drugs move; with the circulation, what a patient's border gives to every site.
inline auto moved_by_drugs(auto& inputs)
{
    return std::array{&inputs.cox_inhibition, &inputs.anakinra, &inputs.anti_tnf, &inputs.pamidronate_held,
                      &inputs.nfkb_inhibition};
}

/// The site of a patient as a block. Its settings are the parameters, then the inputs (of which those that drugs move
/// are the border's business).
inline solvers::compiler::PartRecording record_patient_site()
{
    using Number = solvers::compiler::Expression;
    namespace patient = model::patient;

    solvers::compiler::PartRecording part;
    part.name = "patient_block";
    std::uint32_t n_symbols = 0;
    const auto site = next_symbols<patient::Site<Number>>(part.graph, n_symbols);
    part.n_states = n_symbols;
    const auto blood = next_symbols<model::niche::Circulation<Number>>(part.graph, n_symbols);
    std::array<Number, 5> moved;
    for (Number& input : moved) {
        input = Number::symbol(part.graph, n_symbols++);
    }
    part.n_given = n_symbols - part.n_states;
    const auto parameters = next_symbols<patient::Parameters<Number>>(part.graph, n_symbols);
    auto acting = next_symbols<patient::Inputs<Number>>(part.graph, n_symbols);
    part.n_settings = n_symbols - part.n_states - part.n_given;
    const auto places = moved_by_drugs(acting);
    for (std::size_t i = 0; i < moved.size(); ++i) {
        *places[i] = moved[i];
    }
    part.rates = nodes_of(patient::site_balance(patient::site_fluxes(blood, site, acting, parameters)), part.graph);
    part.offered = nodes_of(patient::shares(site, parameters), part.graph);
    return part;
}

/// Blood, marrow and drugs of a patient as the border. Its settings are the parameters, then the inputs.
inline solvers::compiler::PartRecording record_patient_border()
{
    using Number = solvers::compiler::Expression;
    namespace patient = model::patient;

    solvers::compiler::PartRecording part;
    part.name = "patient_border";
    std::uint32_t n_symbols = 0;
    const auto border = next_symbols<patient::Border<Number>>(part.graph, n_symbols);
    part.n_states = n_symbols;
    const auto sum = next_symbols<patient::Shares<Number>>(part.graph, n_symbols);
    part.n_given = n_symbols - part.n_states;
    const auto parameters = next_symbols<patient::Parameters<Number>>(part.graph, n_symbols);
    const auto in = next_symbols<patient::Inputs<Number>>(part.graph, n_symbols);
    part.n_settings = n_symbols - part.n_states - part.n_given;
    part.rates = nodes_of(patient::border_rates(border, sum, in, parameters), part.graph);
    part.offered = nodes_of(border.circulation, part.graph);
    auto acting = patient::effects(border.drugs, in, parameters.drugs);
    for (const Number* input : moved_by_drugs(acting)) {
        part.offered.push_back(input->in(part.graph));
    }
    return part;
}

} // namespace osteoflare::scenarios
