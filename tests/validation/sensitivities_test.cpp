#include "scenarios/run.hpp"
#include "scenarios/sensitivities.hpp"
#include "solvers/lanes/engines.hpp"
#include "tests/library.hpp"
#include "validation/same_bits.hpp"

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

Scenario parse(const std::string& text)
{
    return parse_scenario(text, "mine.toml", library());
}

Block run(const Scenario& scenario)
{
    const Study study(scenario);
    return run_block(study, output_times(scenario), 0, study.size());
}

/// The scenario with one of the quantities that it differentiates by moved, by `by` in its unit, and solved tightly.
Scenario moved(Scenario scenario, const Sensitivity& quantity, double by)
{
    scenario.sensitivities = {};
    scenario.numerics.relative_tolerance = 1e-12;
    for (double& tolerance : scenario.numerics.absolute_tolerance) {
        tolerance *= 1e-3;
    }
    const auto shift = [&](Tick& tick) { tick += to_tick(by); };
    const std::size_t i = quantity.target.index;
    switch (quantity.target.kind) {
    case Target::Kind::setting: {
        const double present = Study(scenario).member(0).settings[i];
        scenario.overrides.emplace_back(i, present + by);
        break;
    }
    case Target::Kind::initial: scenario.start_state[i] += by; break;
    case Target::Kind::value:
        for (Assignment& assignment : scenario.interventions[i].sets) {
            assignment.value += assignment.is_exposure ? by : 0;
        }
        break;
    case Target::Kind::from:
        shift(scenario.interventions[i].from);
        if (scenario.interventions[i].has_duration) {
            shift(*scenario.interventions[i].until);
        }
        break;
    case Target::Kind::until:
    case Target::Kind::duration: shift(*scenario.interventions[i].until); break;
    case Target::Kind::genotype: FAIL("nobody differentiates by a genotype");
    }
    return scenario;
}

/// Central differences of order 6 of all columns by a quantity: (column, time).
std::vector<double> differences(const Scenario& scenario, const Sensitivity& quantity)
{
    const bool is_time = quantity.unit == "d" && quantity.target.kind != Target::Kind::setting;
    // Moments are kept in seconds.
    const bool is_absent =
        quantity.target.kind == Target::Kind::setting && Study(scenario).member(0).settings[quantity.target.index] == 0;
    const double step = is_time ? to_days(1080) : (is_absent ? 5e-6 : 5e-4) * quantity.scale;
    constexpr std::array<double, 3> weights = {3.0 / 4, -3.0 / 20, 1.0 / 60};
    std::vector<double> result;
    for (std::size_t w = 0; w < weights.size(); ++w) {
        const double by = static_cast<double>(w + 1) * step;
        const Block above = run(moved(scenario, quantity, by)), below = run(moved(scenario, quantity, -by));
        REQUIRE(above.reports[0]);
        REQUIRE(below.reports[0]);
        result.resize(above.columns.size());
        for (std::size_t j = 0; j < result.size(); ++j) {
            result[j] += weights[w] * (above.columns[j] - below.columns[j]) / step;
        }
    }
    return result;
}

/// The largest difference of two sets of courses, each relative to its column's largest value.
double difference(const double* a, const double* b, std::size_t n_columns, std::size_t n_times)
{
    double worst = 0;
    for (std::size_t c = 0; c < n_columns; ++c) {
        double size = 0, apart = 0;
        for (std::size_t t = c * n_times; t < (c + 1) * n_times; ++t) {
            size = std::max(size, std::abs(b[t]));
            apart = std::max(apart, std::abs(a[t] - b[t]));
        }
        worst = std::max(worst, size > 0 ? apart / size : apart);
    }
    return worst;
}

void check_against_differences(const std::string& text)
{
    const Scenario scenario = parse(text);
    const std::size_t n_times = output_times(scenario).size(), n_columns = column_descriptions(scenario).size();
    const Block block = run(scenario);
    REQUIRE(block.reports[0]);
    for (std::size_t q = 0; q < scenario.sensitivities.to.size(); ++q) {
        const Sensitivity& quantity = scenario.sensitivities.to[q];
        INFO(quantity.name);
        const auto expected = differences(scenario, quantity);
        const double* computed = block.columns.data() + (q + 1) * n_columns * n_times;
        CHECK(std::any_of(computed, computed + n_columns * n_times, [](double value) { return value != 0; }));
        // Relative tolerance 1e-9, errors at the least favourable moment a hundred times that, the differences' own.
        CHECK(difference(computed, expected.data(), n_columns, n_times) < 1e-6);
    }
}

