#pragma once

#include "model/niche/niche.hpp"
#include "solvers/integrate.hpp"
#include "solvers/system.hpp"

#include "catch.hpp"

#include <span>
#include <stdexcept>
#include <vector>

namespace osteoflare::tests {

/// A niche whose numbers a test may change, and what the model makes of them.
struct Niche {
    model::niche::State<double> state;
    model::niche::Inputs<double> in;
    model::niche::Parameters<double> p;

    model::niche::Signals<double> signals() const
    {
        return model::niche::signals(state.circulation, state.site, in, p);
    }
    model::niche::Fluxes<double> fluxes() const { return model::niche::fluxes(state, in, p); }
    model::niche::CirculationFluxes<double> circulation() const { return fluxes().circulation; }
    model::niche::CellFluxes<double> cells() const { return fluxes().site.cells; }
    model::niche::Il1Fluxes<double> il1() const { return fluxes().site.il1; }
    model::niche::Il10Fluxes<double> il10() const { return fluxes().site.il10; }
    model::niche::MediatorFluxes<double> mediators() const { return fluxes().site.mediators; }
    model::niche::BoneFluxes<double> bone() const { return fluxes().site.bone; }
    model::niche::State<double> balance() const { return model::niche::balance(fluxes()); }
    model::niche::Readouts<double> readouts() const { return model::niche::readouts(state, p); }

