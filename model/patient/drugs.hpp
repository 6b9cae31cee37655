#pragma once

#include "model/description.hpp"
#include "model/patient/inputs.hpp"

#include <array>

/// Drugs of a patient: linear chains from a dose to what cells meet. Theory: docs/theory/patient.md, whose equation
/// numbers stand here.
namespace osteoflare::model::patient {

/// What the body holds of each drug: concentrations in plasma, amounts per kilogram of body weight elsewhere.
template <class Real>
struct Drugs {
    Real naproxen_plasma, anakinra_depot, anakinra_plasma, adalimumab_depot, adalimumab_plasma, pamidronate_bone,
        methotrexate_pool, prednisolone_effect;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.naproxen_plasma, {"naproxen_plasma", "c_Nx", "mg/L", 0, non_negative, Origin::assumed, "naproxen in plasma", "P11"});
        see(self.anakinra_depot, {"anakinra_depot", "q_An", "mg/kg", 0, non_negative, Origin::assumed, "anakinra under the skin, as far as it will reach plasma", "P12"});
        see(self.anakinra_plasma, {"anakinra_plasma", "c_An", "mg/L", 0, non_negative, Origin::assumed, "anakinra in plasma", "P12"});
        see(self.adalimumab_depot, {"adalimumab_depot", "q_Ad", "mg/kg", 0, non_negative, Origin::assumed, "adalimumab under the skin, as far as it will reach plasma", "P13"});
        see(self.adalimumab_plasma, {"adalimumab_plasma", "c_Ad", "mg/L", 0, non_negative, Origin::assumed, "adalimumab in plasma", "P13"});
        see(self.pamidronate_bone, {"pamidronate_bone", "q_Pm", "mg/kg", 0, non_negative, Origin::assumed, "pamidronate bound to bone", "P14"});
        see(self.methotrexate_pool, {"methotrexate_pool", "q_Mx", "mg/kg", 0, non_negative, Origin::assumed, "methotrexate polyglutamates in cells, as the dose they come from", "P15"});
        see(self.prednisolone_effect, {"prednisolone_effect", "q_Pr", "mg/kg", 0, non_negative, Origin::assumed, "biological effect of prednisolone, as the dose it comes from", "P16"});
        // clang-format on
    }
};

