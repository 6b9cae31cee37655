#pragma once

#include "model/description.hpp"
#include "model/functions.hpp"

#include <algorithm>
#include <array>
#include <cmath>

/// Komarova, Smith, Dixon, Sims & Wahl 2003, Bone 33:206: one remodelling cycle by autocrine and paracrine power laws.
/// Equations as in BioModels BIOMD0000000148, with resorption and formation above the steady state as the article has
/// them: as written, the SBML's triggers are already true at t = 0, so that bone is never resorbed.
/// Theory: docs/theory/classic_models.md, eqs. (K1)–(K6).
namespace osteoflare::model::komarova2003 {

/// The defaults start the article's cycle: ten osteoclasts above the steady state of the default parameters.
template <class Real>
struct State {
    Real osteoclasts, osteoblasts, bone_mass;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.osteoclasts, {"osteoclasts", "x_1", "cell", 11.060660171779821, non_negative, Origin::published, "osteoclasts of one remodelling unit", "K4"});
        see(self.osteoblasts, {"osteoblasts", "x_2", "cell", 212.13203435596427, non_negative, Origin::published, "osteoblasts of one remodelling unit", "K5"});
        see(self.bone_mass, {"bone_mass", "z", "%", 100, non_negative, Origin::published, "bone mass", "K6"});
        // clang-format on
    }
};

/// The units of the production rates hold for the default exponents.
template <class Real>
struct Parameters {
    Real osteoclast_production, osteoblast_production, osteoclast_removal, osteoblast_removal, osteoclast_autocrine,
        osteoblast_on_osteoclast, osteoclast_on_osteoblast, osteoblast_autocrine, resorption, formation;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.osteoclast_production, {"osteoclast_production", "alpha_1", "cell/d", 3, positive, Origin::published, "production of osteoclasts"});
        see(self.osteoblast_production, {"osteoblast_production", "alpha_2", "1/d", 4, positive, Origin::published, "production of osteoblasts"});
        see(self.osteoclast_removal, {"osteoclast_removal", "beta_1", "1/d", 0.2, positive, Origin::published, "removal of osteoclasts"});
        see(self.osteoblast_removal, {"osteoblast_removal", "beta_2", "1/d", 0.02, positive, Origin::published, "removal of osteoblasts"});
        see(self.osteoclast_autocrine, {"osteoclast_autocrine", "g_11", "1", 0.5, any_number, Origin::published, "effect of osteoclasts on their own production"});
        see(self.osteoblast_on_osteoclast, {"osteoblast_on_osteoclast", "g_21", "1", -0.5, any_number, Origin::published, "effect of osteoblasts on production of osteoclasts (RANKL/OPG)"});
        see(self.osteoclast_on_osteoblast, {"osteoclast_on_osteoblast", "g_12", "1", 1, any_number, Origin::published, "effect of osteoclasts on production of osteoblasts (TGF-beta)"});
        see(self.osteoblast_autocrine, {"osteoblast_autocrine", "g_22", "1", 0, any_number, Origin::published, "effect of osteoblasts on their own production"});
        see(self.resorption, {"resorption", "k_1", "%/cell/d", 0.24, non_negative, Origin::published, "resorption per osteoclast above steady state"});
        see(self.formation, {"formation", "k_2", "%/cell/d", 0.0017, non_negative, Origin::published, "formation per osteoblast above steady state"});
        // clang-format on
    }
};

template <class Real>
struct Inputs {
    Real osteoclast_injection;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.osteoclast_injection, {"osteoclast_injection", "I_1", "cell/d", 0, non_negative, Origin::input, "osteoclasts added from outside"});
        // clang-format on
    }
};

template <class Real>
struct Fluxes {
    Real osteoclasts_formed, osteoclasts_removed, osteoclasts_added, osteoblasts_formed, osteoblasts_removed,
        bone_formed, bone_resorbed;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.osteoclasts_formed, computed("osteoclasts_formed", "v_1+", "cell/d", "production of osteoclasts", "K4"));
        see(self.osteoclasts_removed, computed("osteoclasts_removed", "v_1-", "cell/d", "removal of osteoclasts", "K4"));
        see(self.osteoclasts_added, computed("osteoclasts_added", "v_1x", "cell/d", "osteoclasts added", "K4"));
        see(self.osteoblasts_formed, computed("osteoblasts_formed", "v_2+", "cell/d", "production of osteoblasts", "K5"));
        see(self.osteoblasts_removed, computed("osteoblasts_removed", "v_2-", "cell/d", "removal of osteoblasts", "K5"));
        see(self.bone_formed, computed("bone_formed", "v_z+", "%/d", "bone formed by osteoblasts above steady state", "K6"));
        see(self.bone_resorbed, computed("bone_resorbed", "v_z-", "%/d", "bone resorbed by osteoclasts above steady state", "K6"));
        // clang-format on
    }
};

/// No read-outs beyond the species.
template <class Real>
struct Readouts {
    static constexpr void visit(auto& /*self*/, auto&& /*see*/) {}
};

