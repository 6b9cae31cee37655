#pragma once

#include "model/niche/parameters.hpp"
#include "model/patient/drugs.hpp"
#include "model/patient/human_values.hpp"

namespace osteoflare::model::patient {

/// Everything of a patient that is constant between events: the niche's parameters with human values, and those of the
/// terms that the mouse lacks, which hide the niche's constants of the same name. That is why they derive: one equation
/// reads `p.nfkb_pge2` of either. `site_susceptibility`, `volume_share` and `pain_weight` differ between sites.
template <class Real>
struct Parameters : niche::Parameters<Real> {
    // Sites
    Real site_susceptibility, volume_share;
    // Inflammation
    Real nfkb_pge2, damage_oxidised_matrix, priming_systemic, priming_systemic_half;
    // Bisphosphonates
    Real bisphosphonate_killing_max, bisphosphonate_block_max, bisphosphonate_myeloid_max, bisphosphonate_half;
    // Read-outs
    Real oedema_time, pain_weight, pain_swelling, pain_swelling_half, pain_pge2_half, pain_felt_half, vas_half,
        crp_healthy, esr_healthy, esr_gain, esr_half, pga_pain, pga_lesion, chaq_half;
    DrugParameters<Real> drugs;

    /// The one list of a patient's parameters: the niche's first, in its order.
    static constexpr void visit(auto& self, auto&& see)
    {
        niche::Parameters<Real>::visit(self,
                                       [&](auto& field, const Description& entry) { see(field, in_people(entry)); });
        // clang-format off
        // Sites
        see(self.site_susceptibility, {"site_susceptibility", "kappa", "1", 1, non_negative, Origin::assumed, "CXCL1/2 that stroma of this site secretes, fold of the median site of the median child"});
        see(self.volume_share, {"volume_share", "w", "1", 1, share, Origin::assumed, "share of all marrow that lies at this site"});

        // Inflammation
        see(self.nfkb_pge2, {"nfkb_pge2", "a_H", "1", 0.164, non_negative, Origin::calibrated, "NF-kB drive by prostaglandin E2 (EP2/EP4), per unit of PGE2"});
        see(self.damage_oxidised_matrix, {"damage_oxidised_matrix", "beta_C", "1/d", 0.49, non_negative, Origin::calibrated, "release of damage by resorption under full superoxide burst, per healthy rate of resorption"});
        see(self.priming_systemic, {"priming_systemic", "z_S", "1", 2.36, non_negative, Origin::calibrated, "stromal priming of every site by fully raised plasma IL-6 (couples the sites)"});
        see(self.priming_systemic_half, {"priming_systemic_half", "K_ZS", "pM", 0.25, positive, Origin::assumed, "plasma IL-6 at half of that priming (the value at which the check points come out)"});

        // Bisphosphonates
        see(self.bisphosphonate_killing_max, {"bisphosphonate_killing_max", "x_Bm", "1", 2.29, non_negative, Origin::calibrated, "added osteoclast death at full effect, fold of the natural"});
        see(self.bisphosphonate_block_max, {"bisphosphonate_block_max", "x_Bb", "1", 0.5, share, Origin::calibrated, "share of osteoclast formation blocked at full effect"});
        see(self.bisphosphonate_myeloid_max, {"bisphosphonate_myeloid_max", "x_By", "1", 0.769, share, Origin::calibrated, "share of myeloid cytokine expression blocked at full effect"});
        see(self.bisphosphonate_half, {"bisphosphonate_half", "K_bp", "mg/kg", 3, positive, Origin::calibrated, "bone-held pamidronate times resorption at half of its effect"});

        // Read-outs: their thresholds and weights are conventions
        see(self.oedema_time, {"oedema_time", "tau_J", "d", 45, positive, Origin::assumed, "time in which MRI oedema follows inflammation"});
        see(self.pain_weight, {"pain_weight", "w_p", "1", 0.6, non_negative, Origin::assumed, "how much this site's inflammation hurts"});
        see(self.pain_swelling, {"pain_swelling", "p_sw", "1", 0.5, non_negative, Origin::assumed, "pain under full swelling"});
        see(self.pain_swelling_half, {"pain_swelling_half", "K_sw", "1", 0.5, positive, Origin::assumed, "swelling at half of that pain"});
        see(self.pain_pge2_half, {"pain_pge2_half", "K_pH", "1", 0.3, positive, Origin::assumed, "PGE2 at which pain by PGE2 turns from quadratic to linear"});
        see(self.pain_felt_half, {"pain_felt_half", "K_p", "1", 0.25, positive, Origin::assumed, "pain of a site of which half is felt"});
        see(self.vas_half, {"vas_half", "K_vas", "1", 0.5, positive, Origin::assumed, "felt pain of all sites at a quarter of the largest VAS"});
        see(self.crp_healthy, {"crp_healthy", "crp_0", "mg/L", 0.5, non_negative, Origin::literature_range, "healthy CRP"});
        see(self.esr_healthy, {"esr_healthy", "esr_0", "mm/h", 6, non_negative, Origin::assumed, "ESR without CRP"});
        see(self.esr_gain, {"esr_gain", "e_esr", "mm/h", 60, non_negative, Origin::assumed, "largest rise of ESR"});
        see(self.esr_half, {"esr_half", "K_esr", "mg/L", 40, positive, Origin::assumed, "CRP at half of that rise"});
        see(self.pga_pain, {"pga_pain", "g_p", "1", 0.6, non_negative, Origin::assumed, "weight of felt pain in the physician's global assessment"});
        see(self.pga_lesion, {"pga_lesion", "g_l", "1", 0.06, non_negative, Origin::assumed, "weight of one MRI lesion in it"});
        see(self.chaq_half, {"chaq_half", "K_haq", "1", 2, positive, Origin::assumed, "felt pain at half of the largest C-HAQ"});
        // clang-format on
        DrugParameters<Real>::visit(self.drugs, see);
    }
};

} // namespace osteoflare::model::patient
