#include "scenarios/run.hpp"
#include "solvers/lanes/engines.hpp"
#include "solvers/observers.hpp"
#include "tests/library.hpp"
#include "validation/same_bits.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

Block run(const std::string& text, std::size_t first = 0, std::size_t last = 0)
{
    const Study study(parse_scenario(text, "mine.toml", library()));
    return run_block(study, output_times(study.scenario()), first, last > 0 ? last : study.size());
}

/// The largest difference of two members' courses over columns and times, relative to |y| + 1e-3 max over t |y|.
double difference(const Block& a, const Block& b, std::size_t n_columns)
{
    const std::size_t n_times = a.columns.size() / n_columns;
    REQUIRE(a.columns.size() == b.columns.size());
    double worst = 0;
    for (std::size_t c = 0; c < n_columns; ++c) {
        double most = 0;
        for (std::size_t t = 0; t < n_times; ++t) {
            const double y = b.columns[c * n_times + t];
            most = std::isfinite(y) ? std::max(most, std::abs(y)) : most;
        }
        for (std::size_t t = 0; t < n_times; ++t) {
            const double x = a.columns[c * n_times + t], y = b.columns[c * n_times + t];
            if (std::isnan(x) && std::isnan(y)) {
                continue;
            }
            const double size = std::abs(y) + 1e-3 * most;
            const double here = size > 0 ? std::abs(x - y) / size : std::abs(x - y);
            worst = std::isfinite(here) ? std::max(worst, here) : std::numeric_limits<double>::infinity();
        }
    }
    return worst;
}

const std::string every_other_day = "[output]\nevery = \"2 d\"\n";

/// Where IL-10 is below what its tolerance can tell to 1e-7, its ratio to IL-1beta is no number to compare.
void leave_out_imbalance_without_il10(Block& block)
{
    const ModelEntry& model = models()[0];
    const std::size_t n_species = model.species.size(), il10 = index_of(model.species, "il10");
    const std::size_t imbalance = n_species + index_of(model.readouts, "imbalance");
    const std::size_t n_times = block.columns.size() / (n_species + model.readouts.size());
    for (std::size_t t = 0; t < n_times; ++t) {
        if (std::abs(block.columns[il10 * n_times + t]) < 1e-5) {
            block.columns[imbalance * n_times + t] = std::numeric_limits<double>::quiet_NaN();
        }
    }
    for (std::size_t s = 0; s < model.summaries.size(); ++s) {
        if (model.summaries[s].of == "imbalance" && std::abs(block.last_states[il10]) < 1e-5) {
            block.summaries[s] = std::numeric_limits<double>::quiet_NaN();
        }
    }
}

/// An injury, and a treatment given and taken away, at moments that are no output times.
const std::string treated = R"(
    end = "120 d"
    [[event]]
    at = "40.3 d"
    input = "sterile_injury"
    value = 20
    duration = "1 d"
    [[treatment]]
    name = "anakinra"
    from = "75.1 d"
    until = "99.7 d"
)";

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

TEST_CASE("the lane solver and Odeint agree to 1e-7 on every genotype, left alone and treated", "[validation]")
{
    REQUIRE(library().genotypes.size() >= 29);
    for (const std::string& what : {std::string(), treated}) {
        for (const Genotype& genotype : library().genotypes) {
            const std::string base = "title = \"one\"\ngenotype = \"" + genotype.name + "\"\n" + what;
            Block lanes = run(base + every_other_day + "[numerics]\nrelative_tolerance = 1e-10\n");
            Block odeint =
                run(base + every_other_day + "[numerics]\nmethod = \"dopri5\"\nrelative_tolerance = 1e-10\n");
            leave_out_imbalance_without_il10(lanes);
            leave_out_imbalance_without_il10(odeint);
            INFO(genotype.name << (what.empty() ? "" : ", treated"));
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
}

TEST_CASE("the lane solver and Odeint agree to 1e-7 on the classic models, left alone and disturbed", "[validation]")
{
    const std::string model = GENERATE("lemaire2004", "komarova2003");
    const std::string pulse =
        model == "lemaire2004"
            ? "[[event]]\nat = \"20.3 d\"\ninput = \"pth_injection\"\nvalue = 1000\nduration = \"60 d\"\n"
            : "[[event]]\nat = \"20.3 d\"\nparameter = \"osteoclast_removal\"\nvalue = 0.25\nduration = \"60 d\"\n";
    for (const std::string& what : {std::string(), pulse}) {
        const std::string base = "title = \"one\"\nmodel = \"" + model + "\"\n" + what;
        const Block lanes = run(base + every_other_day + "[numerics]\nrelative_tolerance = 1e-10\n");
        const Block odeint =
            run(base + every_other_day + "[numerics]\nmethod = \"rosenbrock4\"\nrelative_tolerance = 1e-11\n");
        INFO(model << (what.empty() ? "" : ", disturbed"));
        CHECK(lanes.reports[0].steps != odeint.reports[0].steps);
        CHECK(difference(lanes, odeint, models()[1].species.size()) < 1e-7);
    }
}

TEST_CASE("every instruction set gives the same bits", "[invariants]")
{
    // What is recorded, how often, and how often settings change decide in which ways rows and coefficients are made.
    std::string doses;
    for (int day = 25; day < 60; day += 4) {
        doses += "[[event]]\nname = \"dose_" + std::to_string(day)
                 + "\"\ninput = \"anakinra\"\nvalue = 8000\nat = " + std::to_string(day) + "\nduration = 2\n";
    }
    const std::string output = GENERATE("every = \"1 d\"", "every = \"0.1 d\"\nvariables = [\"il1b\", \"bone\"]",
                                        "every = \"1 d\"\nfluxes = true");
    std::string text = varied + doses;
    text.replace(text.find("every = \"1 d\""), 13, output);
    const auto usable = solvers::lanes::usable_instruction_sets();
    REQUIRE(usable.back() == "portable");
    const Block best = run(text);
    for (const std::string_view name : usable) {
        INFO(name << " " << output);
        const InstructionSet chosen(name);
        CHECK(same(best, run(text)));
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
    CHECK_THROWS_WITH(run(varied), Catch::Contains("'abacus' cannot run here"));
}
