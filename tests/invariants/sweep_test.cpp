#include "output/results_reader.hpp"
#include "scenarios/record.hpp"
#include "tests/folder.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::Folder;
using osteoflare::tests::library;

namespace {

namespace fs = std::filesystem;

std::string bytes(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

Outcomes record(const std::string& text, const fs::path& file, std::size_t threads)
{
    return record_study(Study(parse_scenario(text, "mine.toml", library())), {.file = file, .threads = threads},
                        nullptr);
}

const std::string cohort = R"(
    title = "six hundred mice"
    end = "12 d"
    [numerics]
    method = "dopri5"
    [output]
    every = "3 h" # long rows, so that there are two blocks
    fluxes = true
    [sweep]
    method = "latin_hypercube"
    size = 600
    seed = 1
    vary.cxcl1_half = { lognormal_cv = 0.08 }
    vary.il10_competence = { from = 0.2, to = 1.5 }
    vary.genotype = ["wild_type", "cmo", "cmo_casp1_casp8_null"]
)";

} // namespace

TEST_CASE("a sweep of 600 members writes the same bytes with 1 and 2 threads", "[invariants]")
{
    const Folder folder;
    record(cohort, folder.path / "one.h5", 1);
    record(cohort, folder.path / "two.h5", 2);
    const std::string one = bytes(folder.path / "one.h5");
    CHECK(one.size() > 600 * 31'250); // more than one block
    CHECK(one == bytes(folder.path / "two.h5"));
}

TEST_CASE("mice under the stiff solver write the same bytes with 1 and 2 threads", "[invariants]")
{
    const Folder folder;
    const std::string lives = R"(
        genotype = "cmo"
        end = "30 d"
        [[treatment]]
        name = "anakinra"
        from = 15
        until = 20
        [output]
        every = "0.5 d" # long rows, so that there are two blocks
        fluxes = true
        [sweep]
        method = "sobol"
        size = 530
        vary.cxcl1_half = { lognormal_cv = 0.2 }
        vary.anakinra.until = { from = 18, to = 28 }
        vary.genotype = ["wild_type", "cmo"])";
    record(lives, folder.path / "one.h5", 1);
    record(lives, folder.path / "two.h5", 2);
    CHECK(fs::file_size(folder.path / "one.h5") > 530 * 31'250); // more than one block
    CHECK(bytes(folder.path / "one.h5") == bytes(folder.path / "two.h5"));
}

TEST_CASE("a member that blows up is recorded with its status, and its neighbours are as without it", "[invariants]")
{
    const Folder folder;
    const auto text = [](const std::string& values) {
        return "genotype = \"cmo\"\n[output]\nevery = 10\n[sweep]\nmethod = \"list\"\nvary.neutrophil_recruitment = "
               + values;
    };
    // A recruitment that overflows leaves no number to go on with.
    const auto outcomes = record(text("[59400, 1e308, 50000]"), folder.path / "failed.h5", 2);
    const auto healthy = record(text("[59400, 50000]"), folder.path / "healthy.h5", 2);
    REQUIRE(outcomes.n_members == 3);
    CHECK(outcomes.complete == std::vector<std::uint8_t>{1, 0, 1});
    CHECK(outcomes.n_failed == 1);
    CHECK(outcomes.first_failed == 1);
    CHECK(outcomes.summary(0, 0) == healthy.summary(0, 0));
    CHECK(outcomes.summary(0, 2) == healthy.summary(0, 1));

    const output::ResultsReader file(folder.path / "failed.h5"), intact(folder.path / "healthy.h5");
    const auto status = file.numbers("status");
    CHECK((status[0] == 0 && status[1] != 0 && status[2] == 0));
    CHECK(file.numbers("time_reached")[1] < 150);
    CHECK(std::isnan(file.numbers("onset")[1]));
    CHECK(std::isfinite(file.numbers("last_state/neutrophils")[1]));
    CHECK(file.text_attribute("", "status") == "1 of 3 members failed");
    CHECK(file.numbers("il1b", 0, 1) == intact.numbers("il1b", 0, 1));
    CHECK(file.numbers("il1b", 2, 1) == intact.numbers("il1b", 1, 1));
}

TEST_CASE(
    "a tissue that more cells flood than it has room for ends with its status, and its neighbours are as without it",
    "[invariants][tissue]")
{
    const Folder folder;
    const auto text = [](const std::string& values) {
        return "model = \"agents\"\nstart = \"7 d\"\nend = \"8 d\"\n[tissue]\nwidth = \"100 um\"\ndepth = \"100 um\"\n"
               "[output]\nevery = \"1 h\"\n[sweep]\nmethod = \"list\"\nvary.neutrophil_recruitment = "
               + values;
    };
    (void)record(text("[59400, 1e14, 1e308, 50000]"), folder.path / "flooded.h5", 2);
    (void)record(text("[59400, 50000]"), folder.path / "healthy.h5", 2);
    const output::ResultsReader file(folder.path / "flooded.h5"), intact(folder.path / "healthy.h5");
    const auto overcrowded = static_cast<double>(solvers::RunStatus::overcrowded);
    CHECK(file.numbers("status") == std::vector<double>{0, overcrowded, overcrowded, 0});
    CHECK(file.numbers("time_reached")[1] < 7.5);
    CHECK(file.numbers("neutrophils", 0, 1) == intact.numbers("neutrophils", 0, 1));
    CHECK(file.numbers("neutrophils", 3, 1) == intact.numbers("neutrophils", 1, 1));
}

TEST_CASE("with either solver every member's numbers stand in its own place", "[invariants]")
{
    const std::string solver = GENERATE("lanes", "odeint");
    const Study study(parse_scenario("genotype = \"cmo\"\nend = \"30 d\"\nsolver = \"" + solver
                                         + "\"\n[sweep]\nmethod = \"list\"\nvary.cxcl1_half = [70, 80, 90]",
                                     "mine.toml", library()));
    const auto times = output_times(study.scenario());
    const Block block = run_block(study, times, 0, 3);
    const double tolerance = 100 * study.scenario().numerics.relative_tolerance; // over some hundred steps
    for (std::size_t i = 0; i < 3; ++i) {
        const Course alone = run_member(study.scenario(), study.member(i), times);
        for (std::size_t k = 0; k < alone.columns.size(); ++k) {
            INFO(solver << ", member " << i << ", number " << k);
            const double number = block.columns[(k / times.size() * 3 + i) * times.size() + k % times.size()];
            CHECK(number == Approx(alone.columns[k]).epsilon(tolerance).margin(tolerance));
        }
        for (std::size_t s = 0; s < alone.summaries.size(); ++s) {
            const double number = block.summaries[s * 3 + i];
            CHECK((number == Approx(alone.summaries[s]).epsilon(tolerance) || std::isnan(alone.summaries[s])));
        }
    }
}

TEST_CASE("blocks that are handed over are those of one run, whatever the threads", "[invariants]")
{
    const Study study(parse_scenario("end = \"20 d\"\n[sweep]\nmethod = \"sobol\"\nsize = 700\n"
                                     "vary.cxcl1_half = { from = 60, to = 100 }",
                                     "mine.toml", library()));
    const auto times = output_times(study.scenario());
    const Block whole = run_block(study, times, 0, study.size());
    for (const std::size_t threads : {1U, 2U}) {
        std::vector<double> summaries(whole.summaries.size()), courses(whole.columns.size());
        run_blocks(study, times, threads, [&](const Block& block) {
            const auto put = [&](const std::vector<double>& from, std::size_t row, std::vector<double>& to) {
                for (std::size_t i = 0; i < from.size(); ++i) {
                    const std::size_t column = i / (block.size * row), within = i % (block.size * row);
                    to[column * whole.size * row + block.first * row + within] = from[i];
                }
            };
            put(block.summaries, 1, summaries);
            put(block.columns, times.size(), courses);
        });
        CHECK(std::memcmp(summaries.data(), whole.summaries.data(), summaries.size() * sizeof(double)) == 0);
        CHECK(std::memcmp(courses.data(), whole.columns.data(), courses.size() * sizeof(double)) == 0);
    }
}

TEST_CASE("summaries do not depend on the output grid", "[invariants]")
{
    const auto summaries = [](const std::string& every) {
        return run_study(
                   Study(parse_scenario("genotype = \"cmo\"\n[output]\nevery = " + every, "mine.toml", library())), 1,
                   nullptr)
            .summaries;
    };
    CHECK(summaries("0.25") == summaries("30"));
}

TEST_CASE("cells and cytokines stay positive to the solver's tolerance in all genotypes", "[invariants]")
{
    for (const Genotype& genotype : library().genotypes) {
        Scenario scenario = plain_scenario(genotype, library());
        const auto times = output_times(scenario);
        const Course course = run_member(scenario, Study(scenario).member(0), times);
        REQUIRE(course.report);
        for (std::size_t c = 0; c < scenario.model->species.size(); ++c) {
            for (std::size_t t = 0; t < times.size(); ++t) {
                INFO(genotype.name << " " << scenario.model->species[c].name << " on day " << times[t]);
                REQUIRE(course.columns[c * times.size() + t] > -10 * scenario.numerics.absolute_tolerance[c]);
            }
        }
    }
}
