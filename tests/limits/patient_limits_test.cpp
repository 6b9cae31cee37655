#include "tests/limits/patient_fixture.hpp"

#include "model/patient/sites.hpp"

#include "catch.hpp"

#include <cmath>
#include <string>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::tests;

// The numbers are those of lively_niche(), put into the printed equations by hand; its signals are worked out there.
// To them come a burst of 0.9/1.2 = 0.75 and a resorption of 75/50*(1 + 0.36*0.75) = 1.905.

TEST_CASE("susceptibility multiplies what stroma secretes of CXCL1/2, and nothing else", "[model][patient][limit]")
{
    Patient patient = lively_patient();
    patient.p.site_susceptibility = 1.8;
    CHECK(moved(lively_patient(), patient) == "cxcl1_stroma_secretion ");
    CHECK(patient.site_fluxes().tissue.mediators.cxcl1_stroma_secretion
          == on_paper(1.8 * lively_niche().mediators().cxcl1_stroma_secretion));
}

TEST_CASE("PGE2 adds to the drive of NF-kB", "[model][patient][limit]")
{
    Patient patient = lively_patient();
    patient.p.nfkb_pge2 = 0.5;
    const auto signals = model::niche::signals(patient.border.circulation, patient.site.tissue, patient.in, patient.p);
    CHECK(signals.nfkb_drive == on_paper(1.5 + 0.5 * 0.6));
    CHECK(signals.nfkb == on_paper(1.8 / 2.8));
    CHECK(patient.site_fluxes().tissue.mediators.ros_release
          == on_paper(lively_niche().mediators().ros_release / 0.6 * 1.8 / 2.8));
}

TEST_CASE("resorption under superoxide sets damage free, and none without superoxide or osteoclasts",
          "[model][patient][limit]")
{
    Patient patient = lively_patient();
    patient.p.damage_oxidised_matrix = 0.4;
    CHECK(moved(lively_patient(), patient) == "damage_by_resorption ");
    const auto released = [&] { return patient.site_fluxes().tissue.cells.damage_by_resorption; };
    CHECK(released() == on_paper(0.006 * 1.5 + 0.4 * 1.905 * 0.75));
    patient.site.tissue.ros = 0;
    CHECK(released() == on_paper(0.006 * 1.5));
    patient.site.tissue.ros = 0.9;
    patient.site.tissue.osteoclasts = 0;
    CHECK(released() == 0);
}

TEST_CASE("plasma IL-6 primes stroma, half of it at its half", "[model][patient][limit]")
{
    Patient patient = lively_patient();
    patient.p.priming_systemic = 2;
    patient.p.priming_systemic_half = 0.6; // plasma has 0.8: 0.64/(0.36 + 0.64)
    CHECK(moved(lively_patient(), patient) == "stromal_priming_approach ");
    const double without_plasma = 1 + 1.5 * 0.15 + 0.52 * 0.4 - 1.7;
    const auto approach = [&] { return patient.site_fluxes().tissue.mediators.stromal_priming_approach; };
    CHECK(approach() == on_paper((without_plasma + 2 * 0.64) / 25));
    patient.border.circulation.plasma_il6 = 0.6;
    CHECK(approach() == on_paper((without_plasma + 1) / 25));
    patient.border.circulation.plasma_il6 = 0;
    CHECK(approach() == on_paper(without_plasma / 25));
}

