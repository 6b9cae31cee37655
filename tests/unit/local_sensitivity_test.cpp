#include "output/results_reader.hpp"
#include "scenarios/analyses/sensitivity/local_sensitivity.hpp"
#include "scenarios/figures.hpp"
#include "scenarios/run.hpp"

#include "folder.hpp"
#include "tests/library.hpp"

#include <cmath>

using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

Scenario scenario_of(const std::string& text)
{
    return parse_scenario(text, "mine.toml", library());
}

double bone_on(double day, const std::string& more)
{
    const Study study(scenario_of("genotype = \"cmo\"\n[output]\nvariables = [\"bone\"]\n[numerics]\n"
                                  "relative_tolerance = 1e-9\n[parameters]\n"
                                  + more));
    return run_block(study, std::vector<double>{day}, 0, 1).columns.front();
}

} // namespace

TEST_CASE("a local sensitivity is the relative change between two runs, divided by that of the parameter",
          "[scenarios]")
{
    const auto plan = plan_local_sensitivity(
        scenario_of("genotype = \"cmo\"\n[sensitivities]\nto = [\"il1b_clearance\", \"cxcl1_half\"]\nof = [\"bone\"]"),
        {.of = {}, .at = {150, 60}});
    REQUIRE(plan.times == std::vector<double>{60, 150});
    const auto analysis = analyse(plan);
    const double step = 1e-3;
    for (std::size_t t = 0; t < 2; ++t) {
        const auto between = [&](const char* name, double value) {
            const auto at = [&](double factor) {
                return std::log(bone_on(plan.times[t], std::string(name) + " = " + std::to_string(value * factor)));
            };
            return (at(1 + step) - at(1 - step)) / (std::log(1 + step) - std::log(1 - step));
        };
        CHECK(analysis.slopes[t * 2 + 1] == Approx(between("cxcl1_half", 84.3)).epsilon(1e-3));
        CHECK(analysis.slopes[t * 2] == Approx(between("il1b_clearance", plan.values[0])).epsilon(1e-3));
    }
}

TEST_CASE("two parameters that act as their product are named as a combination that data cannot see", "[scenarios]")
{
    // Stroma makes IL-6 in proportion to both; what else it makes is switched off.
    const auto plan = plan_local_sensitivity(
        scenario_of("[sensitivities]\nto = [\"il6_stroma\", \"stroma\", \"il6_clearance\"]\nof = [\"il6\"]\n"
                    "[parameters]\ncxcl1_stroma = 0\nccl2_stroma = 0\nil6_macrophage = 0"),
        {});
    const auto analysis = analyse(plan);
    REQUIRE(analysis.modes.size() == 3);
    const auto& unseen = analysis.modes.front();
    CHECK(unseen.standard_error > 10);
    CHECK(unseen.direction[0] == Approx(-unseen.direction[1]).margin(1e-3));
    CHECK(unseen.direction[2] == Approx(0).margin(1e-3));
    CHECK(combination(plan.factors, unseen.direction).find("stroma^") != std::string::npos);
    CHECK(analysis.modes.back().standard_error < 0.1);
}

TEST_CASE("quantities without a logarithm are left out and named; if none is left, that is an error", "[scenarios]")
{
    const std::string treated =
        "[[treatment]]\nname = \"anakinra\"\nfrom = \"75 d\"\n[sensitivities]\nof = [\"bone\"]\n";
    const auto plan =
        plan_local_sensitivity(scenario_of(treated + "to = [\"anakinra.from\", \"anakinra.exposure\"]"), {});
    CHECK(plan.factors == std::vector<std::string>{"anakinra.exposure"});
    CHECK(plan.values.front() == 8000);
    REQUIRE(plan.left_out.size() == 1);
    CHECK(plan.left_out.front() == "anakinra.from is left out: a moment has no logarithm");
    CHECK_THROWS_WITH(plan_local_sensitivity(scenario_of(treated + "to = [\"anakinra.from\"]"), {}),
                      Catch::Contains("a moment has no logarithm"));
    CHECK_THROWS_WITH(plan_local_sensitivity(scenario_of("genotype = \"cmo\""), {}),
                      Catch::Contains("neither [sensitivities] nor [sweep]"));
    CHECK_THROWS_WITH(
        plan_local_sensitivity(scenario_of(treated + "to = [\"il1b_clearance\"]"), {.of = {}, .at = {200}}),
        Catch::Contains("the run goes from day 7 to 150"));
    CHECK_THROWS_WITH(plan_local_sensitivity(scenario_of(treated + "to = [\"il1b_clearance\"]"), {.of = {"bon"}}),
                      Catch::Contains("did you mean 'bone'?"));
}

TEST_CASE("local sensitivities by what a sweep varies are written and drawn", "[scenarios]")
{
    const osteoflare::tests::Folder folder;
    const auto file = folder.path / "local.h5";
    const auto plan = plan_local_sensitivity(
        scenario_of("end = \"60 d\"\n[sweep]\nmethod = \"sobol\"\nsize = 8\nvary.genotype = [\"wild_type\", \"cmo\"]\n"
                    "vary.cxcl1_half = { lognormal_cv = 0.1 }"),
        {.of = {"bone"}});
    CHECK(plan.factors == std::vector<std::string>{"cxcl1_half"});
    CHECK(plan.left_out == std::vector<std::string>{"genotype is left out: a genotype has no derivative"});
    const auto analysis = analyse(plan);
    write_local_sensitivity(file, false, plan, analysis);
    const osteoflare::output::ResultsReader reader(file);
    CHECK(reader.numbers("slope/bone").back() == analysis.slopes.back());
    CHECK(figure_of(reader, "local.h5", {}).panels.size() == 2);
}
