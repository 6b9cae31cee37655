#pragma once

#include "model/description.hpp"

namespace osteoflare::model::niche {

/// What blood and marrow carry; one per animal. The defaults are a seven-day-old pup's.
template <class Real>
struct Circulation {
    Real microbial_tone, marrow_output, blood_neutrophils, blood_monocytes, plasma_il6, acute_phase;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.microbial_tone, {"microbial_tone", "T", "1", 0.15, non_negative, Origin::assumed, "microbial (TLR) tone reaching myeloid cells, 1 in a conventionally housed adult", "19"});
        see(self.marrow_output, {"marrow_output", "E", "1", 1, non_negative, Origin::assumed, "myeloid output of the marrow, fold of a healthy adult", "21"});
        see(self.blood_neutrophils, {"blood_neutrophils", "N_b", "cell/uL", 1000, non_negative, Origin::assumed, "neutrophils in blood", "22"});
        see(self.blood_monocytes, {"blood_monocytes", "M_b", "cell/uL", 250, non_negative, Origin::assumed, "monocytes in blood", "23"});
        see(self.plasma_il6, {"plasma_il6", "S_p", "pM", 0.01, non_negative, Origin::assumed, "IL-6 in plasma", "24"});
        see(self.acute_phase, {"acute_phase", "A", "1", 1, non_negative, Origin::assumed, "acute-phase protein (SAA in mice, CRP in people), fold of healthy", "25"});
        // clang-format on
    }
};

/// Below 1 - 1/(rank_without_ros + rank_ros) = 0.44 the RANK signal could turn negative; life keeps it above 0.97.
inline constexpr Range rankl_range{0.5, non_negative.high};

/// What one bone site holds.
template <class Real>
struct Site {
    Real damage, neutrophils, macrophages, pro_il1b, il1b, il1ra, il10, tnf, il6, cxcl1, ccl2, pge2, ros,
        stromal_priming, il10_training, rankl_ratio, osteoclast_precursors, osteoclasts, osteoblast_precursors,
        osteoblasts, bone, reactive_bone;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.damage, {"damage", "D", "1", 0.015, non_negative, Origin::assumed, "damage-associated molecular patterns, in units of their half-saturation", "30"});
        see(self.neutrophils, {"neutrophils", "N", "cell/uL", 50, non_negative, Origin::assumed, "neutrophils at the site", "28"});
        see(self.macrophages, {"macrophages", "M", "cell/uL", 4500, non_negative, Origin::assumed, "macrophages at the site", "29"});
        see(self.pro_il1b, {"pro_il1b", "P", "pM", 0.02, non_negative, Origin::assumed, "pro-IL-1beta inside cells, per tissue volume", "35"});
        see(self.il1b, {"il1b", "L", "pM", 0.005, non_negative, Origin::assumed, "mature extracellular IL-1beta", "36"});
        see(self.il1ra, {"il1ra", "R_a", "pM", 11.9, non_negative, Origin::assumed, "IL-1 receptor antagonist", "37"});
        see(self.il10, {"il10", "I", "pM", 0.6, non_negative, Origin::assumed, "IL-10", "39"});
        see(self.tnf, {"tnf", "F", "pM", 0.05, non_negative, Origin::assumed, "TNF", "42"});
        see(self.il6, {"il6", "S", "pM", 0.2, non_negative, Origin::assumed, "IL-6 at the site", "43"});
        see(self.cxcl1, {"cxcl1", "X", "pM", 4, non_negative, Origin::assumed, "neutrophil chemokines (CXCL1/2)", "44"});
        see(self.ccl2, {"ccl2", "Y", "pM", 5, non_negative, Origin::assumed, "monocyte chemokines (CCL2/3)", "45"});
        see(self.pge2, {"pge2", "H", "1", 0.05, non_negative, Origin::assumed, "prostaglandin E2, relative", "46"});
        see(self.ros, {"ros", "O", "1", 0, non_negative, Origin::assumed, "NADPH-oxidase superoxide, 1 = strong burst", "47"});
        see(self.stromal_priming, {"stromal_priming", "Z", "1", 1, non_negative, Origin::assumed, "priming of stroma and endothelium by past IL-1 and TNF", "48"});
        see(self.il10_training, {"il10_training", "Omega", "1", 0, non_negative, Origin::assumed, "slow gain of IL-10 production at an inflamed site", "40"});
        see(self.rankl_ratio, {"rankl_ratio", "K", "1", 1, rankl_range, Origin::assumed, "RANKL to OPG ratio, fold of healthy", "49"});
        see(self.osteoclast_precursors, {"osteoclast_precursors", "Q", "1", 1, non_negative, Origin::assumed, "osteoclast precursors, fold of healthy", "53"});
        see(self.osteoclasts, {"osteoclasts", "C", "cell/uL", 60, non_negative, Origin::assumed, "osteoclasts on the site's bone", "55"});
        see(self.osteoblast_precursors, {"osteoblast_precursors", "B_p", "1", 1, non_negative, Origin::assumed, "osteoblast precursors, fold of healthy", "57"});
        see(self.osteoblasts, {"osteoblasts", "B", "1", 1, non_negative, Origin::assumed, "active osteoblasts, fold of healthy", "58"});
        see(self.bone, {"bone", "V", "1", 1, non_negative, Origin::assumed, "mineralised bone volume, fold of the healthy site", "59"});
        see(self.reactive_bone, {"reactive_bone", "W", "1", 0, non_negative, Origin::assumed, "periosteal reactive (woven) bone, in units of the healthy site's bone", "60"});
        // clang-format on
    }
};

/// The whole animal: one circulation and one site.
template <class Real>
struct State {
    Circulation<Real> circulation;
    Site<Real> site;

    static constexpr void visit(auto& self, auto&& see)
    {
        Circulation<Real>::visit(self.circulation, see);
        Site<Real>::visit(self.site, see);
    }
};

} // namespace osteoflare::model::niche
