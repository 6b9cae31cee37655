#include "output/patient_page/patient_bundle.hpp"
#include "scenarios/clinic/findings.hpp"
#include "scenarios/patient_page/medicines.hpp"
#include "scenarios/patient_page/page_data.hpp"
#include "scenarios/patient_page/patient_page.hpp"
#include "scenarios/patient_page/sections.hpp"
#include "scenarios/patient_page/story.hpp"
#include "scenarios/patients/treatment.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using namespace osteoflare::scenarios::patients;
using osteoflare::tests::library;

namespace {

constexpr std::size_t n_sites = model::patient::sites.size();

std::size_t count(const std::string& text, const std::string& word)
{
    std::size_t n = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        n += 1;
    }
    return n;
}

std::string between(const std::string& text, const std::string& begin, const std::string& end)
{
    const std::size_t from = text.find(begin);
    REQUIRE(from != std::string::npos);
    const std::size_t inside = from + begin.size();
    return text.substr(inside, text.find(end, inside) - inside);
}

std::size_t site_of(std::string_view name)
{
    const auto found = std::ranges::find(model::patient::sites, name, &model::patient::SiteEntry::name);
    REQUIRE(found != model::patient::sites.end());
    return static_cast<std::size_t>(found - model::patient::sites.begin());
}

/// Weekly visits with this pain; no lesions.
ClinicalCourse course(const std::vector<double>& vas)
{
    ClinicalCourse seen;
    seen.n_sites = n_sites;
    for (std::size_t visit = 0; visit < vas.size(); ++visit) {
        seen.days.push_back(7.0 * static_cast<double>(visit));
    }
    seen.vas = vas;
    seen.crp = seen.esr = seen.pga = seen.chaq = seen.mri_lesions = std::vector<double>(vas.size());
    seen.marrow_oedema = seen.pain = seen.swelling = seen.resorption = seen.reactive_bone = seen.bone =
        std::vector<double>(vas.size() * n_sites);
    return seen;
}

double& at(std::vector<double>& of_sites, std::size_t visit, std::string_view site)
{
    return of_sites[visit * n_sites + site_of(site)];
}

/// Two courses; after two weeks a rule asks whether to go from the first to the second.
const char* const two_drugs = R"(
    title = "Two drugs"
    [children]
    number = 40
    seed = 1
    weight = "30 kg"
    [trial]
    follow = "10 weeks"
    [[arm]]
    name = "switch"
    [[arm.course]]
    regimen = "naproxen"
    from = "0 d"
    duration = "10 weeks"
    [[arm.course]]
    regimen = "adalimumab"
    duration = "8 weeks"
    [[arm.rule]]
    if = "vas >= 1"
    at = "2 weeks"
    stop = ["naproxen"]
    start = ["adalimumab"]
)";

Trial trial(const std::string& text = two_drugs)
{
    return parse_trial(text, "two_drugs.toml", library());
}

Followed followed(const Trial& of, bool fired, const std::vector<double>& vas)
{
    return {.status = solvers::lanes::LaneStatus::reached_end,
            .reached = 7.0 * static_cast<double>(vas.size() - 1),
            .fired = {fired},
            .doses = doses_of(of, of.arms.front(), 0),
            .seen = course(vas)};
}

/// A child with one lesion, whose pain was there for five weeks before the diagnosis.
Life made_up(const Trial& of, bool fired)
{
    Life life{.child = draw_child(of.cohort.population, of.cohort.median, of.cohort.seed, 0),
              .injuries = {{.day = 3, .site = site_of("spine"), .damage = 5},
                           {.day = 3, .site = site_of("foot_left"), .damage = 4},
                           {.day = 20, .site = site_of("spine"), .damage = 2},
                           {.day = 80, .site = site_of("spine"), .damage = 2}},
              .status = solvers::lanes::LaneStatus::reached_end,
              .known = {},
              .before = course({0, 0, 0, 3, 3, 3, 3, 3}),
              .arms = {}};
    for (std::size_t visit = 3; visit < 8; ++visit) {
        at(life.before.pain, visit, "distal_tibia_left") = 0.6;
        at(life.before.marrow_oedema, visit, "distal_tibia_left") = 0.7;
        life.before.mri_lesions[visit] = 1;
    }
    life.before.crp.back() = 12.34;
    life.known = {.kind = clinic::Presentation::Kind::diagnosed,
                  .first = clinic::FirstSymptom{.site = site_of("distal_tibia_left"), .pain = {21, 49}},
                  .pictures = 49,
                  .n_lesions = 1};
    life.arms = {followed(of, fired, {3, 3, 3, 2, 0.5, 0.5, 0.5, 2, 2, 2, 2})};
    ClinicalCourse& seen = life.arms.front().seen;
    at(seen.marrow_oedema, 0, "distal_tibia_left") = 0.7;
    at(seen.marrow_oedema, 9, "sacrum") = 0.3;
    at(seen.marrow_oedema, 10, "sacrum") = 0.3;
    seen.crp[5] = 30;
    return life;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& one : words) {
        text += one + " ";
    }
    return text;
}

} // namespace

