#include "tests/limits/niche_fixture.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>

using namespace osteoflare::tests;

// The numbers are those of lively_niche(), put into the printed equations by hand; its signals are worked out there.

namespace {

/// lively_niche() with IL-1beta as the only agonist, without antagonist and with intact receptors.
Niche bare_receptor()
{
    Niche niche = lively_niche();
    niche.p.il1a_gene = niche.state.site.il1ra = niche.in.anakinra = niche.in.anti_il1b = 0;
    niche.p.il1r1_stroma = niche.p.il1r1_myeloid = 1;
    return niche;
}

} // namespace

TEST_CASE("both agonists and both antagonists of IL-1 compete for one occupancy, which each receptor gene scales",
          "[model][limit]")
{
    const Niche niche = lively_niche();
    CHECK(niche.signals().il1_stroma == on_paper(0.15));
    CHECK(niche.signals().il1_myeloid == on_paper(0.1));
}

TEST_CASE("each K_Ra of antagonist raises the IL-1 at half of signalling by one K_1", "[model][limit]")
{
    Niche niche = bare_receptor();
    niche.state.site.il1b = 8;
    CHECK(niche.signals().il1_stroma == on_paper(0.5));
    niche.in.anakinra = 20;
    niche.state.site.il1b = 16;
    CHECK(niche.signals().il1_stroma == on_paper(0.5));
    niche.state.site.il1ra = 40; // another K_Ra, of a half gene dose
    niche.state.site.il1b = 24;
    CHECK(niche.signals().il1_stroma == on_paper(0.5));
    niche.p.il1rn_gene = 0;
    CHECK(niche.signals().il1_stroma == on_paper(24.0 / (16 + 24)));
}

TEST_CASE("an antibody at ratio 1 halves free IL-1beta and leaves IL-1alpha alone", "[model][limit]")
{
    Niche niche = bare_receptor();
    niche.in.anti_il1b = 1;
    niche.state.site.il1b = 16;
    CHECK(niche.signals().il1_stroma == on_paper(0.5));
    niche.p.il1a_gene = 1.5;
    niche.state.site.il1b = 0;
    niche.state.site.damage = 4; // 2 * 1.5 * 4 = 12 pM of IL-1alpha
    CHECK(niche.signals().il1_stroma == on_paper(12.0 / (8 + 12)));
}

TEST_CASE("without their receptor stroma, or myeloid cells, are deaf to IL-1 and the others are not", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.il1r1_stroma = 0;
    CHECK(niche.signals().il1_stroma == 0);
    CHECK(niche.signals().il1_myeloid == on_paper(0.1));
    niche = lively_niche();
    niche.p.il1r1_myeloid = 0;
    CHECK(niche.signals().il1_stroma == on_paper(0.15));
    CHECK(niche.signals().il1_myeloid == 0);
}

TEST_CASE("neutrophils make pro-IL-1beta under NF-kB, the IL-10 brake, the PSTPIP2 gain and mast cells",
          "[model][limit]")
{
    CHECK(lively_niche().il1().pro_il1b_synthesis_neutrophil
          == on_paper(0.1435 * 0.9 * 0.6 * 0.604 * 0.15 * (1 + 1.2) * (0.82 + 0.18 * 0.25) * 30000));
}

TEST_CASE("macrophages make pro-IL-1beta under NF-kB, the IL-10 brake and a share of the PSTPIP2 gain",
          "[model][limit]")
{
    CHECK(lively_niche().il1().pro_il1b_synthesis_macrophage
          == on_paper(0.1435 * 0.9 * 0.6 * 0.604 * 0.03 * (1 + 0.6 * 1.2) * 8000));
}

TEST_CASE("losing all of PSTPIP2 multiplies pro-IL-1beta synthesis by 1 + g_pi, if SYK is there", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.in.donor_chimerism = 0;
    niche.p.mast_cells = 1;
    const double neutrophil = 0.1435 * 0.9 * 0.6 * 0.604 * 0.15 * 30000;
    const double macrophage = 0.1435 * 0.9 * 0.6 * 0.604 * 0.03 * 8000;

    niche.p.pstpip2_il1b = 1;
    CHECK(niche.il1().pro_il1b_synthesis_neutrophil == on_paper(neutrophil));
    CHECK(niche.il1().pro_il1b_synthesis_macrophage == on_paper(macrophage));
    niche.p.pstpip2_il1b = 0;
    niche.p.syk_gene = 1;
    CHECK(niche.il1().pro_il1b_synthesis_neutrophil == on_paper(neutrophil * (1 + 5)));
    CHECK(niche.il1().pro_il1b_synthesis_macrophage == on_paper(macrophage * (1 + 0.6 * 5)));
    niche.p.syk_gene = 0;
    CHECK(niche.il1().pro_il1b_synthesis_neutrophil == on_paper(neutrophil));
    CHECK(niche.il1().pro_il1b_synthesis_macrophage == on_paper(macrophage));
}

TEST_CASE("without mast cells neutrophils make a share less pro-IL-1beta and macrophages none less", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.mast_cells = 0;
    CHECK(niche.il1().pro_il1b_synthesis_neutrophil
          == on_paper(0.1435 * 0.9 * 0.6 * 0.604 * 0.15 * 2.2 * 0.82 * 30000));
    CHECK(niche.il1().pro_il1b_synthesis_macrophage == on_paper(0.1435 * 0.9 * 0.6 * 0.604 * 0.03 * 1.72 * 8000));
}

