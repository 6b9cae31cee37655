#include "tests/limits/niche_fixture.hpp"

#include "catch.hpp"

#include <cmath>

using namespace osteoflare::tests;

// The numbers are those of lively_niche(), put into the printed equations by hand; its signals are worked out there.

namespace {

/// What of formation in lively_niche() does not come from RANK: loss of 50 osteoclasts, supply, PSTPIP2, cytokines,
/// IL-10 and bisphosphonate.
const double formation_beside_rank = 0.13 * 50 * (1.65 * 1.3 / 1.95) * (1 + 0.06 * 0.88)
                                     * (1 + 0.28 * 0.4 + 0.17 * 0.15) * ((1 + 0.45 * 0.7 / 6.2) / (1 + 0.45 * 0.45))
                                     * 0.85;

/// Fusion of osteoclasts at a RANK signal, with a half-saturation of 2.5.
double fuse(double rank)
{
    return 7.25 * rank * rank / (6.25 + rank * rank);
}

/// lively_niche() with a healthy, quiet bone: no signal but basal IL-10, all folds 1, nothing given.
Niche healthy_bone()
{
    Niche niche = lively_niche();
    niche.in = {};
    auto& site = niche.state.site;
    niche.p.il1r1_stroma = niche.p.il1r1_myeloid = site.tnf = site.il6 = site.ros = 0;
    niche.p.pstpip2_progenitor = 1;
    site.pge2 = 0.055;
    site.il10 = 0.7;
    niche.state.circulation.blood_monocytes = 320;
    site.osteoclasts = 50;
    site.rankl_ratio = site.osteoclast_precursors = site.osteoblast_precursors = site.osteoblasts = site.bone = 1;
    return niche;
}

} // namespace

TEST_CASE("RANKL over OPG approaches 1 plus what IL-1, TNF, IL-6 and PGE2 above basal ask for", "[model][limit]")
{
    Niche niche = lively_niche();
    const double expected = 0.37 * (1 + 1.1 * 0.15 + 0.52 * 0.4 + 0.43 * 0.3 + 0.63 * (0.6 - 0.055) - 2.2);
    CHECK(niche.bone().rankl_approach == on_paper(expected));
    CHECK(niche.balance().site.rankl_ratio == on_paper(expected));
}

TEST_CASE("RANKL over OPG returns to 1 with rate k_K when nothing drives it", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.rankl_il1 = niche.p.rankl_tnf = niche.p.rankl_il6 = niche.p.rankl_pge2 = 0;
    CHECK(niche.after(4).site.rankl_ratio == in_time(1 + 1.2 * std::exp(-4 * 0.37)));
}

TEST_CASE("osteoclasts form under RANK, precursors, PSTPIP2 loss, TNF and IL-1, restrained by IL-10", "[model][limit]")
{
    // burst 0.9/1.2 = 0.75; excess of RANKL 1.2, of which 0.25 + 1.4*0.75 = 1.3 counts; OPG-Fc takes 0.4 per free one
    CHECK(lively_niche().bone().osteoclast_formation == on_paper(formation_beside_rank * fuse((1 + 1.2 * 1.3) / 1.4)));
}

TEST_CASE("without superoxide a share of the excess RANK signal is left, with Cybb more than all of it",
          "[model][limit]")
{
    Niche niche = lively_niche();
    niche.in.opg_fc = 0;
    niche.state.site.ros = 0;
    CHECK(niche.bone().osteoclast_formation == on_paper(formation_beside_rank * fuse(1 + 1.2 * 0.25)));
    niche.state.site.ros = 0.3; // half of the effect
    CHECK(niche.bone().osteoclast_formation == on_paper(formation_beside_rank * fuse(1 + 1.2 * (0.25 + 0.7))));
    niche.state.site.ros = 1e17; // all of it, to rounding
    CHECK(niche.bone().osteoclast_formation == on_paper(formation_beside_rank * fuse(1 + 1.2 * (0.25 + 1.4))));
}

TEST_CASE("superoxide does not touch the healthy RANK signal", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.in.opg_fc = 0;
    niche.state.site.rankl_ratio = 1;
    CHECK(niche.bone().osteoclast_formation == on_paper(formation_beside_rank));
    niche.state.site.ros = 0;
    CHECK(niche.bone().osteoclast_formation == on_paper(formation_beside_rank));
}

