#include "scenarios/analyses/fitting/fit.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <string>

using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

const std::string experiments = "data = \"mice.csv\"\n[[experiment]]\nname = \"sick\"\ngenotype = \"cmo\"\n";
const std::string observables = "[observable.il1b]\nunit = \"nM\"\nnoise = \"lognormal\"\nspread = 0.2\n";
const std::string parameters = "[parameter]\nil1b_clearance = { from = 10, to = 200 }\n";
const std::string data =
    "experiment,time [d],observable,value,n,detection_limit\nsick,100,il1b,0.02,4,\nsick,20,il1b,,,0.001\n";

FitProblem parse(const std::string& problem, const std::string& table = data)
{
    return parse_problem(problem, "p.toml", table, "mice.csv", library());
}

std::string complaint(const std::string& problem, const std::string& table = data)
{
    try {
        (void)parse(problem, table);
    } catch (const InputError& error) {
        return error.what();
    }
    return "none";
}

} // namespace

TEST_CASE("a problem is read with its experiments, data, bounds and usual start", "[fitting]")
{
    const FitProblem problem = parse(experiments + observables + parameters);
    REQUIRE(problem.data.size() == 2);
    CHECK(problem.data[0].replicates == 4);
    CHECK(problem.data[1].datum.censored);
    CHECK(problem.data[1].datum.value == 0.001);
    CHECK(problem.observables[0].unit_factor == Approx(1000)); // pM in a nM
    CHECK(problem.parameters[0].start == 50);                  // the model's default
    CHECK(problem.parameters[0].is_log);
    CHECK(problem.parameters[0].unit == "1/d");
}

TEST_CASE("a value below its detection limit is censored there, not taken for exact", "[fitting]")
{
    const FitProblem problem =
        parse(experiments + observables + parameters,
              "experiment,time [d],observable,value,detection_limit\nsick,20,il1b,0.0005,0.001\n");
    CHECK(problem.data[0].datum.censored);
    CHECK(problem.data[0].datum.value == 0.001);
}

TEST_CASE("animals that fall ill from one inspection to the next are read with both days", "[fitting]")
{
    const std::string ill = "[observable.ill]\nof = \"swelling\"\nabove = 0.25\nnoise = \"incidence\"\nspread = 0.5\n";
    const std::string header = "experiment,time [weeks],since [d],observable,value,n\n";
    const FitProblem problem = parse(experiments + ill + parameters, header + "sick,10,56,ill,2,9\n");
    CHECK(problem.data[0].since == Approx(56));
    CHECK(problem.data[0].time == Approx(70));
    CHECK(complaint(experiments + ill + parameters, header + "sick,10,70,ill,2,9\n")
          == "mice.csv:2:9: from day 70 to day 70 (an inspection comes before the next, and from day 7 on); give the "
             "day on which these animals were last seen healthy");
    CHECK(complaint(experiments + observables + parameters, header + "sick,10,56,il1b,2,9\n")
              .starts_with("mice.csv:2:9: 'il1b' since day 56 (only animals that fall ill are counted"));
}

