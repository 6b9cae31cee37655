#pragma once

#include "model/description.hpp"
#include "solvers/lanes/lane_problem.hpp"

namespace osteoflare::scenarios {

/// A model's kind of summary, as the lanes know it.
constexpr solvers::lanes::LaneSummaryKind kind_of(model::SummaryKind kind)
{
    using solvers::lanes::LaneSummaryKind;
    switch (kind) {
    case model::SummaryKind::first_above: return LaneSummaryKind::first_above;
    case model::SummaryKind::maximum: return LaneSummaryKind::maximum;
    case model::SummaryKind::minimum: return LaneSummaryKind::minimum;
    case model::SummaryKind::final: return LaneSummaryKind::final;
    }
    return LaneSummaryKind::final;
}

} // namespace osteoflare::scenarios
