#pragma once

#include "model/functions.hpp"
#include "model/niche/inputs.hpp"
#include "model/niche/parameters.hpp"
#include "model/niche/state.hpp"

namespace osteoflare::model::niche {

/// What the cells of a site perceive: theory eqs. (1)–(18).
template <class Real>
struct Signals {
    Real il1_stroma, il1_myeloid; ///< IL-1 receptor signalling of radioresistant and of haematopoietic cells [1]
    Real tnf, il6;                ///< receptor signalling [1]
    Real il10;                    ///< IL-10 receptor signalling [1]
    Real brake, stromal_brake;    ///< what IL-10 leaves of myeloid NF-kB genes and of stromal ones [1]
    Real danger;                  ///< perceived damage [1]
    Real tone;                    ///< perceived microbes [1]
    Real nfkb;                    ///< myeloid NF-kB activity [1]
    Real loss_il1b, loss_ros, loss_progenitor; ///< what is missing of PSTPIP2 on each of its arms [1]
    Real pstpip2_gain;                         ///< gain of pro-IL-1beta synthesis by that loss [1]
    Real erk;                                  ///< what ERK1/2-Sp1 competence leaves of ERK-dependent IL-10 [1]
};

/// PSTPIP2 function of a site's haematopoietic cells, of which a share may come from a marrow donor; eq. (15).
template <class Real>
Real pstpip2_in_chimera(const Real& own, const Inputs<Real>& in)
{
    return own * without(in.donor_chimerism) + in.donor_pstpip2 * in.donor_chimerism; // (15)
}

template <class Real>
Signals<Real> signals(const Circulation<Real>& blood, const Site<Real>& site, const Inputs<Real>& in,
                      const Parameters<Real>& p)
{
    const Real agonist = site.il1b / (1.0 + in.anti_il1b) + p.il1a_release * p.il1a_gene * site.damage; // (1) [pM]
    const Real antagonist = p.il1rn_gene * site.il1ra + in.anakinra;                                    // (2) [pM]
    const Real occupancy = agonist / (p.il1_half * (1.0 + antagonist / p.il1ra_affinity) + agonist);    // (3) Gaddum
    const Real il1_stroma = p.il1r1_stroma * occupancy;                                                 // (4)
    const Real il1_myeloid = p.il1r1_myeloid * occupancy;                                               // (5)

    const Real tnf = saturating(Real(site.tnf / (1.0 + in.anti_tnf)), p.tnf_half); // (6)
    const Real il6 = saturating(site.il6, p.il6_half);                             // (7)

    const Real il10_free = site.il10 + in.il10_infusion;                                             // (8) [pM]
    const Real il10 = saturating(il10_free, p.il10_half);                                            // (9)
    const Real brake = p.il10_residual + without(p.il10_residual) / (1.0 + il10_free / p.il10_half); // (10)
    const Real stromal_brake = 1.0 / (1.0 + p.stromal_il10 * il10);                                  // (11)

    const Real danger = site.damage / (1.0 + site.damage);                                   // (12)
    const Real tone = p.microbiota * without(in.microbial_reduction) * blood.microbial_tone; // (13)
    const Real drive =
        p.nfkb_microbial * tone + p.nfkb_damage * danger + p.nfkb_il1 * il1_myeloid + p.nfkb_tnf * tnf; // (14)

    const Real loss_il1b = without(pstpip2_in_chimera(p.pstpip2_il1b, in)); // (16)
    return {
        .il1_stroma = il1_stroma,
        .il1_myeloid = il1_myeloid,
        .tnf = tnf,
        .il6 = il6,
        .il10 = il10,
        .brake = brake,
        .stromal_brake = stromal_brake,
        .danger = danger,
        .tone = tone,
        .nfkb = drive / (1.0 + drive), // (14)
        .loss_il1b = loss_il1b,
        .loss_ros = without(pstpip2_in_chimera(p.pstpip2_ros, in)),               // (16)
        .loss_progenitor = without(pstpip2_in_chimera(p.pstpip2_progenitor, in)), // (16)
        .pstpip2_gain = p.pstpip2_gain * loss_il1b * p.syk_gene,                  // (17)
        .erk = p.il10_erk_free + without(p.il10_erk_free) * p.il10_competence,    // (18)
    };
}

} // namespace osteoflare::model::niche
