#pragma once

#include "model/functions.hpp"
#include "model/niche/inputs.hpp"
#include "model/niche/parameters.hpp"
#include "model/niche/resorption.hpp"
#include "model/niche/state.hpp"

namespace osteoflare::model::niche {

/// What the cells of a site perceive: theory eqs. (1)–(18), (41).
template <class Real>
struct Signals {
    Real agonist, antagonist, occupancy, il1_stroma, il1_myeloid, tnf_signal, tnf_free, il6_signal, il10_free,
        il10_signal, brake, stromal_brake, danger, tone, nfkb, nfkb_drive, pstpip2_on_il1b, pstpip2_on_ros,
        pstpip2_on_progenitor, loss_il1b, loss_ros, loss_progenitor, pro_il1b_gain, tnf_il6_gain, erk;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.agonist, computed("agonist", "a", "pM", "IL-1 that can bind its receptor: IL-1beta that no antibody holds, and IL-1alpha from damage", "1"));
        see(self.antagonist, computed("antagonist", "r", "pM", "IL-1Ra, the site's own and anakinra", "2"));
        see(self.occupancy, computed("occupancy", "theta", "1", "share of IL-1 receptors that the agonist occupies", "3"));
        see(self.il1_stroma, computed("il1_stroma", "s_s", "1", "IL-1 signalling of radioresistant cells (stroma, endothelium, osteoblasts)", "4"));
        see(self.il1_myeloid, computed("il1_myeloid", "s_m", "1", "IL-1 signalling of haematopoietic cells", "5"));
        see(self.tnf_signal, computed("tnf_signal", "s_F", "1", "TNF receptor signalling", "6"));
        see(self.tnf_free, computed("tnf_free", "F'", "pM", "TNF that no antibody holds", "6"));
        see(self.il6_signal, computed("il6_signal", "s_S", "1", "IL-6 receptor signalling", "7"));
        see(self.il10_free, computed("il10_free", "I'", "pM", "IL-10, the site's own and infused", "8"));
        see(self.il10_signal, computed("il10_signal", "h_10", "1", "IL-10 receptor signalling", "9"));
        see(self.brake, computed("brake", "beta", "1", "what IL-10 leaves of myeloid NF-kB genes", "10"));
        see(self.stromal_brake, computed("stromal_brake", "beta_s", "1", "what IL-10 leaves of stromal NF-kB genes", "11"));
        see(self.danger, computed("danger", "Dhat", "1", "damage as cells perceive it", "12"));
        see(self.tone, computed("tone", "That", "1", "microbial tone as cells perceive it", "13"));
        see(self.nfkb, computed("nfkb", "n", "1", "myeloid NF-kB activity", "14"));
        see(self.nfkb_drive, computed("nfkb_drive", "u", "1", "drive of myeloid NF-kB", "14"));
        see(self.pstpip2_on_il1b, computed("pstpip2_on_il1b", "pibar_1", "1", "PSTPIP2's restraint of pro-IL-1beta, host and donor", "15"));
        see(self.pstpip2_on_ros, computed("pstpip2_on_ros", "pibar_R", "1", "PSTPIP2's restraint of superoxide, host and donor", "15"));
        see(self.pstpip2_on_progenitor, computed("pstpip2_on_progenitor", "pibar_O", "1", "PSTPIP2's restraint of progenitors and osteoclasts, host and donor", "15"));
        see(self.loss_il1b, computed("loss_il1b", "lambda_1", "1", "what is missing of PSTPIP2's restraint of pro-IL-1beta", "16"));
        see(self.loss_ros, computed("loss_ros", "lambda_R", "1", "what is missing of PSTPIP2's restraint of superoxide", "16"));
        see(self.loss_progenitor, computed("loss_progenitor", "lambda_O", "1", "what is missing of PSTPIP2's restraint of progenitors and osteoclasts", "16"));
        see(self.pro_il1b_gain, computed("pro_il1b_gain", "gamma", "1", "gain of pro-IL-1beta synthesis when PSTPIP2 is lost", "17"));
        see(self.tnf_il6_gain, computed("tnf_il6_gain", "gamma_F", "1", "macrophage TNF and IL-6 when PSTPIP2 is lost, fold", "41"));
        see(self.erk, computed("erk", "epsilon", "1", "what ERK1/2-Sp1 competence leaves of IL-10 that needs it in part", "18"));
        // clang-format on
    }
};

