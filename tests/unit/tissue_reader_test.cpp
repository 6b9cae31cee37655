#include "scenarios/exporting/subject.hpp"
#include "scenarios/run.hpp"
#include "scenarios/spatial/tissue_run.hpp"
#include "scenarios/study.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <set>
#include <string>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

Scenario parse(const std::string& text, const Overrides& overrides = {})
{
    return parse_scenario("model = \"agents\"\n" + text, "mine.toml", library(), overrides);
}

/// The message that a scenario of agents is refused with.
std::string refusal(const std::string& text, const Overrides& overrides = {})
{
    try {
        const Study study(parse(text, overrides));
        return "accepted";
    } catch (const InputError& error) {
        return error.what();
    }
}

std::string of_tissue(const std::string& text)
{
    return refusal("[tissue]\n" + text);
}

std::string of_output(const std::string& text)
{
    return refusal("[output]\n" + text);
}

void says(const std::string& message, const std::string& words)
{
    INFO(message << "\nshould say\n" << words);
    CHECK(message.find(words) != std::string::npos);
}

double setting(const Study& study, std::size_t member, const char* name)
{
    return study.member(member).settings.at(index_of(study.scenario().model->settings, name));
}

} // namespace

TEST_CASE("agents without a word about them live in a box of 1000 x 1000 x 100 um, with a snapshot every five days",
          "[scenarios][tissue]")
{
    const Scenario scenario = parse("");
    const spatial::TissuePlan& plan = scenario.tissue.value();
    CHECK((plan.width == 1000 && plan.depth == 1000 && plan.height == 100));
    CHECK((plan.voxel == 20 && plan.bone_height == 40));
    CHECK((plan.step == 60 && plan.fields_per_step() == 20 && plan.seed == 1));
    CHECK(plan.grid().n_voxels() == std::size_t{50} * 50 * 5);
    CHECK(scenario.solver == Solver::agents);
    CHECK((to_days(scenario.start) == 7 && to_days(scenario.end) == 150));
    CHECK(to_days(scenario.output.every) == 1);
    CHECK(to_days(scenario.output.snapshots) == 5);
    CHECK(parse("[output]\nsnapshots = \"none\"").output.snapshots == 0);
    CHECK(parse("[output]\nkeep = \"summaries\"").output.snapshots == 0);
    CHECK_FALSE(parse_scenario("", "mine.toml", library()).tissue.has_value());
}

TEST_CASE("a box may be given in any units, and be a slice of one voxel", "[scenarios][tissue]")
{
    const Scenario scenario = parse(R"(
        end = "1 week"
        start = 0
        [tissue]
        width = "0.6 mm"
        depth = 10
        height = "200 um"
        voxel = "10 um"
        bone_height = "55 um"
        step = "2 min"
        field_step = "6 s"
        seed = 7
        [output]
        every = "6 h"
        snapshots = "12 h")");
    const spatial::TissuePlan& plan = scenario.tissue.value();
    CHECK((plan.width == Approx(600) && plan.depth == 10 && plan.bone_height == 55));
    CHECK((plan.grid().nx == 60 && plan.grid().ny == 1 && plan.grid().nz == 20));
    CHECK((plan.step == 120 && plan.field_step == 6 && plan.seed == 7));
    CHECK(to_days(scenario.output.snapshots) == 0.5);
    CHECK(parse("[tissue]\nseed = 7", {.set = {}, .genotype = {}, .seed = 9}).tissue->seed == 9);
}

TEST_CASE("a box that voxels do not divide is refused with its side and a length that would do", "[scenarios][tissue]")
{
    CHECK(of_tissue("width = \"1010 um\"")
          == "mine.toml:3:9: voxels of 20 um do not divide the width of 1010 um (it would be 50.50 voxels); write "
             "width = \"1020 um\", or another voxel");
    CHECK(of_tissue("depth = \"0.99 mm\"")
          == "mine.toml:3:9: voxels of 20 um do not divide the depth of 990 um (it would be 49.50 voxels); write "
             "depth = \"1000 um\", or another voxel");
    says(of_tissue("height = 130"), "mine.toml:3:10: voxels of 20 um do not divide the height of 130 um");
    says(of_tissue("voxel = \"30 um\""), "mine.toml:3:9: voxels of 30 um do not divide the width of 1000 um");
    says(of_tissue("voxel = 1e300"), "do not divide the width");
}

