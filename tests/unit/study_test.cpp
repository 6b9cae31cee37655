#include "scenarios/study.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <cmath>
#include <set>
#include <string>

using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

Study study(const std::string& text)
{
    return Study(parse_scenario(text, "mine.toml", library()));
}

double setting(const Study& from, const Member& member, const char* name)
{
    return member.settings.at(index_of(from.scenario().model->settings, name));
}

} // namespace

TEST_CASE("a scenario without a sweep is a study of one", "[scenarios]")
{
    CHECK(study("genotype = \"cmo\"").size() == 1);
}

TEST_CASE("a grid has every combination once, the last axis fastest", "[scenarios]")
{
    const Study grid = study(
        "[sweep]\nmethod = \"grid\"\nvary.cxcl1_half = [80, 90]\nvary.ccl2_half = { from = 60, to = 100, count = 3 }");
    REQUIRE(grid.size() == 6);
    std::vector<std::pair<double, double>> seen;
    for (std::size_t i = 0; i < grid.size(); ++i) {
        seen.emplace_back(setting(grid, grid.member(i), "cxcl1_half"), setting(grid, grid.member(i), "ccl2_half"));
    }
    CHECK(seen == std::vector<std::pair<double, double>>{{80, 60}, {80, 80}, {80, 100}, {90, 60}, {90, 80}, {90, 100}});
}

TEST_CASE("a list takes its values row by row", "[scenarios]")
{
    const Study list =
        study("[sweep]\nmethod = \"list\"\nvary.genotype = [\"cmo\", \"lupo\"]\nvary.cxcl1_half = [80, 90]");
    REQUIRE(list.size() == 2);
    CHECK(setting(list, list.member(1), "pstpip2_il1b") == 0.15);
    CHECK(setting(list, list.member(1), "cxcl1_half") == 90);
}

TEST_CASE("chosen points take the place of a scenario's own sweep", "[scenarios]")
{
    const Scenario own = parse_scenario(
        "[sweep]\nmethod = \"sobol\"\nsize = 8\nvary.cxcl1_half = { from = 60, to = 100 }", "mine.toml", library());
    const Study chosen(at_points(own, own.sweep->axes, {{70, 80, 90}}));
    REQUIRE(chosen.size() == 3);
    CHECK(setting(chosen, chosen.member(1), "cxcl1_half") == 80);
    CHECK_THROWS_AS(Study(at_points(own, own.sweep->axes, {{70, -1}})), InputError);
}

TEST_CASE("lognormal_cv has mean one times the default and the coefficient of variation that it names", "[scenarios]")
{
    const Study drawn =
        study("[sweep]\nmethod = \"latin_hypercube\"\nsize = 4000\nvary.cxcl1_half = { lognormal_cv = 0.3 }");
    double mean = 0, square = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        const double factor = setting(drawn, drawn.member(i), "cxcl1_half") / 84.3;
        mean += factor / 4000;
        square += factor * factor / 4000;
    }
    // A Latin hypercube's mean converges faster than 1/sqrt(n): three digits at 4000.
    CHECK(mean == Approx(1).margin(1e-3));
    CHECK(std::sqrt(square - mean * mean) == Approx(0.3).margin(5e-3));
}

TEST_CASE("lognormal_cv scales what the genotype and the scenario set", "[scenarios]")
{
    const Study drawn = study("genotype = \"lupo\"\n[parameters]\nil10_half = 11.5\n"
                              "[sweep]\nmethod = \"sobol\"\nsize = 256\n"
                              "vary.il10_half = { lognormal_cv = 0.1 }\nvary.pstpip2_il1b = { lognormal_cv = 0.1 }");
    double il10_half = 0, pstpip2 = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        il10_half += setting(drawn, drawn.member(i), "il10_half") / 256;
        pstpip2 += setting(drawn, drawn.member(i), "pstpip2_il1b") / 256;
    }
    CHECK(il10_half == Approx(11.5).epsilon(1e-2));
    CHECK(pstpip2 == Approx(0.15).epsilon(1e-2));
}

TEST_CASE("members are a pure function of scenario and seed", "[scenarios]")
{
    const std::string text = "[sweep]\nmethod = \"latin_hypercube\"\nsize = 50\nvary.cxcl1_half = { lognormal_cv = 0.3 "
                             "}\nvary.genotype = [\"cmo\", \"lupo\"]\n";
    const Study first = study(text + "seed = 1"), again = study(text + "seed = 1"), other = study(text + "seed = 2");
    bool differs = false;
    std::set<std::size_t> genotypes;
    for (std::size_t i = 0; i < first.size(); ++i) {
        CHECK(first.member(i).settings == again.member(i).settings);
        differs = differs || first.member(i).settings != other.member(i).settings;
        genotypes.insert(first.member(i).genotype);
    }
    CHECK(differs);
    CHECK(genotypes.size() == 2);
}

