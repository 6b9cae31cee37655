#include "made_trial.hpp"
#include "scenarios/patients/outcome_statistics.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

using namespace osteoflare;
using namespace osteoflare::scenarios::patients;
using osteoflare::tests::MadeTrial;
using osteoflare::tests::naproxen_alone;
using osteoflare::tests::then;

/// Statistics of children who were made by hand, so that the answers are known.
namespace {

constexpr double not_taken = std::numeric_limits<double>::quiet_NaN();
constexpr double month = days_per_month, year = 12 * month;
constexpr std::size_t end = 1000; // later than any week

double value(const MadeTrial& trial, const Group& group, const std::string& readout, double after)
{
    return outcome(trial.results, group, readout, after).estimate.value;
}

std::size_t n(const MadeTrial& trial, const Group& group, const std::string& readout, double after)
{
    return outcome(trial.results, group, readout, after).n;
}

/// Four patients under naproxen alone and under naproxen that adalimumab replaces: the last three are switched.
MadeTrial switchers(std::size_t weeks = 120)
{
    MadeTrial trial(weeks, {naproxen_alone(), then("adalimumab")});
    for (std::size_t patient = 0; patient < 4; ++patient) {
        trial.add_patient();
        trial.course(patient, 1).fired = {patient > 0};
    }
    return trial;
}

} // namespace

TEST_CASE("statistics of children leave out who is not known, and count the others", "[outcomes]")
{
    const auto share = share_of({1, 0, not_taken, 1, 1});
    CHECK(share.estimate.value == 0.75);
    CHECK(share.n == 4);
    CHECK(share.estimate.low < 0.75);
    CHECK(share.estimate.high > 0.75);
    CHECK(quantile_of({10, 1, 3, 2}, 0.5).estimate.value == 2.5);
    CHECK(quantile_of({10, 1, 3, 2}, 0.9).estimate.value == Approx(3 + 0.7 * 7)); // place 2.7 of 0 to 3
    const auto ratio = ratio_of({{1, 2}, {5, 8}, {not_taken, 4}, {0, 0}}, 1);
    CHECK(ratio.estimate.value == Approx(0.6 - 1));
    CHECK(ratio.n == 2);
    CHECK(std::isnan(share_of({not_taken}).estimate.value));
    CHECK(share_of({}).n == 0);
}

TEST_CASE("of four children who relapse or are lost, Kaplan and Meier know the share and the median", "[outcomes]")
{
    const std::vector<solvers::Watched> watched = {{10, true}, {20, false}, {30, true}, {40, true}};
    CHECK(survival_of(watched, 25).estimate.value == Approx(0.75));
    CHECK(survival_of(watched, 35).estimate.value == Approx(0.375)); // of two at risk, one
    CHECK(survival_median(watched).estimate.value == 30);
    CHECK(std::isinf(survival_median({{10, true}, {20, false}, {30, false}}).estimate.value));
}

TEST_CASE("at diagnosis, only the diagnosed count", "[outcomes]")
{
    MadeTrial trial(0, {naproxen_alone()});
    using Kind = scenarios::clinic::Presentation::Kind;
    const double ages[] = {5, 9, 7}, crp[] = {5, 6, 2};
    const std::size_t lesions[] = {1, 4, 3}, painful[] = {1, 2, 1};
    for (std::size_t i = 0; i < 3; ++i) {
        Presented& child = trial.results.children[trial.results.patients[trial.add_patient()]];
        child.first_symptom_age = ages[i];
        child.crp = crp[i];
        child.mri_lesions = lesions[i];
        child.clinical_lesions = painful[i];
        child.lesions = {i == 1, false, true, i > 0};
    }
    for (const Kind kind : {Kind::healthy, Kind::silent, Kind::not_followed}) {
        Presented other;
        other.kind = kind;
        other.first_symptom_age = 17;
        trial.results.children.push_back(other);
    }
    Presented failed;
    failed.kind = Kind::diagnosed;
    failed.status = solvers::lanes::LaneStatus::step_limit;
    trial.results.children.push_back(failed);

    const auto of = [&](const char* readout, const char* bone = "") {
        return presentation(trial.results, readout, bone).estimate.value;
    };
    CHECK(of("age_at_first_symptom") == 7);
    CHECK(presentation(trial.results, "age_at_first_symptom").n == 3);
    CHECK(of("mri_lesions") == 3);
    CHECK(of("clinical_per_mri_lesion") == 0.5); // 4 of 8, not the mean of 1, 1/2 and 1/3
    CHECK(of("crp_raised") == Approx(1 / 3.0));  // a CRP of 5 is not raised
    CHECK(of("crp_high") == Approx(5.8));        // 9 tenths of the way from 2 over 5 to 6
    CHECK(of("unifocal") == Approx(1 / 3.0));
    CHECK(of("involves", "femur") == Approx(1 / 3.0));
    CHECK(of("involves", "tibia") == 0);
    CHECK(of("involves", "pelvis") == 1);
    CHECK(of("involves", "spine") == Approx(2 / 3.0));
    CHECK_THROWS_AS(of("age"), std::invalid_argument);
}

