#include "tests/limits/niche_fixture.hpp"

#include "catch.hpp"

#include <cmath>

using namespace osteoflare::tests;

// The numbers are those of lively_niche(), put into the printed equations by hand; its signals are worked out there.

namespace {

/// lively_niche() in which nothing is sensed: no IL-1, TNF, IL-6, IL-10, damage or microbes.
Niche unstirred()
{
    Niche niche = lively_niche();
    auto& site = niche.state.site;
    site.il1b = site.damage = site.tnf = site.il6 = site.il10 = niche.in.il10_infusion = 0;
    niche.p.microbiota = 0;
    return niche;
}

} // namespace

TEST_CASE("an antibody at ratio 1 halves free TNF", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.signals().tnf_signal == on_paper(0.4));
    niche.in.anti_tnf = 1;
    CHECK(niche.signals().tnf_signal == on_paper(0.5)); // 15/2 is the half-saturation 7.5
    niche.in.anti_tnf = 0;
    CHECK(niche.signals().tnf_signal == on_paper(15 / 22.5));
}

TEST_CASE("IL-6 signals half at its half-saturation", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.signals().il6_signal == on_paper(0.3));
    niche.state.site.il6 = 28;
    CHECK(niche.signals().il6_signal == on_paper(0.5));
}

TEST_CASE("danger is half at one unit of damage, and tone is what flora and antibiotics leave", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.signals().danger == on_paper(0.25));
    CHECK(niche.signals().tone == on_paper(0.8 * 0.75 * 0.7));
    niche.state.site.damage = 1;
    CHECK(niche.signals().danger == 0.5);
    niche.in.microbial_reduction = 1;
    CHECK(niche.signals().tone == 0);
}

TEST_CASE("microbes, damage, IL-1 on myeloid cells and TNF add up to the drive of NF-kB", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.signals().nfkb == on_paper(0.6));
    const auto nfkb_by = [&](double microbial, double damage, double il1, double tnf) {
        niche.p.nfkb_microbial = microbial;
        niche.p.nfkb_damage = damage;
        niche.p.nfkb_il1 = il1;
        niche.p.nfkb_tnf = tnf;
        return niche.signals().nfkb;
    };
    CHECK(nfkb_by(0.5, 0, 0, 0) == on_paper(0.21 / 1.21));
    CHECK(nfkb_by(0, 2, 0, 0) == on_paper(0.5 / 1.5));
    CHECK(nfkb_by(0, 0, 1.9, 0) == on_paper(0.19 / 1.19));
    CHECK(nfkb_by(0, 0, 0, 1.5) == on_paper(0.6 / 1.6));
}

TEST_CASE("macrophages secrete TNF under braked NF-kB, more without PSTPIP2", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.mediators().tnf_macrophage_secretion
          == on_paper(0.1435 * 0.8 * 0.6 * 0.604 * 0.2 * (1 + 0.55 * 0.48) * 8000));
    niche.in.donor_chimerism = 0;
    niche.p.pstpip2_il1b = 1;
    CHECK(niche.mediators().tnf_macrophage_secretion == on_paper(0.1435 * 0.8 * 0.6 * 0.604 * 0.2 * 8000));
    niche.p.pstpip2_il1b = 0;
    CHECK(niche.mediators().tnf_macrophage_secretion == on_paper(0.1435 * 0.8 * 0.6 * 0.604 * 0.2 * 1.55 * 8000));
}

TEST_CASE("neutrophils secrete TNF under braked NF-kB, whatever PSTPIP2 does", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.mediators().tnf_neutrophil_secretion == on_paper(0.1435 * 0.8 * 0.6 * 0.604 * 0.035 * 30000));
    niche.p.pstpip2_il1b = 1;
    CHECK(niche.mediators().tnf_neutrophil_secretion == on_paper(0.1435 * 0.8 * 0.6 * 0.604 * 0.035 * 30000));
}

TEST_CASE("TNF balances macrophages and neutrophils against clearance", "[model][limit]")
{
    CHECK(lively_niche().mediators().tnf_removal == on_paper(58 * 15));
    CHECK(lively_niche().balance().site.tnf
          == on_paper(0.1435 * 0.8 * 0.6 * 0.604 * (0.2 * 1.264 * 8000 + 0.035 * 30000) - 58 * 15));
}