TEST_CASE("every site has one element in the skeleton, and its sides are mirrored", "[page]")
{
    const std::string drawing(output::skeleton());
    std::size_t n_ids = count(drawing, " id=\"");
    for (const auto& site : model::patient::sites) {
        INFO(site.name);
        CHECK(count(drawing, "<g id=\"" + std::string(site.name) + "\" class=\"site") == 1);
    }
    CHECK(n_ids == n_sites); // and nothing else has an id
    std::string left = between(drawing, "<g class=\"left\">", "\n</g>\n"),
                right = between(drawing, "<g class=\"right\" transform=\"matrix(-1 0 0 1 320 0)\">", "\n</g>\n");
    CHECK(count(left, "_left\"") == 10);
    for (std::size_t at = left.find("_left\""); at != std::string::npos; at = left.find("_left\"")) {
        left.replace(at, 6, "_right\"");
    }
    CHECK(left == right);
}

TEST_CASE("sites and lengths of time are told as people say them", "[page]")
{
    CHECK(site_in_words("distal_tibia_left") == "left distal tibia");
    CHECK(site_in_words("foot_right") == "right foot");
    CHECK(site_in_words("sternum_ribs") == "sternum and ribs");
    CHECK(site_in_words("spine") == "spine");
    CHECK(length_in_words(1) == "1 day");
    CHECK(length_in_words(77) == "11 weeks");
    CHECK(length_in_words(182.625) == "6 months");
    CHECK(length_in_words(3 * 365.25) == "3 years");
}

TEST_CASE("an arm is condensed to when symptoms went, came back, and what was left", "[page]")
{
    const Life life = made_up(trial(), true);
    const ArmOutcome found = outcome(life.arms.front().seen);
    CHECK(found.free_after == 28);
    CHECK(found.relapse_after == 49); // three weeks from then on
    CHECK(found.with_symptoms == 7 * (4 + 3));
    CHECK(found.highest_crp == 30);
    CHECK(found.lesions_at_end == std::vector<std::size_t>{site_of("sacrum")});
    CHECK(found.new_sites == std::vector<std::size_t>{site_of("sacrum")});
    const ArmOutcome ill = outcome(course({3, 3, 3}));
    CHECK(std::isinf(ill.free_after));
    CHECK(std::isinf(ill.relapse_after));
    CHECK(std::isinf(outcome(course({0, 3, 3, 0, 0})).relapse_after)); // two weeks are too short
}

TEST_CASE("a rule that fires ends one drug and begins the other, on the page as in the child", "[page]")
{
    const Trial of = trial();
    const auto switched = medicines(of.arms.front(), followed(of, true, std::vector<double>(11, 3)), 70);
    REQUIRE(switched.size() == 2);
    CHECK(switched[0].name == "naproxen");
    CHECK(switched[0].n_taken == 14); // days 0 to 13: the rule acts before the dose of day 14
    CHECK(switched[0].spells.front().until == 14);
    CHECK(switched[1].name == "adalimumab");
    CHECK(switched[1].spells.front().from == 14);
    CHECK(switched[1].spells.size() == 1);
    CHECK(switched[1].n_taken == 4); // days 14, 28, 42 and 56
    const auto stayed = medicines(of.arms.front(), followed(of, false, std::vector<double>(11, 0)), 70);
    REQUIRE(stayed.size() == 1);
    CHECK(stayed[0].n_taken == 70);
    CHECK(describe(stayed[0]) == "naproxen, day 0 to 70 (70 doses)");
}