TEST_CASE("whom the first line failed is told by the rule, for arms without one by the first arm that has it",
          "[outcomes]")
{
    const MadeTrial trial = switchers();
    for (const std::size_t arm : {0U, 1U}) {
        const auto group = switched(trial.results, arm);
        REQUIRE(group);
        CHECK(group->arm == arm);
        CHECK(group->from == 182.625);
        CHECK(group->patients == std::vector<std::size_t>{1, 2, 3});
    }
    const MadeTrial one(10, {naproxen_alone()});
    CHECK(!switched(one.results, 0));
    CHECK(everybody(trial.results, 0).patients.size() == 4);
    CHECK(judged(trial.results, 0).patients.size() == 3);
    CHECK(judged(one.results, 0).from == 0);
}

TEST_CASE("symptom-free at six months is read from the last visit until then", "[outcomes]")
{
    MadeTrial trial = switchers();
    const Group all = everybody(trial.results, 0); // day 182.625: the visit of week 26
    trial.hurts(0, 0, 26, 27);
    trial.hurts(1, 0, 25, 26);
    trial.hurts(2, 0, 27, 28);
    CHECK(value(trial, all, "symptom_free", 6 * month) == 0.75);
    // A run that failed before says nothing.
    trial.course(3, 0).reached = 181;
    CHECK(value(trial, all, "symptom_free", 6 * month) == Approx(2 / 3.0));
    CHECK(n(trial, all, "symptom_free", 6 * month) == 3);
    trial.course(3, 0).reached = 182;
    CHECK(n(trial, all, "symptom_free", 6 * month) == 4);
    trial.course(3, 0).reached = 840;
    // Nor does a trial that was over: its last visit is on day 840.
    CHECK(n(trial, all, "symptom_free", 846.9) == 4);
    CHECK(n(trial, all, "symptom_free", 847.1) == 0);
    CHECK(std::isnan(value(trial, all, "symptom_free", 847.1)));
}

TEST_CASE("lesions resolve completely in children who had some, counted from when the first line failed", "[outcomes]")
{
    MadeTrial trial = switchers();
    const Group group = *switched(trial.results, 1); // from day 182.625, week 26; a year later it is week 78
    trial.has_lesions(1, 1, 0, 70, 0b0011);          // gone
    trial.has_lesions(2, 1, 0, 70, 0b0110);          // an old one left, and a new one
    trial.has_lesions(2, 1, 70, end, 0b1100);
    trial.has_lesions(3, 1, 0, 26, 0b1111); // gone before: nothing to resolve
    CHECK(value(trial, group, "complete_resolution", year) == 0.5);
    CHECK(n(trial, group, "complete_resolution", year) == 2);
    CHECK(value(trial, group, "complete_resolution", 6 * month) == 0);
    CHECK(value(trial, group, "change_in_lesions", year) == Approx(2 / 4.0 - 1));
    CHECK(value(trial, group, "lesions_resolved", year) == Approx(3 / 4.0));
    CHECK(value(trial, group, "new_lesions", year) == Approx(1 / 4.0));
    trial.has_lesions(3, 1, 70, end, 0b0001); // new where there were none before
    CHECK(value(trial, group, "new_lesions", year) == Approx(2 / 4.0));
}