    /// The state some days later, nothing being done to the animal meanwhile.
    model::niche::State<double> after(double days) const;
};

/// A flux against its closed form. Between them they take fewer than 90 roundings of 1.1e-16, and nowhere is a small
/// result the difference of large numbers.
inline Approx on_paper(double closed_form)
{
    return Approx(closed_form).epsilon(1e-14).margin(0);
}

/// A course against its closed form: the solver is asked for 1e-10 a step, and a hundred such errors may add up.
inline Approx in_time(double closed_form)
{
    return Approx(closed_form).epsilon(1e-8).margin(0);
}

inline model::niche::State<double> Niche::after(double days) const
{
    using State = model::niche::State<double>;
    const auto to_array = [](State from, std::span<double> to) {
        std::size_t i = 0;
        State::visit(from, [&](double& field, const model::Description&) { to[i++] = field; });
    };
    const auto to_state = [](std::span<const double> from) {
        State to;
        std::size_t i = 0;
        State::visit(to, [&](double& field, const model::Description&) { field = from[i++]; });
        return to;
    };
    const auto rates = [&](double /*t*/, std::span<const double> y, std::span<double> dydt) {
        to_array(model::niche::balance(model::niche::fluxes(to_state(y), in, p)), dydt);
    };
    std::vector<double> y(model::count_of<State>());
    to_array(state, y);
    const solvers::Options options{
        .method = solvers::Method::dopri5, .relative_tolerance = 1e-10, .absolute_tolerance = {1e-13}};
    if (!solvers::integrate({y.size(), rates, {}}, y, 0, days, {}, options, {})) {
        throw std::runtime_error("the niche could not be integrated");
    }
    return to_state(y);
}

/// A niche in which everything happens at once and hardly a number is its default, so that a rate, a sign or a partner
/// taken for another shows. On paper its signals (section 4.1 of the model) are
///
///   agonist     6/(1 + 0.5) + 2*1.5/3 = 5 pM      antagonist   0.5*24 + 18 = 30 pM
///   occupancy   5/(8*(1 + 30/20) + 5) = 0.2       il1_stroma   0.75*0.2 = 0.15     il1_myeloid  0.5*0.2 = 0.1
///   tnf         5/(7.5 + 5) = 0.4                 il6          12/(28 + 12) = 0.3
///   il10        4.5/(5.5 + 4.5) = 0.45            brake        0.12 + 0.88*0.55 = 0.604
///   danger      (1/3)/(4/3) = 0.25                stromal_brake  1/(1 + 0.45*5/9) = 0.8
///   tone        0.8*0.75*0.7 = 0.42               drive        0.5*0.42 + 2*0.25 + 1.9*0.1 + 1.5*0.4 = 1.5
///   nfkb        1.5/2.5 = 0.6                     loss         1 - (0.5, 0.25, 0)*0.8 - 0.6*0.2 = (0.48, 0.68, 0.88)
///   gain        5*0.48*0.5 = 1.2                  erk          0.3 + 0.7*0.5 = 0.65
inline Niche lively_niche()
{
    return {
        .state =
            {
                .circulation = {.microbial_tone = 0.7,
                                .marrow_output = 1.6,
                                .blood_neutrophils = 1500,
                                .blood_monocytes = 400,
                                .plasma_il6 = 0.8,
                                .acute_phase = 11},
                .site = {.damage = 1.0 / 3,
                         .neutrophils = 30000,
                         .macrophages = 8000,
                         .pro_il1b = 7,
                         .il1b = 6,
                         .il1ra = 24,
                         .il10 = 3,
                         .tnf = 15,
                         .il6 = 12,
                         .cxcl1 = 30,
                         .ccl2 = 36,
                         .pge2 = 0.6,
                         .ros = 0.9,
                         .stromal_priming = 1.7,
                         .il10_training = 0.35,
                         .rankl_ratio = 2.2,
                         .osteoclast_precursors = 1.3,
                         .osteoclasts = 75,
                         .osteoblast_precursors = 1.15,
                         .osteoblasts = 0.85,
                         .bone = 0.9,
                         .reactive_bone = 0.04},
            },
        .in = {.sterile_injury = 0.045,
               .anakinra = 18,
               .anti_il1b = 0.5,
               .anti_tnf = 2,
               .il10_infusion = 1.5,
               .cox_inhibition = 0.35,
               .opg_fc = 0.4,
               .bisphosphonate_killing = 0.8,
               .bisphosphonate_block = 0.15,
               .neutrophil_depletion = 1.3,
               .phagocyte_depletion = 0.5,
               .csf1r_inhibition = 0.75,
               .microbial_reduction = 0.25,
               .donor_chimerism = 0.2,
               .donor_pstpip2 = 0.6},
        // clang-format off
        .p = {
            // Genotype and life course
            .pstpip2_il1b = 0.5, .pstpip2_ros = 0.25, .pstpip2_progenitor = 0, .il1b_gene = 0.9, .il1a_gene = 1.5,
            .il1r1_stroma = 0.75, .il1r1_myeloid = 0.5, .il1rn_gene = 0.5, .il10_gene = 1.1, .il10_competence = 0.5,
            .tnf_gene = 0.8, .il6_gene = 1.2, .nlrp3_gene = 0.6, .casp1_gene = 1.3, .casp8_gene = 0.7,
            .serine_protease_gene = 1.4, .syk_gene = 0.5, .cybb_gene = 0.95, .cox2_gene = 0.85, .mast_cells = 0.25,
            .microbiota = 0.8,
            .weaning_tone = 0.9, .tone_maturation_time = 20,
            // Circulation
            .marrow_adaptation_time = 40, .progenitor_expansion = 0.5, .emergency_gain = 1.5, .emergency_half = 2,
            .emergency_il6 = 0.35, .marrow_csf1r = 0.4, .blood_neutrophils_healthy = 1200, .blood_neutrophil_loss = 1.2,
            .blood_monocytes_healthy = 320, .blood_monocyte_loss = 0.8,
            // Neutrophils and macrophages
            .neutrophil_recruitment = 50000, .neutrophil_capacity = 120000, .cxcl1_half = 60, .neutrophil_loss = 0.85,
            .tissue_neutrophil_depletion = 0.65, .il1_neutrophil_survival = 0.3, .pge2_vascular = 0.5,
            .macrophages_resident = 4400, .macrophage_recruitment = 4000, .ccl2_half = 84, .macrophage_loss = 0.16,
            .macrophage_csf1r = 0.45,
            // Damage
            .damage_basal = 0.02, .damage_neutrophil = 2e-6, .damage_mast_cells = 0.28, .damage_resorption = 0.006,
            .damage_clearance = 1.1, .efferocytosis_gain = 0.9, .efferocytosis_half = 12000,
            // Myeloid NF-kB
            .nfkb_microbial = 0.5, .nfkb_damage = 2, .nfkb_il1 = 1.9, .nfkb_tnf = 1.5,
            // IL-1beta and its antagonist
            .pro_il1b_neutrophil = 0.15, .pstpip2_gain = 5, .pstpip2_gain_macrophage = 0.6, .pro_il1b_mast_cells = 0.18,
            .pro_il1b_macrophage = 0.03, .pro_il1b_decay = 6.5, .casp1_processing = 48, .casp1_basal = 0.3,
            .casp1_without_nlrp3 = 0.04, .casp8_processing = 55, .casp8_basal = 0.4, .serine_processing = 0.7,
            .serine_half = 10000, .il1b_clearance = 52, .il1a_release = 2, .il1_half = 8, .il1ra_affinity = 20,
            .il1ra_plasma = 12.5, .il1ra_acute_phase = 0.15, .il1ra_macrophage = 0.31, .il1ra_il10 = 0.33,
            .il1ra_clearance = 38,
            // IL-10
            .il10_basal = 0.7, .il10_macrophage = 0.24, .il10_efferocytosis = 0.13, .efferocytosis_flux_half = 16490,
            .il10_pge2 = 0.25, .il10_erk_free = 0.3, .il10_clearance = 34, .il10_half = 5.5, .il10_residual = 0.12,
            .training_gain = 0.6, .training_time = 55,
            // TNF and IL-6
            .tnf_macrophage = 0.2, .tnf_gain_pstpip2 = 0.55, .tnf_neutrophil = 0.035, .tnf_clearance = 58,
            .tnf_half = 7.5, .il6_stroma = 0.95, .il6_il1 = 0.72, .il6_tnf = 0.26, .il6_macrophage = 0.42,
            .il6_clearance = 41, .il6_half = 28,
            // Chemokines and stroma
            .stroma = 21000, .cxcl1_stroma = 2.7, .cxcl1_basal = 0.02, .cxcl1_basal_weight = 0.16,
            .cxcl1_microbial = 0.44, .cxcl1_damage = 0.33, .cxcl1_tnf = 0.38, .cxcl1_macrophage = 0.8,
            .stromal_il10 = 5.0 / 9, .cxcl1_clearance = 62, .priming_il1 = 1.5, .priming_tnf = 0.52, .priming_time = 25,
            .ccl2_stroma = 3.2, .ccl2_basal = 0.06, .ccl2_il1 = 0.68, .ccl2_tnf = 0.31, .ccl2_macrophage = 0.28,
            .ccl2_pstpip2 = 0.75, .ccl2_clearance = 61,
            // Prostaglandin and superoxide
            .pge2_basal = 0.055, .pge2_il1 = 0.62, .pge2_tnf = 0.24, .pge2_nfkb = 0.13, .pge2_turnover = 23,
            .ros_neutrophil = 2.2e-5, .ros_pstpip2 = 4.5, .ros_turnover = 21, .ros_half = 0.3,
            // RANKL and osteoclasts
            .rankl_turnover = 0.37, .rankl_il1 = 1.1, .rankl_tnf = 0.52, .rankl_il6 = 0.43, .rankl_pge2 = 0.63,
            .rank_without_ros = 0.25, .rank_ros = 1.4, .rank_half = 2.5, .precursor_exchange = 0.32,
            .precursor_saturation = 0.65, .osteoclast_loss = 0.13, .osteoclasts_healthy = 50,
            .osteoclast_il1_survival = 0.11, .formation_pstpip2 = 0.06, .formation_tnf = 0.28, .formation_il1 = 0.17,
            .formation_il10 = 0.45, .resorption_ros = 0.36,
            // Osteoblasts and bone
            .osteoblast_commitment = 0.11, .coupling = 0.21, .coupling_saturation = 7, .osteoblast_maturation = 0.055,
            .osteoblast_inhibition = 0.27, .osteoblast_inhibition_tnf = 0.64, .osteoblast_inhibition_il1 = 0.38,
            .bone_turnover = 0.0045, .reactive_formation = 0.006, .reactive_half = 0.8, .reactive_remodelling = 0.0052,
            // Plasma
            .spillover = 0.05, .plasma_il6_clearance = 7.5, .acute_phase_gain = 55, .acute_phase_half = 1.6,
            .acute_phase_turnover = 0.9,
            // Read-outs and units
            .swelling_neutrophils = 5e4, .swelling_macrophages = 4e4, .onset_swelling = 0.2, .molar = 0.1435,
        },
        // clang-format on
    };
}

} // namespace osteoflare::tests
