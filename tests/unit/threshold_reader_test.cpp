#include "scenarios/scenario.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <string>

using namespace osteoflare::scenarios;
using Catch::Contains;
using osteoflare::tests::library;

namespace {

Scenario read(const std::string& threshold, const std::string& more = "")
{
    return parse_scenario(
        "genotype = \"cmo\"\n[[treatment]]\nname = \"anakinra\"\nexposure = \"8 nM\"\nfrom = \"60 d\"\n"
        "[threshold]\n"
            + threshold + "\n" + more,
        "mine.toml", library());
}

const std::string start = "vary.anakinra.from = { from = \"30 d\", to = \"20 weeks\" }\n";

} // namespace

TEST_CASE("a threshold has a quantity with its range, and an outcome with its level", "[scenarios]")
{
    const Scenario scenario = read(start + "outcome = \"peak_il1b\"\nbelow = \"0.5 nM\"");
    REQUIRE(scenario.threshold);
    const ThresholdPlan& plan = *scenario.threshold;
    CHECK(plan.axis.name == "anakinra.from");
    CHECK(plan.axis.target.kind == Target::Kind::from);
    const auto& range = std::get<Uniform>(plan.axis.spread);
    CHECK(range.from == 30);
    CHECK(range.to == 140);
    CHECK(plan.outcome.of == Outcome::Of::summary);
    CHECK(plan.outcome.level == 500); // pM
    CHECK_FALSE(plan.outcome.above);
    CHECK(plan.resolution == Approx(0.011));
    CHECK(read(start + "outcome = \"bone\"\nabove = 0.9").threshold->outcome.of == Outcome::Of::species);
    CHECK(read(start + "outcome = \"oc_fold\"\nabove = 2\nresolution = \"1 h\"").threshold->resolution == 1.0 / 24);
}

TEST_CASE("a threshold that cannot be looked for is refused in its place", "[scenarios]")
{
    const std::string bone = "outcome = \"bone\"\nabove = 0.9\n";
    CHECK_THROWS_WITH(read(bone), Contains("mine.toml:6") && Contains("vary"));
    CHECK_THROWS_WITH(read(start + "vary.cxcl1_half = { from = 60, to = 100 }\n" + bone),
                      Contains("2 quantities vary") && Contains("mine.toml:8"));
    CHECK_THROWS_WITH(read("vary.cxcl1_half = [60, 100]\n" + bone), Contains("'cxcl1_half' has no range"));
    CHECK_THROWS_WITH(read("vary.cxcl1_half = { lognormal_cv = 0.1 }\n" + bone), Contains("'cxcl1_half' has no range"));
    CHECK_THROWS_WITH(read("vary.genotype = [\"cmo\"]\n" + bone), Contains("genotype"));
    CHECK_THROWS_WITH(read("vary.cxcl1_hlaf = { from = 60, to = 100 }\n" + bone), Contains("cxcl1_half"));
    CHECK_THROWS_WITH(read("vary.cxcl1_half = { from = 100, to = 60 }\n" + bone), Contains("larger"));
    CHECK_THROWS_WITH(read(start + "outcome = \"bones\"\nabove = 0.9"),
                      Contains("unknown outcome 'bones'") && Contains("did you mean 'bone'"));
    CHECK_THROWS_WITH(read(start + "outcome = \"bone\""), Contains("no level") && Contains("above = 0.25"));
    CHECK_THROWS_WITH(read(start + bone + "below = 1"), Contains("above and below"));
    CHECK_THROWS_WITH(read(start + "outcome = \"peak_il1b\"\nabove = \"3 d\""), Contains("mine.toml:9"));
    CHECK_THROWS_WITH(read(start + bone + "resolution = \"0.1 s\""), Contains("resolution"));
    CHECK_THROWS_WITH(read(start + bone + "level = 3"), Contains("level"));
    CHECK_THROWS_WITH(read(start + bone, "[sweep]\nmethod = \"grid\"\nvary.anakinra.from = [\"50 d\", \"60 d\"]"),
                      Contains("'anakinra.from' varies twice"));
    CHECK_THROWS_WITH(
        parse_scenario("model = \"agents\"\n[threshold]\nvary.cxcl1_half = { from = 60, to = 100 }\n" + bone,
                       "mine.toml", library()),
        Contains("a threshold of agents"));
}