TEST_CASE("caspase-1 works by NLRP3 with danger, and a little without NLRP3", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.il1().il1b_by_casp1 == on_paper(48 * 1.3 * (0.4 * 0.04 + 0.6 * (0.3 + 0.7 * 0.25)) * 7));
    niche.p.nlrp3_gene = 0;
    CHECK(niche.il1().il1b_by_casp1 == on_paper(48 * 1.3 * 0.04 * 7));
    niche.p.nlrp3_gene = 1;
    niche.state.site.damage = 0;
    CHECK(niche.il1().il1b_by_casp1 == on_paper(48 * 1.3 * 0.3 * 7));
    niche.state.site.damage = 1e17; // danger is 1 to rounding
    CHECK(niche.il1().il1b_by_casp1 == on_paper(48 * 1.3 * 7));
    niche.p.casp1_gene = 0;
    CHECK(niche.il1().il1b_by_casp1 == 0);
}

TEST_CASE("caspase-8 works with SYK, in part without NF-kB", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.il1().il1b_by_casp8 == on_paper(55 * 0.7 * 0.5 * (0.4 + 0.6 * 0.6) * 7));
    niche.p.nfkb_microbial = niche.p.nfkb_damage = niche.p.nfkb_il1 = niche.p.nfkb_tnf = 0;
    CHECK(niche.il1().il1b_by_casp8 == on_paper(55 * 0.7 * 0.5 * 0.4 * 7));
    niche.p.syk_gene = 0;
    CHECK(niche.il1().il1b_by_casp8 == 0);
    niche = lively_niche();
    niche.p.casp8_gene = 0;
    CHECK(niche.il1().il1b_by_casp8 == 0);
}

TEST_CASE("serine proteases process with the number of neutrophils, half of the most at K_sp", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.il1().il1b_by_serine == on_paper(0.7 * 1.4 * 0.75 * 7));
    niche.state.site.neutrophils = 10000;
    CHECK(niche.il1().il1b_by_serine == on_paper(0.7 * 1.4 * 0.5 * 7));
    niche.p.serine_protease_gene = 0;
    CHECK(niche.il1().il1b_by_serine == 0);
}

TEST_CASE("pro-IL-1beta is degraded and IL-1beta cleared in proportion to themselves", "[model][limit]")
{
    CHECK(lively_niche().il1().pro_il1b_degradation == on_paper(6.5 * 7));
    CHECK(lively_niche().il1().il1b_removal == on_paper(52 * 6));
}

TEST_CASE("what leaves pro-IL-1beta by the three ways of maturation is what arrives as IL-1beta", "[model][limit]")
{
    const Niche niche = lively_niche();
    const double ripen = (48 * 1.3 * 0.301 + 55 * 0.7 * 0.5 * 0.76 + 0.7 * 1.4 * 0.75) * 7;
    const double make = 0.1435 * 0.9 * 0.6 * 0.604 * (0.15 * 2.2 * 0.865 * 30000 + 0.03 * 1.72 * 8000);
    CHECK(niche.balance().site.pro_il1b == on_paper(make - 6.5 * 7 - ripen));
    CHECK(niche.balance().site.il1b == on_paper(ripen - 52 * 6));
}

TEST_CASE("without synthesis, IL-1beta halves every ln 2 / c_L days", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.il1b_gene = niche.state.site.pro_il1b = 0;
    CHECK(niche.after(std::log(2.0) / 52).site.il1b == in_time(3));
    CHECK(niche.after(3 * std::log(2.0) / 52).site.il1b == in_time(0.75));
}

TEST_CASE("without caspases and serine proteases, pro-IL-1beta only decays", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.il1b_gene = niche.p.casp1_gene = niche.p.casp8_gene = niche.p.serine_protease_gene = 0;
    CHECK(niche.after(std::log(2.0) / 6.5).site.pro_il1b == in_time(3.5));
}

TEST_CASE("IL-1Ra enters from plasma, more of it with the acute phase", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.il1().il1ra_entry == on_paper(38 * (12.5 + 0.15 * 10)));
    niche.state.circulation.acute_phase = 1;
    CHECK(niche.il1().il1ra_entry == on_paper(38 * 12.5));
}

TEST_CASE("macrophages secrete IL-1Ra under NF-kB and under IL-10", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.il1().il1ra_secretion == on_paper(0.1435 * 0.31 * 8000 * (0.6 + 0.33 * 0.45)));
    niche.state.site.il10 = niche.in.il10_infusion = 0;
    CHECK(niche.il1().il1ra_secretion == on_paper(0.1435 * 0.31 * 8000 * 0.6));
}

TEST_CASE("IL-1Ra balances entry and secretion against clearance", "[model][limit]")
{
    CHECK(lively_niche().il1().il1ra_removal == on_paper(38 * 24));
    CHECK(lively_niche().balance().site.il1ra
          == on_paper(38 * (12.5 + 1.5 - 24) + 0.1435 * 0.31 * 8000 * (0.6 + 0.33 * 0.45)));
}

TEST_CASE("at a site that secretes none, IL-1Ra comes to what plasma brings, at rate c_Ra", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.il1ra_macrophage = 0;
    niche.p.acute_phase_turnover = 0; // the acute phase stays at 11
    CHECK(niche.after(0.05).site.il1ra == in_time(14 + 10 * std::exp(-0.05 * 38)));
}