/// The steady state of the cells.
template <class Real>
struct Intermediates {
    Real gamma, steady_osteoclasts, steady_osteoblasts;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.gamma, computed("gamma", "gamma", "1", "determinant of the exponents", "K1"));
        see(self.steady_osteoclasts, computed("steady_osteoclasts", "xbar_1", "cell", "osteoclasts at the steady state", "K2"));
        see(self.steady_osteoblasts, computed("steady_osteoblasts", "xbar_2", "cell", "osteoblasts at the steady state", "K3"));
        // clang-format on
    }
};

template <class Real>
Intermediates<Real> steady_state(const Parameters<Real>& p)
{
    using std::pow;
    const Real& g11 = p.osteoclast_autocrine;
    const Real& g21 = p.osteoblast_on_osteoclast;
    const Real& g12 = p.osteoclast_on_osteoblast;
    const Real& g22 = p.osteoblast_autocrine;
    const Real gamma = g12 * g21 - without(g11) * without(g22); // (K1)
    const Real ratio1 = p.osteoclast_removal / p.osteoclast_production;
    const Real ratio2 = p.osteoblast_removal / p.osteoblast_production;
    return {
        .gamma = gamma,
        .steady_osteoclasts = pow(ratio1, Real(without(g22) / gamma)) * pow(ratio2, Real(g21 / gamma)), // (K2)
        .steady_osteoblasts = pow(ratio1, Real(g12 / gamma)) * pow(ratio2, Real(without(g11) / gamma)), // (K3)
    };
}

template <class Real>
Fluxes<Real> fluxes(const State<Real>& state, const Inputs<Real>& in, const Parameters<Real>& p)
{
    using std::max;
    using std::pow;
    const Intermediates<Real> steady = steady_state(p);
    const Real resorbing = max(Real(state.osteoclasts - steady.steady_osteoclasts), Real(0.0 * state.osteoclasts));
    const Real forming = max(Real(state.osteoblasts - steady.steady_osteoblasts), Real(0.0 * state.osteoblasts));
    return {
        .osteoclasts_formed = p.osteoclast_production * pow(state.osteoclasts, p.osteoclast_autocrine)
                              * pow(state.osteoblasts, p.osteoblast_on_osteoclast),
        .osteoclasts_removed = p.osteoclast_removal * state.osteoclasts,
        .osteoclasts_added = in.osteoclast_injection,
        .osteoblasts_formed = p.osteoblast_production * pow(state.osteoclasts, p.osteoclast_on_osteoblast)
                              * pow(state.osteoblasts, p.osteoblast_autocrine),
        .osteoblasts_removed = p.osteoblast_removal * state.osteoblasts,
        .bone_formed = p.formation * forming,
        .bone_resorbed = p.resorption * resorbing,
    };
}

template <class Real>
State<Real> balance(const Fluxes<Real>& v)
{
    return {
        .osteoclasts = v.osteoclasts_formed - v.osteoclasts_removed + v.osteoclasts_added, // (K4)
        .osteoblasts = v.osteoblasts_formed - v.osteoblasts_removed,                       // (K5)
        .bone_mass = v.bone_formed - v.bone_resorbed,                                      // (K6)
    };
}

struct Model {
    static constexpr std::string_view name = "komarova2003";
    static constexpr std::string_view title = "One remodelling cycle of bone";
    static constexpr std::string_view source = "Komarova et al. 2003, Bone 33:206; BioModels BIOMD0000000148";
    static constexpr std::string_view default_method = "dopri5";
    static constexpr double start_day = 0;
    static constexpr double end_day = 800;

    template <class Real>
    using State = komarova2003::State<Real>;
    template <class Real>
    using Parameters = komarova2003::Parameters<Real>;
    template <class Real>
    using Inputs = komarova2003::Inputs<Real>;
    template <class Real>
    using Intermediates = komarova2003::Intermediates<Real>;
    template <class Real>
    using Fluxes = komarova2003::Fluxes<Real>;
    template <class Real>
    using Readouts = komarova2003::Readouts<Real>;

    static constexpr std::array<LifeEvent, 0> life{};
    static constexpr std::array summaries = {
        Summary{"peak_osteoblasts", SummaryKind::maximum, "osteoblasts", "", "cell", "most osteoblasts"},
        Summary{"lowest_bone_mass", SummaryKind::minimum, "bone_mass", "", "%", "least bone mass"},
        Summary{"final_bone_mass", SummaryKind::final, "bone_mass", "", "%", "bone mass at the end"},
    };

    template <class Real>
    static auto intermediates(const State<Real>&, const Inputs<Real>&, const Parameters<Real>& parameters)
    {
        return steady_state(parameters);
    }
    static auto fluxes(const auto& state, const auto& inputs, const auto& parameters)
    {
        return komarova2003::fluxes(state, inputs, parameters);
    }
    static auto balance(const auto& fluxes) { return komarova2003::balance(fluxes); }
    template <class Real>
    static Readouts<Real> readouts(const State<Real>&, const Inputs<Real>&, const Parameters<Real>&)
    {
        return {};
    }
};

} // namespace osteoflare::model::komarova2003