TEST_CASE("stroma secretes IL-6 under IL-1 and TNF, braked by IL-10", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.mediators().il6_stroma_secretion
          == on_paper(0.1435 * 1.2 * 0.95 * 21000 * (0.72 * 0.15 + 0.26 * 0.4) * 0.8));
    niche.state.site.tnf = 0;
    CHECK(niche.mediators().il6_stroma_secretion == on_paper(0.1435 * 1.2 * 0.95 * 21000 * 0.72 * 0.15 * 0.8));
    CHECK(unstirred().mediators().il6_stroma_secretion == 0);
}

TEST_CASE("macrophages secrete IL-6 under braked NF-kB, more without PSTPIP2", "[model][limit]")
{
    CHECK(lively_niche().mediators().il6_macrophage_secretion
          == on_paper(0.1435 * 1.2 * 0.42 * (1 + 0.55 * 0.48) * 8000 * 0.6 * 0.604));
}

TEST_CASE("IL-6 balances stroma and macrophages against clearance", "[model][limit]")
{
    CHECK(lively_niche().mediators().il6_removal == on_paper(41 * 12));
    CHECK(lively_niche().balance().site.il6
          == on_paper(0.1435 * 1.2 * (0.95 * 21000 * 0.212 * 0.8 + 0.42 * 1.264 * 8000 * 0.6 * 0.604) - 41 * 12));
}

TEST_CASE("primed stroma secretes CXCL1 under its basal drive, damage, IL-1 and TNF, braked by IL-10", "[model][limit]")
{
    const double basal = 0.16 * 0.02 * (0.56 + 0.44 * 0.42);
    CHECK(lively_niche().mediators().cxcl1_stroma_secretion
          == on_paper(0.1435 * 2.7 * 21000 * 1.7 * (basal + 0.33 * 0.25 + 0.15 + 0.38 * 0.4) * 0.8));
}

TEST_CASE("stroma that senses nothing makes the basal CXCL1, of which microbes carry their share", "[model][limit]")
{
    Niche niche = unstirred();
    const double full = 0.1435 * 2.7 * 21000 * 1.7 * 0.16 * 0.02;
    CHECK(niche.mediators().cxcl1_stroma_secretion == on_paper(full * 0.56)); // germ-free
    niche.p.microbiota = 1;
    niche.in.microbial_reduction = 0;
    niche.state.circulation.microbial_tone = 1;
    niche.p.nfkb_microbial = 0;
    CHECK(niche.mediators().cxcl1_stroma_secretion == on_paper(full));
}

TEST_CASE("macrophages secrete CXCL1 under braked NF-kB", "[model][limit]")
{
    CHECK(lively_niche().mediators().cxcl1_macrophage_secretion == on_paper(0.1435 * 0.8 * 8000 * 0.6 * 0.604));
    CHECK(unstirred().mediators().cxcl1_macrophage_secretion == 0);
}

TEST_CASE("CXCL1 balances stroma and macrophages against clearance", "[model][limit]")
{
    const double drive = 0.16 * 0.02 * (0.56 + 0.44 * 0.42) + 0.33 * 0.25 + 0.15 + 0.38 * 0.4;
    CHECK(lively_niche().mediators().cxcl1_removal == on_paper(62 * 30));
    CHECK(lively_niche().balance().site.cxcl1
          == on_paper(0.1435 * (2.7 * 21000 * 1.7 * drive * 0.8 + 0.8 * 8000 * 0.6 * 0.604) - 62 * 30));
}

TEST_CASE("stroma secretes CCL2 under its basal drive, IL-1 and TNF, braked by IL-10 and not primed", "[model][limit]")
{
    CHECK(lively_niche().mediators().ccl2_stroma_secretion
          == on_paper(0.1435 * 3.2 * 21000 * (0.06 + 0.68 * 0.15 + 0.31 * 0.4) * 0.8));
    CHECK(unstirred().mediators().ccl2_stroma_secretion == on_paper(0.1435 * 3.2 * 21000 * 0.06));
}

