#pragma once

#include "model/patient/patient.hpp"

/// What a clinic sees of a patient. Thresholds and weights are conventions that no measurement backs.
namespace osteoflare::model::patient {

/// What is seen at one site: theory eqs. (P23)–(P24).
template <class Real>
struct SiteReadouts {
    Real swelling, resorption, pain, pain_felt;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.swelling, computed("swelling", "sw", "1", "swelling of the site, 1 = frank", "61"));
        see(self.resorption, computed("resorption_fold", "eta_f", "1", "resorption at the site, fold of healthy", "56"));
        see(self.pain, computed("pain", "p", "1", "how much the site hurts", "P23"));
        see(self.pain_felt, computed("pain_felt", "p_f", "1", "what of that is felt beside other pain", "P24"));
        // clang-format on
    }
};

template <class Real>
SiteReadouts<Real> site_readouts(const Site<Real>& site, const Parameters<Real>& p)
{
    const Real swelling = niche::swelling(site.tissue, p);
    const Real by_pge2 = site.tissue.pge2 * saturating(site.tissue.pge2, p.pain_pge2_half);
    const Real pain = p.pain_weight * (p.pain_swelling * hill2(swelling, p.pain_swelling_half) + by_pge2); // (P23)
    return {
        .swelling = swelling,
        .resorption = niche::resorption(site.tissue, niche::superoxide_burst(site.tissue, p), p),
        .pain = pain,
        .pain_felt = pain * hill2(pain, p.pain_felt_half), // (P24)
    };
}

/// What is said of the whole child: theory eqs. (P25)–(P29).
template <class Real>
struct PatientReadouts {
    Real vas, crp, esr, pga, chaq;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.vas, computed("vas", "VAS", "1", "pain on the visual analogue scale, 0 to 10", "P25"));
        see(self.crp, computed("crp", "CRP", "mg/L", "C-reactive protein", "P26"));
        see(self.esr, computed("esr", "ESR", "mm/h", "erythrocyte sedimentation rate", "P27"));
        see(self.pga, computed("pga", "PGA", "1", "physician's global assessment, 0 to 10", "P28"));
        see(self.chaq, computed("chaq", "CHAQ", "1", "childhood health assessment questionnaire, 0 to 3", "P29"));
        // clang-format on
    }
};

/// `pain_felt` is the sum over all sites, `mri_lesions` the number of sites where MRI shows one.
template <class Real>
PatientReadouts<Real> patient_readouts(const Border<Real>& border, const Real& pain_felt, const Real& mri_lesions,
                                       const Parameters<Real>& p)
{
    const Real crp = p.crp_healthy * border.circulation.acute_phase; // (P26)
    const Real global = p.pga_pain * pain_felt + p.pga_lesion * mri_lesions;
    return {
        .vas = 10.0 * square(saturating(pain_felt, p.vas_half)), // (P25)
        .crp = crp,
        .esr = p.esr_healthy + p.esr_gain * saturating(crp, p.esr_half), // (P27)
        .pga = 10.0 * saturating(global, Real(1.0)),                     // (P28)
        .chaq = 3.0 * saturating(pain_felt, p.chaq_half),                // (P29)
    };
}

} // namespace osteoflare::model::patient
