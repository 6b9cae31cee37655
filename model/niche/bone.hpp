#pragma once

#include "model/niche/signals.hpp"

namespace osteoflare::model::niche {

/// What bone cells perceive, and what osteoclasts do: theory eqs. (50)–(57).
template <class Real>
struct BoneActivity {
    Real burst, rank, fuse, supply, resorption, couple;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.burst, computed("burst", "Ohat", "1", "superoxide as bone cells perceive it", "50"));
        see(self.rank, computed("rank", "rho", "1", "RANK signal, 1 in health", "51"));
        see(self.fuse, computed("fuse", "Phi", "1", "fusion of precursors under RANK, 1 in health", "52"));
        see(self.supply, computed("supply", "Psi", "1", "supply of precursors to fusion, 1 in health", "54"));
        see(self.resorption, computed("resorption", "eta", "1", "resorption, fold of healthy", "56"));
        see(self.couple, computed("couple", "chi", "1", "resorption as osteoblast precursors perceive it, 1 in health", "57"));
        // clang-format on
    }
};

template <class Real>
BoneActivity<Real> bone_activity(const Site<Real>& site, const auto& in, const auto& p)
{
    const Real burst = superoxide_burst(site, p); // (50)
    const Real rank = (1.0 + (site.rankl_ratio - 1.0) * (p.rank_without_ros + p.rank_ros * burst))
                      / (1.0 + in.opg_fc);            // (51) superoxide gates the excess
    const Real resorbed = resorption(site, burst, p); // (56)
    return {
        .burst = burst,
        .rank = rank,
        .fuse = (1.0 + square(p.rank_half)) * hill2(rank, p.rank_half), // (52)
        .supply =
            (1.0 + p.precursor_saturation) * saturating(site.osteoclast_precursors, p.precursor_saturation), // (54)
        .resorption = resorbed,
        .couple = (1.0 + p.coupling_saturation) * saturating(resorbed, p.coupling_saturation), // (57)
    };
}

/// RANKL, osteoclasts, osteoblasts and bone: theory eqs. (49)–(60).
template <class Real>
struct BoneFluxes {
    Real rankl_approach, osteoclast_precursor_exchange, osteoclast_formation, osteoclast_death,
        osteoblast_precursor_approach, osteoblast_approach, bone_formation, bone_resorption, reactive_bone_formation,
        reactive_bone_removal;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.rankl_approach, computed("rankl_approach", "v_K", "1/d", "approach of the RANKL/OPG ratio to its aim", "49"));
        see(self.osteoclast_precursor_exchange, computed("osteoclast_precursor_exchange", "v_Q", "1/d", "exchange of precursors with blood monocytes", "53"));
        see(self.osteoclast_formation, computed("osteoclast_formation", "v_C+", "cell/uL/d", "osteoclasts formed by fusion", "55"));
        see(self.osteoclast_death, computed("osteoclast_death", "v_C-", "cell/uL/d", "osteoclasts dying", "55"));
        see(self.osteoblast_precursor_approach, computed("osteoblast_precursor_approach", "v_Bp", "1/d", "commitment of osteoblast precursors, coupled to resorption", "57"));
        see(self.osteoblast_approach, computed("osteoblast_approach", "v_B", "1/d", "maturation and loss of osteoblasts", "58"));
        see(self.bone_formation, computed("bone_formation", "v_V+", "1/d", "bone formed by osteoblasts", "59"));
        see(self.bone_resorption, computed("bone_resorption", "v_V-", "1/d", "bone resorbed by osteoclasts", "59"));
        see(self.reactive_bone_formation, computed("reactive_bone_formation", "v_W+", "1/d", "periosteal bone formed under PGE2", "60"));
        see(self.reactive_bone_removal, computed("reactive_bone_removal", "v_W-", "1/d", "remodelling of reactive bone", "60"));
        // clang-format on
    }
};

template <class Real>
BoneFluxes<Real> bone_fluxes(const Circulation<Real>& blood, const Site<Real>& site, const Signals<Real>& sig,
                             const auto& in, const auto& p)
{
    const Real rankl_aim = 1.0 + p.rankl_il1 * sig.il1_stroma + p.rankl_tnf * sig.tnf_signal
                           + p.rankl_il6 * sig.il6_signal + p.rankl_pge2 * (site.pge2 - p.pge2_basal); // (49)

    const BoneActivity<Real> activity = bone_activity(site, in, p);
    const auto bisphosphonate = bisphosphonate_effect(site, in, p);
    const Real il10_healthy = saturating(p.il10_basal, p.il10_half);
    const Real restraint = (1.0 + p.formation_il10 * il10_healthy) / (1.0 + p.formation_il10 * sig.il10_signal);
    const Real formation = p.osteoclast_loss * p.osteoclasts_healthy * activity.supply * activity.fuse
                           * (1.0 + p.formation_pstpip2 * sig.loss_progenitor)
                           * (1.0 + p.formation_tnf * sig.tnf_signal + p.formation_il1 * sig.il1_stroma) * restraint
                           * without(in.bisphosphonate_block)
                           * without(p.bisphosphonate_block_max * bisphosphonate); // (55), (P3)

    const Real osteoblast_aim = site.osteoblast_precursors
                                / (1.0
                                   + p.osteoblast_inhibition
                                         * (p.osteoblast_inhibition_tnf * sig.tnf_signal
                                            + p.osteoblast_inhibition_il1 * sig.il1_stroma)); // (58)
    return {
        .rankl_approach = p.rankl_turnover * (rankl_aim - site.rankl_ratio), // (49)
        .osteoclast_precursor_exchange =
            p.precursor_exchange
            * (blood.blood_monocytes / p.blood_monocytes_healthy - site.osteoclast_precursors), // (53)
        .osteoclast_formation = formation,
        .osteoclast_death = p.osteoclast_loss * (1.0 - p.osteoclast_il1_survival * sig.il1_stroma)
                            * (1.0 + in.bisphosphonate_killing + p.bisphosphonate_killing_max * bisphosphonate)
                            * site.osteoclasts, // (55), (P3)
        .osteoblast_precursor_approach =
            p.osteoblast_commitment * (1.0 + p.coupling * (activity.couple - 1.0) - site.osteoblast_precursors), // (57)
        .osteoblast_approach = p.osteoblast_maturation * (osteoblast_aim - site.osteoblasts),                    // (58)
        .bone_formation = p.bone_turnover * site.osteoblasts,                                                    // (59)
        .bone_resorption = p.bone_turnover * activity.resorption * site.bone,
        .reactive_bone_formation =
            p.reactive_formation * hill2(site.pge2, p.reactive_half) * site.osteoblast_precursors, // (60)
        .reactive_bone_removal = p.reactive_remodelling * site.reactive_bone,
    };
}

} // namespace osteoflare::model::niche