TEST_CASE("event times, values and exposures can be varied; a duration moves along", "[scenarios]")
{
    const Study moved = study(R"(
        [[event]]
        name = "injury"
        at = 70
        input = "sterile_injury"
        value = 20
        duration = 2
        [[treatment]]
        name = "anakinra"
        from = 80
        until = 100
        exposure = 8000
        [sweep]
        method = "list"
        vary.injury.at = ["60 d", 65]
        vary.injury.value = [10, 30]
        vary.anakinra.until = [110, "120 d"]
        vary.anakinra.exposure = ["1 nM", "2 nM"])");
    const Member last = moved.member(1);
    CHECK(to_days(moved.interventions(last)[1].from) == 65);
    CHECK(to_days(moved.interventions(last)[1].until.value()) == 67);
    CHECK(moved.interventions(last)[1].sets.front().value == 30);
    CHECK(to_days(moved.interventions(last)[2].from) == 80);
    CHECK(to_days(moved.interventions(last)[2].until.value()) == 120);
    CHECK(moved.interventions(last)[2].sets.front().value == 2000);
    CHECK(last.varied == std::vector<double>{65, 30, 120, 2000});
}

TEST_CASE("a study of a thousand million members is made at once, and its last member drawn", "[scenarios]")
{
    for (const char* method : {"random", "latin_hypercube", "sobol"}) {
        const Study large =
            study(std::string("[sweep]\nmethod = \"") + method
                  + "\"\nsize = 1000000000\nvary.cxcl1_half = { lognormal_cv = 0.3 }\n"
                    "vary.il10_competence = { from = 0.2, to = 1.5 }\nvary.genotype = [\"cmo\", \"lupo\"]");
        const Member last = large.member(999'999'999);
        CHECK(setting(large, last, "il10_competence") > 0.2);
        CHECK(setting(large, last, "il10_competence") < 1.5);
        CHECK(last.genotype > 0);
    }
}

TEST_CASE("a member that is filled again is as if it were new", "[scenarios]")
{
    const Study drawn =
        study("[[treatment]]\nname = \"anakinra\"\nfrom = 75\nuntil = 100\n[sweep]\nmethod = \"sobol\"\n"
              "size = 20\nvary.cxcl1_half = { lognormal_cv = 0.2 }\n"
              "vary.anakinra.until = { from = 90, to = 110 }\nvary.anakinra.exposure = [1000, 2000]");
    Member again;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        drawn.member(i, again);
        const Member fresh = drawn.member(i);
        CHECK(again.settings == fresh.settings);
        CHECK(again.varied == fresh.varied);
        REQUIRE(again.changes.size() == fresh.changes.size());
        for (std::size_t c = 0; c < fresh.changes.size(); ++c) {
            CHECK(again.changes[c].at == fresh.changes[c].at);
            CHECK(again.changes[c].value == fresh.changes[c].value);
        }
        const auto own = drawn.interventions(fresh);
        const auto expanded = expand(own, drawn.scenario().start, drawn.scenario().end, fresh.settings);
        CHECK(expanded.size() == fresh.changes.size());
        CHECK(fresh.changes.back().at == own.back().until.value());
    }
}

TEST_CASE("one member out of range or out of time among many is found and named", "[scenarios]")
{
    const auto problem = [](const std::string& text) {
        try {
            (void)study(text);
        } catch (const InputError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    const std::string drawn = "[sweep]\nmethod = \"random\"\nsize = 2000\n";
    const std::string course = "[[treatment]]\nname = \"anakinra\"\nfrom = 75\nuntil = 100\n";
    CHECK(problem(drawn + "vary.il10_competence = { lognormal_cv = 0.1 }").empty());
    CHECK(problem(drawn + "vary.il10_competence = { lognormal_cv = 2.5 }").find("would have il10_competence")
          != std::string::npos);
    CHECK(problem(course + drawn + "vary.anakinra.from = { from = 20, to = 99 }").empty());
    CHECK(problem(course + drawn + "vary.anakinra.from = { from = 20, to = 101 }").find("not after it begins")
          != std::string::npos);
    CHECK(problem(course + drawn + "vary.anakinra.until = { from = 140, to = 151 }").find("outside the run")
          != std::string::npos);
    // Two courses that change places: never at once in a list, at once for some when drawn.
    const std::string two = "[[event]]\nname = \"a\"\nat = 30\ninput = \"sterile_injury\"\nvalue = 1\nduration = 5\n"
                            "[[event]]\nname = \"b\"\nat = 50\ninput = \"sterile_injury\"\nvalue = 2\nduration = 5\n";
    CHECK(problem(two + "[sweep]\nmethod = \"list\"\nvary.a.at = [30, 60]").empty());
    CHECK(problem(two + drawn + "vary.a.at = { from = 30, to = 70 }").find("overlaps with") != std::string::npos);
}
