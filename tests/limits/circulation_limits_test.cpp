#include "tests/limits/niche_fixture.hpp"

#include "catch.hpp"

#include <cmath>
#include <limits>

using namespace osteoflare::tests;

// The numbers are those of lively_niche(), put into the printed equations by hand; its signals are worked out there.

namespace {

constexpr double forever = std::numeric_limits<double>::infinity();

/// lively_niche() with a marrow whose output is off and stays off.
Niche silent_marrow()
{
    Niche niche = lively_niche();
    niche.state.circulation.marrow_output = 0;
    niche.p.marrow_adaptation_time = forever;
    return niche;
}

/// What the marrow of lively_niche() aims at, from how fast it gets there.
double marrow_aim(const Niche& niche)
{
    return 1.6 + 40 * niche.circulation().marrow_adaptation;
}

} // namespace

TEST_CASE("microbial tone matures exponentially toward its aim", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.circulation().tone_maturation == on_paper((0.9 - 0.7) / 20));
    CHECK(niche.balance().circulation.microbial_tone == on_paper((0.9 - 0.7) / 20));
    CHECK(niche.after(20).circulation.microbial_tone == in_time(0.9 - 0.2 * std::exp(-1.0)));
}

TEST_CASE("the marrow aims at progenitor expansion times emergency gain, less what CSF-1R inhibition takes",
          "[model][limit]")
{
    Niche niche = lively_niche();
    const double drive = 0.05 * (0.75 * 6 + 0.35 * 12);
    const double aim = (1 + 0.5 * 0.88) * (1 + 1.5 * drive / (2 + drive)) * (1 - 0.4 * 0.75);
    CHECK(niche.circulation().marrow_adaptation == on_paper((aim - 1.6) / 40));
    CHECK(niche.balance().circulation.marrow_output == on_paper((aim - 1.6) / 40));
}

TEST_CASE("emergency granulopoiesis runs from nothing through half at K_G to its full gain", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.progenitor_expansion = niche.in.csf1r_inhibition = 0;
    niche.state.site.il6 = 0;
    niche.state.site.il1b = 0;
    CHECK(marrow_aim(niche) == on_paper(1));
    niche.state.site.il1b = 2 / (0.05 * 0.75); // stroma's receptor dose counts here
    CHECK(marrow_aim(niche) == on_paper(1 + 1.5 / 2));
    niche.state.site.il1b = 0;
    niche.state.site.il6 = 2 / (0.05 * 0.35);
    CHECK(marrow_aim(niche) == on_paper(1 + 1.5 / 2));
    niche.state.site.il6 = 1e18;
    CHECK(marrow_aim(niche) == on_paper(1 + 1.5));
}

TEST_CASE("losing PSTPIP2 in progenitors expands output, and CSF-1R inhibition cuts it", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.p.emergency_gain = niche.in.donor_chimerism = niche.in.csf1r_inhibition = 0;
    niche.p.pstpip2_progenitor = 1;
    CHECK(marrow_aim(niche) == on_paper(1));
    niche.p.pstpip2_progenitor = 0;
    CHECK(marrow_aim(niche) == on_paper(1.5));
    niche.in.csf1r_inhibition = 1;
    CHECK(marrow_aim(niche) == on_paper(1.5 * (1 - 0.4)));
}

TEST_CASE("the marrow releases, and blood loses, each cell with that cell's own turnover", "[model][limit]")
{
    const Niche niche = lively_niche();
    CHECK(niche.circulation().blood_neutrophil_release == on_paper(1.2 * 1200 * 1.6));
    CHECK(niche.circulation().blood_neutrophil_removal == on_paper(1.2 * 1500));
    CHECK(niche.circulation().blood_monocyte_release == on_paper(0.8 * 320 * 1.6));
    CHECK(niche.circulation().blood_monocyte_removal == on_paper(0.8 * 400));
}

TEST_CASE("anti-Gr-1 kills blood neutrophils; clodronate and CSF-1R inhibition kill monocytes", "[model][limit]")
{
    const Niche niche = lively_niche();
    CHECK(niche.circulation().blood_neutrophil_killing == on_paper(1.3 * 1500));
    CHECK(niche.circulation().blood_monocyte_killing == on_paper((0.5 + 0.75) * 400));
}

