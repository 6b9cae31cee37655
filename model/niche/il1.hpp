#pragma once

#include "model/niche/signals.hpp"

namespace osteoflare::model::niche {

/// What ripens pro-IL-1beta: theory eqs. (32)–(34).
template <class Real>
struct Il1Processing {
    Real casp1, casp8, serine;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.casp1, computed("casp1", "q_1", "1/d", "processing of pro-IL-1beta by NLRP3-caspase-1", "32"));
        see(self.casp8, computed("casp8", "q_8", "1/d", "processing of pro-IL-1beta by caspase-8", "33"));
        see(self.serine, computed("serine", "q_s", "1/d", "processing of pro-IL-1beta by neutrophil serine proteases", "34"));
        // clang-format on
    }
};

template <class Real>
Il1Processing<Real> il1_processing(const Site<Real>& site, const Signals<Real>& sig, const auto& p)
{
    const Real inflammasome =
        without(p.nlrp3_gene) * p.casp1_without_nlrp3 + p.nlrp3_gene * partly(Real(without(p.casp1_basal)), sig.danger);
    return {
        .casp1 = p.casp1_processing * p.casp1_gene * inflammasome, // (32)
        .casp8 =
            p.casp8_processing * p.casp8_gene * p.syk_gene * partly(Real(without(p.casp8_basal)), sig.nfkb),  // (33)
        .serine = p.serine_processing * p.serine_protease_gene * saturating(site.neutrophils, p.serine_half), // (34)
    };
}

/// Synthesis, maturation and clearance of IL-1beta and of its antagonist: theory eqs. (31)–(37).
template <class Real>
struct Il1Fluxes {
    Real pro_il1b_synthesis_neutrophil, pro_il1b_synthesis_macrophage, pro_il1b_degradation, il1b_by_casp1,
        il1b_by_casp8, il1b_by_serine, il1b_removal, il1ra_entry, il1ra_secretion, il1ra_removal;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.pro_il1b_synthesis_neutrophil, computed("pro_il1b_synthesis_neutrophil", "v_PN", "pM/d", "pro-IL-1beta made by neutrophils", "31"));
        see(self.pro_il1b_synthesis_macrophage, computed("pro_il1b_synthesis_macrophage", "v_PM", "pM/d", "pro-IL-1beta made by macrophages", "31"));
        see(self.pro_il1b_degradation, computed("pro_il1b_degradation", "v_P-", "pM/d", "pro-IL-1beta degraded unprocessed", "35"));
        see(self.il1b_by_casp1, computed("il1b_by_casp1", "v_L1", "pM/d", "IL-1beta set free by NLRP3-caspase-1", "35"));
        see(self.il1b_by_casp8, computed("il1b_by_casp8", "v_L8", "pM/d", "IL-1beta set free by caspase-8", "35"));
        see(self.il1b_by_serine, computed("il1b_by_serine", "v_Ls", "pM/d", "IL-1beta set free by neutrophil serine proteases", "35"));
        see(self.il1b_removal, computed("il1b_removal", "v_L-", "pM/d", "clearance of IL-1beta", "36"));
        see(self.il1ra_entry, computed("il1ra_entry", "v_Ra0", "pM/d", "IL-1Ra reaching the site from plasma", "37"));
        see(self.il1ra_secretion, computed("il1ra_secretion", "v_Ra+", "pM/d", "IL-1Ra secreted by macrophages", "37"));
        see(self.il1ra_removal, computed("il1ra_removal", "v_Ra-", "pM/d", "clearance of IL-1Ra", "37"));
        // clang-format on
    }
};

template <class Real>
Il1Fluxes<Real> il1_fluxes(const Circulation<Real>& blood, const Site<Real>& site, const Signals<Real>& sig,
                           const auto& p)
{
    const Real expression = p.molar * p.il1b_gene * sig.nfkb * sig.brake;
    const Real per_neutrophil =
        p.pro_il1b_neutrophil * (1.0 + sig.pro_il1b_gain) * partly(p.pro_il1b_mast_cells, p.mast_cells);
    const Real per_macrophage = p.pro_il1b_macrophage * (1.0 + p.pstpip2_gain_macrophage * sig.pro_il1b_gain);
    const Il1Processing<Real> processing = il1_processing(site, sig, p);
    return {
        .pro_il1b_synthesis_neutrophil = expression * per_neutrophil * site.neutrophils, // (31)
        .pro_il1b_synthesis_macrophage = expression * per_macrophage * site.macrophages, // (31)
        .pro_il1b_degradation = p.pro_il1b_decay * site.pro_il1b,
        .il1b_by_casp1 = processing.casp1 * site.pro_il1b,
        .il1b_by_casp8 = processing.casp8 * site.pro_il1b,
        .il1b_by_serine = processing.serine * site.pro_il1b,
        .il1b_removal = p.il1b_clearance * site.il1b,
        .il1ra_entry = p.il1ra_clearance * (p.il1ra_plasma + p.il1ra_acute_phase * (blood.acute_phase - 1.0)), // (37)
        .il1ra_secretion =
            p.molar * p.il1ra_macrophage * site.macrophages * (sig.nfkb + p.il1ra_il10 * sig.il10_signal),
        .il1ra_removal = p.il1ra_clearance * site.il1ra,
    };
}

} // namespace osteoflare::model::niche