TEST_CASE("doses that were missed are counted, and do not part a course in two", "[page]")
{
    const Trial of = trial();
    Followed child = followed(of, false, std::vector<double>(11, 0));
    child.doses[5].taken = child.doses[6].taken = false;
    const auto given = medicines(of.arms.front(), child, 70);
    REQUIRE(given.size() == 1);
    CHECK(given[0].spells.size() == 1);
    CHECK(given[0].n_missed == 2);
    CHECK(describe(given[0]) == "naproxen, day 0 to 70 (68 doses, 2 missed)");
}

TEST_CASE("the story of a child tells its first symptom, its diagnosis and its drugs", "[page]")
{
    const Trial of = trial();
    const Life life = made_up(of, true);
    const std::string before = joined(childhood_in_words(of, life));
    INFO(before);
    CHECK(before.find("First symptom at 2.1 years: the left distal tibia hurt for four weeks.") != std::string::npos);
    CHECK(before.find("2 micro-injury events had hit 3 sites") != std::string::npos);
    CHECK(before.find("Diagnosed 4 weeks later, at 2.1 years, with 1 lesion on MRI, 1 painful.") != std::string::npos);
    CHECK(before.find("CRP 12.3 mg/L") != std::string::npos);
    const std::string arm = joined(arm_in_words(of, life, 0));
    INFO(arm);
    CHECK(arm.find("vas >= 1 held: naproxen stopped and adalimumab began.") != std::string::npos);
    CHECK(arm.find("Without symptoms (VAS below 1) after 4 weeks.") != std::string::npos);
    CHECK(arm.find("Symptoms came back 7 weeks after the diagnosis.") != std::string::npos);
    CHECK(arm.find("After 10 weeks: VAS 2.0, 1 lesion at sacrum.") != std::string::npos);
    const std::string other = joined(arm_in_words(of, made_up(of, false), 0));
    CHECK(other.find("vas >= 1 did not hold, so that nothing was changed.") != std::string::npos);
    Life unhurt = made_up(of, true);
    unhurt.injuries.clear();
    CHECK(joined(childhood_in_words(of, unhurt)).find("No micro-injury had come before.") != std::string::npos);
}

TEST_CASE("a page says when all treatments went alike, and only then", "[page]")
{
    const Trial of = trial();
    Life life = made_up(of, true);
    life.arms.push_back(life.arms.front());
    Trial two = of;
    two.arms.push_back(of.arms.front());
    const std::string alike = "all treatments went alike";
    CHECK(what_happened(two, life).html.find(alike) != std::string::npos);
    life.arms.back().seen.vas.back() += 0.001;
    CHECK(what_happened(two, life).html.find(alike) == std::string::npos);
}

TEST_CASE("children who were never diagnosed have their own words", "[page]")
{
    const Trial of = trial();
    Life life = made_up(of, false);
    life.arms.clear();
    life.known = {
        .kind = clinic::Presentation::Kind::silent, .first = life.known.first, .pictures = 49, .n_lesions = 0};
    CHECK(joined(childhood_in_words(of, life)).find("was never diagnosed") != std::string::npos);
    life.known.kind = clinic::Presentation::Kind::not_followed;
    CHECK(joined(childhood_in_words(of, life)).find("grown up before diagnosis was looked for") != std::string::npos);
    life.known = {};
    life.before = course(std::vector<double>(10, 0));
    CHECK(joined(childhood_in_words(of, life)).find("2 micro-injury events hit 3 sites, and all healed.")
          != std::string::npos);
    at(life.before.marrow_oedema, 9, "spine") = 0.3; // a lesion that nobody feels
    CHECK(joined(childhood_in_words(of, life)).find("MRI would show 1 lesion at the end (spine)") != std::string::npos);
    life.status = solvers::lanes::LaneStatus::step_limit;
    CHECK(joined(childhood_in_words(of, life)).find("broke off") != std::string::npos);
}