const std::string injured = R"(
    title = "an injury, and a treatment"
    genotype = "cmo"
    end = "50 d"
    [[event]]
    name = "injury"
    at = "20 d"
    input = "sterile_injury"
    value = 20
    duration = "3 d"
    [[treatment]]
    name = "anakinra"
    exposure = "1 nM"
    from = "26 d"
    until = "33 d"
    [[event]]
    name = "switch"
    at = "30 d"
    parameter = "il10_competence"
    value = 0.5
    until = "41 d"
    [output]
    every = "3 d"
    variables = ["il1b", "il10", "neutrophils", "osteoclasts", "bone", "swelling"]
    [numerics]
    relative_tolerance = 1e-9
)";

const std::string varied = R"(
    title = "mice that differ"
    genotype = "cmo"
    end = "45 d"
    [[treatment]]
    name = "anakinra"
    from = "25 d"
    until = "33 d"
    [output]
    every = "5 d"
    variables = ["il1b", "bone", "swelling"]
    [sensitivities]
    to = ["il1b_clearance", "cxcl1_half", "anakinra.from", "anakinra.exposure", "initial.macrophages"]
    [sweep]
    method = "random"
    size = 21
    vary.il10_competence = { from = 0.5, to = 1.5 }
    vary.il1b_gene = { lognormal_cv = 0.3 }
    vary.anakinra.from = { from = 22, to = 30 }
)";

} // namespace

TEST_CASE("sensitivities to parameters, inputs and starts are what differences of order 6 say", "[validation]")
{
    // A threshold, a gain, a clearance; one that an event changes for a while; one that weaning rules from day 21; a
    // parameter that the read-out contains; an input that a treatment rules for a while; a start.
    check_against_differences(injured + R"(
        [sensitivities]
        to = ["cxcl1_half", "emergency_gain", "il1b_clearance", "il10_competence", "weaning_tone",
              "macrophages_resident", "anakinra", "initial.macrophages"])");
}

TEST_CASE("sensitivities to doses and to the moments of events are what differences of order 6 say", "[validation]")
{
    check_against_differences(injured + R"(
        [sensitivities]
        to = ["injury.value", "anakinra.exposure", "switch.value", "injury.at", "injury.duration", "anakinra.from",
              "anakinra.until", "switch.at", "switch.until"])");
}

TEST_CASE("sensitivities of the classic models are what differences of order 6 say", "[validation]")
{
    // Powers with parameters as exponents. Not from the steady state, where bone has a kink: it is lost above it only.
    check_against_differences(R"(
        model = "komarova2003"
        end = "60 d"
        [initial]
        osteoclasts = 15
        osteoblasts = 230
        [output]
        every = "5 d"
        [numerics]
        relative_tolerance = 1e-9
        [sensitivities]
        to = ["osteoclast_autocrine", "osteoblast_on_osteoclast", "osteoclast_removal", "initial.osteoclasts"])");
}

TEST_CASE("sensitivities have the same bits with every instruction set and any neighbours", "[invariants]")
{
    const Scenario scenario = parse(varied);
    const Block best = run(scenario);
    for (const std::string_view name : solvers::lanes::usable_instruction_sets()) {
        const InstructionSet chosen(name);
        const Block other = run(scenario);
        INFO(name);
        CHECK(same_bits(best.columns, other.columns));
    }
    const Study study(scenario);
    const auto times = output_times(scenario);
    const Block alone = run_block(study, times, 7, 8);
    const std::size_t n_columns = best.columns.size() / best.size / times.size();
    for (std::size_t c = 0; c < n_columns; ++c) {
        CHECK(std::equal(alone.columns.begin() + static_cast<std::ptrdiff_t>(c * times.size()),
                         alone.columns.begin() + static_cast<std::ptrdiff_t>((c + 1) * times.size()),
                         best.columns.begin() + static_cast<std::ptrdiff_t>((c * best.size + 7) * times.size())));
    }
}

TEST_CASE("a member whose sensitivities fail keeps what it reached, and its neighbours do not notice", "[invariants]")
{
    const std::string list = R"(
        title = "one of three explodes"
        end = "40 d"
        [output]
        every = "1 d"
        variables = ["il1b"]
        [sensitivities]
        to = ["il1b_clearance"]
        [sweep]
        method = "list"
        vary.neutrophil_recruitment = [50000, )";
    const Block with = run(parse(list + "1e308, 60000]\n")), without = run(parse(list + "60000]\n"));
    REQUIRE(with.reports.size() == 3);
    CHECK(with.reports[1].status == solvers::RunStatus::not_finite);
    CHECK(std::isnan(with.columns[2 * 34 - 1]));
    const std::size_t n = with.columns.size() / 6; // two columns of three members
    for (std::size_t column = 0; column < 2; ++column) {
        CHECK(std::equal(with.columns.begin() + static_cast<std::ptrdiff_t>((column * 3 + 2) * n),
                         with.columns.begin() + static_cast<std::ptrdiff_t>((column * 3 + 3) * n),
                         without.columns.begin() + static_cast<std::ptrdiff_t>((column * 2 + 1) * n)));
    }
}
