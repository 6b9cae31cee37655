#pragma once

#include "model/niche/signals.hpp"

namespace osteoflare::model::niche {

/// TNF, IL-6, chemokines, prostaglandin, superoxide and stromal priming: theory eqs. (41)–(48).
template <class Real>
struct MediatorFluxes {
    Real tnf_macrophage_secretion, tnf_neutrophil_secretion, tnf_removal, il6_stroma_secretion,
        il6_macrophage_secretion, il6_removal, cxcl1_stroma_secretion, cxcl1_macrophage_secretion, cxcl1_removal,
        ccl2_stroma_secretion, ccl2_macrophage_secretion, ccl2_removal, pge2_synthesis, pge2_removal, ros_release,
        ros_removal, stromal_priming_approach;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.tnf_macrophage_secretion, computed("tnf_macrophage_secretion", "v_FM", "pM/d", "TNF secreted by macrophages", "42"));
        see(self.tnf_neutrophil_secretion, computed("tnf_neutrophil_secretion", "v_FN", "pM/d", "TNF secreted by neutrophils", "42"));
        see(self.tnf_removal, computed("tnf_removal", "v_F-", "pM/d", "clearance of TNF", "42"));
        see(self.il6_stroma_secretion, computed("il6_stroma_secretion", "v_Ss", "pM/d", "IL-6 secreted by stroma", "43"));
        see(self.il6_macrophage_secretion, computed("il6_macrophage_secretion", "v_SM", "pM/d", "IL-6 secreted by macrophages", "43"));
        see(self.il6_removal, computed("il6_removal", "v_S-", "pM/d", "clearance of IL-6", "43"));
        see(self.cxcl1_stroma_secretion, computed("cxcl1_stroma_secretion", "v_Xs", "pM/d", "CXCL1/2 secreted by stroma", "44"));
        see(self.cxcl1_macrophage_secretion, computed("cxcl1_macrophage_secretion", "v_XM", "pM/d", "CXCL1/2 secreted by macrophages", "44"));
        see(self.cxcl1_removal, computed("cxcl1_removal", "v_X-", "pM/d", "clearance of CXCL1/2", "44"));
        see(self.ccl2_stroma_secretion, computed("ccl2_stroma_secretion", "v_Ys", "pM/d", "CCL2/3 secreted by stroma", "45"));
        see(self.ccl2_macrophage_secretion, computed("ccl2_macrophage_secretion", "v_YM", "pM/d", "CCL2/3 secreted by macrophages", "45"));
        see(self.ccl2_removal, computed("ccl2_removal", "v_Y-", "pM/d", "clearance of CCL2/3", "45"));
        see(self.pge2_synthesis, computed("pge2_synthesis", "v_H+", "1/d", "synthesis of PGE2 by COX-2", "46"));
        see(self.pge2_removal, computed("pge2_removal", "v_H-", "1/d", "turnover of PGE2", "46"));
        see(self.ros_release, computed("ros_release", "v_O+", "1/d", "superoxide released by neutrophils", "47"));
        see(self.ros_removal, computed("ros_removal", "v_O-", "1/d", "turnover of superoxide", "47"));
        see(self.stromal_priming_approach, computed("stromal_priming_approach", "v_Z", "1/d", "approach of stromal priming to its aim", "48"));
        // clang-format on
    }
};

template <class Real>
MediatorFluxes<Real> mediator_fluxes(const Circulation<Real>& blood, const Site<Real>& site, const Signals<Real>& sig,
                                     const auto& in, const auto& p)
{
    const Real braked_nfkb = sig.nfkb * sig.brake;

    const Real il6_drive = p.il6_il1 * sig.il1_stroma + p.il6_tnf * sig.tnf_signal;
    const Real cxcl1_rest = p.cxcl1_basal_weight * p.cxcl1_basal * partly(p.cxcl1_microbial, sig.tone); // (44)
    const Real cxcl1_drive = cxcl1_rest + p.cxcl1_damage * sig.danger + sig.il1_stroma + p.cxcl1_tnf * sig.tnf_signal;
    const Real ccl2_drive = p.ccl2_basal + p.ccl2_il1 * sig.il1_stroma + p.ccl2_tnf * sig.tnf_signal;
    const Real pge2_drive =
        p.pge2_basal + p.pge2_il1 * sig.il1_stroma + p.pge2_tnf * sig.tnf_signal + p.pge2_nfkb * sig.nfkb;
    const Real priming_aim = 1.0 + p.priming_il1 * sig.il1_stroma + p.priming_tnf * sig.tnf_signal
                             + p.priming_systemic * hill2(blood.plasma_il6, p.priming_systemic_half); // (P7)
    return {
        .tnf_macrophage_secretion =
            p.molar * p.tnf_gene * braked_nfkb * p.tnf_macrophage * sig.tnf_il6_gain * site.macrophages, // (42)
        .tnf_neutrophil_secretion = p.molar * p.tnf_gene * braked_nfkb * p.tnf_neutrophil * site.neutrophils,
        .tnf_removal = p.tnf_clearance * site.tnf,
        .il6_stroma_secretion = p.molar * p.il6_gene * p.il6_stroma * p.stroma * il6_drive * sig.stromal_brake, // (43)
        .il6_macrophage_secretion =
            p.molar * p.il6_gene * p.il6_macrophage * sig.tnf_il6_gain * site.macrophages * braked_nfkb,
        .il6_removal = p.il6_clearance * site.il6,
        .cxcl1_stroma_secretion = p.molar * p.site_susceptibility * p.cxcl1_stroma * p.stroma * site.stromal_priming
                                  * cxcl1_drive * sig.stromal_brake, // (44), (P8)
        .cxcl1_macrophage_secretion = p.molar * p.cxcl1_macrophage * site.macrophages * braked_nfkb,
        .cxcl1_removal = p.cxcl1_clearance * site.cxcl1,
        .ccl2_stroma_secretion = p.molar * p.ccl2_stroma * p.stroma * ccl2_drive * sig.stromal_brake, // (45)
        .ccl2_macrophage_secretion =
            p.molar * p.ccl2_macrophage * site.macrophages * braked_nfkb * (1.0 + p.ccl2_pstpip2 * sig.loss_progenitor),
        .ccl2_removal = p.ccl2_clearance * site.ccl2,
        .pge2_synthesis = p.pge2_turnover * p.cox2_gene * without(in.cox_inhibition) * pge2_drive, // (46)
        .pge2_removal = p.pge2_turnover * site.pge2,
        .ros_release = p.ros_turnover * p.cybb_gene * p.ros_neutrophil * site.neutrophils * sig.nfkb
                       * (1.0 + p.ros_pstpip2 * sig.loss_ros), // (47)
        .ros_removal = p.ros_turnover * site.ros,
        .stromal_priming_approach = (priming_aim - site.stromal_priming) / p.priming_time, // (48)
    };
}

} // namespace osteoflare::model::niche
