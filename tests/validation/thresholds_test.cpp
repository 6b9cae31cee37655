#include "output/results_reader.hpp"
#include "scenarios/analyses/thresholds/thresholds.hpp"
#include "scenarios/run.hpp"
#include "tests/folder.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <cmath>
#include <cstring>
#include <string>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

Study study(const std::string& text)
{
    return Study(parse_scenario(text, "mine.toml", library()));
}

/// The outcome with the plan's quantity here, by the reference solver.
bool by_odeint(const Study& of, std::size_t member, double at)
{
    std::vector<Axis> axes = of.axes();
    axes.push_back(of.scenario().threshold->axis);
    std::vector<std::vector<double>> values;
    for (const double value : of.member(member).varied) {
        values.push_back({value});
    }
    values.push_back({at});
    Scenario scenario = at_points(of.scenario(), axes, values);
    scenario.solver = Solver::odeint;
    scenario.numerics.method = solvers::Method::rosenbrock4;
    scenario.numerics.relative_tolerance = 1e-9;
    const Outcome& outcome = scenario.threshold->outcome;
    scenario.output.species = {outcome.index};
    scenario.output.readouts.clear();
    const Study run(std::move(scenario));
    const std::vector<double> times = {to_days(run.scenario().end)};
    const Course course = run_member(run.scenario(), run.member(0), times);
    REQUIRE(course.report);
    const double value = outcome.of == Outcome::Of::summary ? course.summaries[outcome.index] : course.columns[0];
    return (std::isnan(value) || value > outcome.level) == outcome.above;
}

void check_sides(const Study& of, const Thresholds& found)
{
    for (const Turning& turning : found.turnings) {
        CAPTURE(turning.member, turning.low, turning.high);
        CHECK(turning.high > turning.low);
        CHECK(turning.high - turning.low <= of.scenario().threshold->resolution);
        // A little to the side, so that the two solvers' tolerances do not decide.
        const double aside = of.scenario().threshold->resolution;
        CHECK(by_odeint(of, turning.member, turning.low - aside) != turning.becomes_true);
        CHECK(by_odeint(of, turning.member, turning.high + aside) == turning.becomes_true);
    }
}

const std::string injuries = R"(
    genotype = "il1b_hypomethylated"
    end = "300 d"
    [[event]]
    name = "injury"
    at = "70 d"
    input = "sterile_injury"
    value = 20
    duration = "14 d"
    [threshold]
    vary.injury.duration = { from = "1 d", to = "30 d" }
    outcome = "final_swelling"
    above = 0.25
    [sweep]
    method = "grid"
    vary.il10_competence = [0, 0.15, 0.2, 1]
)";

} // namespace

TEST_CASE("the maturation time at which microbial tone just reaches a level is the one on paper",
          "[validation][thresholds]")
{
    // T = 1 - 0.85 exp(-(t - 21 d)/tau) from weaning on.
    const Study tone =
        study("start = \"21 d\"\nend = \"60 d\"\n[threshold]\noutcome = \"microbial_tone\"\nabove = 0.9\n"
              "resolution = \"1e-6 d\"\nvary.tone_maturation_time = { from = \"5 d\", to = \"50 d\" }");
    const Thresholds found = find_thresholds(tone, 1);
    REQUIRE(found.turnings.size() == 1);
    const double exact = 39 / std::log(8.5);
    CHECK(found.turnings[0].low < exact + 1e-4);
    CHECK(found.turnings[0].high > exact - 1e-4);
    CHECK(found.turnings[0].high - found.turnings[0].low <= 1e-6);
    CHECK_FALSE(found.turnings[0].becomes_true);
    CHECK(found.n_failed == 0);
}

TEST_CASE("on either side of the smallest injury the reference solver sees what the threshold says",
          "[validation][thresholds]")
{
    const Study hurt = study(injuries);
    const Thresholds found = find_thresholds(hurt, 2);
    REQUIRE(found.turnings.size() == 2);
    CHECK(found.answer(0, 0) == Answer::yes); // ill without an injury
    CHECK(found.answer(3, found.scan.size() - 1) == Answer::no);
    CHECK(found.turnings[0].member == 1);
    CHECK(found.turnings[1].member == 2);
    CHECK(found.turnings[0].becomes_true);
    CHECK(found.turnings[0].high < found.turnings[1].low);
    check_sides(hurt, found);
}

