#include "tests/limits/niche_fixture.hpp"

#include "catch.hpp"

#include <cmath>

using namespace osteoflare::tests;

// The numbers are those of lively_niche(), put into the printed equations by hand; its signals are worked out there.

TEST_CASE("neutrophils enter with their blood count, vasodilatation and CXCL1 squared, and crowd each other out",
          "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.cells().neutrophil_influx
          == on_paper(50000 * (1500.0 / 1200) * (1 + 0.5 * 0.6) * (900.0 / 4500) / (1 + 1.0 / 16)));
}

TEST_CASE("half of the greatest influx of neutrophils comes at CXCL1's half-saturation, a tenth at a third of it",
          "[model][limit]")
{
    Niche niche = lively_niche();
    niche.state.site.pge2 = 0;
    niche.state.site.neutrophils = 0;
    const double greatest = 50000 * 1.25;
    niche.state.site.cxcl1 = 60;
    CHECK(niche.cells().neutrophil_influx == on_paper(greatest / 2));
    niche.state.site.cxcl1 = 20;
    CHECK(niche.cells().neutrophil_influx == on_paper(greatest / 10));
    niche.state.site.cxcl1 = 0;
    CHECK(niche.cells().neutrophil_influx == 0);
}

TEST_CASE("a site at its capacity takes in half of the neutrophils that an empty one does", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.state.site.neutrophils = 120000;
    CHECK(niche.cells().neutrophil_influx == on_paper(50000 * 1.25 * 1.3 * 0.2 / 2));
    niche.state.site.neutrophils = 0;
    CHECK(niche.cells().neutrophil_influx == on_paper(50000 * 1.25 * 1.3 * 0.2));
}

TEST_CASE("neutrophils die at their own rate, less the share that IL-1 on myeloid cells prevents", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.cells().neutrophil_death == on_paper(0.85 * (1 - 0.3 * 0.1) * 30000));
    niche.p.il1r1_myeloid = 0;
    CHECK(niche.cells().neutrophil_death == on_paper(0.85 * 30000));
}

TEST_CASE("anti-Gr-1 kills in the tissue at a share of its rate in blood", "[model][limit]")
{
    CHECK(lively_niche().cells().neutrophil_killing == on_paper(0.65 * 1.3 * 30000));
}

TEST_CASE("neutrophils balance influx against death and killing", "[model][limit]")
{
    CHECK(lively_niche().balance().site.neutrophils
          == on_paper(50000 * 1.25 * 1.3 * 0.2 / 1.0625 - 24735 - 0.65 * 1.3 * 30000));
}

TEST_CASE("a site cut off from blood loses half of its neutrophils every ln 2 / d_N days", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.neutrophil_recruitment = 0;
    niche.p.il1r1_myeloid = 0;
    niche.in.neutrophil_depletion = 0;
    CHECK(niche.after(std::log(2.0) / 0.85).site.neutrophils == in_time(15000));
    niche.in.neutrophil_depletion = 1.3;
    CHECK(niche.after(2).site.neutrophils == in_time(30000 * std::exp(-2 * (0.85 + 0.65 * 1.3))));
}

TEST_CASE("macrophages renew themselves toward their resident number", "[model][limit]")
{
    const Niche niche = lively_niche();
    CHECK(niche.cells().macrophage_renewal == on_paper(0.16 * 4400));
    CHECK(niche.cells().macrophage_death == on_paper(0.16 * 8000));
}

TEST_CASE("macrophages come with the monocyte count, half of the most at CCL2's half-saturation", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.cells().macrophage_influx == on_paper(4000 * (400.0 / 320) * (36.0 / 120)));
    niche.state.site.ccl2 = 84;
    CHECK(niche.cells().macrophage_influx == on_paper(4000 * 1.25 / 2));
    niche.state.site.ccl2 = 0;
    CHECK(niche.cells().macrophage_influx == 0);
}

TEST_CASE("clodronate kills macrophages at its full rate, CSF-1R inhibition at a share of its own", "[model][limit]")
{
    CHECK(lively_niche().cells().macrophage_killing == on_paper((0.5 + 0.45 * 0.75) * 8000));
}

TEST_CASE("macrophages balance renewal and influx against death and killing", "[model][limit]")
{
    CHECK(lively_niche().balance().site.macrophages
          == on_paper(0.16 * (4400 - 8000) + 4000 * 1.25 * 0.3 - (0.5 + 0.45 * 0.75) * 8000));
}

TEST_CASE("without CCL2 clodronate takes macrophages down to M_r d_M / (d_M + x_M) at rate d_M + x_M", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.macrophage_recruitment = 0;
    niche.in.csf1r_inhibition = 0;
    const double left = 4400 * 0.16 / 0.66;
    CHECK(niche.after(3).site.macrophages == in_time(left + (8000 - left) * std::exp(-3 * 0.66)));
}

TEST_CASE("wear, dying neutrophils, resorption and injury each release their damage", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.cells().damage_by_wear == 0.02);
    CHECK(niche.cells().damage_by_dying == on_paper(2e-6 * 24735 * (0.72 + 0.28 * 0.25)));
    CHECK(niche.cells().damage_by_resorption == on_paper(0.006 * 75 / 50));
    CHECK(niche.cells().damage_by_injury == 0.045);
}

TEST_CASE("without mast cells dying neutrophils release a share less damage", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.mast_cells = 0;
    CHECK(niche.cells().damage_by_dying == on_paper(2e-6 * 24735 * 0.72));
    niche.p.mast_cells = 1;
    CHECK(niche.cells().damage_by_dying == on_paper(2e-6 * 24735));
}

TEST_CASE("macrophages speed up the clearance of damage, by half of their gain at efferocytosis_half", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.cells().damage_removal == on_paper(1.1 * (1 + 0.9 * 0.4) / 3));
    niche.state.site.macrophages = 12000;
    CHECK(niche.cells().damage_removal == on_paper(1.1 * (1 + 0.9 / 2) / 3));
    niche.state.site.macrophages = 0;
    CHECK(niche.cells().damage_removal == on_paper(1.1 / 3));
}

TEST_CASE("damage balances its four sources against clearance", "[model][limit]")
{
    CHECK(lively_niche().balance().site.damage
          == on_paper(0.02 + 2e-6 * 24735 * 0.79 + 0.009 + 0.045 - 1.1 * 1.36 / 3));
}

TEST_CASE("after an injury damage fades at d_D (1 + e_f M / (M + K_ef))", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.damage_basal = niche.p.damage_neutrophil = niche.p.damage_resorption = niche.in.sterile_injury = 0;
    // Macrophages that neither come nor go
    niche.p.macrophage_loss = niche.p.macrophage_recruitment = 0;
    niche.in.phagocyte_depletion = niche.in.csf1r_inhibition = 0;
    CHECK(niche.after(2).site.damage == in_time(std::exp(-2 * 1.1 * 1.36) / 3));
}

TEST_CASE("swelling adds neutrophils and recruited macrophages, each by the number that makes a frank one",
          "[model][limit]")
{
    CHECK(lively_niche().readouts().swelling == on_paper(30000.0 / 5e4 + (8000.0 - 4400) / 4e4));
}