/// Constants of the drugs. In brackets: how the source was used (model/PATIENTS_AND_DRUGS of the specification), for a
/// child of 30 kg; clearances of adults are scaled by weight to the power 0.75, volumes by weight, which is assumed.
template <class Real>
struct DrugParameters {
    Real naproxen_loss, naproxen_volume, naproxen_bioavailability, naproxen_ic50;
    Real anakinra_absorption, anakinra_loss, anakinra_volume, anakinra_bioavailability, anakinra_tissue,
        anakinra_pm_per_mg_l;
    Real adalimumab_absorption, adalimumab_loss, adalimumab_volume, adalimumab_bioavailability, adalimumab_tissue,
        adalimumab_nm_per_mg_l, adalimumab_kd;
    Real pamidronate_bone_share, pamidronate_bone_loss;
    Real methotrexate_loss, methotrexate_half, methotrexate_max;
    Real prednisolone_loss, prednisolone_half, prednisolone_max;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.naproxen_loss, {"naproxen_loss", "k_Nx", "1/d", 1.17, non_negative, Origin::literature_range, "elimination of naproxen: 0.13 mL/min/kg from 0.16 L/kg [recalled, high]"});
        see(self.naproxen_volume, {"naproxen_volume", "V_Nx", "L/kg", 0.16, positive, Origin::literature_range, "volume of distribution of naproxen [recalled, high]"});
        see(self.naproxen_bioavailability, {"naproxen_bioavailability", "F_Nx", "1", 0.95, share, Origin::literature_range, "share of oral naproxen that reaches plasma [recalled, high]"});
        see(self.naproxen_ic50, {"naproxen_ic50", "K_Nx", "mg/L", 14, positive, Origin::literature_range, "plasma naproxen that blocks half of COX [recalled, low]"});

        see(self.anakinra_absorption, {"anakinra_absorption", "a_An", "1/d", 6, non_negative, Origin::literature_range, "absorption of anakinra from under the skin: 0.25/h [recalled, medium]"});
        see(self.anakinra_loss, {"anakinra_loss", "k_An", "1/d", 14.2, non_negative, Origin::literature_range, "elimination of anakinra: 1.4 mL/min/kg from 0.142 L/kg [read]"});
        see(self.anakinra_volume, {"anakinra_volume", "V_An", "L/kg", 0.142, positive, Origin::literature_range, "volume of distribution of anakinra [read]"});
        see(self.anakinra_bioavailability, {"anakinra_bioavailability", "F_An", "1", 0.85, share, Origin::literature_range, "share of a dose of anakinra that reaches plasma: 0.80 to 0.92 [read]"});
        see(self.anakinra_tissue, {"anakinra_tissue", "t_An", "1", 0.2, share, Origin::assumed, "anakinra at a site, as a share of plasma's"});
        see(self.anakinra_pm_per_mg_l, {"anakinra_pm_per_mg_l", "n_An", "pM*L/mg", 57800, positive, Origin::definition, "anakinra has 17.3 kDa"});

        see(self.adalimumab_absorption, {"adalimumab_absorption", "a_Ad", "1/d", 0.25, non_negative, Origin::literature_range, "absorption of adalimumab from under the skin: 0.2 to 0.3/d [recalled, medium]"});
        see(self.adalimumab_loss, {"adalimumab_loss", "k_Ad", "1/d", 0.0676, non_negative, Origin::literature_range, "elimination of adalimumab: an adult's 0.269 L/d, scaled [read; scaling assumed]"});
        see(self.adalimumab_volume, {"adalimumab_volume", "V_Ad", "L/kg", 0.07, positive, Origin::literature_range, "volume of distribution of adalimumab: 4.7 to 6 L in 70 kg [read]"});
        see(self.adalimumab_bioavailability, {"adalimumab_bioavailability", "F_Ad", "1", 0.64, share, Origin::literature_range, "share of a dose of adalimumab that reaches plasma [read]"});
        see(self.adalimumab_tissue, {"adalimumab_tissue", "t_Ad", "1", 0.25, share, Origin::assumed, "adalimumab at a site, as a share of plasma's: 0.2 to 0.3"});
        see(self.adalimumab_nm_per_mg_l, {"adalimumab_nm_per_mg_l", "n_Ad", "nM*L/mg", 6.76, positive, Origin::definition, "adalimumab has 148 kDa"});
        see(self.adalimumab_kd, {"adalimumab_kd", "K_Ad", "nM", 0.2, positive, Origin::assumed, "adalimumab that binds half of TNF; published 0.03 to 0.13 [recalled, medium]"});

        see(self.pamidronate_bone_share, {"pamidronate_bone_share", "F_Pm", "1", 0.5, share, Origin::literature_range, "share of a dose of pamidronate that bone retains [read]"});
        see(self.pamidronate_bone_loss, {"pamidronate_bone_loss", "k_Pm", "1/d", 0.00231, non_negative, Origin::literature_range, "loss of pamidronate from bone: half-life 300 d [read]"});

        see(self.methotrexate_loss, {"methotrexate_loss", "k_Mx", "1/d", 0.03, non_negative, Origin::literature_range, "loss of methotrexate polyglutamates [recalled, medium]"});
        see(self.methotrexate_half, {"methotrexate_half", "K_Mx", "mg/kg", 1.9, positive, Origin::assumed, "methotrexate pool at half of its effect"});
        see(self.methotrexate_max, {"methotrexate_max", "e_Mx", "1", 0.35, share, Origin::assumed, "share of NF-kB activity that methotrexate blocks at most"});

        see(self.prednisolone_loss, {"prednisolone_loss", "k_Pr", "1/d", 0.69, non_negative, Origin::literature_range, "loss of prednisolone's effect: biological half-life 24 h, of 12 to 36 [recalled, medium]"});
        see(self.prednisolone_half, {"prednisolone_half", "K_Pr", "mg/kg", 0.5, positive, Origin::assumed, "prednisolone effect at half of its strength"});
        see(self.prednisolone_max, {"prednisolone_max", "e_Pr", "1", 0.75, share, Origin::assumed, "share of NF-kB activity that prednisolone blocks at most"});
        // clang-format on
    }
};

/// Where a dose goes: `compartment` rises by `per_dose` for each mg/kg, at once; or over a time, if there is an input
/// for its rate.
template <class Real>
struct DoseTarget {
    std::string_view drug;
    Real Drugs<Real>::*compartment;
    Real per_dose;                          ///< [kg/L] into plasma, else [1]
    Real Inputs<Real>::*infusion = nullptr; ///< [mg/kg/d]; null where the drug cannot run in
};

template <class Real>
std::array<DoseTarget<Real>, 6> dose_targets(const DrugParameters<Real>& p)
{
    return {{
        {"naproxen", &Drugs<Real>::naproxen_plasma, p.naproxen_bioavailability / p.naproxen_volume}, // (P17)
        {"anakinra", &Drugs<Real>::anakinra_depot, p.anakinra_bioavailability},
        {"adalimumab", &Drugs<Real>::adalimumab_depot, p.adalimumab_bioavailability},
        {"pamidronate", &Drugs<Real>::pamidronate_bone, p.pamidronate_bone_share, &Inputs<Real>::pamidronate_infusion},
        {"methotrexate", &Drugs<Real>::methotrexate_pool, Real(1.0)},
        {"prednisolone", &Drugs<Real>::prednisolone_effect, Real(1.0)},
    }};
}