TEST_CASE("without Cybb the burst fades and RANK's excess falls to its superoxide-free share", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.cybb_gene = 0;
    const auto later = niche.after(0.2);
    CHECK(later.site.ros == in_time(0.9 * std::exp(-21 * 0.2)));
    niche.state.site.ros = 0;
    niche.in.opg_fc = 0;
    CHECK(niche.mediators().ros_release == 0);
    CHECK(niche.bone().osteoclast_formation == on_paper(formation_beside_rank * fuse(1.3)));
}

TEST_CASE("fusion is 1 at the healthy RANK signal, half of its ceiling 1 + K_L^2 at K_L, and none without RANK",
          "[model][limit]")
{
    Niche niche = lively_niche();
    niche.in.opg_fc = 0;
    const auto formation_at_rank = [&](double rank) {
        niche.state.site.rankl_ratio = 1 + (rank - 1) / 1.3; // the superoxide of this niche lets 1.3 of the excess pass
        return niche.bone().osteoclast_formation;
    };
    CHECK(formation_at_rank(1) == on_paper(formation_beside_rank));
    CHECK(formation_at_rank(2.5) == on_paper(formation_beside_rank * 7.25 / 2));
    CHECK(formation_at_rank(1e10) == on_paper(formation_beside_rank * 7.25));
    niche.in.opg_fc = 1e200; // all RANKL is bound
    CHECK(niche.bone().osteoclast_formation == 0);
}

TEST_CASE("OPG-Fc at ratio 1 halves the RANK signal", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.in.opg_fc = 1;
    CHECK(niche.bone().osteoclast_formation == on_paper(formation_beside_rank * fuse(2.56 / 2)));
}

TEST_CASE("a bisphosphonate blocks formation by its share and multiplies death", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.in.bisphosphonate_block = 0.5;
    CHECK(niche.bone().osteoclast_formation
          == on_paper(formation_beside_rank / 0.85 * 0.5 * fuse((1 + 1.2 * 1.3) / 1.4)));
    niche.in.bisphosphonate_block = 1;
    CHECK(niche.bone().osteoclast_formation == 0);
    niche.in.bisphosphonate_killing = 1;
    CHECK(niche.bone().osteoclast_death == on_paper(2 * 0.13 * (1 - 0.11 * 0.15) * 75));
}

TEST_CASE("osteoclasts die at their own rate, less the share that IL-1 prevents", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.bone().osteoclast_death == on_paper(0.13 * (1 - 0.11 * 0.15) * 1.8 * 75));
    CHECK(niche.balance().site.osteoclasts
          == on_paper(formation_beside_rank * fuse(2.56 / 1.4) - 0.13 * (1 - 0.11 * 0.15) * 1.8 * 75));
    niche.p.il1r1_stroma = 0;
    niche.in.bisphosphonate_killing = 0;
    CHECK(niche.bone().osteoclast_death == on_paper(0.13 * 75));
}

TEST_CASE("under a full block osteoclasts halve every ln 2 / d_C days", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.in.bisphosphonate_block = 1;
    niche.in.bisphosphonate_killing = 0;
    niche.p.il1r1_stroma = 0;
    CHECK(niche.after(std::log(2.0) / 0.13).site.osteoclasts == in_time(37.5));
}

TEST_CASE("precursors of osteoclasts exchange with blood monocytes", "[model][limit]")
{
    CHECK(lively_niche().bone().osteoclast_precursor_exchange == on_paper(0.32 * (400.0 / 320 - 1.3)));
    CHECK(lively_niche().balance().site.osteoclast_precursors == on_paper(0.32 * (400.0 / 320 - 1.3)));
}

TEST_CASE("supply of precursors is 1 at health and saturates at 1 + kappa_Q", "[model][limit]")
{
    Niche niche = lively_niche();
    const double at_health = formation_beside_rank / 1.1 * fuse(2.56 / 1.4);
    niche.state.site.osteoclast_precursors = 1;
    CHECK(niche.bone().osteoclast_formation == on_paper(at_health));
    niche.state.site.osteoclast_precursors = 0.65;
    CHECK(niche.bone().osteoclast_formation == on_paper(at_health * 1.65 / 2));
    niche.state.site.osteoclast_precursors = 1e17;
    CHECK(niche.bone().osteoclast_formation == on_paper(at_health * 1.65));
}

TEST_CASE("IL-10 above its healthy value restrains formation, below it releases it", "[model][limit]")
{
    Niche niche = lively_niche();
    const double unrestrained = formation_beside_rank * (1 + 0.45 * 0.45) * fuse(2.56 / 1.4);
    niche.state.site.il10 = niche.in.il10_infusion = 0;
    CHECK(niche.bone().osteoclast_formation == on_paper(unrestrained));
    niche.state.site.il10 = 1e18;
    CHECK(niche.bone().osteoclast_formation == on_paper(unrestrained / 1.45));
}