TEST_CASE("the latest start of a treatment and the least dose are thresholds, too", "[validation][thresholds]")
{
    const std::string treated = "genotype = \"cmo\"\n[[treatment]]\nname = \"anakinra\"\nexposure = \"8 nM\"\n"
                                "from = \"60 d\"\n[threshold]\noutcome = \"final_bone\"\nabove = 0.8\n";
    const Study start = study(treated + "vary.anakinra.from = { from = \"30 d\", to = \"140 d\" }");
    const Thresholds latest = find_thresholds(start, 1);
    REQUIRE(latest.turnings.size() == 1);
    CHECK_FALSE(latest.turnings[0].becomes_true);
    check_sides(start, latest);
    const Study dose = study(treated + "vary.anakinra.exposure = { from = \"0 nM\", to = \"8 nM\" }");
    const Thresholds least = find_thresholds(dose, 1);
    REQUIRE(least.turnings.size() == 1);
    CHECK(least.turnings[0].becomes_true);
    check_sides(dose, least);
}

TEST_CASE("where an outcome turns and turns back both places are found", "[validation][thresholds]")
{
    // Bone mass after a cycle of remodelling has a greatest value between short-lived and long-lived osteoblasts.
    const Study cycle = study("model = \"komarova2003\"\nend = \"600 d\"\n[threshold]\noutcome = \"bone_mass\"\n"
                              "above = 101.5\nvary.osteoblast_removal = { from = 0.005, to = 0.1 }");
    const Thresholds found = find_thresholds(cycle, 1);
    REQUIRE(found.turnings.size() == 2);
    CHECK(found.turnings[0].becomes_true);
    for (std::size_t t = 1; t < found.turnings.size(); ++t) {
        CHECK(found.turnings[t].becomes_true != found.turnings[t - 1].becomes_true);
        CHECK(found.turnings[t].low >= found.turnings[t - 1].high);
    }
    check_sides(cycle, found);
}

TEST_CASE("runs that fail are counted, and no turning is made of them", "[validation][thresholds]")
{
    const Thresholds found =
        find_thresholds(study("genotype = \"cmo\"\n[threshold]\noutcome = \"peak_swelling\"\nabove = 0.25\n"
                              "vary.neutrophil_recruitment = { from = 59400, to = 1e308 }"),
                        1);
    CHECK(found.n_failed > 0);
    CHECK(found.answers.back() == Answer::failed);
    CHECK(std::isnan(found.values.back()));
    CHECK(found.turnings.empty());
}

TEST_CASE("thresholds are the same numbers with 1 and 2 threads, and in the file", "[validation][thresholds]")
{
    const Study hurt = study(injuries);
    const Thresholds one = find_thresholds(hurt, 1), two = find_thresholds(hurt, 2);
    CHECK(std::memcmp(one.values.data(), two.values.data(), one.values.size() * sizeof(double)) == 0);
    REQUIRE(one.turnings.size() == two.turnings.size());
    for (std::size_t t = 0; t < one.turnings.size(); ++t) {
        CHECK(one.turnings[t].low == two.turnings[t].low);
        CHECK(one.turnings[t].high == two.turnings[t].high);
    }
    const tests::Folder folder;
    output::ResultsWriter writer(folder.path / "found.h5", false);
    record_thresholds(hurt, one, writer);
    const output::ResultsReader file(folder.path / "found.h5");
    CHECK(file.numbers("place") == one.scan);
    CHECK(file.numbers("outcome_value") == one.values);
    CHECK(file.numbers("turning_low") == std::vector<double>{one.turnings[0].low, one.turnings[1].low});
    CHECK(file.numbers("turning_member") == std::vector<double>{1, 2});
    CHECK(file.numbers("parameter/il10_competence") == std::vector<double>{0, 0.15, 0.2, 1});
    CHECK(file.texts("member_name")[1] == "il10_competence = 0.15");
}
