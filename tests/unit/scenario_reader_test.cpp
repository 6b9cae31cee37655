#include "output/file_error.hpp"
#include "scenarios/run.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/study.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <string>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

Scenario parse(const std::string& text, const Overrides& overrides = {})
{
    return parse_scenario(text, "mine.toml", library(), overrides);
}

/// The message that a scenario is refused with.
std::string refusal(const std::string& text, const Overrides& overrides = {})
{
    try {
        const Study study(parse(text, overrides));
        return "accepted";
    } catch (const InputError& error) {
        return error.what();
    }
}

double setting(const Member& member, const Scenario& scenario, const char* name)
{
    return member.settings.at(index_of(scenario.model->settings, name));
}

} // namespace

TEST_CASE("an empty scenario is the wild type's life from day 7 to day 150", "[scenarios]")
{
    const Scenario scenario = parse("");
    CHECK(scenario.model->name == "niche");
    CHECK(scenario.genotypes.front().name == "wild_type");
    CHECK(to_days(scenario.start) == 7);
    CHECK(to_days(scenario.end) == 150);
    CHECK(Study(scenario).member(0).settings == scenario.model->default_settings());
    REQUIRE(scenario.interventions.size() == 1);
    CHECK(scenario.interventions.front().name == "weaning");
    CHECK(output_times(scenario).size() == 144);
}

TEST_CASE("every value may carry a unit, and is converted once", "[scenarios]")
{
    const Scenario scenario = parse(R"(
        genotype = "cmo"
        start = "1 week"
        end = "150 d"
        [parameters]
        il10_half = "0.00575 nM"
        il1b_clearance = "2.0833333333333335 1/h"
        [initial]
        neutrophils = "5e4 cells/mL"
        [[treatment]]
        name = "anakinra"
        exposure = "8 nM"
        from = "11 weeks"
        until = "135 d"
        [output]
        every = "12 h"
        variables = ["il1b", "swelling", "il1b_removal"])");
    const Member member = Study(scenario).member(0);
    CHECK(setting(member, scenario, "pstpip2_il1b") == 0);
    CHECK(setting(member, scenario, "il10_half") == Approx(5.75).epsilon(1e-14));
    CHECK(setting(member, scenario, "il1b_clearance") == Approx(50).epsilon(1e-14));
    CHECK(scenario.start_state.at(index_of(scenario.model->species, "neutrophils")) == Approx(50).epsilon(1e-14));
    const Intervention& anakinra = scenario.interventions.at(1);
    CHECK(to_days(anakinra.from) == 77);
    CHECK(to_days(anakinra.until.value()) == 135);
    CHECK(anakinra.sets.front().value == 8000);
    CHECK(to_days(scenario.output.every) == 0.5);
    CHECK((scenario.output.species.size() == 1 && scenario.output.readouts.size() == 1
           && scenario.output.fluxes.size() == 1));
}

TEST_CASE("a bare number in a scenario is in the quantity's own unit", "[scenarios]")
{
    const Scenario scenario =
        parse("end = 100\n[[event]]\nat = 70\ninput = \"sterile_injury\"\nvalue = 20\nduration = 1");
    CHECK(to_days(scenario.end) == 100);
    CHECK(to_days(scenario.interventions.at(1).until.value()) == 71);
}

TEST_CASE("a researcher's own cross needs no compiler", "[scenarios]")
{
    const Scenario scenario = parse(R"(
        genotype = "my_cross"
        [define.genotype.my_cross]
        title = "cmo x half Il10"
        based_on = "cmo"
        parameters = { il10_gene = 0.5 })");
    const Member member = Study(scenario).member(0);
    CHECK(setting(member, scenario, "pstpip2_ros") == 0);
    CHECK(setting(member, scenario, "il10_gene") == 0.5);
}

