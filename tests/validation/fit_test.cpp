#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/analyses/fitting/fit_profiles.hpp"
#include "tests/library.hpp"
#include "tests/validation/mixed_problem.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;
using osteoflare::tests::mixed_problem;
using solvers::fitting::Verdict;

namespace {

const std::filesystem::path study = library_folder() / "problems/paw_study.toml";
/// As in scenarios/library/problems/generate_paw_study.py.
const std::map<std::string, double> truth = {
    {"pstpip2_gain", 9.5},      {"cxcl1_half", 80}, {"il10_macrophage", 0.22}, {"bone_turnover", 0.0045},
    {"ros_neutrophil", 1.7e-5}, {"paw_scale", 1.4}, {"paw_spread", 0.12},      {"cytokine_spread", 0.25},
};

std::size_t index_in(const FitProblem& problem, const std::string& name)
{
    return static_cast<std::size_t>(std::ranges::find(problem.parameters, name, &FitParameter::name)
                                    - problem.parameters.begin());
}

} // namespace

TEST_CASE("the gradient of a fit's likelihood is what differences of it say, for parameters of all kinds", "[fitting]")
{
    const Likelihood likelihood(mixed_problem("numerics = { relative_tolerance = 1e-10 }"));
    const auto problem = likelihood.as_seen_by_solver();
    auto x = likelihood.start();
    const auto at = solvers::fitting::evaluate(problem, x);
    REQUIRE(at);
    for (std::size_t p = 0; p < x.size(); ++p) {
        const double h = 1e-4, here = x[p];
        double difference = 0;
        for (const auto& [steps, weight] : {std::pair{1.0, 2.0 / 3}, std::pair{2.0, -1.0 / 12}}) {
            for (const double sign : {1.0, -1.0}) {
                x[p] = here + sign * steps * h;
                difference += sign * weight / h * solvers::fitting::evaluate(problem, x)->negative_log;
            }
        }
        x[p] = here;
        INFO(likelihood.problem().parameters[p].name);
        CHECK(std::abs(at->gradient[p]) > 1e-3);
        CHECK(at->gradient[p] == Approx(difference).epsilon(1e-4));
    }
}

TEST_CASE("where a start of a fit ends depends on nothing but the start", "[fitting]")
{
    const Likelihood likelihood(read_problem(study, library()));
    const FitOptions options{.starts = 4, .threads = 1, .most_iterations = 8};
    FitOptions in_threads = options;
    in_threads.threads = 3;
    const Fit alone = fit(likelihood, options), together = fit(likelihood, in_threads);
    for (std::size_t i = 0; i < options.starts; ++i) {
        CHECK(alone.starts[i].end.x == together.starts[i].end.x);
        CHECK(alone.starts[i].end.negative_log == together.starts[i].end.negative_log);
    }
}

TEST_CASE("a fit says what speaks against its best: used up iterations, one start alone, a search that was cut off",
          "[fitting]")
{
    const Likelihood likelihood(read_problem(study, library()));
    Fit found = fit(likelihood, {.starts = 2, .threads = 1, .most_iterations = 3});
    found.n_reached = 2;
    REQUIRE(doubts(found).size() == 1);
    CHECK(doubts(found)[0] == "the best search used up its 3 iterations: it may lead further");
    found.best.cut_off = true;
    found.n_reached = 1;
    REQUIRE(doubts(found).size() == 2);
    CHECK(doubts(found)[0].starts_with("only one start found the best"));
    CHECK(doubts(found)[1].starts_with("the best search was cut off"));
    found.best.cut_off = false;
    found.best.converged = true;
    found.starts.resize(1);
    CHECK(doubts(found).empty());
}

TEST_CASE("a fit finds planted values within their 95 % intervals", "[fitting]")
{
    const Likelihood likelihood(read_problem(study, library()));
    const Fit found = fit(likelihood, {.starts = 20});
    CHECK(found.n_reached >= 10);
    CHECK(doubts(found).empty());
    for (const auto& [name, value] : truth) {
        const std::size_t p = index_in(likelihood.problem(), name);
        INFO(name << " " << likelihood.outward(found.best.x)[p]);
        const double error = found.spectrum.standard_errors[p];
        CHECK(std::abs(found.best.x[p] - std::log(value)) < 1.96 * error);
        CHECK(error < 1.5);
    }
}

TEST_CASE("a planted pair that only acts as a product is called structurally not identifiable", "[fitting]")
{
    const Likelihood likelihood(read_problem(study, library()));
    const Fit found = fit(likelihood, {.starts = 2});
    const std::size_t formation = index_in(likelihood.problem(), "reactive_formation");
    const std::size_t scale = index_in(likelihood.problem(), "score_scale");
    const std::size_t paw = index_in(likelihood.problem(), "paw_scale");
    const Profiles profiles = profile(likelihood, found.best, {formation, scale, paw}, 0, [](std::size_t) {});
    for (const std::size_t i : {0U, 1U}) {
        const auto& pair = profiles.profiles[i];
        CHECK(pair.verdict == Verdict::structurally_not);
        CHECK(pair.trade_off[formation] == Approx(-pair.trade_off[scale]).epsilon(0.01));
        CHECK_FALSE(pair.low);
        CHECK_FALSE(pair.high);
    }
    CHECK(describe(likelihood.problem(), formation, profiles.profiles[0]).find("score_scale as its power -1")
          != std::string::npos);
    CHECK(profiles.profiles[2].verdict == Verdict::identifiable);
    CHECK(std::exp(*profiles.profiles[2].low) < 1.4);
    CHECK(std::exp(*profiles.profiles[2].high) > 1.4);
}