TEST_CASE("what is wrong in a problem is refused with its place, its reason and a suggestion", "[fitting]")
{
    CHECK(complaint(observables + parameters).starts_with("p.toml:1:1: 'data' is missing"));
    CHECK(complaint("data = \"mice.csv\"\n" + observables + parameters).starts_with("p.toml:1:1: no experiments"));
    CHECK(complaint("dato = 1\n" + experiments + observables + parameters)
          == "p.toml:1:1: unknown key 'dato' (a problem has no such key); did you mean 'data'?");
    CHECK(complaint(experiments + "[observable.il1c]\nnoise = \"normal\"\nspread = 1\n" + parameters)
              .find("'il1c' cannot be observed (the model niche has no such species or read-out); did you mean 'il1b'?")
          != std::string::npos);
    CHECK(complaint(experiments + "[observable.il1b]\nunit = \"mm\"\nnoise = \"normal\"\nspread = 1\n" + parameters)
              .starts_with("p.toml:6:8: data of 'il1b' in mm: "));
    CHECK(complaint(experiments + "[observable.il1b]\nnoise = \"normal\"\nspread = \"sigma\"\n" + parameters)
              .find("unknown parameter 'sigma'")
          != std::string::npos);
    CHECK(complaint(experiments + "[observable.il1b]\nnoise = \"norml\"\nspread = 1\n" + parameters)
              .find("did you mean 'normal'?")
          != std::string::npos);
    CHECK(complaint(experiments + observables + "[parameter]\nil1b_clearence = { from = 1, to = 2 }\n")
              .find("unknown parameter 'il1b_clearence'")
          != std::string::npos);
    CHECK(complaint(experiments + observables + "[parameter]\nil1b_clearance = { from = 0, to = 2 }\n")
              .find("on a scale of logarithms")
          != std::string::npos);
    CHECK(complaint(experiments + observables + "[parameter]\nil1b_clearance = { from = 3, to = 2 }\n")
              .find("there is nothing to search")
          != std::string::npos);
    CHECK(complaint(experiments + observables + parameters, "experiment,time [d],observable,value\nsikc,9,il1b,1\n")
          == "mice.csv:2:1: unknown experiment 'sikc' (the problem has no such [[experiment]]); did you mean 'sick'?");
    CHECK(complaint(experiments + observables + parameters, "experiment,time [d],observable,value\nsick,9,il10,1\n")
              .starts_with("mice.csv:2:8: unknown observable 'il10'"));
    CHECK(complaint(experiments + observables + parameters, "experiment,time [d],observable,value\nsick,999,il1b,1\n")
              .starts_with("mice.csv:2:6: day 999 (experiment 'sick' runs from day 7 to day 150)"));
    CHECK(complaint(experiments + observables + parameters, "experiment,time [d],observable,value\nsick,9,il1b,0\n")
              .starts_with("mice.csv:2:13: 0 under lognormal noise"));
    CHECK(complaint(experiments + "solver = \"odeint\"\n" + observables + parameters).find("cannot be fitted")
          != std::string::npos);
    CHECK(complaint("data = \"mice.csv\"\n[[experiment]]\nname = \"sick\"\nscenario = \"quikstart\"\n" + observables
                    + parameters)
              .find("did you mean 'quickstart'?")
          != std::string::npos);
}

TEST_CASE("a parameter that moves no data is named before the fit starts", "[fitting]")
{
    const Likelihood likelihood(parse(experiments + observables
                                      + "[parameter]\nil1b_clearance = { from = 10, to = 200 }\n"
                                        "reactive_formation = { from = 1e-3, to = 1e-1 }\n"));
    CHECK_THROWS_WITH(fit(likelihood, {.starts = 1}),
                      Catch::Contains("p.toml:11:") && Catch::Contains("no data depend on 'reactive_formation'"));
}

TEST_CASE("starts that all fail are refused with the measurement that is in the way", "[fitting]")
{
    const std::string below = "[observable.il1b]\nnoise = \"lognormal\"\nspread = 0.2\noffset = -1000\n";
    const Likelihood likelihood(parse(experiments + below + parameters));
    CHECK_THROWS_WITH(fit(likelihood, {.starts = 3}), Catch::Contains("none of 3 starts can be computed")
                                                          && Catch::Contains("il1b of 'sick' on day 100"));
}

TEST_CASE("where a quantity is not above 0 nobody is ill, and the likelihood says so", "[fitting]")
{
    // Without macrophages the paw is thinner than a healthy one: the swelling is negative.
    const std::string problem = "data = \"mice.csv\"\n[[experiment]]\nname = \"thin\"\n[experiment.parameters]\n"
                                "macrophage_loss = 1\nmacrophages_resident = 4500\n[[experiment.event]]\nat = 20\n"
                                "input = \"phagocyte_depletion\"\nvalue = 5\n[observable.ill]\nof = \"swelling\"\n"
                                "above = 0.25\nnoise = \"incidence\"\nspread = 0.5\n"
                                + parameters;
    const std::string table = "experiment,time [d],observable,value,n\nthin,40,ill,0,8\n";
    const Likelihood likelihood(parse(problem, table));
    CHECK(evaluation_at(likelihood, likelihood.start()).negative_log == Approx(0).margin(1e-200));
}
