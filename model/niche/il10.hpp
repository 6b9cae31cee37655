#pragma once

#include "model/niche/signals.hpp"

namespace osteoflare::model::niche {

/// What one macrophage secretes: theory eq. (38).
template <class Real>
struct Il10Secretion {
    Real il10_driven, il10_efferocytic;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.il10_driven, computed("il10_driven", "phi_n", "molecule/cell/s", "IL-10 secreted per macrophage under NF-kB", "38"));
        see(self.il10_efferocytic, computed("il10_efferocytic", "phi_ef", "molecule/cell/s", "IL-10 secreted per macrophage that clears dying neutrophils", "38"));
        // clang-format on
    }
};

template <class Real>
Il10Secretion<Real> il10_secretion(const Site<Real>& site, const Signals<Real>& sig, const Real& neutrophil_death,
                                   const auto& p)
{
    return {
        .il10_driven = p.il10_macrophage * sig.nfkb * p.il10_competence * (1.0 + p.il10_pge2 * site.pge2), // (38)
        .il10_efferocytic =
            p.il10_efferocytosis * saturating(neutrophil_death, p.efferocytosis_flux_half) * sig.erk, // (38)
    };
}

/// Secretion and clearance of IL-10 and its slow training: theory eqs. (38)–(40).
template <class Real>
struct Il10Fluxes {
    Real il10_basal_secretion, il10_macrophage_secretion, il10_efferocytic_secretion, il10_removal,
        il10_training_approach;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.il10_basal_secretion, computed("il10_basal_secretion", "v_I0", "pM/d", "IL-10 made by a healthy site", "39"));
        see(self.il10_macrophage_secretion, computed("il10_macrophage_secretion", "v_IM", "pM/d", "IL-10 secreted by NF-kB-driven macrophages", "39"));
        see(self.il10_efferocytic_secretion, computed("il10_efferocytic_secretion", "v_Ief", "pM/d", "IL-10 secreted by macrophages that clear dying neutrophils", "39"));
        see(self.il10_removal, computed("il10_removal", "v_I-", "pM/d", "clearance of IL-10", "39"));
        see(self.il10_training_approach, computed("il10_training_approach", "v_Omega", "1/d", "approach of IL-10 training to its aim", "40"));
        // clang-format on
    }
};

template <class Real>
Il10Fluxes<Real> il10_fluxes(const Site<Real>& site, const Signals<Real>& sig, const Real& neutrophil_death,
                             const auto& p)
{
    const Il10Secretion<Real> secretion = il10_secretion(site, sig, neutrophil_death, p);
    const Real trained_gene = p.il10_gene * (1.0 + site.il10_training);
    return {
        .il10_basal_secretion = trained_gene * p.il10_clearance * p.il10_basal * sig.erk, // (39)
        .il10_macrophage_secretion = trained_gene * p.molar * site.macrophages * secretion.il10_driven,
        .il10_efferocytic_secretion = trained_gene * p.molar * site.macrophages * secretion.il10_efferocytic,
        .il10_removal = p.il10_clearance * site.il10,
        .il10_training_approach = (p.training_gain * sig.il1_stroma - site.il10_training) / p.training_time, // (40)
    };
}

} // namespace osteoflare::model::niche