TEST_CASE("the command line changes a scenario after the file", "[scenarios]")
{
    const Scenario scenario = parse("genotype = \"cmo\"\n[parameters]\nil10_competence = 0.8",
                                    {.set = {"il10_competence=0.5", "il10_half=6 pM"}, .genotype = "lupo", .seed = {}});
    const Member member = Study(scenario).member(0);
    CHECK(setting(member, scenario, "il10_competence") == 0.5);
    CHECK(setting(member, scenario, "il10_half") == 6);
    CHECK(setting(member, scenario, "pstpip2_il1b") == 0.15);
}

TEST_CASE("wrong input is refused with file, line, column, what, why and a suggestion", "[scenarios]")
{
    CHECK(refusal("genotpye = \"cmo\"")
          == "mine.toml:1:1: unknown key 'genotpye' (a scenario has no such key); did you mean 'genotype'?");
    CHECK(refusal("\ngenotype = \"cmp\"")
          == "mine.toml:2:12: unknown genotype 'cmp' (neither the library nor this file defines it); did you mean "
             "'cmo'?");
    CHECK(refusal("model = \"nich\"")
          == "mine.toml:1:9: unknown model 'nich' (there is no such model); did you mean 'niche'?");
    CHECK(refusal("[parameters]\nil10_competense = 1").find("mine.toml:2:19: unknown parameter 'il10_competense'")
          == 0);
    CHECK(refusal("[parameters]\nil10_competense = 1").find("did you mean 'il10_competence'?") != std::string::npos);
    CHECK(refusal("[parameters]\nil10_half = \"5 d\"").find("mine.toml:2:13: 'parameters.il10_half'") == 0);
    CHECK(refusal("[parameters]\nil10_half = \"5 nN\"").find("unknown unit 'nN'") != std::string::npos);
    CHECK(refusal("[parameters]\nil10_half = nan").find("not a finite number") != std::string::npos);
    CHECK(refusal("[parameters]\nil10_half = \"nan\"").find("mine.toml:2:13") == 0);
    CHECK(refusal("[parameters]\npstpip2_il1b = 2")
              .find("mine.toml:2:16: pstpip2_il1b = 2 is out of range (it must be from 0 to 1)")
          == 0);
    CHECK(refusal("[parameters]\nil10_half = 0").find("it must be above 0") != std::string::npos);
    CHECK(refusal("[parameters]\nanakinra = 1").find("it is an input of the model niche") != std::string::npos);
    CHECK(refusal("end = \"150 d").find("mine.toml:1:") == 0);
    CHECK(refusal("end = \"5 d\"").find("mine.toml:1:7: the run ends on day 5 (it starts on day 7)") == 0);
    CHECK(refusal("end = \"1e9 d\"").find("mind the unit") != std::string::npos);
    CHECK(refusal("end = true").find("a number or a text with a unit is needed") != std::string::npos);
    CHECK(refusal("[[event]]\nat = 160\ninput = \"sterile_injury\"\nvalue = 20")
              .find("mine.toml:1:1: 'sterile_injury' begins on day 160, outside the run")
          == 0);
    CHECK(refusal("[[event]]\nat = 60\ninput = \"sterile_injry\"\nvalue = 20").find("did you mean 'sterile_injury'?")
          != std::string::npos);
    CHECK(refusal("[[event]]\ninput = \"sterile_injury\"\nvalue = 20").find("'event.at' is missing")
          != std::string::npos);
    CHECK(refusal("[[event]]\nat = 60\nvalue = 20").find("an event needs an input or a parameter")
          != std::string::npos);
    CHECK(refusal("[[treatment]]\nname = \"anakinara\"\nfrom = 60").find("did you mean 'anakinra'?")
          != std::string::npos);
    CHECK(refusal("[[treatment]]\nname = \"denosumab\"\nfrom = 60")
              .find("treatment 'denosumab' is refused (denosumab does not bind mouse RANKL); use 'opg_fc'")
          != std::string::npos);
    CHECK(refusal("[output]\nvariables = [\"il1\"]").find("unknown variable 'il1'") != std::string::npos);
    CHECK(refusal("[output]\nvariables = [\"bone\", \"bone\"]").find("stands twice") != std::string::npos);
    CHECK(refusal("[output]\nevery = \"0 d\"").find("mine.toml:2:9") == 0);
    CHECK(refusal("[output]\nevery = \"1 s\"").find("too many output times") != std::string::npos);
    CHECK(refusal("[numerics]\nrelative_tolerance = 0.1").find("beyond 1e-2 results mean nothing")
          != std::string::npos);
    CHECK(refusal("model = \"lemaire2004\"\ngenotype = \"cmo\"").find("the model lemaire2004 has none")
          != std::string::npos);
    CHECK(refusal("model = \"lemaire2004\"\n[[treatment]]\nname = \"anakinra\"\nfrom = 60").find("knows no treatments")
          != std::string::npos);
    CHECK(refusal("title = 3").find("a text is needed") != std::string::npos);
    CHECK(refusal("", {.set = {"il10_half=3 d"}, .genotype = {}, .seed = {}}).find("--set:1:") == 0);
    CHECK(refusal("", {.set = {"il10_halff=3"}, .genotype = {}, .seed = {}}).find("did you mean 'il10_half'?")
          != std::string::npos);
    CHECK(refusal("", {.set = {"il10_half"}, .genotype = {}, .seed = {}}).find("'il10_half' is no assignment")
          != std::string::npos);
    CHECK(refusal("", {.set = {}, .genotype = "cmoo", .seed = {}}).find("did you mean 'cmo'?") != std::string::npos);
}