TEST_CASE("bone-held pamidronate kills osteoclasts, blocks their formation and brakes myeloid cells",
          "[model][patient][limit]")
{
    Patient patient = lively_patient();
    patient.in.pamidronate_held = 2;
    patient.p.bisphosphonate_half = 3.81; // what resorption sets free: half of the effect
    CHECK(moved(lively_patient(), patient).empty());

    const auto bone = lively_niche().bone();
    SECTION("killing")
    {
        patient.p.bisphosphonate_killing_max = 2.29;
        CHECK(moved(lively_patient(), patient) == "osteoclast_death ");
        CHECK(patient.site_fluxes().tissue.bone.osteoclast_death
              == on_paper(0.13 * (1 - 0.11 * 0.15) * (1 + 0.8 + 2.29 / 2) * 75));
    }
    SECTION("formation")
    {
        patient.p.bisphosphonate_block_max = 0.5;
        CHECK(moved(lively_patient(), patient) == "osteoclast_formation ");
        CHECK(patient.site_fluxes().tissue.bone.osteoclast_formation == on_paper(bone.osteoclast_formation * 0.75));
    }
    SECTION("expression")
    {
        patient.p.bisphosphonate_myeloid_max = 0.8;
        CHECK(moved(lively_patient(), patient)
              == "pro_il1b_synthesis_neutrophil pro_il1b_synthesis_macrophage tnf_macrophage_secretion "
                 "tnf_neutrophil_secretion il6_macrophage_secretion cxcl1_macrophage_secretion "
                 "ccl2_macrophage_secretion ");
        CHECK(patient.site_fluxes().tissue.mediators.tnf_neutrophil_secretion
              == on_paper(lively_niche().mediators().tnf_neutrophil_secretion * 0.6));
        patient.in.pamidronate_held = 1e20; // all of the effect
        CHECK(patient.site_fluxes().tissue.mediators.tnf_neutrophil_secretion
              == Approx(lively_niche().mediators().tnf_neutrophil_secretion * 0.2).epsilon(1e-14));
        patient.site.tissue.osteoclasts = 0; // nobody sets it free
        CHECK(patient.site_fluxes().tissue.mediators.tnf_neutrophil_secretion
              == on_paper(lively_niche().mediators().tnf_neutrophil_secretion));
    }
}

TEST_CASE("inhibiting NF-kB takes the same share of myeloid and of stromal activity", "[model][patient][limit]")
{
    Patient patient = lively_patient();
    patient.in.nfkb_inhibition = 0.25;
    const auto signals = model::niche::signals(patient.border.circulation, patient.site.tissue, patient.in, patient.p);
    CHECK(signals.nfkb_drive == on_paper(1.5));
    CHECK(signals.nfkb == on_paper(0.6 * 0.75));
    CHECK(signals.stromal_brake == on_paper(0.8 * 0.75));
    CHECK(signals.brake == on_paper(0.604));
    patient.in.nfkb_inhibition = 1;
    CHECK(patient.site_fluxes().tissue.mediators.il6_stroma_secretion == 0);
    CHECK(patient.site_fluxes().tissue.mediators.tnf_neutrophil_secretion == 0);
}

TEST_CASE("oedema approaches swelling with its time", "[model][patient][limit]")
{
    Patient patient = lively_patient();
    patient.p.oedema_time = 45;
    patient.site.marrow_oedema = 0.3;
    const double swelling = 30000 / 5e4 + (8000 - 4400) / 4e4;
    CHECK(patient.site_fluxes().oedema_approach == on_paper((swelling - 0.3) / 45));
    CHECK(model::patient::site_balance(patient.site_fluxes()).marrow_oedema == on_paper((swelling - 0.3) / 45));
}

TEST_CASE("the circulation receives what sites send, each by its share of marrow", "[model][patient][limit]")
{
    Patient here = lively_patient(), there = lively_patient();
    here.p.volume_share = 0.25;
    there.p.volume_share = 0.5;
    there.site.tissue.il1b = 2;
    there.site.tissue.il6 = 40;
    auto sum = model::patient::shares(here.site, here.p);
    const auto more = model::patient::shares(there.site, there.p);
    sum.drive += more.drive;
    sum.il6 += more.il6;

    const double drive =
        0.25 * 0.05 * (0.75 * 6 + 0.35 * 12) + 0.5 * 0.05 * (0.75 * 2 + 0.35 * 40); // IL-1beta and IL-6 of both
    const auto fluxes = model::patient::border_fluxes(here.border, sum, here.in, here.p);
    CHECK(sum.drive == on_paper(drive));
    CHECK(fluxes.circulation.plasma_il6_entry == on_paper(7.5 * 0.05 * (0.25 * 12 + 0.5 * 40)));
    CHECK(fluxes.circulation.marrow_adaptation
          == on_paper(((1 + 0.5 * 0.88) * (1 + 1.5 * drive / (2 + drive)) * (1 - 0.4 * 0.75) - 1.6) / 40));
}

