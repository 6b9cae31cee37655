#pragma once

#include "model/functions.hpp"
#include "model/niche/state.hpp"

namespace osteoflare::model::niche {

/// Superoxide as bone cells perceive it [1].
template <class Real>
Real superoxide_burst(const Site<Real>& site, const auto& p)
{
    return saturating(site.ros, p.ros_half); // (50)
}

/// What osteoclasts resorb, fold of healthy.
template <class Real>
Real resorption(const Site<Real>& site, const Real& burst, const auto& p)
{
    return site.osteoclasts / p.osteoclasts_healthy * (1.0 + p.resorption_ros * burst); // (56)
}

/// Effect of pamidronate where osteoclasts set it free, as a share of the full effect. The mouse has none.
template <class Real>
auto bisphosphonate_effect(const Site<Real>& site, const auto& in, const auto& p)
{
    const auto set_free = in.pamidronate_held * resorption(site, superoxide_burst(site, p), p);
    return set_free / (p.bisphosphonate_half + set_free); // (P1)
}

} // namespace osteoflare::model::niche