TEST_CASE("resorption of all bone is compared by its sum over children", "[outcomes]")
{
    MadeTrial trial = switchers();
    const Group group = *switched(trial.results, 1);
    const double before[] = {0, 2, 4, 2}, after[] = {9, 1, 1, 1};
    for (std::size_t patient = 0; patient < 4; ++patient) {
        trial.course(patient, 1).resorption[26] = before[patient];
        trial.course(patient, 1).resorption[52] = after[patient];
    }
    CHECK(value(trial, group, "change_in_resorption", 6 * month) == Approx(3 / 8.0 - 1));
}

TEST_CASE("PedCNO of a group is that of the clinic, from when its treatment began to count", "[outcomes]")
{
    MadeTrial trial = switchers();
    const Group group = *switched(trial.results, 1);
    for (std::size_t patient = 1; patient < 4; ++patient) {
        auto& course = trial.course(patient, 1);
        course.esr[26] = course.vas[26] = course.pga[26] = course.chaq[26] = 10;
        course.lesions[26] = 0b0011;
        // Better by so much in three items; the lesions stay and the ESR is worse by 20 %.
        course.vas[52] = course.pga[52] = course.chaq[52] = patient == 1 ? 8 : patient == 2 ? 6 : 2;
        course.lesions[52] = 0b0011;
        course.esr[52] = 12;
    }
    CHECK(value(trial, group, "pedcno30", 6 * month) == Approx(2 / 3.0));
    CHECK(value(trial, group, "pedcno50", 6 * month) == Approx(1 / 3.0));
    CHECK(value(trial, group, "pedcno70", 6 * month) == Approx(1 / 3.0));
    trial.course(3, 1).esr[52] = 14;
    trial.course(3, 1).lesions[52] = 0b0111;
    CHECK(value(trial, group, "pedcno30", 6 * month) == Approx(1 / 3.0)); // two items are worse
}

TEST_CASE("who was symptom-free at six months is watched for a relapse from then on", "[outcomes]")
{
    MadeTrial trial = switchers(200);
    const Group all = everybody(trial.results, 0);
    trial.hurts(0, 0, 0, 30);  // no response: takes no part
    trial.hurts(1, 0, 60, 63); // 14 d: no relapse
    trial.hurts(2, 0, 60, 64); // a relapse, established in week 63: day 441, 258.375 d after the judgement
    trial.hurts(3, 0, 100, 104);
    CHECK(n(trial, all, "relapse_free", year) == 3);
    CHECK(value(trial, all, "relapse_free", 258) == 1);
    CHECK(value(trial, all, "relapse_free", 259) == Approx(2 / 3.0));
    CHECK(value(trial, all, "relapse_free", 2 * year) == Approx(1 / 3.0));
    CHECK(value(trial, all, "flare_after_response", 258) == 0);
    CHECK(value(trial, all, "flare_after_response", 259) == Approx(1 / 3.0));
    CHECK(std::isnan(value(trial, all, "relapse_free", 4 * year)));
    // Counted from a later day, as from the last course of a drug: week 40 and on, in months.
    trial.course(0, 0).vas.assign(201, 0);
    trial.hurts(0, 0, 39, 41);
    CHECK(n(trial, all, "months_to_flare", 280) == 3); // the first one is in pain on that day
    CHECK(value(trial, all, "months_to_flare", 280) == Approx((103 * 7 - 280) / month)); // of 161, 441 and never
}

TEST_CASE("a relapse is at old sites as far as pictures before the response showed them", "[outcomes]")
{
    MadeTrial trial = switchers();
    const Group all = everybody(trial.results, 0);
    trial.has_lesions(0, 0, 3, 5, 0b0001);    // old
    trial.has_lesions(0, 0, 27, 30, 0b0010);  // after the judgement: not old
    trial.has_lesions(0, 0, 60, end, 0b0111); // when the relapse is established: one of three
    trial.hurts(0, 0, 60, 70);
    trial.has_lesions(1, 0, 0, end, 0b1000); // a relapse at its one old site
    trial.hurts(1, 0, 60, 70);
    trial.has_lesions(2, 0, 0, end, 0b1111); // no relapse
    CHECK(value(trial, all, "old_sites_at_relapse", 0) == Approx(2 / 4.0));
    CHECK(n(trial, all, "old_sites_at_relapse", 0) == 2);
}

