#include "output/results_reader.hpp"
#include "scenarios/patients/follow.hpp"
#include "scenarios/patients/trial_record.hpp"

#include "catch.hpp"
#include "folder.hpp"
#include "library.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using namespace osteoflare::scenarios::patients;
using solvers::lanes::LaneStatus;

/// A trial's file: the same bytes whatever computed it, and what can be read back from it.
namespace {

/// Few children, many of them ill, in whom a rule divides the arms.
const std::string text = R"(
    title = "Two ways"
    [children]
    number = 70
    seed = 3
    weight = "30 kg"
    [population]
    trigger_rate = 1
    first_age = 8
    last_age = 12
    [trial]
    follow = "280 d"
    [[arm]]
    name = "none"
    [[arm]]
    name = "anakinra"
    [arm.inputs]
    nfkb_inhibition = 0.1
    [[arm.course]]
    regimen = "naproxen"
    from = 0
    adherence = 0.8
    [[arm.course]]
    regimen = "anakinra"
    duration = 20
    [[arm.rule]]
    if = "vas >= 1"
    at = 180
    stop = ["naproxen"]
    start = ["anakinra"]
)";

Trial trial()
{
    return parse_trial(text, "two_ways.toml", tests::library());
}

RecordOptions into(const std::filesystem::path& file, std::size_t threads)
{
    RecordOptions options;
    options.file = file;
    options.threads = threads;
    return options;
}

std::string bytes(const std::filesystem::path& file)
{
    std::ostringstream content;
    content << std::ifstream(file, std::ios::binary).rdbuf();
    return content.str();
}

/// Told of members done; throws when it has heard of so many, as a kill would end a run.
struct Killed {};
Progress killer(std::size_t after)
{
    return [after](std::size_t done, std::size_t) {
        if (done >= after) {
            throw Killed{};
        }
    };
}

} // namespace

TEST_CASE("a trial writes the same bytes with one and two threads", "[invariants][trials]")
{
    const tests::Folder folder;
    const auto one = record_trial(trial(), into(folder.path / "one.h5", 1));
    const auto two = record_trial(trial(), into(folder.path / "two.h5", 2));
    CHECK(one.patients.size() >= 5);
    CHECK(bytes(folder.path / "one.h5") == bytes(folder.path / "two.h5"));
    CHECK_FALSE(std::filesystem::exists(folder.path / "one.h5.shards"));
}

TEST_CASE("a trial that was killed goes on, and ends with the same bytes", "[invariants][trials]")
{
    const tests::Folder folder;
    const auto whole = folder.path / "whole.h5", broken = folder.path / "broken.h5";
    const auto results = record_trial(trial(), into(whole, 2));
    TrialProgress among_children, among_patients;
    among_children.children = [](std::size_t) { return killer(60); };
    among_patients.patients = [](std::size_t) { return killer(3); };
    CHECK_THROWS_AS(record_trial(trial(), into(broken, 1), among_children), Killed);
    CHECK_THROWS_WITH(record_trial(trial(), into(broken, 1)), Catch::Contains("continue it with --resume"));
    auto options = into(broken, 1);
    options.resume = true;
    CHECK_THROWS_AS(record_trial(trial(), options, among_patients), Killed);
    CHECK_FALSE(std::filesystem::exists(broken));
    std::vector<std::string> remarks;
    options.remark = [&](const std::string& remark) { remarks.push_back(remark); };
    (void)record_trial(trial(), options);
    CHECK(bytes(broken) == bytes(whole));
    REQUIRE(remarks.size() == 2);
    CHECK(remarks[0].find("children: 70 of 70 members are there") != std::string::npos);
    CHECK(remarks[1].find("patients: 4 of " + std::to_string(results.patients.size())) != std::string::npos);
}