TEST_CASE("osteoblast precursors are coupled to resorption, saturably", "[model][limit]")
{
    Niche niche = lively_niche();
    const double resorption = 75.0 / 50 * (1 + 0.36 * 0.75);
    const double expected = 0.11 * (1 + 0.21 * (8 * resorption / (7 + resorption) - 1) - 1.15);
    CHECK(niche.bone().osteoblast_precursor_approach == on_paper(expected));
    CHECK(niche.balance().site.osteoblast_precursors == on_paper(expected));
    niche.state.site.osteoclasts = 0;
    CHECK(niche.bone().osteoblast_precursor_approach == on_paper(0.11 * (1 - 0.21 - 1.15)));
    niche.state.site.osteoclasts = 1e20; // couple is 1 + kappa_R to rounding
    CHECK(niche.bone().osteoblast_precursor_approach == on_paper(0.11 * (1 + 0.21 * 7 - 1.15)));
}

TEST_CASE("osteoblasts mature from precursors, inhibited by TNF and IL-1", "[model][limit]")
{
    Niche niche = lively_niche();
    const double expected = 0.055 * (1.15 / (1 + 0.27 * (0.64 * 0.4 + 0.38 * 0.15)) - 0.85);
    CHECK(niche.bone().osteoblast_approach == on_paper(expected));
    CHECK(niche.balance().site.osteoblasts == on_paper(expected));
    niche.p.osteoblast_inhibition = 0;
    CHECK(niche.bone().osteoblast_approach == on_paper(0.055 * (1.15 - 0.85)));
}

TEST_CASE("bone is formed by osteoblasts and resorbed by osteoclasts, more with superoxide", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.bone().bone_formation == on_paper(0.0045 * 0.85));
    CHECK(niche.bone().bone_resorption == on_paper(0.0045 * 1.5 * (1 + 0.36 * 0.75) * 0.9));
    CHECK(niche.balance().site.bone == on_paper(0.0045 * (0.85 - 1.905 * 0.9)));
    niche.state.site.ros = 0;
    CHECK(niche.bone().bone_resorption == on_paper(0.0045 * 1.5 * 0.9));
}

TEST_CASE("under steady cells bone turns over toward osteoblasts per resorption", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.osteoclast_loss = niche.p.osteoblast_maturation = niche.p.ros_turnover = 0; // all three stay as they are
    const double settled = 0.85 / 1.905;
    CHECK(niche.after(50).site.bone == in_time(settled + (0.9 - settled) * std::exp(-50 * 0.0045 * 1.905)));
}

TEST_CASE("reactive bone grows with PGE2 squared on osteoblast precursors and is remodelled away", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.bone().reactive_bone_formation == on_paper(0.006 * 0.36 * 1.15));
    CHECK(niche.bone().reactive_bone_removal == on_paper(0.0052 * 0.04));
    CHECK(niche.balance().site.reactive_bone == on_paper(0.006 * 0.36 * 1.15 - 0.0052 * 0.04));
    niche.state.site.pge2 = 0.8;
    CHECK(niche.bone().reactive_bone_formation == on_paper(0.006 * 0.5 * 1.15));
    niche.state.site.pge2 = niche.p.cox2_gene = 0;
    CHECK(niche.after(20).site.reactive_bone == in_time(0.04 * std::exp(-20 * 0.0052)));
}

TEST_CASE("a healthy site neither gains nor loses bone or the cells that turn it over", "[model][limit]")
{
    const auto change = healthy_bone().balance().site;
    // Gains and losses are both made of a handful of roundings of the turnover, which is 6.5 cells and 0.0045 of bone.
    CHECK(std::abs(change.osteoclasts) <= 1e-14 * 6.5);
    CHECK(std::abs(change.bone) <= 1e-14 * 0.0045);
    CHECK(change.rankl_ratio == 0);
    CHECK(change.osteoclast_precursors == 0);
    CHECK(std::abs(change.osteoblast_precursors) <= 1e-14 * 0.11);
    CHECK(change.osteoblasts == 0);
}

TEST_CASE("oc_fold counts osteoclasts in healthy sites", "[model][limit]")
{
    CHECK(lively_niche().readouts().oc_fold == on_paper(75.0 / 50));
}