TEST_CASE("a sweep that cannot be drawn is refused", "[scenarios]")
{
    const auto sweep = [](const std::string& text) { return refusal("[sweep]\n" + text); };
    CHECK(sweep("method = \"random\"\nsize = 0\nvary.cxcl1_half = { lognormal_cv = 0.1 }").find("the sweep is empty")
          != std::string::npos);
    CHECK(sweep("method = \"random\"\nsize = 10").find("it varies nothing") != std::string::npos);
    CHECK(sweep("method = \"random\"\nvary.cxcl1_half = { lognormal_cv = 0.1 }").find("has no size")
          != std::string::npos);
    CHECK(
        sweep("method = \"rnadom\"\nsize = 1\nvary.cxcl1_half = { lognormal_cv = 0.1 }").find("did you mean 'random'?")
        != std::string::npos);
    CHECK(sweep("method = \"grid\"\nvary.cxcl1_half = []").find("its list is empty") != std::string::npos);
    CHECK(sweep("method = \"grid\"\nvary.cxcl1_half = { from = 1, to = 2 }").find("has no count") != std::string::npos);
    CHECK(sweep("method = \"grid\"\nvary.cxcl1_half = { lognormal_cv = 0.1 }").find("a grid or list needs values")
          != std::string::npos);
    CHECK(sweep("method = \"list\"\nvary.cxcl1_half = [1, 2]\nvary.ccl2_half = [1, 2, 3]")
              .find("give lists of one length")
          != std::string::npos);
    CHECK(sweep("method = \"random\"\nsize = 5\nvary.cxcl1_haf = { lognormal_cv = 0.1 }")
              .find("did you mean 'cxcl1_half'?")
          != std::string::npos);
    CHECK(sweep("method = \"random\"\nsize = 5\nvary.cxcl1_half = { from = 2, to = 1 }").find("swap them")
          != std::string::npos);
    CHECK(sweep("method = \"random\"\nsize = 5\nvary.pstpip2_il1b = { from = 0, to = 2 }").find("out of range")
          != std::string::npos);
    CHECK(sweep("method = \"random\"\nsize = 5\nvary.genotype = [\"cmo\", \"cmoo\"]").find("unknown genotype 'cmoo'")
          != std::string::npos);
    CHECK(sweep("method = \"random\"\nsize = 1000000000000\nvary.cxcl1_half = { lognormal_cv = 0.1 }")
              .find("it must lie from 1 to 10000000")
          != std::string::npos);
    // An event time that leaves the run in some member is found before any work.
    CHECK(refusal("[[event]]\nname = \"injury\"\nat = 70\ninput = \"sterile_injury\"\nvalue = 20\n"
                  "[sweep]\nmethod = \"grid\"\nvary.injury.at = [60, 170]")
              .find("in member 1 'injury' begins on day 170, outside the run")
          != std::string::npos);
}

