#include "scenarios/run.hpp"

#include "catch.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::scenarios;

namespace {

struct Table {
    std::vector<double> times;
    std::vector<std::vector<double>> columns;
};

Table read_csv(const std::string& name)
{
    std::ifstream file(std::string(OSTEOFLARE_TEST_DATA) + "/" + name);
    REQUIRE(file);
    Table table;
    std::string line;
    std::getline(file, line);
    table.columns.resize(static_cast<std::size_t>(std::ranges::count(line, ',')));
    while (std::getline(file, line)) {
        std::ranges::replace(line, ',', ' ');
        std::istringstream numbers(line);
        double value = 0;
        numbers >> value;
        table.times.push_back(value);
        for (auto& column : table.columns) {
            numbers >> value;
            column.push_back(value);
        }
    }
    return table;
}

/// Largest difference between a library scenario's course and the reference, as a share of each variable's range.
double worst_difference(const std::string& scenario_name, const std::string& csv)
{
    const Library library = read_library(library_folder());
    Scenario scenario = read_scenario(*library.scenario(scenario_name), library);
    scenario.numerics.relative_tolerance = 1e-9;
    for (double& absolute : scenario.numerics.absolute_tolerance) {
        absolute *= 1e-3;
    }
    const Table reference = read_csv(csv);
    const Course course = run_member(scenario, Study(scenario).member(0), reference.times);
    REQUIRE(course.report);
    const std::size_t n = reference.times.size();
    double worst = 0;
    for (std::size_t c = 0; c < reference.columns.size(); ++c) {
        const auto [low, high] = std::ranges::minmax(reference.columns[c]);
        for (std::size_t t = 0; t < n; ++t) {
            worst = std::max(worst, std::abs(course.columns[c * n + t] - reference.columns[c][t]) / (high - low));
        }
    }
    return worst;
}

} // namespace

TEST_CASE("Lemaire 2004: the published perturbations are reproduced to 1e-6 of each variable's range", "[validation]")
{
    CHECK(worst_difference("lemaire_addr", "Lemaire2004_addR.csv") < 1e-6);
    CHECK(worst_difference("lemaire_removec", "Lemaire2004_removeC.csv") < 1e-6);
    CHECK(worst_difference("lemaire_addpth", "Lemaire2004_addPTH.csv") < 1e-6);
    CHECK(worst_difference("lemaire_addopg", "Lemaire2004_addOPG.csv") < 1e-6);
}

TEST_CASE("Komarova 2003: the remodelling cycle is reproduced to 1e-6 of each variable's range", "[validation]")
{
    CHECK(worst_difference("komarova_cycle", "Komarova2003_single_cycle_g11_0.5.csv") < 1e-6);
}

TEST_CASE("Komarova 2003: osteoblasts peak at 396.92184 and bone is least at 89.785423 %", "[validation]")
{
    const Library library = read_library(library_folder());
    const Scenario scenario = read_scenario(*library.scenario("komarova_cycle"), library);
    const Course course = run_member(scenario, Study(scenario).member(0), std::vector<double>{800});
    REQUIRE(course.report);
    CHECK(course.summaries[0] == Approx(396.92184).epsilon(1e-5));
    CHECK(course.summaries[1] == Approx(89.785423).epsilon(1e-5));
}

TEST_CASE("Lemaire 2004: the unperturbed model comes to rest at the published steady state", "[validation]")
{
    const Library library = read_library(library_folder());
    Scenario scenario = parse_scenario("model = \"lemaire2004\"\nend = \"20000 d\"\n", "rest.toml", library);
    const Course course = run_member(scenario, Study(scenario).member(0), std::vector<double>{20000});
    REQUIRE(course.report);
    CHECK(course.end_state[0] == Approx(7.73437744355547e-4).epsilon(1e-5));
    CHECK(course.end_state[1] == Approx(7.28339592949694e-4).epsilon(1e-5));
    CHECK(course.end_state[2] == Approx(9.12752838890134e-4).epsilon(1e-5));
}
