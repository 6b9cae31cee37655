#pragma once

#include "model/niche/state.hpp"
#include "model/patient/drugs.hpp"

#include <string_view>

namespace osteoflare::model::patient {

/// What one of the patient's bone sites holds: the niche's tissue, and what MRI shows of it.
template <class Real>
struct Site {
    niche::Site<Real> tissue;
    Real marrow_oedema;

    static constexpr void visit(auto& self, auto&& see)
    {
        niche::Site<Real>::visit(self.tissue, see);
        // clang-format off
        see(self.marrow_oedema, {"marrow_oedema", "J", "1", 0, any_number, Origin::assumed, "marrow oedema on MRI, 1 = frank; feeds back on nothing", "P9"});
        // clang-format on
    }
};

/// Starts of a child's blood that differ from a pup's.
constexpr Description child_start(Description entry)
{
    const auto starts = [&](std::string_view name, double value) {
        if (entry.name == name) {
            entry.value = value;
        }
    };
    starts("microbial_tone", 1); // an adult's
    starts("blood_neutrophils", 4000);
    starts("blood_monocytes", 450);
    return entry;
}

/// What all sites share: blood and marrow, and the drugs.
template <class Real>
struct Border {
    niche::Circulation<Real> circulation;
    Drugs<Real> drugs;

    static constexpr void visit(auto& self, auto&& see)
    {
        niche::Circulation<Real>::visit(self.circulation,
                                        [&](auto& field, const Description& entry) { see(field, child_start(entry)); });
        Drugs<Real>::visit(self.drugs, see);
    }
};

} // namespace osteoflare::model::patient
