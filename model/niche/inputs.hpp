#pragma once

#include "model/description.hpp"
#include "model/vanishing.hpp"

namespace osteoflare::model::niche {

/// Beyond 2 per day the aim of marrow output, 1 - marrow_csf1r*csf1r_inhibition, would turn negative.
inline constexpr Range csf1r_range{0, 2};

/// What is done to the animal. Zero unless an event sets them; constant between events.
template <class Real>
struct Inputs {
    Real sterile_injury, anakinra, anti_il1b, anti_tnf, il10_infusion, cox_inhibition, opg_fc, bisphosphonate_killing,
        bisphosphonate_block, neutrophil_depletion, phagocyte_depletion, csf1r_inhibition, microbial_reduction,
        donor_chimerism, donor_pstpip2;
    // What can be done to a patient only (model/patient/inputs.hpp)
    static constexpr Zero pamidronate_held{}, nfkb_inhibition{};

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.sterile_injury, {"sterile_injury", "j", "1/d", 0, non_negative, Origin::input, "release of damage by an injury"});
        see(self.anakinra, {"anakinra", "x_An", "pM", 0, non_negative, Origin::input, "free anakinra at the site"});
        see(self.anti_il1b, {"anti_il1b", "x_L", "1", 0, non_negative, Origin::input, "anti-IL-1beta antibody: bound to free ratio"});
        see(self.anti_tnf, {"anti_tnf", "x_F'", "1", 0, non_negative, Origin::input, "anti-TNF antibody: bound to free ratio"});
        see(self.il10_infusion, {"il10_infusion", "x_10'", "pM", 0, non_negative, Origin::input, "recombinant IL-10 at the site"});
        see(self.cox_inhibition, {"cox_inhibition", "x_H", "1", 0, share, Origin::input, "share of COX blocked (NSAID)"});
        see(self.opg_fc, {"opg_fc", "x_K", "1", 0, non_negative, Origin::input, "RANKL bound to free ratio (OPG-Fc; denosumab does not bind mouse RANKL)"});
        see(self.bisphosphonate_killing, {"bisphosphonate_killing", "x_B", "1", 0, non_negative, Origin::input, "added osteoclast death, fold of the natural"});
        see(self.bisphosphonate_block, {"bisphosphonate_block", "x_B'", "1", 0, share, Origin::input, "share of osteoclast formation blocked"});
        see(self.neutrophil_depletion, {"neutrophil_depletion", "x_N", "1/d", 0, non_negative, Origin::input, "anti-Gr-1: loss of blood neutrophils"});
        see(self.phagocyte_depletion, {"phagocyte_depletion", "x_M'", "1/d", 0, non_negative, Origin::input, "clodronate liposomes: loss of monocytes and macrophages"});
        see(self.csf1r_inhibition, {"csf1r_inhibition", "x_C", "1/d", 0, csf1r_range, Origin::input, "PLX3397: loss of monocytes"});
        see(self.microbial_reduction, {"microbial_reduction", "x_T", "1", 0, share, Origin::input, "share of microbial tone removed (antibiotics)"});
        see(self.donor_chimerism, {"donor_chimerism", "f", "1", 0, share, Origin::input, "share of haematopoietic cells that come from a marrow donor"});
        see(self.donor_pstpip2, {"donor_pstpip2", "pi_d", "1", 0, share, Origin::input, "that donor's PSTPIP2 function"});
        // clang-format on
    }
};

} // namespace osteoflare::model::niche
