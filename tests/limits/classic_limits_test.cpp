#include "model/classic/komarova2003.hpp"
#include "model/classic/lemaire2004.hpp"

#include "catch.hpp"

#include <cmath>

using namespace osteoflare::model;

// Numbers that no two quantities share, put into the printed equations by hand. A flux takes fewer than 20 roundings.
namespace {

Approx on_paper(double value)
{
    return Approx(value).epsilon(20 * 1.2e-16).margin(0);
}

lemaire2004::Parameters<double> lemaire_parameters()
{
    return {.osteoclasts_half = 4,
            .osteoclast_apoptosis = 0.7,
            .progenitor_differentiation = 3,
            .responding_differentiation = 0.9,
            .osteoclast_differentiation = 11,
            .receptor_floor = 0.25,
            .rank_total = 13,
            .opg_binding = 0.6,
            .opg_unbinding = 5,
            .rank_binding = 0.8,
            .rank_unbinding = 1.6,
            .pth_binding = 0.5,
            .pth_unbinding = 7,
            .osteoblast_loss = 0.19,
            .rankl_per_osteoblast = 17,
            .opg_loss = 0.3,
            .opg_production = 23,
            .pth_loss = 2,
            .rankl_production = 29,
            .pth_synthesis = 10};
}

constexpr lemaire2004::State<double> lemaire_state = {2, 6, 12};
constexpr lemaire2004::Inputs<double> lemaire_inputs = {0.31, 0.37, 0.41, 4, 1.5, 14.5};
// TGF-beta: (12 + 1)/(12 + 4). PTH: (4/2 + 10/2)/(4/2 + 7/0.5). OPG: 0.6/(5*0.3) (1.5 + 23*2/pth).
constexpr double tgf = 13.0 / 16, pth = 7.0 / 16, opg = 0.4 * (1.5 + 46 / pth);
constexpr double rankl = 0.5 * 17 * pth * 6 / (1 + 0.5 * 13 + opg) * (1 + 14.5 / 29);

/// Twice as many osteoclasts as osteoblasts make of each other, to powers of which none is one or naught.
komarova2003::Parameters<double> komarova_parameters()
{
    return {.osteoclast_production = 3,
            .osteoblast_production = 5,
            .osteoclast_removal = 0.2,
            .osteoblast_removal = 0.7,
            .osteoclast_autocrine = 0.25,
            .osteoblast_on_osteoclast = -0.75,
            .osteoclast_on_osteoblast = 1.5,
            .osteoblast_autocrine = -0.5,
            .resorption = 0.24,
            .formation = 0.017};
}

} // namespace

TEST_CASE("Lemaire's receptors are occupied as the printed formulas say", "[model][classic][limit]")
{
    const auto found = lemaire2004::occupancies(lemaire_state, lemaire_inputs, lemaire_parameters());
    CHECK(found.tgf == on_paper(tgf));
    CHECK(found.pth == on_paper(pth));
    CHECK(found.rankl == on_paper(rankl));
}

TEST_CASE("Lemaire's cells come and go as the printed formulas say", "[model][classic][limit]")
{
    const auto flux = lemaire2004::fluxes(lemaire_state, lemaire_inputs, lemaire_parameters());
    CHECK(flux.progenitor_commitment == on_paper(3 * tgf));
    CHECK(flux.responding_maturation == on_paper(0.25 * 0.9 * 2 / tgf));
    CHECK(flux.responding_injection == 0.31);
    CHECK(flux.osteoblast_removal == on_paper(0.19 * 6));
    CHECK(flux.osteoblast_injection == 0.37);
    CHECK(flux.osteoclast_formation == on_paper(11 * rankl));
    CHECK(flux.osteoclast_death == on_paper(0.7 * tgf * 12));
    CHECK(flux.osteoclast_addition == 0.41);
}

TEST_CASE("Lemaire's fluxes each enter the balance of their cells, once and with their sign", "[model][classic][limit]")
{
    const auto change = lemaire2004::balance(lemaire2004::Fluxes<double>{1, 2, 4, 8, 16, 32, 64, 128});
    CHECK(change.responding_osteoblasts == 1 - 2 + 4);
    CHECK(change.active_osteoblasts == 2 - 8 + 16);
    CHECK(change.osteoclasts == 32 - 64 + 128);
}

TEST_CASE("at Komarova's steady state as many cells are formed as removed, and bone stays", "[model][classic][limit]")
{
    const auto p = komarova_parameters();
    const auto steady = komarova2003::steady_state(p);
    CHECK(steady.gamma == on_paper(1.5 * -0.75 - 0.75 * 1.5));
    const auto flux = komarova2003::fluxes({steady.steady_osteoclasts, steady.steady_osteoblasts, 100}, {0}, p);
    CHECK(flux.osteoclasts_formed == Approx(flux.osteoclasts_removed).epsilon(1e-14));
    CHECK(flux.osteoblasts_formed == Approx(flux.osteoblasts_removed).epsilon(1e-14));
    CHECK(flux.bone_formed == 0);
    CHECK(flux.bone_resorbed == 0);
}

TEST_CASE("Komarova's cells beyond the steady state turn bone over, and those below do nothing",
          "[model][classic][limit]")
{
    const auto p = komarova_parameters();
    const auto steady = komarova2003::steady_state(p);
    const double clasts = steady.steady_osteoclasts, blasts = steady.steady_osteoblasts;
    const auto many = komarova2003::fluxes({clasts + 8, blasts + 32, 90}, {0.6}, p);
    CHECK(many.bone_resorbed == Approx(0.24 * 8).epsilon(1e-14));
    CHECK(many.bone_formed == Approx(0.017 * 32).epsilon(1e-14));
    CHECK(many.osteoclasts_formed == on_paper(3 * std::sqrt(std::sqrt(clasts + 8)) * std::pow(blasts + 32, -0.75)));
    CHECK(many.osteoblasts_formed == on_paper(5 * std::pow(clasts + 8, 1.5) / std::sqrt(blasts + 32)));
    CHECK(many.osteoclasts_removed == on_paper(0.2 * (clasts + 8)));
    CHECK(many.osteoblasts_removed == on_paper(0.7 * (blasts + 32)));
    CHECK(many.osteoclasts_added == 0.6);

    const auto few = komarova2003::fluxes({clasts / 2, blasts / 2, 90}, {0}, p);
    CHECK(few.bone_resorbed == 0);
    CHECK(few.bone_formed == 0);
}

TEST_CASE("Komarova's fluxes each enter the balance of cells and bone, once and with their sign",
          "[model][classic][limit]")
{
    const auto change = komarova2003::balance(komarova2003::Fluxes<double>{1, 2, 4, 8, 16, 32, 64});
    CHECK(change.osteoclasts == 1 - 2 + 4);
    CHECK(change.osteoblasts == 8 - 16);
    CHECK(change.bone_mass == 32 - 64);
}
