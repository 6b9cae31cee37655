#pragma once

#include "model/functions.hpp"
#include "model/patient/drugs.hpp"
#include "model/patient/inputs.hpp"

namespace osteoflare::model::patient {

/// What two causes take away together, each its share of what the other leaves.
template <class Real>
Real taken_together(const Real& one, const Real& other)
{
    return 1.0 - (1.0 - one) * (1.0 - other);
}

/// What the drugs do to every site, added to what is set from outside: shares take each their part of what others
/// leave, concentrations and ratios of bound to free add up. Theory eqs. (P18)–(P22).
template <class Real>
Inputs<Real> effects(const Drugs<Real>& drugs, const Inputs<Real>& in, const DrugParameters<Real>& p)
{
    Inputs<Real> acting = in;
    acting.cox_inhibition =
        taken_together(in.cox_inhibition, saturating(drugs.naproxen_plasma, p.naproxen_ic50));          // (P18)
    acting.anakinra = in.anakinra + p.anakinra_tissue * p.anakinra_pm_per_mg_l * drugs.anakinra_plasma; // (P19)
    acting.anti_tnf =
        in.anti_tnf
        + p.adalimumab_tissue * p.adalimumab_nm_per_mg_l * drugs.adalimumab_plasma / p.adalimumab_kd;        // (P20)
    acting.pamidronate_held = in.pamidronate_held + drugs.pamidronate_bone;                                  // (P21)
    const Real methotrexate = p.methotrexate_max * saturating(drugs.methotrexate_pool, p.methotrexate_half); // (P22)
    const Real prednisolone = p.prednisolone_max * saturating(drugs.prednisolone_effect, p.prednisolone_half);
    acting.nfkb_inhibition = taken_together(in.nfkb_inhibition, taken_together(methotrexate, prednisolone)); // (P22)
    return acting;
}

} // namespace osteoflare::model::patient
