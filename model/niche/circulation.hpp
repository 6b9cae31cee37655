#pragma once

#include "model/niche/signals.hpp"

namespace osteoflare::model::niche {

/// What a site sends into the circulation: its IL-1beta and IL-6 as plasma and marrow meet them [pM].
template <class Real>
struct Spillover {
    Real drive, il6;
};

template <class Real>
Spillover<Real> spillover(const Site<Real>& site, const auto& p)
{
    return {
        .drive = p.spillover * (p.il1r1_stroma * site.il1b + p.emergency_il6 * site.il6), // (20)
        .il6 = p.spillover * site.il6,
    };
}

/// Fluxes of blood and marrow: theory eqs. (19)–(25).
template <class Real>
struct CirculationFluxes {
    Real tone_maturation, marrow_adaptation, blood_neutrophil_release, blood_neutrophil_removal,
        blood_neutrophil_killing, blood_monocyte_release, blood_monocyte_removal, blood_monocyte_killing,
        plasma_il6_entry, plasma_il6_removal, acute_phase_synthesis, acute_phase_removal;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.tone_maturation, computed("tone_maturation", "v_T", "1/d", "approach of the microbial tone to its aim", "19"));
        see(self.marrow_adaptation, computed("marrow_adaptation", "v_E", "1/d", "approach of myeloid output to its aim", "21"));
        see(self.blood_neutrophil_release, computed("blood_neutrophil_release", "v_Nb+", "cell/uL/d", "neutrophils released by the marrow", "22"));
        see(self.blood_neutrophil_removal, computed("blood_neutrophil_removal", "v_Nb-", "cell/uL/d", "neutrophils leaving blood", "22"));
        see(self.blood_neutrophil_killing, computed("blood_neutrophil_killing", "v_Nbx", "cell/uL/d", "blood neutrophils lost to depletion", "22"));
        see(self.blood_monocyte_release, computed("blood_monocyte_release", "v_Mb+", "cell/uL/d", "monocytes released by the marrow", "23"));
        see(self.blood_monocyte_removal, computed("blood_monocyte_removal", "v_Mb-", "cell/uL/d", "monocytes leaving blood", "23"));
        see(self.blood_monocyte_killing, computed("blood_monocyte_killing", "v_Mbx", "cell/uL/d", "blood monocytes lost to depletion or CSF-1R inhibition", "23"));
        see(self.plasma_il6_entry, computed("plasma_il6_entry", "v_Sp+", "pM/d", "IL-6 reaching plasma from the site", "24"));
        see(self.plasma_il6_removal, computed("plasma_il6_removal", "v_Sp-", "pM/d", "clearance of plasma IL-6", "24"));
        see(self.acute_phase_synthesis, computed("acute_phase_synthesis", "v_A+", "1/d", "hepatic synthesis of acute-phase protein", "25"));
        see(self.acute_phase_removal, computed("acute_phase_removal", "v_A-", "1/d", "turnover of acute-phase protein", "25"));
        // clang-format on
    }
};

/// Where the marrow's output goes, fold of a healthy adult.
template <class Real>
Real marrow_aim(const Spillover<Real>& spill, const Real& loss_progenitor, const auto& in, const auto& p)
{
    const Real emergency = 1.0 + p.emergency_gain * saturating(spill.drive, p.emergency_half);
    return (1.0 + p.progenitor_expansion * loss_progenitor) * emergency
           * (1.0 - p.marrow_csf1r * in.csf1r_inhibition); // (21)
}

template <class Real>
CirculationFluxes<Real> circulation_fluxes(const Circulation<Real>& blood, const Spillover<Real>& spill,
                                           const Real& loss_progenitor, const auto& in, const auto& p)
{
    const Real aim = marrow_aim(spill, loss_progenitor, in, p);
    return {
        .tone_maturation = (p.weaning_tone - blood.microbial_tone) / p.tone_maturation_time,                     // (19)
        .marrow_adaptation = (aim - blood.marrow_output) / p.marrow_adaptation_time,                             // (21)
        .blood_neutrophil_release = p.blood_neutrophil_loss * p.blood_neutrophils_healthy * blood.marrow_output, // (22)
        .blood_neutrophil_removal = p.blood_neutrophil_loss * blood.blood_neutrophils,
        .blood_neutrophil_killing = in.neutrophil_depletion * blood.blood_neutrophils,
        .blood_monocyte_release = p.blood_monocyte_loss * p.blood_monocytes_healthy * blood.marrow_output, // (23)
        .blood_monocyte_removal = p.blood_monocyte_loss * blood.blood_monocytes,
        .blood_monocyte_killing = (in.phagocyte_depletion + in.csf1r_inhibition) * blood.blood_monocytes,
        .plasma_il6_entry = p.plasma_il6_clearance * spill.il6, // (24)
        .plasma_il6_removal = p.plasma_il6_clearance * blood.plasma_il6,
        .acute_phase_synthesis =
            p.acute_phase_turnover * (1.0 + p.acute_phase_gain * hill2(blood.plasma_il6, p.acute_phase_half)), // (25)
        .acute_phase_removal = p.acute_phase_turnover * blood.acute_phase,
    };
}

/// Gains minus losses of the circulation, per day.
template <class Real>
Circulation<Real> circulation_balance(const CirculationFluxes<Real>& v)
{
    return {
        .microbial_tone = v.tone_maturation,  // (19)
        .marrow_output = v.marrow_adaptation, // (21)
        .blood_neutrophils =
            v.blood_neutrophil_release - v.blood_neutrophil_removal - v.blood_neutrophil_killing,          // (22)
        .blood_monocytes = v.blood_monocyte_release - v.blood_monocyte_removal - v.blood_monocyte_killing, // (23)
        .plasma_il6 = v.plasma_il6_entry - v.plasma_il6_removal,                                           // (24)
        .acute_phase = v.acute_phase_synthesis - v.acute_phase_removal,                                    // (25)
    };
}

} // namespace osteoflare::model::niche