TEST_CASE("a box too small, too large or too low is refused before memory is touched", "[scenarios][tissue]")
{
    CHECK(of_tissue("width = 1000\ndepth = \"40 um\"")
          == "mine.toml:2:1: the box is 50 x 2 x 5 voxels (at least three are needed along the width and the depth, or "
             "one along the depth of a slice); make it larger, or the voxels smaller");
    says(of_tissue("width = 40"), "the box is 2 x 50 x 5 voxels");
    says(of_tissue("width = 20\ndepth = 20"), "the box is 1 x 1 x 5 voxels");
    CHECK(of_tissue("depth = 60") == "accepted");
    CHECK(of_tissue("depth = 20") == "accepted");
    CHECK(of_tissue("bone_height = 90")
          == "mine.toml:3:15: bone of 90 um in a box 100 um high (at least two voxels of marrow must lie above it); "
             "write height = \"140 um\" or more");
    says(of_tissue("height = 20"), "mine.toml:3:10: bone of 40 um in a box 20 um high");
    CHECK(of_tissue("bone_height = 60") == "accepted");
    for (const char* side : {"width", "depth", "height", "voxel", "bone_height"}) {
        says(of_tissue(side + std::string(" = 0")), side + std::string(" = 0 um (a length is more than 0)"));
        says(of_tissue(side + std::string(" = -20")), "(a length is more than 0)");
        says(of_tissue(side + std::string(" = \"2 d\"")), "has the wrong dimension");
        says(of_tissue(side + std::string(" = inf")), "is not a finite number");
    }
    for (const char* box : {"width = \"1 m\"\ndepth = \"1 m\"", "width = 1e300", "height = 1e18"}) {
        says(of_tissue(box), "mine.toml:2:1: the box is too large (there is room for 2e+07 voxels)");
    }
    says(of_tissue("width = \"100 mm\"\ndepth = \"100 mm\"\nheight = \"1 mm\"\nvoxel = \"100 um\""),
         "mine.toml:2:2: the box would begin with 3e+08 cells (there is room for 2e+07)");
    says(of_tissue("voxel = \"2 um\""), "mine.toml:3:9: voxels of 2 um (that is smaller than any cell)");
}

TEST_CASE("cells that do not fit into the box, or bone, are refused", "[scenarios][tissue]")
{
    CHECK(refusal("[initial]\nneutrophils = 1e7")
          == "mine.toml:2:2: the box cannot hold its cells (at the start they fill 272 % of the marrow, and cells do "
             "not overlap); start with fewer (densities under [initial], stroma under [parameters])");
    says(refusal("[parameters]\nstroma = 1e9"), "the box cannot hold its cells");
    says(refusal("", {.set = {"stroma=1e9"}, .genotype = {}, .seed = {}}), "the box cannot hold its cells");
    says(refusal("[initial]\nosteoclasts = 1e12"), "the box would begin with 6e+10 cells");
    says(refusal("[parameters]\nosteoblasts_healthy = 1e12"), "the box would begin with");
    says(refusal("[initial]\nneutrophils = -1"), "mine.toml:3:15: neutrophils = -1 cell/uL is out of range");
    says(refusal("[initial]\nneutrophil = 5"), "did you mean 'neutrophils'?");
    says(refusal("[initial]\nbone = 3"), "the run starts with 120 um of bone in a box 100 um high");
    says(refusal("[initial]\nreactive_bone = 0.6"), "the run starts with 64 um of bone");
    CHECK(refusal("[initial]\nneutrophils = 1e5\nbone = 0.2") == "accepted");
}

