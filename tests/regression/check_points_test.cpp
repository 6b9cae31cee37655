#include "scenarios/reading/library_tables.hpp"
#include "scenarios/run.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <cmath>
#include <string>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

/// State at day 150 and onset, from an independent implementation (LSODA, rtol 1e-8), as printed.
struct CheckPoint {
    const char* genotype;
    const char* onset; ///< [d]
    std::vector<const char*> values;
};

const std::vector<const char*> checked = {"neutrophils", "il1b", "il10", "tnf", "cxcl1", "osteoclasts", "bone"};

const std::vector<CheckPoint> check_points = {
    {"wild_type", "never", {"154.71", "0.064055", "1.7401", "0.39466", "3.9972", "58.856", "1.0051"}},
    {"cmo", "50.89", {"98322", "24.724", "31.3", "2.0176", "121.66", "198.73", "0.43436"}},
    {"lupo", "66.34", {"86699", "20.558", "26.281", "1.8703", "110.08", "184.99", "0.51785"}},
    {"cmo_il1b_null", "never", {"334.93", "0", "2.1286", "0.74024", "4.6669", "67.93", "0.95768"}},
    {"cmo_casp1_null", "57.51", {"94488", "22.724", "29.622", "1.9952", "115.99", "194.45", "0.46259"}},
    {"cmo_casp1_casp8_null", "never", {"336.08", "0.00080182", "2.1296", "0.7405", "4.6749", "67.933", "0.95767"}},
    {"cmo_cybb_null", "50.90", {"97932", "24.531", "31.056", "2.0051", "120.91", "95.3", "0.83711"}},
    {"il10_null", "never", {"289.66", "0.09565", "0", "0.5474", "5.4565", "65.01", "0.97213"}},
    {"cmo_high_fat_diet", "never", {"565.11", "0.34169", "1.5443", "0.44423", "6.0409", "69.866", "0.9493"}},
};

/// One unit of the last of five significant digits, which is what the table prints (trailing zeros left out).
double last_digit(double printed)
{
    return printed == 0 ? 1e-15 : std::pow(10.0, std::floor(std::log10(std::abs(printed))) - 4);
}

Course run(const std::string& genotype, solvers::Method method, double tolerance)
{
    const double factor = tolerance / 1e-6;
    Scenario scenario = plain_scenario(*library().genotype(genotype), library());
    scenario.numerics.method = method;
    scenario.numerics.relative_tolerance *= factor;
    scenario.numerics.most_steps = 10'000'000;
    for (double& absolute : scenario.numerics.absolute_tolerance) {
        absolute *= factor;
    }
    return run_member(scenario, Study(scenario).member(0), std::vector<double>{150});
}

} // namespace

TEST_CASE("both solvers reproduce the check points to all printed digits but the last, at the default tolerance",
          "[regression]")
{
    const auto& niche = models().front();
    for (const auto method : {solvers::Method::rosenbrock4, solvers::Method::dopri5}) {
        for (const CheckPoint& point : check_points) {
            const Course course = run(point.genotype, method, 1e-6);
            REQUIRE(course.report);
            INFO(point.genotype);
            const double onset = course.summaries[0];
            if (std::string(point.onset) == "never") {
                CHECK(std::isnan(onset));
            } else {
                CHECK(onset == Approx(std::stod(point.onset)).margin(0.02));
            }
            for (std::size_t i = 0; i < checked.size(); ++i) {
                const double printed = std::stod(point.values[i]);
                const double computed = course.end_state[index_of(niche.species, checked[i])];
                INFO(checked[i] << " = " << computed << ", printed " << point.values[i]);
                CHECK(std::abs(computed - printed) < last_digit(printed));
            }
        }
    }
}

TEST_CASE("at rtol 1e-10 the stiff and the non-stiff solver agree to 1e-7 in every species", "[regression]")
{
    for (const char* genotype : {"cmo", "wild_type", "cmo_cybb_null"}) {
        const Course stiff = run(genotype, solvers::Method::rosenbrock4, 1e-10);
        const Course other = run(genotype, solvers::Method::dopri5, 1e-10);
        REQUIRE((stiff.report && other.report));
        for (std::size_t i = 0; i < stiff.end_state.size(); ++i) {
            INFO(genotype << " " << models().front().species[i].name);
            CHECK(stiff.end_state[i] == Approx(other.end_state[i]).epsilon(1e-7).margin(1e-12));
        }
        CHECK((std::isnan(stiff.summaries[0]) ? std::isnan(other.summaries[0])
                                              : std::abs(stiff.summaries[0] - other.summaries[0]) < 1e-5));
    }
}