TEST_CASE("a damaged shard of a trial is told of and computed again", "[invariants][trials]")
{
    const tests::Folder folder;
    const auto whole = folder.path / "whole.h5", broken = folder.path / "broken.h5";
    (void)record_trial(trial(), into(whole, 2));
    TrialProgress progress;
    progress.patients = [](std::size_t) { return killer(3); };
    CHECK_THROWS_AS(record_trial(trial(), into(broken, 1), progress), Killed);
    {
        std::fstream shard(folder.path / "broken.h5.shards/patients/00000000.shard",
                           std::ios::in | std::ios::out | std::ios::binary);
        shard.seekp(5000);
        shard.put('!');
    }
    auto options = into(broken, 1);
    options.resume = true;
    std::vector<std::string> remarks;
    options.remark = [&](const std::string& remark) { remarks.push_back(remark); };
    (void)record_trial(trial(), options);
    CHECK(bytes(broken) == bytes(whole));
    REQUIRE_FALSE(remarks.empty());
    CHECK(remarks[1].find("00000000.shard: is damaged") != std::string::npos);
}

TEST_CASE("shards of another trial are not taken over", "[invariants][trials]")
{
    const tests::Folder folder;
    auto options = into(folder.path / "trial.h5", 1);
    TrialProgress progress;
    progress.patients = [](std::size_t) { return killer(3); };
    CHECK_THROWS_AS(record_trial(trial(), options, progress), Killed);
    Trial other = trial();
    other.cohort.seed = 4;
    options.resume = true;
    CHECK_THROWS_WITH(record_trial(other, options), Catch::Contains("its shards belong to another study"));
}

TEST_CASE("what a trial's file holds is what was found", "[invariants][trials]")
{
    const tests::Folder folder;
    const auto found = record_trial(trial(), into(folder.path / "trial.h5", 2));
    const auto read = read_trial_results(output::ResultsReader(folder.path / "trial.h5"));
    CHECK(read.title == found.title);
    CHECK(read.sites == found.sites);
    CHECK(read.patients == found.patients);
    CHECK(read.days == found.days);
    REQUIRE(read.children.size() == found.children.size());
    for (std::size_t i = 0; i < found.children.size(); ++i) {
        CHECK(read.children[i].kind == found.children[i].kind);
        if (found.children[i].kind == clinic::Presentation::Kind::diagnosed) {
            CHECK(read.children[i].lesions == found.children[i].lesions);
            CHECK(read.children[i].mri_lesions == found.children[i].mri_lesions);
            CHECK(read.children[i].clinical_lesions == found.children[i].clinical_lesions);
            CHECK(read.children[i].first_symptom_age == found.children[i].first_symptom_age);
            CHECK(read.children[i].crp == found.children[i].crp);
        }
    }
    REQUIRE(read.arms.size() == 2);
    CHECK(read.arms[1].drugs == std::vector<std::string>{"naproxen", "anakinra"});
    CHECK(read.arms[1].inputs == "nfkb_inhibition = 0.1");
    REQUIRE(read.arms[1].rules.size() == 1);
    CHECK(read.arms[1].rules[0].words == "if vas >= 1: stop naproxen, start anakinra");
    REQUIRE(read.courses.size() == found.courses.size());
    std::size_t fired = 0;
    for (std::size_t i = 0; i < found.courses.size(); ++i) {
        CHECK(read.courses[i].fired == found.courses[i].fired);
        CHECK(read.courses[i].vas == found.courses[i].vas);
        CHECK(read.courses[i].resorption == found.courses[i].resorption);
        CHECK(read.courses[i].lesions == found.courses[i].lesions);
        CHECK(read.courses[i].painful == found.courses[i].painful);
        fired += i % 2 == 1 && found.courses[i].fired[0] ? 1 : 0;
    }
    CHECK(fired > 0);
    CHECK(fired < found.patients.size());
}