TEST_CASE("steps that do not divide each other, the run or its outputs are refused", "[scenarios][tissue]")
{
    CHECK(of_tissue("field_step = \"7 s\"")
          == "mine.toml:3:14: 8.571 steps of 7 s for the fields in one of 60 s (their number must be even, because "
             "they go back and forth through the directions); write for example field_step = \"3 s\"");
    says(of_tissue("field_step = \"60 s\""), "1 steps of 60 s");
    says(of_tissue("step = \"100 s\""), "mine.toml:3:8: 33.33 steps of 3 s");
    says(of_tissue("step = \"45 s\"\nfield_step = \"5 s\""), "choose an even step");
    for (const int step : {2, 50, 100, 250, 1000, 86400}) { // what is suggested would do
        const std::string begin = "step = \"" + std::to_string(step) + " s\"\nfield_step = ";
        const std::string message = of_tissue(begin + "\"" + std::to_string(step) + " s\"");
        const auto suggested = message.find("write for example field_step = ");
        INFO(message);
        REQUIRE(suggested != std::string::npos);
        CHECK(refusal("end = \"107 d\"\n[output]\nevery = \"100 d\"\nsnapshots = \"none\"\n[tissue]\n" + begin
                      + message.substr(suggested + 31))
              == "accepted");
    }
    for (const char* step : {"0.5 s", "1.5 s", "0 s", "-60 s", "25 h", "1e30 d"}) {
        says(of_tissue("step = \"" + std::string(step) + "\""), "steps are whole seconds, from one to a day of them");
        says(of_tissue("field_step = \"" + std::string(step) + "\""), "steps are whole seconds");
    }
    CHECK(refusal("start = 7\nend = \"50.0001 d\"")
          == "mine.toml:3:1: a run of 43.0001 d (it is no multiple of the step of 60 s); choose another, or another "
             "step under [tissue]");
    says(refusal("[tissue]\nstep = \"7 min\"\nfield_step = \"6 s\""), "a run of 143 d (it is no multiple");
    says(of_output("every = \"90 s\""), "mine.toml:3:1: an output interval of 0.00104167 d (it is no multiple");
    says(of_output("snapshots = \"90 s\""), "mine.toml:3:1: a snapshot interval of 0.00104167 d (it is no multiple");
    says(of_output("snapshots = \"30 s\""), "mine.toml:3:1: a snapshot every 30 s (cells move in steps of 60 s)");
    for (const char* never : {"0", "\"0.3 s\"", "\"-5 d\""}) {
        says(of_output("snapshots = " + std::string(never)), "mine.toml:3:13: a snapshot every ");
        says(of_output("snapshots = " + std::string(never)), "write for example snapshots = \"5 d\", or \"none\"");
    }
}

TEST_CASE("what is misspelt, or has no meaning for the model, is refused", "[scenarios][tissue]")
{
    CHECK(of_tissue("witdh = 500")
          == "mine.toml:3:1: unknown key 'tissue.witdh' ([tissue] has no such key); did you mean 'width'?");
    says(of_tissue("feild_step = 5"), "did you mean 'field_step'?");
    says(of_tissue("seed = -1"), "it must lie from 0 to");
    says(of_tissue("seed = 1.5"), "a whole number is needed");
    says(refusal("tissue = 3"), "a table is needed");
    says(refusal("[tisue]\nwidth = 500"), "did you mean 'tissue'?");
    says(of_output("snapshot = 5"), "did you mean 'snapshots'?");
    says(of_output("snapshots = \"nome\""), "'nome' is not a number");
    says(of_output("variables = [\"deepest_pitt\"]"), "did you mean 'deepest_pit'?");
    says(of_output("fluxes = true"),
         "mine.toml:3:10: fluxes of agents (what flows is what each cell does; it is not kept)");
    says(of_output("variables = [\"il1b_removal\"]"), "unknown variable 'il1b_removal'");
    says(refusal("solver = \"lanes\""),
         "mine.toml:2:10: 'solver' has no meaning here (agents take steps of their own)");
    says(refusal("[numerics]\nmethod = \"dopri5\""), "'numerics' has no meaning here");
    says(refusal("[sensitivities]\nto = [\"il1b_clearance\"]"), "chance has no derivative");
    says(refusal("[parameters]\nneutrophil_sped = 3"), "did you mean 'neutrophil_speed'?");
    says(refusal("[parameters]\nneutrophil_speed = \"3 um\""), "expected a length per time such as um/min");

    const auto of_niche = [](const std::string& text) {
        try {
            (void)parse_scenario(text, "mine.toml", library());
            return std::string("accepted");
        } catch (const InputError& error) {
            return std::string(error.what());
        }
    };
    CHECK(of_niche("[tissue]\nwidth = 500")
          == "mine.toml:1:1: a tissue (the model niche has no space); write model = \"agents\", or remove it");
    CHECK(of_niche("[output]\nsnapshots = 5")
          == "mine.toml:2:13: snapshots (the model niche has no space); write model = \"agents\", or remove it");
    CHECK(of_niche("[sweep]\nreplicates = 3")
          == "mine.toml:2:14: replicates (there is no chance in the model niche: all would be equal); write model = "
             "\"agents\", or remove it");
    says(of_niche("[parameters]\nneutrophil_speed = 3"), "unknown parameter 'neutrophil_speed'");
}

