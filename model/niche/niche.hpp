#pragma once

#include "model/niche/bone.hpp"
#include "model/niche/cells.hpp"
#include "model/niche/circulation.hpp"
#include "model/niche/il1.hpp"
#include "model/niche/il10.hpp"
#include "model/niche/mediators.hpp"

#include <array>

/// The niche model: one bone site and its circulation. Theory: docs/theory/niche.md, whose equation numbers stand here.
namespace osteoflare::model::niche {

/// Everything that flows at a site.
template <class Real>
struct SiteFluxes {
    CellFluxes<Real> cells;
    Il1Fluxes<Real> il1;
    Il10Fluxes<Real> il10;
    MediatorFluxes<Real> mediators;
    BoneFluxes<Real> bone;

    static constexpr void visit(auto& self, auto&& see)
    {
        CellFluxes<Real>::visit(self.cells, see);
        Il1Fluxes<Real>::visit(self.il1, see);
        Il10Fluxes<Real>::visit(self.il10, see);
        MediatorFluxes<Real>::visit(self.mediators, see);
        BoneFluxes<Real>::visit(self.bone, see);
    }
};

/// Everything that flows in the animal.
template <class Real>
struct Fluxes {
    CirculationFluxes<Real> circulation;
    SiteFluxes<Real> site;

    static constexpr void visit(auto& self, auto&& see)
    {
        CirculationFluxes<Real>::visit(self.circulation, see);
        SiteFluxes<Real>::visit(self.site, see);
    }
};

/// What stands between a state and its fluxes and has a name of its own on the theory page.
template <class Real>
struct Intermediates {
    Signals<Real> signals;
    Real marrow_drive, marrow_aim;
    Il1Processing<Real> il1;
    Il10Secretion<Real> il10;
    BoneActivity<Real> bone;

    static constexpr void visit(auto& self, auto&& see)
    {
        Signals<Real>::visit(self.signals, see);
        // clang-format off
        see(self.marrow_drive, computed("marrow_drive", "G", "pM", "systemic drive of the marrow: IL-1beta and IL-6 that sites spill", "20"));
        see(self.marrow_aim, computed("marrow_aim", "E*", "1", "myeloid output that the marrow approaches, fold of a healthy adult", "21"));
        // clang-format on
        Il1Processing<Real>::visit(self.il1, see);
        Il10Secretion<Real>::visit(self.il10, see);
        BoneActivity<Real>::visit(self.bone, see);
    }
};

/// What an observer measures: theory eqs. (61)–(63).
template <class Real>
struct Readouts {
    Real swelling, oc_fold, imbalance;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.swelling, computed("swelling", "sw", "1", "swelling of a paw, 1 = frank", "61"));
        see(self.oc_fold, computed("oc_fold", "C/C_0", "1", "osteoclasts, fold of healthy", "62"));
        see(self.imbalance, computed("imbalance", "L/I", "1", "IL-1beta to IL-10 ratio", "63"));
        // clang-format on
    }
};

template <class Real>
Intermediates<Real> intermediates(const State<Real>& state, const auto& in, const auto& p)
{
    const auto& [blood, site] = state;
    const Signals<Real> sig = signals(blood, site, in, p);
    const Spillover<Real> spill = spillover(site, p);
    return {
        .signals = sig,
        .marrow_drive = spill.drive,
        .marrow_aim = marrow_aim(spill, sig.loss_progenitor, in, p),
        .il1 = il1_processing(site, sig, p),
        .il10 = il10_secretion(site, sig, cell_fluxes(blood, site, sig, in, p).neutrophil_death, p),
        .bone = bone_activity(site, in, p),
    };
}

template <class Real>
SiteFluxes<Real> site_fluxes(const Circulation<Real>& blood, const Site<Real>& site, const Signals<Real>& sig,
                             const auto& in, const auto& p)
{
    const CellFluxes<Real> cells = cell_fluxes(blood, site, sig, in, p);
    return {
        .cells = cells,
        .il1 = il1_fluxes(blood, site, sig, p),
        .il10 = il10_fluxes(site, sig, cells.neutrophil_death, p),
        .mediators = mediator_fluxes(blood, site, sig, in, p),
        .bone = bone_fluxes(blood, site, sig, in, p),
    };
}

template <class Real>
Fluxes<Real> fluxes(const State<Real>& state, const auto& in, const auto& p)
{
    const auto& [blood, site] = state;
    const Signals<Real> sig = signals(blood, site, in, p);
    return {
        .circulation = circulation_fluxes(blood, spillover(site, p), sig.loss_progenitor, in, p),
        .site = site_fluxes(blood, site, sig, in, p),
    };
}

