#include "tests/limits/niche_fixture.hpp"

#include "catch.hpp"

#include <cmath>

using namespace osteoflare::tests;

// The numbers are those of lively_niche(), put into the printed equations by hand; its signals are worked out there.

TEST_CASE("own and infused IL-10 together occupy half of its receptors at K_10", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.signals().il10_signal == on_paper(0.45));
    niche.state.site.il10 = 5.5;
    niche.in.il10_infusion = 0;
    CHECK(niche.signals().il10_signal == on_paper(0.5));
    niche.state.site.il10 = 0;
    niche.in.il10_infusion = 16.5;
    CHECK(niche.signals().il10_signal == on_paper(0.75));
}

TEST_CASE("the IL-10 brake leaves everything without IL-10, the residual under much of it, the mean at K_10",
          "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.signals().brake == on_paper(0.604));
    niche.in.il10_infusion = 0;
    niche.state.site.il10 = 0;
    CHECK(niche.signals().brake == on_paper(1));
    niche.state.site.il10 = 5.5;
    CHECK(niche.signals().brake == on_paper((1 + 0.12) / 2));
    niche.state.site.il10 = 1e18; // more than 1e16 half-saturations: nothing but the residual is left
    CHECK(niche.signals().brake == on_paper(0.12));
}

TEST_CASE("IL-10 brakes stroma down to 1/(1 + x_10) and no further", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.signals().stromal_brake == on_paper(0.8));
    niche.in.il10_infusion = 1e18;
    CHECK(niche.signals().stromal_brake == on_paper(9.0 / 14));
    niche.state.site.il10 = niche.in.il10_infusion = 0;
    CHECK(niche.signals().stromal_brake == 1);
}

TEST_CASE("basal IL-10 is scaled by gene dose, training and ERK competence", "[model][limit]")
{
    CHECK(lively_niche().il10().il10_basal_secretion == on_paper(1.1 * 1.35 * 34 * 0.7 * 0.65));
}

TEST_CASE("macrophages secrete IL-10 under NF-kB, in full proportion to ERK competence, more with PGE2",
          "[model][limit]")
{
    CHECK(lively_niche().il10().il10_macrophage_secretion
          == on_paper(1.1 * 1.35 * 0.1435 * 8000 * 0.24 * 0.6 * 0.5 * (1 + 0.25 * 0.6)));
}

TEST_CASE("macrophages that clear dying neutrophils secrete IL-10, half of the most at K_if", "[model][limit]")
{
    Niche niche = lively_niche();
    // 24735 neutrophils die in a day; 24735 / (24735 + 16490) = 0.6
    CHECK(niche.il10().il10_efferocytic_secretion == on_paper(1.1 * 1.35 * 0.1435 * 8000 * 0.13 * 0.6 * 0.65));
    niche.p.efferocytosis_flux_half = 24735;
    CHECK(niche.il10().il10_efferocytic_secretion == on_paper(1.1 * 1.35 * 0.1435 * 8000 * 0.13 * 0.5 * 0.65));
    niche.state.site.neutrophils = 0;
    CHECK(niche.il10().il10_efferocytic_secretion == 0);
}

TEST_CASE("without ERK competence the share that needs none stays of two arms, and nothing of the driven one",
          "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.il10_competence = 0;
    CHECK(niche.il10().il10_basal_secretion == on_paper(1.1 * 1.35 * 34 * 0.7 * 0.3));
    CHECK(niche.il10().il10_efferocytic_secretion == on_paper(1.1 * 1.35 * 0.1435 * 8000 * 0.13 * 0.6 * 0.3));
    CHECK(niche.il10().il10_macrophage_secretion == 0);
    niche.p.il10_competence = 1;
    CHECK(niche.il10().il10_basal_secretion == on_paper(1.1 * 1.35 * 34 * 0.7));
    CHECK(niche.il10().il10_efferocytic_secretion == on_paper(1.1 * 1.35 * 0.1435 * 8000 * 0.13 * 0.6));
}

TEST_CASE("IL-10 balances its three sources against clearance", "[model][limit]")
{
    CHECK(lively_niche().il10().il10_removal == on_paper(34 * 3));
    CHECK(lively_niche().balance().site.il10
          == on_paper(1.1 * 1.35 * (34 * 0.7 * 0.65 + 0.1435 * 8000 * (0.24 * 0.6 * 0.5 * 1.15 + 0.13 * 0.6 * 0.65))
                      - 34 * 3));
}

TEST_CASE("without its gene, IL-10 halves every ln 2 / c_10 days", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.il10_gene = 0;
    CHECK(niche.after(std::log(2.0) / 34).site.il10 == in_time(1.5));
}

TEST_CASE("a wild-type site without macrophages' secretion keeps its basal IL-10", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.il10_macrophage = niche.p.il10_efferocytosis = 0;
    niche.p.il10_gene = niche.p.il10_competence = 1;
    niche.state.site.il10_training = niche.p.training_gain = 0;
    CHECK(niche.after(0.06).site.il10 == in_time(0.7 + 2.3 * std::exp(-0.06 * 34)));
    niche.state.site.il10 = 0.7;
    CHECK(niche.balance().site.il10 == 0);
}

TEST_CASE("IL-10 training approaches what IL-1 at the stroma asks for", "[model][limit]")
{
    CHECK(lively_niche().il10().il10_training_approach == on_paper((0.6 * 0.15 - 0.35) / 55));
    CHECK(lively_niche().balance().site.il10_training == on_paper((0.6 * 0.15 - 0.35) / 55));
}

TEST_CASE("training is forgotten with time constant tau_O when stroma no longer senses IL-1", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.il1r1_stroma = 0;
    CHECK(niche.after(11).site.il10_training == in_time(0.35 * std::exp(-11.0 / 55)));
}

TEST_CASE("imbalance is the ratio of IL-1beta to IL-10", "[model][limit]")
{
    CHECK(lively_niche().readouts().imbalance == on_paper(6.0 / 3));
}
