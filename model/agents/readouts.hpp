#pragma once

#include "model/description.hpp"

namespace osteoflare::model::agents {

/// What only space shows, beside the niche's read-outs.
template <class Real>
struct Readouts {
    Real deepest_pit, perforated, lesion;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.deepest_pit, computed("deepest_pit", "h_pit", "um", "depth of the deepest pit below the bone's first surface", "A30"));
        see(self.perforated, computed("perforated", "a_p", "1", "share of the bone's area that is perforated", "A31"));
        see(self.lesion, computed("lesion", "a_l", "1", "share of marrow in which neutrophils are as dense as at onset of disease", "A32"));
        // clang-format on
    }
};

} // namespace osteoflare::model::agents
