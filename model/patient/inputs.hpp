#pragma once

#include "model/niche/inputs.hpp"

namespace osteoflare::model::patient {

/// What is done to a patient: the niche's inputs, two that hide the niche's constants of the same name, and a rate for
/// each drug that can run into a vein.
template <class Real>
struct Inputs : niche::Inputs<Real> {
    Real pamidronate_held, nfkb_inhibition;
    Real pamidronate_infusion;

    static constexpr void visit(auto& self, auto&& see)
    {
        niche::Inputs<Real>::visit(self, see);
        // clang-format off
        see(self.pamidronate_held, {"pamidronate_held", "x_P", "mg/kg", 0, non_negative, Origin::input, "pamidronate in bone, held there beside what doses leave"});
        see(self.nfkb_inhibition, {"nfkb_inhibition", "x_n", "1", 0, share, Origin::input, "share of NF-kB activity blocked (glucocorticoid, methotrexate)"});
        see(self.pamidronate_infusion, {"pamidronate_infusion", "r_Pm", "mg/kg/d", 0, non_negative, Origin::input, "pamidronate that runs into a vein"});
        // clang-format on
    }
};

} // namespace osteoflare::model::patient