TEST_CASE("blood cells balance release against removal and killing", "[model][limit]")
{
    const auto change = lively_niche().balance().circulation;
    CHECK(change.blood_neutrophils == on_paper(1.2 * (1200 * 1.6 - 1500) - 1.3 * 1500));
    CHECK(change.blood_monocytes == on_paper(0.8 * (320 * 1.6 - 400) - (0.5 + 0.75) * 400));
}

TEST_CASE("with the marrow silent, blood neutrophils and monocytes halve every ln 2 / loss days", "[model][limit]")
{
    Niche niche = silent_marrow();
    niche.in.neutrophil_depletion = niche.in.phagocyte_depletion = niche.in.csf1r_inhibition = 0;
    CHECK(niche.after(std::log(2.0) / 1.2).circulation.blood_neutrophils == in_time(750));
    CHECK(niche.after(std::log(2.0) / 0.8).circulation.blood_monocytes == in_time(200));
}

TEST_CASE("drugs that kill blood cells add their rates to the natural ones", "[model][limit]")
{
    const auto later = silent_marrow().after(0.5).circulation;
    CHECK(later.blood_neutrophils == in_time(1500 * std::exp(-0.5 * (1.2 + 1.3))));
    CHECK(later.blood_monocytes == in_time(400 * std::exp(-0.5 * (0.8 + 0.5 + 0.75))));
}

TEST_CASE("a share of the site's IL-6 enters plasma and is cleared there", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.circulation().plasma_il6_entry == on_paper(7.5 * 0.05 * 12));
    CHECK(niche.circulation().plasma_il6_removal == on_paper(7.5 * 0.8));
    CHECK(niche.balance().circulation.plasma_il6 == on_paper(7.5 * (0.05 * 12 - 0.8)));
    niche.p.spillover = 0;
    CHECK(niche.after(0.2).circulation.plasma_il6 == in_time(0.8 * std::exp(-0.2 * 7.5)));
}

TEST_CASE("the acute phase follows plasma IL-6 squared, half of its gain at K_A", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.circulation().acute_phase_synthesis == on_paper(0.9 * (1 + 55 * 0.2))); // 0.8 is half of K_A: 1/(4 + 1)
    CHECK(niche.circulation().acute_phase_removal == on_paper(0.9 * 11));
    CHECK(niche.balance().circulation.acute_phase == on_paper(0.9 * (1 + 55 * 0.2 - 11)));
    niche.state.circulation.plasma_il6 = 1.6;
    CHECK(niche.circulation().acute_phase_synthesis == on_paper(0.9 * (1 + 55.0 / 2)));
}

TEST_CASE("without plasma IL-6 the acute phase returns to 1 with its turnover", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.state.circulation.plasma_il6 = niche.p.spillover = 0;
    CHECK(niche.after(1.5).circulation.acute_phase == in_time(1 + 10 * std::exp(-1.5 * 0.9)));
}

TEST_CASE("a chimera has the mean of its own and its donor's PSTPIP2, on each arm", "[model][limit]")
{
    Niche niche = lively_niche();
    CHECK(niche.signals().loss_il1b == on_paper(1 - (0.5 * 0.8 + 0.6 * 0.2)));
    CHECK(niche.signals().loss_ros == on_paper(1 - (0.25 * 0.8 + 0.6 * 0.2)));
    CHECK(niche.signals().loss_progenitor == on_paper(1 - 0.6 * 0.2));
    CHECK(niche.signals().pro_il1b_gain == on_paper(5 * 0.48 * 0.5));
}

TEST_CASE("without a donor the host's PSTPIP2 counts, after full replacement the donor's alone", "[model][limit]")
{
    Niche niche = lively_niche();
    niche.in.donor_chimerism = 0;
    CHECK(niche.signals().loss_il1b == on_paper(1 - 0.5));
    CHECK(niche.signals().loss_ros == on_paper(1 - 0.25));
    CHECK(niche.signals().loss_progenitor == 1);
    niche.in.donor_chimerism = 1;
    CHECK(niche.signals().loss_il1b == on_paper(1 - 0.6));
    CHECK(niche.signals().loss_ros == on_paper(1 - 0.6));
    CHECK(niche.signals().loss_progenitor == on_paper(1 - 0.6));
}
