#include "scenarios/run.hpp"
#include "solvers/lanes/engines.hpp"
#include "solvers/observers.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

using namespace osteoflare;
using namespace osteoflare::scenarios;

namespace {

const Library& library()
{
    static const Library read = read_library(library_folder());
    return read;
}

Block run(const std::string& text, std::size_t first = 0, std::size_t last = 0)
{
    const Study study(parse_scenario(text, "mine.toml", library()));
    return run_block(study, output_times(study.scenario()), first, last > 0 ? last : study.size());
}

/// The largest difference of two members' courses, relative to each column's range over time.
double difference(const Block& a, const Block& b, std::size_t n_columns)
{
    const std::size_t n_times = a.columns.size() / n_columns;
    double worst = 0;
    for (std::size_t c = 0; c < n_columns; ++c) {
        const double* x = a.columns.data() + c * n_times;
        const double* y = b.columns.data() + c * n_times;
        const double size = std::abs(*std::max_element(
            x, x + n_times, [](double left, double right) { return std::abs(left) < std::abs(right); }));
        for (std::size_t t = 0; t < n_times; ++t) {
            worst = std::max(worst, size > 0 ? std::abs(x[t] - y[t]) / size : std::abs(x[t] - y[t]));
        }
    }
    return worst;
}

const std::string every_other_day = "[output]\nevery = \"2 d\"\n";

/// Sets the instruction set for as long as it lives.
struct InstructionSet {
    explicit InstructionSet(std::string_view name)
    {
        ::setenv("OSTEOFLARE_INSTRUCTION_SET", std::string(name).c_str(), 1);
    }
    ~InstructionSet() { ::unsetenv("OSTEOFLARE_INSTRUCTION_SET"); }
};

bool same_bits(const std::vector<double>& a, const std::vector<double>& b)
{
    return std::ranges::equal(a, b, [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

bool same(const Block& a, const Block& b)
{
    return same_bits(a.columns, b.columns) && same_bits(a.summaries, b.summaries)
           && same_bits(a.last_states, b.last_states)
           && std::ranges::equal(a.reports, b.reports, [](const auto& x, const auto& y) {
                  return x.status == y.status && x.steps == y.steps && x.rejected == y.rejected && x.time == y.time;
              });
}

const std::string varied = R"(
    title = "mice that differ"
    genotype = "cmo"
    end = "60 d"
    [output]
    every = "1 d"
    [sweep]
    method = "random"
    size = 40
    vary = { il10_competence = { from = 0.5, to = 1.5 }, il1b_gene = { lognormal_cv = 0.3 } }
)";

} // namespace

TEST_CASE("the lane solver and Odeint agree to 1e-7 on every genotype", "[validation]")
{
    for (const Genotype& genotype : library().genotypes) {
        const std::string base = "title = \"one\"\ngenotype = \"" + genotype.name + "\"\nend = \"100 d\"\n";
        const Block lanes = run(base + every_other_day + "[numerics]\nrelative_tolerance = 1e-10\n");
        const Block odeint =
            run(base + every_other_day + "[numerics]\nmethod = \"dopri5\"\nrelative_tolerance = 1e-11\n");
        INFO(genotype.name);
        CHECK(lanes.reports[0].steps != odeint.reports[0].steps);
        CHECK(difference(lanes, odeint, 31) < 1e-7);
        for (std::size_t s = 0; s < lanes.summaries.size(); ++s) {
            INFO("summary " << s);
            if (std::isnan(odeint.summaries[s])) {
                CHECK(std::isnan(lanes.summaries[s]));
            } else {
                CHECK(lanes.summaries[s] == Approx(odeint.summaries[s]).epsilon(1e-6).margin(1e-8));
            }
        }
    }
}

TEST_CASE("the lane solver and Odeint agree to 1e-7 on the classic models", "[validation]")
{
    const std::string model = GENERATE("lemaire2004", "komarova2003");
    const std::string base = "title = \"one\"\nmodel = \"" + model + "\"\n";
    const Block lanes = run(base + every_other_day + "[numerics]\nrelative_tolerance = 1e-10\n");
    const Block odeint =
        run(base + every_other_day + "[numerics]\nmethod = \"rosenbrock4\"\nrelative_tolerance = 1e-11\n");
    CHECK(difference(lanes, odeint, 3) < 1e-7);
}

TEST_CASE("every instruction set gives the same bits", "[invariants]")
{
    const auto usable = solvers::lanes::usable_instruction_sets();
    REQUIRE(usable.back() == "portable");
    const Block best = run(varied);
    for (const std::string_view name : usable) {
        INFO(name);
        const InstructionSet chosen(name);
        CHECK(same(best, run(varied)));
    }
}

TEST_CASE("a member's result depends neither on its lane nor on its neighbours", "[invariants]")
{
    const Block all = run(varied);
    const std::size_t n_species = all.last_states.size() / all.size;
    for (const std::size_t first : {1U, 6U, 33U}) {
        const Block some = run(varied, first, first + 5);
        for (std::size_t i = 0; i < some.size; ++i) {
            INFO("member " << first + i);
            CHECK(some.reports[i].steps == all.reports[first + i].steps);
            for (std::size_t s = 0; s < n_species; ++s) {
                CHECK(some.last_states[s * some.size + i] == all.last_states[s * all.size + first + i]);
            }
        }
    }
}

TEST_CASE("an instruction set that does not exist is refused", "[unit]")
{
    const InstructionSet chosen("abacus");
    CHECK_THROWS_WITH(run(varied), Catch::Contains("abacus cannot run here"));
}