TEST_CASE("parameters of space are set and swept with units, beside genotypes and treatments", "[scenarios][tissue]")
{
    const Study one(parse("genotype = \"cmo\"\n[parameters]\nneutrophil_speed = \"0.2 um/s\"\n"
                          "[[treatment]]\nname = \"anakinra\"\nexposure = \"8 nM\"\nfrom = 75\n",
                          {.set = {"pge2_diffusion=1 mm^2/h", "fusion_distance=0.06 mm"}, .genotype = {}, .seed = {}}));
    CHECK(setting(one, 0, "neutrophil_speed") == Approx(12));
    CHECK(setting(one, 0, "pge2_diffusion") == Approx(1e6 / 3600));
    CHECK(setting(one, 0, "fusion_distance") == Approx(60));
    CHECK(setting(one, 0, "pstpip2_il1b") == 0);
    CHECK(one.scenario().interventions.at(1).sets.front().value == 8000);

    const Study swept(parse("[sweep]\nmethod = \"grid\"\nvary.neutrophil_speed = [\"0.2 um/s\", \"5 um/min\"]\n"
                            "vary.genotype = [\"cmo\", \"lupo\"]"));
    REQUIRE(swept.size() == 4);
    CHECK(setting(swept, 1, "neutrophil_speed") == Approx(12));
    CHECK(setting(swept, 2, "neutrophil_speed") == Approx(5));
    CHECK(setting(swept, 3, "pstpip2_il1b") == 0.15);
    says(refusal("[sweep]\nmethod = \"grid\"\nvary.neutrophil_speed = [\"5 um\"]"), "expected a length per time");
}

TEST_CASE("replicates run fastest, and the same number has the same chance in all genotypes", "[scenarios][tissue]")
{
    const Study study(
        parse("[sweep]\nmethod = \"grid\"\nreplicates = 3\nseed = 4\nvary.genotype = [\"cmo\", \"lupo\"]\n"
              "vary.neutrophil_speed = [5, 10]"));
    REQUIRE(study.size() == std::size_t{2} * 2 * 3);
    std::set<std::uint64_t> chances;
    for (std::size_t i = 0; i < study.size(); ++i) {
        const Member member = study.member(i);
        CHECK(member.replicate == i % 3);
        CHECK(member.settings == study.member(i / 3 * 3).settings);
        CHECK(setting(study, i, "neutrophil_speed") == (i / 3 % 2 == 0 ? 5 : 10));
        CHECK(setting(study, i, "pstpip2_il1b") == (i < 6 ? 0 : 0.15));
        chances.insert(spatial::seed_of(study.scenario(), member));
        CHECK(spatial::seed_of(study.scenario(), member) == spatial::seed_of(study.scenario(), study.member(i % 3)));
    }
    CHECK(chances.size() == 3);
    const Study alone(parse("[sweep]\nreplicates = 3\nseed = 4"));
    CHECK(alone.size() == 3);
    CHECK(spatial::seed_of(alone.scenario(), alone.member(2)) == spatial::seed_of(study.scenario(), study.member(2)));
    const Study other(parse("[sweep]\nreplicates = 3", {.set = {}, .genotype = {}, .seed = 5}));
    CHECK(chances.count(spatial::seed_of(other.scenario(), other.member(2))) == 0);

    says(refusal("[sweep]\nreplicates = 0"), "it must lie from 1");
    says(refusal("[sweep]\nreplicates = 2.5"), "a whole number is needed");
    says(refusal("[sweep]\nreplicates = 1000000\nmethod = \"random\"\nsize = 1000000000\n"
                 "vary.neutrophil_speed = { lognormal_cv = 0.1 }"),
         "there is room for 1000000000 members, replicates counted");
    // Members are counted with their replicates.
    says(refusal("[[event]]\nname = \"injury\"\nat = 70\ninput = \"sterile_injury\"\nvalue = 20\n"
                 "[sweep]\nmethod = \"grid\"\nreplicates = 5\nvary.injury.at = [60, 170]"),
         "in member 5 'injury' begins on day 170, outside the run");
}

TEST_CASE("cells are not exported", "[scenarios][tissue]")
{
    CHECK_THROWS_WITH(
        subject_of(parse("")),
        "mine:1:1: cells cannot be exported (the model agents has no equations for the whole); export the "
        "niche, whose rates they follow");
}
