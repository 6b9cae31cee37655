#pragma once

#include "model/description.hpp"
#include "model/functions.hpp"

#include <array>

/// Lemaire, Tobin, Greller, Cho & Suva 2004, J Theor Biol 229:293: osteoblasts and osteoclasts under RANK, RANKL and
/// OPG. Equations and values as in BioModels BIOMD0000000278. Theory: docs/theory/classic_models.md, eqs. (L1)–(L6).
namespace osteoflare::model::lemaire2004 {

template <class Real>
struct State {
    Real responding_osteoblasts, active_osteoblasts, osteoclasts;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.responding_osteoblasts, {"responding_osteoblasts", "R", "pM", 7.734e-4, non_negative, Origin::published, "responding osteoblasts", "L4"});
        see(self.active_osteoblasts, {"active_osteoblasts", "B", "pM", 7.282e-4, non_negative, Origin::published, "active osteoblasts", "L5"});
        see(self.osteoclasts, {"osteoclasts", "C", "pM", 9.127e-4, non_negative, Origin::published, "active osteoclasts", "L6"});
        // clang-format on
    }
};

template <class Real>
struct Parameters {
    Real osteoclasts_half, osteoclast_apoptosis, progenitor_differentiation, responding_differentiation,
        osteoclast_differentiation, receptor_floor, rank_total, opg_binding, opg_unbinding, rank_binding,
        rank_unbinding, pth_binding, pth_unbinding, osteoblast_loss, rankl_per_osteoblast, opg_loss, opg_production,
        pth_loss, rankl_production, pth_synthesis;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.osteoclasts_half, {"osteoclasts_half", "C_s", "pM", 0.005, positive, Origin::published, "osteoclasts at half of TGF-beta receptor occupancy"});
        see(self.osteoclast_apoptosis, {"osteoclast_apoptosis", "D_A", "1/d", 0.7, non_negative, Origin::published, "osteoclast apoptosis by TGF-beta"});
        see(self.progenitor_differentiation, {"progenitor_differentiation", "D_R", "pM/d", 0.0007, non_negative, Origin::published, "differentiation of osteoblast progenitors"});
        see(self.responding_differentiation, {"responding_differentiation", "d_B", "1/d", 0.7, non_negative, Origin::published, "differentiation of responding osteoblasts"});
        see(self.osteoclast_differentiation, {"osteoclast_differentiation", "D_C", "pM/d", 0.0021, non_negative, Origin::published, "differentiation of osteoclast precursors"});
        see(self.receptor_floor, {"receptor_floor", "f_0", "1", 0.05, share, Origin::published, "TGF-beta receptor occupancy without osteoclasts"});
        see(self.rank_total, {"rank_total", "K", "pM", 10, non_negative, Origin::published, "fixed concentration of RANK"});
        see(self.opg_binding, {"opg_binding", "k_1", "1/pM/d", 0.01, non_negative, Origin::published, "binding of OPG to RANKL"});
        see(self.opg_unbinding, {"opg_unbinding", "k_2", "1/d", 10, positive, Origin::published, "unbinding of OPG from RANKL"});
        see(self.rank_binding, {"rank_binding", "k_3", "1/pM/d", 0.00058, non_negative, Origin::published, "binding of RANK to RANKL"});
        see(self.rank_unbinding, {"rank_unbinding", "k_4", "1/d", 0.017, positive, Origin::published, "unbinding of RANK from RANKL"});
        see(self.pth_binding, {"pth_binding", "k_5", "1/pM/d", 0.02, positive, Origin::published, "binding of PTH to its receptor"});
        see(self.pth_unbinding, {"pth_unbinding", "k_6", "1/d", 3, non_negative, Origin::published, "unbinding of PTH"});
        see(self.osteoblast_loss, {"osteoblast_loss", "k_B", "1/d", 0.189, non_negative, Origin::published, "loss of active osteoblasts"});
        see(self.rankl_per_osteoblast, {"rankl_per_osteoblast", "K_LP", "1", 3000000, non_negative, Origin::published, "RANKL carried by an active osteoblast"});
        see(self.opg_loss, {"opg_loss", "k_O", "1/d", 0.35, positive, Origin::published, "loss of OPG"});
        see(self.opg_production, {"opg_production", "K_OP", "1/d", 200000, non_negative, Origin::published, "OPG made per responding osteoblast"});
        see(self.pth_loss, {"pth_loss", "k_P", "1/d", 86, positive, Origin::published, "loss of PTH"});
        see(self.rankl_production, {"rankl_production", "r_L", "pM/d", 1000, positive, Origin::published, "production and loss of RANKL"});
        see(self.pth_synthesis, {"pth_synthesis", "S_P", "pM/d", 250, non_negative, Origin::published, "synthesis of systemic PTH"});
        // clang-format on
    }
};

