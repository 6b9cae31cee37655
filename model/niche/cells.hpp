#pragma once

#include "model/niche/signals.hpp"

namespace osteoflare::model::niche {

/// Coming and going of neutrophils and macrophages, and the damage they leave or clear: theory eqs. (26)–(30).
template <class Real>
struct CellFluxes {
    Real neutrophil_influx, neutrophil_death, neutrophil_killing, macrophage_renewal, macrophage_influx,
        macrophage_death, macrophage_killing, damage_by_wear, damage_by_dying, damage_by_resorption, damage_by_injury,
        damage_removal;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.neutrophil_influx, computed("neutrophil_influx", "v_N+", "cell/uL/d", "neutrophils recruited from blood", "26"));
        see(self.neutrophil_death, computed("neutrophil_death", "v_N-", "cell/uL/d", "neutrophils dying at the site", "27"));
        see(self.neutrophil_killing, computed("neutrophil_killing", "v_Nx", "cell/uL/d", "site neutrophils lost to depletion", "28"));
        see(self.macrophage_renewal, computed("macrophage_renewal", "v_Mr", "cell/uL/d", "renewal of resident macrophages", "29"));
        see(self.macrophage_influx, computed("macrophage_influx", "v_M+", "cell/uL/d", "macrophages recruited from blood monocytes", "29"));
        see(self.macrophage_death, computed("macrophage_death", "v_M-", "cell/uL/d", "loss of macrophages", "29"));
        see(self.macrophage_killing, computed("macrophage_killing", "v_Mx", "cell/uL/d", "macrophages lost to depletion or CSF-1R inhibition", "29"));
        see(self.damage_by_wear, computed("damage_by_wear", "v_D0", "1/d", "damage released by mechanical wear", "30"));
        see(self.damage_by_dying, computed("damage_by_dying", "v_DN", "1/d", "damage released by dying neutrophils", "30"));
        see(self.damage_by_resorption, computed("damage_by_resorption", "v_DC", "1/d", "damage released by resorption of bone", "30"));
        see(self.damage_by_injury, computed("damage_by_injury", "v_Dj", "1/d", "damage released by an injury", "30"));
        see(self.damage_removal, computed("damage_removal", "v_D-", "1/d", "clearance of damage, with macrophages' help", "30"));
        // clang-format on
    }
};

template <class Real>
CellFluxes<Real> cell_fluxes(const Circulation<Real>& blood, const Site<Real>& site, const Signals<Real>& sig,
                             const auto& in, const auto& p)
{
    const Real crowding = 1.0 + square(Real(site.neutrophils / p.neutrophil_capacity));
    const Real vasodilatation = 1.0 + p.pge2_vascular * site.pge2;
    const Real neutrophil_death =
        p.neutrophil_loss * (1.0 - p.il1_neutrophil_survival * sig.il1_myeloid) * site.neutrophils; // (27)
    const Real burst = superoxide_burst(site, p);
    const Real efferocytosis = 1.0 + p.efferocytosis_gain * saturating(site.macrophages, p.efferocytosis_half);
    return {
        .neutrophil_influx = p.neutrophil_recruitment * blood.blood_neutrophils / p.blood_neutrophils_healthy
                             * vasodilatation * hill2(site.cxcl1, p.cxcl1_half) / crowding, // (26)
        .neutrophil_death = neutrophil_death,
        .neutrophil_killing = p.tissue_neutrophil_depletion * in.neutrophil_depletion * site.neutrophils,
        .macrophage_renewal = p.macrophage_loss * p.macrophages_resident, // (29)
        .macrophage_influx = p.macrophage_recruitment * blood.blood_monocytes / p.blood_monocytes_healthy
                             * saturating(site.ccl2, p.ccl2_half),
        .macrophage_death = p.macrophage_loss * site.macrophages,
        .macrophage_killing = (in.phagocyte_depletion + p.macrophage_csf1r * in.csf1r_inhibition) * site.macrophages,
        .damage_by_wear = p.damage_basal, // (30)
        .damage_by_dying = p.damage_neutrophil * neutrophil_death * partly(p.damage_mast_cells, p.mast_cells),
        .damage_by_resorption = p.damage_resorption * site.osteoclasts / p.osteoclasts_healthy
                                + p.damage_oxidised_matrix * resorption(site, burst, p) * burst, // (P6)
        .damage_by_injury = in.sterile_injury,
        .damage_removal = p.damage_clearance * efferocytosis * site.damage,
    };
}

} // namespace osteoflare::model::niche