TEST_CASE("a patient begins each arm as it was diagnosed, and depends on nobody", "[invariants][trials]")
{
    const Trial asked = trial();
    const tests::Folder folder;
    const auto found = record_trial(asked, into(folder.path / "trial.h5", 2));
    for (std::size_t i = 0; i < found.patients.size(); ++i) {
        const Presented& presented = found.children[found.patients[i]];
        for (std::size_t arm = 0; arm < 2; ++arm) {
            CHECK(found.course(i, arm).vas.front() == presented.vas);
            CHECK(found.course(i, arm).crp.front() == presented.crp);
        }
    }
    // A patient does not depend on the others.
    const Patient patient = patient_of(asked, found.patients[2]);
    CHECK(follow(asked, patient, asked.arms[1]).seen.vas == found.course(2, 1).vas);
}

TEST_CASE("untreated, a patient lives on as if nobody had looked, struck by what was to come", "[invariants][trials]")
{
    Trial asked = trial();
    asked.cohort.relative_tolerance = 1e-6;
    const Arm untreated = asked.arms.front();
    std::size_t struck = 0;
    for (std::uint64_t number = 0; number < asked.cohort.n_children && struck < 3; ++number) {
        if (follow_child(asked.cohort, number).kind != clinic::Presentation::Kind::diagnosed) {
            continue;
        }
        const Patient patient = patient_of(asked, number);
        const double from = patient.at_diagnosis.day, until = from + asked.visit_days().back();
        struck += std::ranges::any_of(
            patient.injuries, [&](const Injury& injury) { return injury.day > from + 7 && injury.day < until - 30; });
        PatientRun run(patient.child, asked.cohort.relative_tolerance);
        run.expect(patient.injuries, asked.cohort.population.trigger_duration);
        ClinicalCourse seen;
        (void)run.live(until, std::vector<double>{until}, seen);
        const auto followed = follow(asked, patient, untreated).seen;
        CHECK(followed.vas.back() == Approx(seen.vas.back()).epsilon(1e-3).margin(1e-3));
        CHECK(followed.crp.back() == Approx(seen.crp.back()).epsilon(1e-3));
    }
    CHECK(struck == 3);
}

TEST_CASE("a child whose run fails is data, and the others stay as they were", "[invariants][trials]")
{
    Trial broken = trial();
    const tests::Folder folder;
    const auto fine = record_trial(broken, into(folder.path / "fine.h5", 2));
    // Priming that never ends in one arm's inputs: no number any more.
    broken.arms[0].inputs.sterile_injury = std::nan("");
    const auto found = record_trial(broken, into(folder.path / "broken.h5", 2));
    CHECK(count_failed(fine) == 0);
    CHECK(count_failed(found) == found.patients.size());
    for (std::size_t i = 0; i < found.patients.size(); ++i) {
        CHECK(found.course(i, 0).status != LaneStatus::reached_end);
        CHECK(found.course(i, 0).reached < 1);
        CHECK(std::isnan(found.course(i, 0).vas.back()));
        CHECK(found.course(i, 1).status == LaneStatus::reached_end);
        CHECK(found.course(i, 1).vas == fine.course(i, 1).vas);
    }
    const auto read = read_trial_results(output::ResultsReader(folder.path / "broken.h5"));
    CHECK(count_failed(read) == found.patients.size());
}

TEST_CASE("where nobody is diagnosed there is nobody to treat, and no file", "[invariants][trials]")
{
    Trial healthy = trial();
    healthy.cohort.median.il10_competence = 1;
    healthy.cohort.median.il1b_gene = 1;
    const tests::Folder folder;
    CHECK_THROWS_WITH(record_trial(healthy, into(folder.path / "trial.h5", 2)),
                      Catch::Contains("there is nobody to treat (none of 70 children was diagnosed)"));
    CHECK_FALSE(std::filesystem::exists(folder.path / "trial.h5"));
    const auto cohort = record_cohort(healthy, into(folder.path / "cohort.h5", 2));
    CHECK(cohort.children.size() == 70);
    CHECK(cohort.patients.empty());
}