TEST_CASE("courses have a class after six years", "[outcomes]")
{
    MadeTrial trial = switchers(320);
    const Group all = everybody(trial.results, 0);
    trial.hurts(0, 0, 0, 320); // chronic
    trial.hurts(1, 0, 0, 10);  // monophasic
    trial.hurts(2, 0, 0, 10);  // relapsing
    trial.hurts(2, 0, 100, 110);
    CHECK(value(trial, all, "chronic", 0) == 0.25);
    CHECK(value(trial, all, "monophasic", 0) == 0.5); // also who never hurt
    CHECK(value(trial, all, "relapsing", 0) == 0.25);
    CHECK(n(switchers(300), all, "chronic", 0) == 0);
}

TEST_CASE("the same children under two arms are counted in pairs", "[outcomes]")
{
    MadeTrial trial = switchers();
    trial.hurts(1, 0, 0, end);
    trial.hurts(2, 0, 0, end);
    trial.hurts(2, 1, 0, end);
    const auto counted =
        pairs(trial.results, *switched(trial.results, 1), *switched(trial.results, 0), "symptom_free", 6 * month);
    CHECK(counted.both == 1);
    CHECK(counted.only_first == 1);
    CHECK(counted.only_second == 0);
    CHECK(counted.neither == 1);
    trial.course(3, 0).reached = 0; // not known under one arm
    CHECK(
        pairs(trial.results, *switched(trial.results, 1), *switched(trial.results, 0), "symptom_free", 6 * month).all()
        == 2);
    CHECK_THROWS_AS(
        pairs(trial.results, everybody(trial.results, 0), everybody(trial.results, 1), "new_lesions", month),
        std::invalid_argument);
}

TEST_CASE("a trial is told in lines that fit, with arms, pairs and for whom it is", "[outcomes]")
{
    MadeTrial trial(330, {then("pamidronate"), then("adalimumab"), then("anakinra"), then("prednisolone"),
                          then("methotrexate"), naproxen_alone()});
    for (std::size_t patient = 0; patient < 12; ++patient) {
        trial.add_patient();
        for (std::size_t arm = 0; arm < 6; ++arm) {
            trial.hurts(patient, arm, 0, arm == 0 ? 40 : patient < 6 ? 40 : end);
            trial.has_lesions(patient, arm, 0, 60, 0b0011);
            if (arm < 5) {
                trial.course(patient, arm).fired = {true};
            }
        }
    }
    const auto lines = describe_trial(trial.results);
    const auto has = [&](const std::string& words) {
        return std::ranges::any_of(lines,
                                   [&](const std::string& line) { return line.find(words) != std::string::npos; });
    };
    for (const std::string& line : lines) {
        INFO(line);
        CHECK(line.size() <= 120);
    }
    CHECK(has("diagnosed 12"));
    CHECK(has("those of 12 patients whom the first treatment failed on day 182.625"));
    CHECK(has("100 (76 to 100)"));
    CHECK(has("pamidronate minus adalimumab"));
    CHECK(has("p = 0.031, 12 children")); // six differ, all alike: 2/2^6
    CHECK(has("pamidronate: complete MRI resolution at 12 months"));
    CHECK(has("held out of the calibration"));
    CHECK(lines.back() == "For research and teaching, never for the care of a person.");
}

TEST_CASE("when nobody falls ill, one plain sentence says how many were tried", "[outcomes]")
{
    TrialResults results;
    results.children.resize(7);
    for (const auto& lines : {describe_cohort(results), describe_trial(results)}) {
        CHECK(lines[0].starts_with("children drawn 7: healthy 7,"));
        CHECK(lines[1].starts_with("Nobody was diagnosed among 7 children"));
        CHECK(lines.back() == "For research and teaching, never for the care of a person.");
        CHECK(lines.size() == 3);
    }
}