/// The perturbations of the article's figure 2. Negative values of the cell inputs take cells away.
template <class Real>
struct Inputs {
    Real responding_osteoblast_injection, active_osteoblast_injection, osteoclast_injection, pth_injection,
        opg_injection, rankl_injection;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.responding_osteoblast_injection, {"responding_osteoblast_injection", "I_R", "pM/d", 0, any_number, Origin::input, "responding osteoblasts added from outside"});
        see(self.active_osteoblast_injection, {"active_osteoblast_injection", "I_B", "pM/d", 0, any_number, Origin::input, "active osteoblasts added from outside"});
        see(self.osteoclast_injection, {"osteoclast_injection", "I_C", "pM/d", 0, any_number, Origin::input, "osteoclasts added from outside"});
        see(self.pth_injection, {"pth_injection", "I_P", "pM/d", 0, non_negative, Origin::input, "PTH infused"});
        see(self.opg_injection, {"opg_injection", "I_O", "pM/d", 0, non_negative, Origin::input, "OPG injected"});
        see(self.rankl_injection, {"rankl_injection", "I_L", "pM/d", 0, non_negative, Origin::input, "RANKL injected"});
        // clang-format on
    }
};

template <class Real>
struct Fluxes {
    Real progenitor_commitment, responding_maturation, responding_injection, osteoblast_removal, osteoblast_injection,
        osteoclast_formation, osteoclast_death, osteoclast_addition;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.progenitor_commitment, computed("progenitor_commitment", "v_R+", "pM/d", "progenitors becoming responding osteoblasts", "L4"));
        see(self.responding_maturation, computed("responding_maturation", "v_RB", "pM/d", "responding osteoblasts becoming active", "L4"));
        see(self.responding_injection, computed("responding_injection", "v_Rx", "pM/d", "responding osteoblasts added", "L4"));
        see(self.osteoblast_removal, computed("osteoblast_removal", "v_B-", "pM/d", "loss of active osteoblasts", "L5"));
        see(self.osteoblast_injection, computed("osteoblast_injection", "v_Bx", "pM/d", "active osteoblasts added", "L5"));
        see(self.osteoclast_formation, computed("osteoclast_formation", "v_C+", "pM/d", "osteoclasts formed under RANKL", "L6"));
        see(self.osteoclast_death, computed("osteoclast_death", "v_C-", "pM/d", "osteoclasts dying under TGF-beta", "L6"));
        see(self.osteoclast_addition, computed("osteoclast_addition", "v_Cx", "pM/d", "osteoclasts added", "L6"));
        // clang-format on
    }
};

/// No read-outs beyond the species.
template <class Real>
struct Readouts {
    static constexpr void visit(auto& /*self*/, auto&& /*see*/) {}
};

/// Occupancies of receptors.
template <class Real>
struct Intermediates {
    Real tgf, pth, rankl;

    static constexpr void visit(auto& self, auto&& see)
    {
        // clang-format off
        see(self.tgf, computed("tgf", "pi_C", "1", "share of TGF-beta receptors that are occupied", "L1"));
        see(self.pth, computed("pth", "pi_P", "1", "share of PTH receptors that are occupied", "L2"));
        see(self.rankl, computed("rankl", "pi_L", "1", "share of RANK that is occupied", "L3"));
        // clang-format on
    }
};