/// Uptake and loss of the drugs: theory eqs. (P11)–(P16).
template <class Real>
struct DrugFluxes {
    Real naproxen_removal, anakinra_uptake, anakinra_entry, anakinra_removal, adalimumab_uptake, adalimumab_entry,
        adalimumab_removal, pamidronate_entry, pamidronate_removal, methotrexate_removal, prednisolone_removal;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.naproxen_removal, computed("naproxen_removal", "v_Nxp", "mg/L/d", "elimination of naproxen", "P11"));
        see(self.anakinra_uptake, computed("anakinra_uptake", "v_Anq", "mg/kg/d", "anakinra leaving its depot", "P12"));
        see(self.anakinra_entry, computed("anakinra_entry", "v_An+", "mg/L/d", "the same, as plasma meets it", "P12"));
        see(self.anakinra_removal, computed("anakinra_removal", "v_An-", "mg/L/d", "elimination of anakinra", "P12"));
        see(self.adalimumab_uptake, computed("adalimumab_uptake", "v_Adq", "mg/kg/d", "adalimumab leaving its depot", "P13"));
        see(self.adalimumab_entry, computed("adalimumab_entry", "v_Ad+", "mg/L/d", "the same, as plasma meets it", "P13"));
        see(self.adalimumab_removal, computed("adalimumab_removal", "v_Ad-", "mg/L/d", "elimination of adalimumab", "P13"));
        see(self.pamidronate_entry, computed("pamidronate_entry", "v_Pm+", "mg/kg/d", "pamidronate of an infusion, as far as bone retains it", "P14"));
        see(self.pamidronate_removal, computed("pamidronate_removal", "v_Pm", "mg/kg/d", "pamidronate leaving bone", "P14"));
        see(self.methotrexate_removal, computed("methotrexate_removal", "v_Mtx", "mg/kg/d", "loss of methotrexate polyglutamates", "P15"));
        see(self.prednisolone_removal, computed("prednisolone_removal", "v_Pr", "mg/kg/d", "loss of prednisolone's effect", "P16"));
        // clang-format on
    }
};

template <class Real>
DrugFluxes<Real> drug_fluxes(const Drugs<Real>& drugs, const Inputs<Real>& in, const DrugParameters<Real>& p)
{
    const Real anakinra_uptake = p.anakinra_absorption * drugs.anakinra_depot;       // (P12)
    const Real adalimumab_uptake = p.adalimumab_absorption * drugs.adalimumab_depot; // (P13)
    return {
        .naproxen_removal = p.naproxen_loss * drugs.naproxen_plasma, // (P11)
        .anakinra_uptake = anakinra_uptake,
        .anakinra_entry = anakinra_uptake / p.anakinra_volume, // (P12)
        .anakinra_removal = p.anakinra_loss * drugs.anakinra_plasma,
        .adalimumab_uptake = adalimumab_uptake,
        .adalimumab_entry = adalimumab_uptake / p.adalimumab_volume, // (P13)
        .adalimumab_removal = p.adalimumab_loss * drugs.adalimumab_plasma,
        .pamidronate_entry = p.pamidronate_bone_share * in.pamidronate_infusion, // (P14)
        .pamidronate_removal = p.pamidronate_bone_loss * drugs.pamidronate_bone,
        .methotrexate_removal = p.methotrexate_loss * drugs.methotrexate_pool,   // (P15)
        .prednisolone_removal = p.prednisolone_loss * drugs.prednisolone_effect, // (P16)
    };
}

/// Gains minus losses of the drugs, per day, between doses.
template <class Real>
Drugs<Real> drug_balance(const DrugFluxes<Real>& v)
{
    return {
        .naproxen_plasma = -v.naproxen_removal, // (P11)
        .anakinra_depot = -v.anakinra_uptake,   // (P12)
        .anakinra_plasma = v.anakinra_entry - v.anakinra_removal,
        .adalimumab_depot = -v.adalimumab_uptake, // (P13)
        .adalimumab_plasma = v.adalimumab_entry - v.adalimumab_removal,
        .pamidronate_bone = v.pamidronate_entry - v.pamidronate_removal, // (P14)
        .methotrexate_pool = -v.methotrexate_removal,                    // (P15)
        .prednisolone_effect = -v.prednisolone_removal,                  // (P16)
    };
}

} // namespace osteoflare::model::patient