/// PSTPIP2 function of a site's haematopoietic cells, of which a share may come from a marrow donor; eq. (15).
template <class Real>
Real pstpip2_in_chimera(const Real& own, const auto& in)
{
    return own * without(in.donor_chimerism) + in.donor_pstpip2 * in.donor_chimerism; // (15)
}

template <class Real>
Signals<Real> signals(const Circulation<Real>& blood, const Site<Real>& site, const auto& in, const auto& p)
{
    const Real agonist = site.il1b / (1.0 + in.anti_il1b) + p.il1a_release * p.il1a_gene * site.damage; // (1) [pM]
    const Real antagonist = p.il1rn_gene * site.il1ra + in.anakinra;                                    // (2) [pM]
    const Real occupancy = agonist / (p.il1_half * (1.0 + antagonist / p.il1ra_affinity) + agonist);    // (3) Gaddum
    const Real il1_stroma = p.il1r1_stroma * occupancy;                                                 // (4)
    const Real il1_myeloid = p.il1r1_myeloid * occupancy;                                               // (5)

    const Real tnf_free = site.tnf / (1.0 + in.anti_tnf);     // (6) [pM]
    const Real tnf_signal = saturating(tnf_free, p.tnf_half); // (6)
    const Real il6_signal = saturating(site.il6, p.il6_half); // (7)

    const Real il10_free = site.il10 + in.il10_infusion;         // (8) [pM]
    const Real il10_signal = saturating(il10_free, p.il10_half); // (9)
    const Real brake = (p.il10_residual + without(p.il10_residual) / (1.0 + il10_free / p.il10_half))
                       * without(p.bisphosphonate_myeloid_max * bisphosphonate_effect(site, in, p)); // (10), (P2)
    const Real stromal_brake = without(in.nfkb_inhibition) / (1.0 + p.stromal_il10 * il10_signal);   // (11), (P5)

    const Real danger = site.damage / (1.0 + site.damage);                                   // (12)
    const Real tone = p.microbiota * without(in.microbial_reduction) * blood.microbial_tone; // (13)
    const Real nfkb_drive = p.nfkb_microbial * tone + p.nfkb_damage * danger + p.nfkb_il1 * il1_myeloid
                            + p.nfkb_tnf * tnf_signal + p.nfkb_pge2 * site.pge2; // (14), (P4)

    const Real pstpip2_on_il1b = pstpip2_in_chimera(p.pstpip2_il1b, in); // (15)
    const Real pstpip2_on_ros = pstpip2_in_chimera(p.pstpip2_ros, in);
    const Real pstpip2_on_progenitor = pstpip2_in_chimera(p.pstpip2_progenitor, in);
    const Real loss_il1b = without(pstpip2_on_il1b); // (16)
    return {
        .agonist = agonist,
        .antagonist = antagonist,
        .occupancy = occupancy,
        .il1_stroma = il1_stroma,
        .il1_myeloid = il1_myeloid,
        .tnf_signal = tnf_signal,
        .tnf_free = tnf_free,
        .il6_signal = il6_signal,
        .il10_free = il10_free,
        .il10_signal = il10_signal,
        .brake = brake,
        .stromal_brake = stromal_brake,
        .danger = danger,
        .tone = tone,
        .nfkb = nfkb_drive / (1.0 + nfkb_drive) * without(in.nfkb_inhibition), // (14), (P4)
        .nfkb_drive = nfkb_drive,
        .pstpip2_on_il1b = pstpip2_on_il1b,
        .pstpip2_on_ros = pstpip2_on_ros,
        .pstpip2_on_progenitor = pstpip2_on_progenitor,
        .loss_il1b = loss_il1b,
        .loss_ros = without(pstpip2_on_ros),                                   // (16)
        .loss_progenitor = without(pstpip2_on_progenitor),                     // (16)
        .pro_il1b_gain = p.pstpip2_gain * loss_il1b * p.syk_gene,              // (17)
        .tnf_il6_gain = 1.0 + p.tnf_gain_pstpip2 * loss_il1b,                  // (41)
        .erk = p.il10_erk_free + without(p.il10_erk_free) * p.il10_competence, // (18)
    };
}

} // namespace osteoflare::model::niche
