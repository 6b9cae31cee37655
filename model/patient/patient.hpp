#pragma once

#include "model/niche/niche.hpp"
#include "model/patient/effects.hpp"
#include "model/patient/parameters.hpp"
#include "model/patient/state.hpp"

/// The patient: many bone sites that share one circulation and its drugs. The equations of a site and of the
/// circulation are the niche's. Theory: docs/theory/patient.md, whose equation numbers stand here.
///
/// For research and teaching, never for the care of a person.
namespace osteoflare::model::patient {

/// What ONE site sends into the circulation, weighted by its share of all marrow; the circulation receives the sum over
/// all sites [pM].
template <class Real>
struct Shares {
    Real drive, il6;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.drive, computed("drive_share", "G_i", "pM", "this site's part of the marrow's drive", "P10"));
        see(self.il6, computed("il6_share", "S_i", "pM", "this site's part of plasma IL-6", "P10"));
        // clang-format on
    }
};

template <class Real>
Shares<Real> shares(const Site<Real>& site, const Parameters<Real>& p)
{
    const niche::Spillover<Real> spill = niche::spillover(site.tissue, p);
    return {.drive = p.volume_share * spill.drive, .il6 = p.volume_share * spill.il6}; // (P10)
}

/// Everything that flows at a site.
template <class Real>
struct SiteFluxes {
    niche::SiteFluxes<Real> tissue;
    Real oedema_approach;

    static constexpr void visit(auto& self, auto&& see)
    {
        niche::SiteFluxes<Real>::visit(self.tissue, see);
        // clang-format off
        see(self.oedema_approach, computed("oedema_approach", "v_J", "1/d", "approach of marrow oedema to swelling", "P9"));
        // clang-format on
    }
};

/// Everything that flows in blood, marrow and the drugs' compartments.
template <class Real>
struct BorderFluxes {
    niche::CirculationFluxes<Real> circulation;
    DrugFluxes<Real> drugs;

    static constexpr void visit(auto& self, auto&& see)
    {
        niche::CirculationFluxes<Real>::visit(self.circulation, see);
        DrugFluxes<Real>::visit(self.drugs, see);
    }
};

/// `acting` is everything that acts on the site, the drugs' effects among it.
template <class Real>
SiteFluxes<Real> site_fluxes(const niche::Circulation<Real>& blood, const Site<Real>& site, const Inputs<Real>& acting,
                             const Parameters<Real>& p)
{
    const niche::Signals<Real> sig = niche::signals(blood, site.tissue, acting, p);
    return {
        .tissue = niche::site_fluxes(blood, site.tissue, sig, acting, p),
        .oedema_approach = (niche::swelling(site.tissue, p) - site.marrow_oedema) / p.oedema_time, // (P9)
    };
}

/// `in` is what is set from outside; the drugs' effects are added here.
template <class Real>
SiteFluxes<Real> site_fluxes(const Border<Real>& border, const Site<Real>& site, const Inputs<Real>& in,
                             const Parameters<Real>& p)
{
    return site_fluxes(border.circulation, site, effects(border.drugs, in, p.drugs), p);
}

template <class Real>
Site<Real> site_balance(const SiteFluxes<Real>& v)
{
    return {.tissue = niche::site_balance(v.tissue), .marrow_oedema = v.oedema_approach}; // (P9)
}

/// What changes at a site per day.
template <class Real>
Site<Real> site_rates(const Border<Real>& border, const Site<Real>& site, const Inputs<Real>& in,
                      const Parameters<Real>& p)
{
    return site_balance(site_fluxes(border, site, in, p));
}

/// `sum` is what all sites together send. No drug acts on the circulation but through the sites.
template <class Real>
BorderFluxes<Real> border_fluxes(const Border<Real>& border, const Shares<Real>& sum, const Inputs<Real>& in,
                                 const Parameters<Real>& p)
{
    const niche::Spillover<Real> spill{.drive = sum.drive, .il6 = sum.il6};
    const Real loss_progenitor = without(niche::pstpip2_in_chimera(p.pstpip2_progenitor, in));
    return {
        .circulation = niche::circulation_fluxes(border.circulation, spill, loss_progenitor, in, p),
        .drugs = drug_fluxes(border.drugs, in, p.drugs),
    };
}

template <class Real>
Border<Real> border_balance(const BorderFluxes<Real>& v)
{
    return {.circulation = niche::circulation_balance(v.circulation), .drugs = drug_balance(v.drugs)};
}

/// What changes in the circulation and in the drugs' compartments per day, between doses.
template <class Real>
Border<Real> border_rates(const Border<Real>& border, const Shares<Real>& sum, const Inputs<Real>& in,
                          const Parameters<Real>& p)
{
    return border_balance(border_fluxes(border, sum, in, p));
}

} // namespace osteoflare::model::patient