TEST_CASE("what the page's pictures read is what was seen, and arms begin on the day of diagnosis", "[page]")
{
    const Trial of = trial();
    const Life life = made_up(of, true);
    const auto data = nlohmann::json::parse(page_data(of, life));
    REQUIRE(data["sites"].size() == n_sites);
    CHECK(data["diagnosis"] == 49);
    const auto& before = data["before"];
    REQUIRE(before["oedema"].size() == 8 * n_sites);
    CHECK(before["oedema"][7 * n_sites + site_of("distal_tibia_left")] == 70);
    CHECK(before["crp"][7] == 123);
    const auto& arm = data["arms"][0];
    CHECK(arm["course"]["days"][0] == 49);
    CHECK(arm["course"]["days"][10] == 49 + 70);
    CHECK(arm["course"]["oedema"][10 * n_sites + site_of("sacrum")] == 30);
    CHECK(arm["drugs"][0]["spells"][0] == nlohmann::json({49, 49 + 14}));
    REQUIRE(data["events"].size() == 3); // two sites that were hit at one moment are one event
    CHECK(data["events"][0]["sites"] == nlohmann::json({site_of("spine"), site_of("foot_left")}));
}

TEST_CASE("a page's child is the cohort's, bit for bit, whether it falls ill or not", "[page]")
{
    const Trial of = trial();
    bool ill = false, well = false;
    for (std::uint64_t number = 0; number < of.cohort.n_children && !(ill && well); ++number) {
        const Presented presented = follow_child(of.cohort, number);
        const bool is_ill = presented.kind == clinic::Presentation::Kind::diagnosed;
        if (is_ill ? ill : well || presented.kind != clinic::Presentation::Kind::healthy) {
            continue;
        }
        (is_ill ? ill : well) = true;
        const Life life = live(of, number);
        CHECK(life.known.kind == presented.kind);
        CHECK(life.arms.size() == (is_ill ? 1 : 0));
        const std::string page = patient_page(of, life);
        CHECK(page.size() < 1'500'000);
        CHECK(page.find("never for the care of a person") != std::string::npos);
        if (!is_ill) {
            CHECK(page.find("never fell ill up to 18 years") != std::string::npos);
            CHECK(life.before.days.back() > 15.9 * days_per_year);
            continue;
        }
        CHECK(life.before.crp.back() == presented.crp);
        CHECK(life.before.vas.back() == presented.vas);
        CHECK(life.before.mri_lesions.back() == static_cast<double>(presented.mri_lesions));
        const ClinicalCourse& seen = life.arms.front().seen; // which goes on from there
        for (std::size_t site = 0; site < n_sites; ++site) {
            CHECK(seen.marrow_oedema[site]
                  == life.before.marrow_oedema[life.before.marrow_oedema.size() - n_sites + site]);
        }
    }
    CHECK(ill);
    CHECK(well);
}

TEST_CASE("a child's drawn numbers stand beside the median child's, with how many have less", "[page]")
{
    Trial of = trial();
    Child child = draw_child(of.cohort.population, of.cohort.median, 1, 0);
    for (auto& site : child.sites) { // one spread above the median
        site.tnf_gene = of.cohort.median.tnf_gene * std::exp(of.cohort.population.tnf_gene_spread);
    }
    const auto all = drawn_numbers(of, child);
    CHECK(all.size() == 10); // eight of its cells, its injuries, its delay
    const auto tnf = std::ranges::find(all, "tnf_gene", &Drawn::name);
    REQUIRE(tnf != all.end());
    CHECK(tnf->share_below == Approx(0.841345).epsilon(1e-5));
    CHECK(tnf->median == of.cohort.median.tnf_gene);
    CHECK(std::ranges::none_of(all, [](const Drawn& one) { return one.name == "pain_weight"; }));
}

TEST_CASE("texts of a trial reach a page as texts", "[page]")
{
    std::string hostile = two_drugs;
    hostile.replace(hostile.find("Two drugs"), 9, "</title><script>alert(1)</script>");
    const Trial of = trial(hostile);
    const std::string page = patient_page(of, made_up(of, true));
    CHECK(page.find("<script>alert") == std::string::npos);
    CHECK(count(page, "</script>") == 2); // of the data and of the page's own
    CHECK(count(page, "<template") == 1);
}
