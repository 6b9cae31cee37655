#include "scenarios/analyses/steady/end_system.hpp"
#include "scenarios/scenario.hpp"

#include "catch.hpp"

#include <cmath>

using namespace osteoflare::scenarios;

namespace {

Scenario read(const std::string& text)
{
    static const Library library = read_library(library_folder());
    return parse_scenario(text, "map.toml", library);
}

void check_refused(const std::string& text, const std::string& message)
{
    CHECK_THROWS_WITH(read(text), Catch::Matchers::Contains(message));
}

const std::string plan = "[continue]\nparameter = \"il10_gene\"\nfrom = 0\nto = 2\n";

} // namespace

TEST_CASE("a plan of continuation names one parameter with its range, or two", "[scenarios][reader]")
{
    const Scenario one = read(plan);
    REQUIRE(one.continuation);
    CHECK(one.continuation->first.name == "il10_gene");
    CHECK(one.continuation->first.from == 0);
    CHECK(one.continuation->first.to == 2);
    CHECK_FALSE(one.continuation->second);
    const Scenario two = read(plan + "second = \"anakinra\"\nsecond_from = \"0 nM\"\nsecond_to = \"8 nM\"\n");
    REQUIRE(two.continuation->second);
    CHECK(two.continuation->second->to == Approx(8000)); // pM
    CHECK_FALSE(read("genotype = \"cmo\"\n").continuation);
}

TEST_CASE("what cannot be continued is refused, with its place and a suggestion", "[scenarios][reader]")
{
    check_refused("[continue]\nparameter = \"il10_gen\"\nfrom = 0\nto = 2\n",
                  "map.toml:2:13: unknown parameter 'il10_gen' (the model niche has no such parameter or input); did "
                  "you mean 'il10_gene'?");
    check_refused("[continue]\nfrom = 0\nto = 2\n", "parameter");
    check_refused("[continue]\nparameter = \"il10_gene\"\nfrom = 0\n", "to");
    check_refused("[continue]\nparameter = \"il10_gene\"\nfrom = 2\nto = 1\n", "the second must be larger");
    check_refused("[continue]\nparameter = \"il10_gene\"\nfrom = -1\nto = 1\n", "map.toml:3:8");
    check_refused(plan + "second = \"il10_gene\"\nsecond_from = 0\nsecond_to = 1\n", "'il10_gene' stands twice");
    check_refused(plan + "second_from = 0\n", "second_from");
    check_refused("[continue]\nparameter = \"weaning_tone\"\nfrom = 0\nto = 1\n", "'weaning_tone' cannot be moved");
    check_refused("[[treatment]]\nname = \"anakinra\"\nfrom = \"70 d\"\n[continue]\nparameter = \"anakinra\"\nfrom = "
                  "0\nto = 1\n",
                  "'anakinra' cannot be moved");
    check_refused("model = \"agents\"\n" + plan, "cells that act by chance have no steady state");
}

TEST_CASE("models whose steady states are no single points are refused before work", "[scenarios][steady]")
{
    CHECK_NOTHROW(require_equations(read("model = \"niche\"\n"), "steady states"));
    CHECK_NOTHROW(require_equations(read("model = \"lemaire2004\"\n"), "steady states"));
    CHECK_THROWS_WITH(require_equations(read("model = \"komarova2003\"\n"), "steady states"),
                      Catch::Matchers::Contains("nothing depends on 'bone_mass'"));
    CHECK_THROWS_WITH(require_equations(read("model = \"agents\"\n"), "steady states"),
                      Catch::Matchers::Contains("no steady state"));
}

TEST_CASE("how rates change with each setting agrees with a difference of the rates", "[scenarios][steady]")
{
    for (const char* name : {"niche", "lemaire2004"}) {
        const Scenario scenario = read(std::string("model = \"") + name + "\"\n");
        auto settings = settings_at_end(scenario);
        const Instance instance = scenario.model->make();
        const std::vector<double> y(scenario.start_state.size(), 0.7);
        std::vector<double> exact(y.size()), ahead(y.size()), behind(y.size());
        for (std::size_t k = 0; k < settings.size(); ++k) {
            INFO(name << " " << scenario.model->settings[k].name);
            const double value = settings[k], step = 1e-5 * (std::abs(value) + 1e-3);
            instance.set(settings);
            instance.rates_by(y, k, exact);
            settings[k] = value + step;
            instance.set(settings);
            instance.system.rhs(0, y, ahead);
            settings[k] = value - step;
            instance.set(settings);
            instance.system.rhs(0, y, behind);
            settings[k] = value;
            for (std::size_t i = 0; i < y.size(); ++i) {
                const double difference = (ahead[i] - behind[i]) / (2 * step);
                const double rounding = 1e-14 * (std::abs(ahead[i]) + 1e3) / step;
                CHECK(std::abs(exact[i] - difference) <= 1e-5 * std::abs(exact[i]) + rounding);
            }
        }
    }
}