/// Gains minus losses of a site, per day.
template <class Real>
Site<Real> site_balance(const SiteFluxes<Real>& v)
{
    const auto& [cells, il1, il10, med, bone] = v;
    const Real maturation = il1.il1b_by_casp1 + il1.il1b_by_casp8 + il1.il1b_by_serine; // (35)
    return {
        .damage = cells.damage_by_wear + cells.damage_by_dying + cells.damage_by_resorption + cells.damage_by_injury
                  - cells.damage_removal,                                                           // (30)
        .neutrophils = cells.neutrophil_influx - cells.neutrophil_death - cells.neutrophil_killing, // (28)
        .macrophages = cells.macrophage_renewal + cells.macrophage_influx - cells.macrophage_death
                       - cells.macrophage_killing, // (29)
        .pro_il1b = il1.pro_il1b_synthesis_neutrophil + il1.pro_il1b_synthesis_macrophage - il1.pro_il1b_degradation
                    - maturation,                                           // (35)
        .il1b = maturation - il1.il1b_removal,                              // (36)
        .il1ra = il1.il1ra_entry + il1.il1ra_secretion - il1.il1ra_removal, // (37)
        .il10 = il10.il10_basal_secretion + il10.il10_macrophage_secretion + il10.il10_efferocytic_secretion
                - il10.il10_removal,                                                              // (39)
        .tnf = med.tnf_macrophage_secretion + med.tnf_neutrophil_secretion - med.tnf_removal,     // (42)
        .il6 = med.il6_stroma_secretion + med.il6_macrophage_secretion - med.il6_removal,         // (43)
        .cxcl1 = med.cxcl1_stroma_secretion + med.cxcl1_macrophage_secretion - med.cxcl1_removal, // (44)
        .ccl2 = med.ccl2_stroma_secretion + med.ccl2_macrophage_secretion - med.ccl2_removal,     // (45)
        .pge2 = med.pge2_synthesis - med.pge2_removal,                                            // (46)
        .ros = med.ros_release - med.ros_removal,                                                 // (47)
        .stromal_priming = med.stromal_priming_approach,                                          // (48)
        .il10_training = il10.il10_training_approach,                                             // (40)
        .rankl_ratio = bone.rankl_approach,                                                       // (49)
        .osteoclast_precursors = bone.osteoclast_precursor_exchange,                              // (53)
        .osteoclasts = bone.osteoclast_formation - bone.osteoclast_death,                         // (55)
        .osteoblast_precursors = bone.osteoblast_precursor_approach,                              // (57)
        .osteoblasts = bone.osteoblast_approach,                                                  // (58)
        .bone = bone.bone_formation - bone.bone_resorption,                                       // (59)
        .reactive_bone = bone.reactive_bone_formation - bone.reactive_bone_removal,               // (60)
    };
}

template <class Real>
State<Real> balance(const Fluxes<Real>& v)
{
    return {.circulation = circulation_balance(v.circulation), .site = site_balance(v.site)};
}

/// Swelling of a site, 1 = frank.
template <class Real>
Real swelling(const Site<Real>& site, const auto& p)
{
    return site.neutrophils / p.swelling_neutrophils
           + (site.macrophages - p.macrophages_resident) / p.swelling_macrophages; // (61)
}

template <class Real>
Readouts<Real> readouts(const State<Real>& state, const auto& p)
{
    const auto& site = state.site;
    return {
        .swelling = swelling(site, p),                       // (61)
        .oc_fold = site.osteoclasts / p.osteoclasts_healthy, // (62)
        .imbalance = site.il1b / site.il10,                  // (63)
    };
}

/// The model as the rest of the house knows it.
struct Model {
    static constexpr std::string_view name = "niche";
    static constexpr std::string_view title = "One bone site and its circulation";
    static constexpr std::string_view source = "Osteoflare niche model, docs/theory/niche.md";
    static constexpr std::string_view default_method = "rosenbrock4";
    static constexpr double start_day = 7;
    static constexpr double end_day = 150;

    template <class Real>
    using State = niche::State<Real>;
    template <class Real>
    using Parameters = niche::Parameters<Real>;
    template <class Real>
    using Inputs = niche::Inputs<Real>;
    template <class Real>
    using Intermediates = niche::Intermediates<Real>;
    template <class Real>
    using Fluxes = niche::Fluxes<Real>;
    template <class Real>
    using Readouts = niche::Readouts<Real>;

    static constexpr std::array life = {
        LifeEvent{"weaning", 21, "weaning_tone", 1, "the gut meets its adult microbiota"},
    };
    static constexpr std::array summaries = {
        Summary{"onset", SummaryKind::first_above, "swelling", "onset_swelling", "d",
                "age at which swelling first exceeds onset_swelling"},
        Summary{"peak_swelling", SummaryKind::maximum, "swelling", "", "1", "highest swelling"},
        Summary{"final_swelling", SummaryKind::final, "swelling", "", "1", "swelling at the end"},
        Summary{"peak_il1b", SummaryKind::maximum, "il1b", "", "pM", "highest IL-1beta at the site"},
        Summary{"final_imbalance", SummaryKind::final, "imbalance", "", "1", "IL-1beta to IL-10 ratio at the end"},
        Summary{"peak_oc_fold", SummaryKind::maximum, "oc_fold", "", "1", "most osteoclasts, fold of healthy"},
        Summary{"lowest_bone", SummaryKind::minimum, "bone", "", "1", "least mineralised bone, fold of healthy"},
        Summary{"final_bone", SummaryKind::final, "bone", "", "1", "mineralised bone at the end"},
        Summary{"final_reactive_bone", SummaryKind::final, "reactive_bone", "", "1", "reactive bone at the end"},
    };

    static auto intermediates(const auto& state, const auto& inputs, const auto& parameters)
    {
        return niche::intermediates(state, inputs, parameters);
    }
    static auto fluxes(const auto& state, const auto& inputs, const auto& parameters)
    {
        return niche::fluxes(state, inputs, parameters);
    }
    static auto balance(const auto& fluxes) { return niche::balance(fluxes); }
    static auto readouts(const auto& state, const auto& /*inputs*/, const auto& parameters)
    {
        return niche::readouts(state, parameters);
    }
};

} // namespace osteoflare::model::niche