TEST_CASE("twenty-four alike sites that share all marrow send what one would", "[model][patient][limit]")
{
    Patient patient = lively_patient();
    const auto whole = model::patient::shares(patient.site, patient.p);
    model::patient::Shares<double> sum{.drive = 0, .il6 = 0};
    for (const auto& entry : model::patient::sites) {
        patient.p.volume_share = entry.volume_share;
        const auto sent = model::patient::shares(patient.site, patient.p);
        sum.drive += sent.drive;
        sum.il6 += sent.il6;
    }
    CHECK(sum.drive == on_paper(whole.drive));
    CHECK(sum.il6 == on_paper(whole.il6));
}

TEST_CASE("a site hurts by swelling and by PGE2, and little pain is hardly felt", "[model][patient][limit]")
{
    Patient patient = lively_patient();
    patient.p.pain_weight = 0.6;
    patient.p.pain_swelling = patient.p.pain_swelling_half = 0.5;
    patient.p.pain_pge2_half = 0.3;
    patient.p.pain_felt_half = 0.25;
    patient.site.tissue.neutrophils = 20500; // 0.41, and macrophages 0.09: half of the pain by swelling
    const auto seen = model::patient::site_readouts(patient.site, patient.p);
    CHECK(seen.swelling == on_paper(0.5));
    CHECK(seen.resorption == on_paper(1.905));
    const double pain = 0.6 * (0.25 + 0.36 / 0.9);
    CHECK(seen.pain == on_paper(pain));
    CHECK(seen.pain_felt == on_paper(pain * pain * pain / (pain * pain + 0.0625)));
}

TEST_CASE("VAS, CRP, ESR, PGA and C-HAQ are those of the printed formulas", "[model][patient][limit]")
{
    const auto p = model::defaults<model::patient::Parameters<double>>();
    model::patient::Border<double> border{};
    border.circulation.acute_phase = 16;
    const double felt = GENERATE(0.0, 0.1, 0.5, 3.0);
    const auto seen = model::patient::patient_readouts(border, felt, 4.0, p);
    CHECK(seen.vas == on_paper(10 * felt * felt / (felt * felt + felt + 0.25)));
    CHECK(seen.crp == on_paper(8));
    CHECK(seen.esr == on_paper(6 + 60 * 8.0 / 48));
    const double global = 0.6 * felt + 0.06 * 4;
    CHECK(seen.pga == on_paper(10 * global / (global + 1)));
    CHECK(seen.chaq == on_paper(3 * felt / (felt + 2)));
}

TEST_CASE("the shares of the sites sum to one, and are the printed ones", "[model][patient]")
{
    struct Printed {
        const char* name;
        double triggers, volume;
    };
    const std::vector<Printed> printed = {
        {"distal_femur", 0.076, 0.079},  {"proximal_femur", 0.044, 0.074}, {"proximal_tibia", 0.068, 0.070},
        {"distal_tibia", 0.084, 0.047},  {"distal_fibula", 0.032, 0.011},  {"foot", 0.048, 0.033},
        {"pelvis", 0.040, 0.074},        {"clavicle", 0.026, 0.007},       {"proximal_humerus", 0.018, 0.028},
        {"distal_radius", 0.016, 0.011}, {"sacrum", 0.024, 0.033},         {"spine", 0.044, 0.061},
        {"mandible", 0.010, 0.009},      {"sternum_ribs", 0.014, 0.028},
    };
    double triggers = 0, volume = 0;
    std::size_t found = 0;
    for (const auto& site : model::patient::sites) {
        triggers += site.trigger_share;
        volume += site.volume_share;
        for (const Printed& row : printed) {
            const std::string name = row.name;
            if (site.name == name || site.name == name + "_left" || site.name == name + "_right") {
                CAPTURE(site.name);
                CHECK(std::abs(site.trigger_share - row.triggers) < 0.5e-3);
                CHECK(std::abs(site.volume_share - row.volume) < 0.5e-3);
                ++found;
            }
        }
        if (site.name == "distal_femur_left" || site.name == "distal_tibia_left" || site.name == "spine") {
            const double more_digits = site.name == "spine"               ? 0.060521
                                       : site.name == "distal_tibia_left" ? 0.046555
                                                                          : 0.079143;
            CHECK(std::abs(site.volume_share - more_digits) < 0.5e-6);
        }
    }
    CHECK(found == 24);
    CHECK(model::patient::sites.size() == 24);
    CHECK(triggers == Approx(1).epsilon(1e-14));
    CHECK(volume == Approx(1).epsilon(1e-14));
}