TEST_CASE("macrophages secrete CCL2 under braked NF-kB, more where progenitors lack PSTPIP2", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.mediators().ccl2_macrophage_secretion
          == on_paper(0.1435 * 0.28 * 8000 * 0.6 * 0.604 * (1 + 0.75 * 0.88)));
    niche.p.pstpip2_progenitor = 1;
    niche.in.donor_chimerism = 0;
    CHECK(niche.mediators().ccl2_macrophage_secretion == on_paper(0.1435 * 0.28 * 8000 * 0.6 * 0.604));
}

TEST_CASE("CCL2 balances stroma and macrophages against clearance", "[model][limit]")
{
    CHECK(lively_niche().mediators().ccl2_removal == on_paper(61 * 36));
    CHECK(lively_niche().balance().site.ccl2
          == on_paper(0.1435 * (3.2 * 21000 * 0.286 * 0.8 + 0.28 * 8000 * 0.6 * 0.604 * 1.66) - 61 * 36));
}

TEST_CASE("silenced, TNF, IL-6, CXCL1 and CCL2 each halve with their own clearance", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.molar = 0;
    CHECK(niche.after(std::log(2.0) / 58).site.tnf == in_time(7.5));
    CHECK(niche.after(std::log(2.0) / 41).site.il6 == in_time(6));
    CHECK(niche.after(std::log(2.0) / 62).site.cxcl1 == in_time(15));
    CHECK(niche.after(std::log(2.0) / 61).site.ccl2 == in_time(18));
}

TEST_CASE("COX-2 makes PGE2 under a basal drive, IL-1, TNF and NF-kB", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.mediators().pge2_synthesis
          == on_paper(23 * 0.85 * 0.65 * (0.055 + 0.62 * 0.15 + 0.24 * 0.4 + 0.13 * 0.6)));
    CHECK(unstirred().mediators().pge2_synthesis == on_paper(23 * 0.85 * 0.65 * 0.055));
    CHECK(niche.mediators().pge2_removal == on_paper(23 * 0.6));
    CHECK(niche.balance().site.pge2 == on_paper(23 * (0.85 * 0.65 * 0.322 - 0.6)));
}

TEST_CASE("with COX blocked, or without COX-2, PGE2 vanishes at its turnover", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.in.cox_inhibition = 1;
    CHECK(niche.after(0.1).site.pge2 == in_time(0.6 * std::exp(-2.3)));
    niche = lively_niche();
    niche.p.cox2_gene = 0;
    CHECK(niche.after(0.1).site.pge2 == in_time(0.6 * std::exp(-2.3)));
}

TEST_CASE("neutrophils release superoxide under NF-kB, more without PSTPIP2, none without Cybb", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.mediators().ros_release == on_paper(21 * 0.95 * 2.2e-5 * 30000 * 0.6 * (1 + 4.5 * 0.68)));
    CHECK(niche.mediators().ros_removal == on_paper(21 * 0.9));
    CHECK(niche.balance().site.ros == on_paper(21 * (0.95 * 2.2e-5 * 30000 * 0.6 * 4.06 - 0.9)));
    niche.in.donor_chimerism = 0;
    niche.p.pstpip2_ros = 1;
    CHECK(niche.mediators().ros_release == on_paper(21 * 0.95 * 2.2e-5 * 30000 * 0.6));
    niche.p.cybb_gene = 0;
    CHECK(niche.mediators().ros_release == 0);
    CHECK(niche.after(0.1).site.ros == in_time(0.9 * std::exp(-2.1)));
}

TEST_CASE("stromal priming approaches 1 plus what IL-1 at the stroma and TNF ask for", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.mediators().stromal_priming_approach == on_paper((1 + 1.5 * 0.15 + 0.52 * 0.4 - 1.7) / 25));
    CHECK(niche.balance().site.stromal_priming == on_paper((1 + 1.5 * 0.15 + 0.52 * 0.4 - 1.7) / 25));
    niche.p.il1r1_stroma = 0;
    niche.p.tnf_half = 1e300; // nobody senses TNF
    CHECK(niche.after(10).site.stromal_priming == in_time(1 + 0.7 * std::exp(-10.0 / 25)));
}