TEST_CASE("what results are differentiated by is checked like the rest", "[scenarios]")
{
    const std::string life = R"(
        [[event]]
        name = "injury"
        at = 40
        input = "sterile_injury"
        value = 20
        duration = 2
        [[treatment]]
        name = "anakinra"
        from = 70
        )";
    const Scenario scenario = parse(life + R"(
        [output]
        variables = ["il1b", "swelling", "tone_maturation"]
        [sensitivities]
        to = ["il1b_clearance", "initial.bone", "injury.at", "injury.value", "anakinra.exposure"])");
    const SensitivityPlan& plan = scenario.sensitivities;
    REQUIRE(plan.to.size() == 5);
    CHECK(plan.species.size() == 1);
    CHECK(plan.readouts.size() == 1);
    CHECK(plan.to[0].unit == "1/d");
    CHECK(plan.to[2].target.kind == Target::Kind::from);
    CHECK(plan.to[4].scale == 8000);
    const auto columns = sensitivity_columns(scenario);
    REQUIRE(columns.size() == 10);
    CHECK(columns[0].name == "sensitivity/il1b_by_il1b_clearance");
    CHECK(columns[0].unit == "pM/(1/d)");
    CHECK(columns[5].name == "sensitivity/swelling_by_injury.at");
    CHECK(columns[5].unit == "1/d");

    const auto says = [&](const std::string& sensitivities, const char* words) {
        INFO(refusal(life + sensitivities));
        CHECK(refusal(life + sensitivities).find(words) != std::string::npos);
    };
    says("[sensitivities]\nto = [\"il1b_clearence\"]", "did you mean 'il1b_clearance'?");
    says("[sensitivities]\nto = [\"initial.bones\"]", "did you mean 'initial.bone'?");
    says("[sensitivities]\nto = [\"anakinra.until\"]", "lasts to the end of the run");
    says("[sensitivities]\nto = [\"injury.until\"]", "its length is given by its duration");
    says("[sensitivities]\nto = [\"injury.at\", \"injury.at\"]", "stands twice");
    says("[sensitivities]\nto = []", "both lists need a name");
    says("[sensitivities]\nof = [\"bone\"]", "'sensitivities.to'");
    says("[sensitivities]\nto = [\"il1b_clearance\"]\nof = [\"tone_maturation\"]", "cannot differentiate");
    says("[sensitivities]\nto = [\"il1b_clearance\"]\n[output]\nkeep = \"summaries\"", "records no time courses");
    CHECK(refusal("solver = \"odeint\"\n[sensitivities]\nto = [\"il1b_clearance\"]").find("only the lane solver")
          != std::string::npos);
}

TEST_CASE("a file that cannot be read is a FileError, not a crash", "[scenarios]")
{
    CHECK_THROWS_AS(read_scenario("no_such_file.toml", library()), output::FileError);
    CHECK_THROWS_AS(read_scenario("/", library()), output::FileError);
}

TEST_CASE("every scenario of the library is fine", "[scenarios]")
{
    for (const auto& file : library().scenarios) {
        INFO(file);
        const Scenario scenario = read_scenario(file, library());
        CHECK_FALSE(scenario.question.empty());
        CHECK_NOTHROW(Study(scenario));
    }
}
