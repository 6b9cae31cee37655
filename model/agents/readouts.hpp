#pragma once

#include "model/description.hpp"

#include <array>

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

/// What a run comes to, beside the niche's summaries.
inline constexpr std::array summaries = {
    Summary{"worst_pit", SummaryKind::maximum, "deepest_pit", "", "um", "deepest pit at any time"},
    Summary{"widest_lesion", SummaryKind::maximum, "lesion", "", "1", "largest share of marrow that was inflamed"},
    Summary{"final_perforated", SummaryKind::final, "perforated", "", "1",
            "share of the bone's area perforated at the end"},
};

} // namespace osteoflare::model::agents