template <class Real>
Intermediates<Real> occupancies(const State<Real>& state, const Inputs<Real>& in, const Parameters<Real>& p)
{
    const auto& [responding, active, osteoclasts] = state;
    const Real tgf = (osteoclasts + p.receptor_floor * p.osteoclasts_half) / (osteoclasts + p.osteoclasts_half); // (L1)
    const Real pth = (in.pth_injection / p.pth_loss + p.pth_synthesis / p.pth_loss)
                     / (in.pth_injection / p.pth_loss + p.pth_unbinding / p.pth_binding); // (L2)
    const Real rank_affinity = p.rank_binding / p.rank_unbinding;
    const Real opg =
        p.opg_binding / (p.opg_unbinding * p.opg_loss) * (in.opg_injection + p.opg_production * responding / pth);
    const Real rankl = rank_affinity * p.rankl_per_osteoblast * pth * active
                       / (1.0 + rank_affinity * p.rank_total + opg)
                       * (1.0 + in.rankl_injection / p.rankl_production); // (L3)
    return {.tgf = tgf, .pth = pth, .rankl = rankl};
}

template <class Real>
Fluxes<Real> fluxes(const State<Real>& state, const Inputs<Real>& in, const Parameters<Real>& p)
{
    const auto& [responding, active, osteoclasts] = state;
    const auto [tgf, pth, rankl] = occupancies(state, in, p);
    return {
        .progenitor_commitment = p.progenitor_differentiation * tgf,
        .responding_maturation = p.receptor_floor * p.responding_differentiation * responding / tgf,
        .responding_injection = in.responding_osteoblast_injection,
        .osteoblast_removal = p.osteoblast_loss * active,
        .osteoblast_injection = in.active_osteoblast_injection,
        .osteoclast_formation = p.osteoclast_differentiation * rankl,
        .osteoclast_death = p.osteoclast_apoptosis * tgf * osteoclasts,
        .osteoclast_addition = in.osteoclast_injection,
    };
}

template <class Real>
State<Real> balance(const Fluxes<Real>& v)
{
    return {
        .responding_osteoblasts = v.progenitor_commitment - v.responding_maturation + v.responding_injection, // (L4)
        .active_osteoblasts = v.responding_maturation - v.osteoblast_removal + v.osteoblast_injection,        // (L5)
        .osteoclasts = v.osteoclast_formation - v.osteoclast_death + v.osteoclast_addition,                   // (L6)
    };
}

struct Model {
    static constexpr std::string_view name = "lemaire2004";
    static constexpr std::string_view title = "Bone remodelling under RANK, RANKL and OPG";
    static constexpr std::string_view source = "Lemaire et al. 2004, J Theor Biol 229:293; BioModels BIOMD0000000278";
    static constexpr std::string_view default_method = "rosenbrock4";
    static constexpr double start_day = 0;
    static constexpr double end_day = 140;

    template <class Real>
    using State = lemaire2004::State<Real>;
    template <class Real>
    using Parameters = lemaire2004::Parameters<Real>;
    template <class Real>
    using Inputs = lemaire2004::Inputs<Real>;
    template <class Real>
    using Intermediates = lemaire2004::Intermediates<Real>;
    template <class Real>
    using Fluxes = lemaire2004::Fluxes<Real>;
    template <class Real>
    using Readouts = lemaire2004::Readouts<Real>;

    static constexpr std::array<LifeEvent, 0> life{};
    static constexpr std::array summaries = {
        Summary{"peak_osteoclasts", SummaryKind::maximum, "osteoclasts", "", "pM", "most osteoclasts"},
        Summary{"lowest_osteoclasts", SummaryKind::minimum, "osteoclasts", "", "pM", "fewest osteoclasts"},
        Summary{"peak_active_osteoblasts", SummaryKind::maximum, "active_osteoblasts", "", "pM",
                "most active osteoblasts"},
    };

    static auto intermediates(const auto& state, const auto& inputs, const auto& parameters)
    {
        return occupancies(state, inputs, parameters);
    }
    static auto fluxes(const auto& state, const auto& inputs, const auto& parameters)
    {
        return lemaire2004::fluxes(state, inputs, parameters);
    }
    static auto balance(const auto& fluxes) { return lemaire2004::balance(fluxes); }
    template <class Real>
    static Readouts<Real> readouts(const State<Real>&, const Inputs<Real>&, const Parameters<Real>&)
    {
        return {};
    }
};

} // namespace osteoflare::model::lemaire2004
