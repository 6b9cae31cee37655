#include "output/results_reader.hpp"
#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/analyses/fitting/prediction.hpp"
#include "scenarios/analyses/fitting/sample.hpp"
#include "solvers/designs.hpp"
#include "solvers/random.hpp"

#include "catch.hpp"
#include "folder.hpp"
#include "tests/library.hpp"
#include "tests/validation/mixed_problem.hpp"
#include "tests/validation/small_problem.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <fstream>
#include <sstream>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;
using osteoflare::tests::mixed_problem;
using osteoflare::tests::small_problem;

namespace {

/// Points of a Latin hypercube between the bounds.
std::vector<double> points_between_bounds(const Likelihood& likelihood, std::size_t n_points)
{
    const auto bounds = likelihood.as_seen_by_solver();
    const solvers::UnitDesign design(solvers::Design::latin_hypercube, n_points, bounds.n_parameters(), 3);
    std::vector<double> points;
    for (std::size_t i = 0; i < n_points; ++i) {
        for (std::size_t p = 0; p < bounds.n_parameters(); ++p) {
            points.push_back(bounds.lower[p] + design(i, p) * (bounds.upper[p] - bounds.lower[p]));
        }
    }
    return points;
}

std::string bytes_of(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

SampleOptions options_for(const Likelihood& likelihood, const std::filesystem::path& file)
{
    SampleOptions options;
    options.threads = 1;
    options.file = file;
    options.find_best = [&likelihood] { return fit(likelihood, {.starts = 4, .threads = 1}).best; };
    return options;
}

} // namespace

TEST_CASE("the log posterior at many points is minus the fit's -log likelihood with priors at each", "[sampling]")
{
    // At tolerances so small that steps with and without derivatives end at the same values.
    const Likelihood likelihood(mixed_problem("numerics = { relative_tolerance = 1e-11 }"));
    constexpr std::size_t n_points = 7;
    const auto points = points_between_bounds(likelihood, n_points);
    std::vector<double> values(n_points);
    log_posterior(likelihood, 1)(points, values);
    const std::size_t n = likelihood.problem().parameters.size();
    double largest = 0;
    for (std::size_t i = 0; i < n_points; ++i) {
        const auto x = std::span(points).subspan(i * n, n);
        const auto at = solvers::fitting::evaluate(likelihood.as_seen_by_solver(), x);
        REQUIRE(at);
        largest = std::max(largest, std::abs(values[i] / at->negative_log + 1));
    }
    CAPTURE(largest);
    CHECK(largest < 1e-10);
}

TEST_CASE("a log posterior is the same bits alone and among others, with 1 and 2 threads", "[sampling]")
{
    const Likelihood likelihood(mixed_problem(""));
    constexpr std::size_t n_points = 23;
    const auto points = points_between_bounds(likelihood, n_points);
    std::vector<double> together(n_points), shared(n_points);
    log_posterior(likelihood, 1)(points, together);
    log_posterior(likelihood, 2)(points, shared);
    CHECK(together == shared);
    const std::size_t n = likelihood.problem().parameters.size();
    for (const std::size_t i : {std::size_t{0}, std::size_t{13}, n_points - 1}) {
        double alone = 0;
        log_posterior(likelihood, 1)(std::span(points).subspan(i * n, n), std::span(&alone, 1));
        CHECK(alone == together[i]);
    }
}

TEST_CASE("beyond a bound the posterior is 0; where a simulation fails it is unknown", "[sampling]")
{
    const Likelihood likelihood(mixed_problem(""));
    auto points = points_between_bounds(likelihood, 3);
    const std::size_t n = likelihood.problem().parameters.size();
    const auto bounds = likelihood.as_seen_by_solver();
    points[0] = bounds.upper[0] + 1e-9;
    points[n + 4] = bounds.lower[4];
    std::vector<double> values(3);
    log_posterior(likelihood, 1)(points, values);
    CHECK(values[0] == -std::numeric_limits<double>::infinity());
    CHECK(values[1] == -std::numeric_limits<double>::infinity());
    CHECK(std::isfinite(values[2]));

    FitProblem hasty = mixed_problem("");
    for (Experiment& experiment : hasty.experiments) {
        experiment.scenario.numerics.most_steps = 5;
    }
    const Likelihood impossible(std::move(hasty));
    log_posterior(impossible, 1)(points, values);
    CHECK(values[0] == -std::numeric_limits<double>::infinity());
    CHECK(std::isnan(values[2]));
}

TEST_CASE("draws of a posterior in two parameters have the moments that integration over a grid gives", "[sampling]")
{
    const Likelihood likelihood(small_problem({9, 3.5, 1.6, 1.2}));
    const tests::Folder folder;
    auto options = options_for(likelihood, folder.path / "it.h5");
    options.steps = 4000;
    const Sample sample = record_sample(likelihood, options);

    const auto bounds = likelihood.as_seen_by_solver();
    constexpr std::size_t n_cells = 60; // of each axis; midpoints
    std::vector<double> points;
    for (std::size_t i = 0; i < n_cells * n_cells; ++i) {
        for (std::size_t p = 0; p < 2; ++p) {
            const double share = (static_cast<double>(p == 0 ? i / n_cells : i % n_cells) + 0.5) / n_cells;
            points.push_back(bounds.lower[p] + share * (bounds.upper[p] - bounds.lower[p]));
        }
    }
    std::vector<double> logs(points.size() / 2);
    log_posterior(likelihood, 1)(points, logs);
    const double highest = std::ranges::max(logs);
    double weight = 0;
    std::array<double, 2> mean{}, square{};
    for (std::size_t i = 0; i < logs.size(); ++i) {
        const double density = std::exp(logs[i] - highest);
        weight += density;
        for (std::size_t p = 0; p < 2; ++p) {
            mean[p] += density * points[2 * i + p];
            square[p] += density * points[2 * i + p] * points[2 * i + p];
        }
    }
    for (std::size_t p = 0; p < 2; ++p) {
        const double truth = mean[p] / weight, variance = square[p] / weight - truth * truth;
        const auto column = sample.column(p);
        double own = 0, own_square = 0;
        for (const double x : column) {
            own += x / static_cast<double>(column.size());
            own_square += x * x / static_cast<double>(column.size());
        }
        const auto diagnosis = sample.diagnose(column);
        CAPTURE(p, truth, variance, diagnosis.ess_bulk, sample.warm_up);
        CHECK(diagnosis.r_hat < 1.01);
        CHECK(diagnosis.ess_bulk > 1000);
        CHECK(std::abs(own - truth) < 4 * std::sqrt(variance / diagnosis.ess_bulk));
        CHECK((own_square - own * own) / variance == Approx(1).epsilon(4 * std::sqrt(2 / diagnosis.ess_tail)));
    }
    CHECK(verdict(likelihood, marginals(likelihood, sample), options.steps).starts_with("converged"));
}

TEST_CASE("a sample writes the same bytes with 1 and 2 threads, and says what it lacks", "[sampling]")
{
    const Likelihood likelihood(small_problem({9, 3.5, 1.6, 1.2}));
    const tests::Folder folder;
    std::optional<Sample> sample;
    for (const std::size_t threads : {1U, 2U}) {
        auto options = options_for(likelihood, folder.path / fmt::format("{}.h5", threads));
        options.steps = 100;
        options.warm_up = 40;
        options.threads = threads;
        sample = record_sample(likelihood, options);
    }
    CHECK(bytes_of(folder.path / "1.h5") == bytes_of(folder.path / "2.h5"));
    CHECK(sample->warm_up == 40);
    CHECK(sample->n_draws() == 10);
    CHECK(verdict(likelihood, marginals(likelihood, *sample), 100).starts_with("not converged"));
    const output::ResultsReader file(folder.path / "1.h5");
    CHECK(file.shape("value") == std::vector<std::size_t>{10, 4, 8, 2});
    CHECK(file.text_attribute("", "analysis") == "sample");
    CHECK(sample_figure(file).panels.size() == 4); // two marginals, the chains, a pair
}

TEST_CASE("a prediction runs a scenario at draws of the posterior", "[sampling]")
{
    const Likelihood likelihood(small_problem({9, 3.5, 1.6, 1.2}));
    const tests::Folder folder;
    auto options = options_for(likelihood, folder.path / "it.h5");
    options.steps = 200;
    options.warm_up = 100;
    (void)record_sample(likelihood, options);
    const output::ResultsReader file(folder.path / "it.h5");
    Scenario other = parse_scenario("model = \"komarova2003\"\nend = \"30 d\"\n", "other.toml", library());
    const auto prediction = predict_at_draws(file, "it.h5", other, 50);
    CHECK(prediction.set == std::vector<std::string>{"osteoclast_production", "osteoclast_removal"});
    const Study study(prediction.scenario);
    REQUIRE(study.size() == 50);
    const auto values = file.numbers("value");
    for (std::size_t i = 0; i < study.size(); ++i) {
        const auto varied = study.member(i).varied;
        bool is_draw = false;
        for (std::size_t k = 0; k < values.size(); k += 2) {
            is_draw = is_draw || (values[k] == varied[0] && values[k + 1] == varied[1]);
        }
        CHECK(is_draw);
    }
    Scenario foreign = parse_scenario("model = \"lemaire2004\"\nend = \"30 d\"\n", "foreign.toml", library());
    CHECK_THROWS_AS(predict_at_draws(file, "it.h5", foreign, 50), InputError);
}

TEST_CASE("calibration by simulation of a model's posterior: the truth ranks evenly", "[.full][sampling]")
{
    constexpr std::size_t n_studies = 800, n_bins = 8, n_ranks = 64;
    std::array<std::array<double, n_bins>, 2> counts{};
    const auto normal = [](std::uint32_t purpose, std::uint64_t i) {
        return solvers::normal_quantile(solvers::to_unit_interval(solvers::random_bits(8, purpose, i, 0)));
    };
    for (std::size_t study = 0; study < n_studies; ++study) {
        const double u = solvers::to_unit_interval(solvers::random_bits(8, 51, study, 0));
        std::array<double, 2> truth = {std::log(9) * u, 0};
        std::uint64_t tries = 0;
        do { // the prior between its bounds
            truth[1] = std::log(0.2) + 0.3 * normal(52, study * 1000 + tries++);
        } while (truth[1] <= std::log(0.05) || truth[1] >= std::log(0.8));
        const Likelihood generator(small_problem({1, 1, 1, 1}));
        const auto courses = generator.courses(truth, {5, 15, 25, 35});
        std::array<double, 4> data{};
        for (std::size_t i = 0; i < data.size(); ++i) {
            data[i] = courses[i] * std::exp(0.2 * normal(53, study * 4 + i));
        }
        const Likelihood likelihood(small_problem(data));
        const tests::Folder folder;
        auto options = options_for(likelihood, folder.path / "it.h5");
        options.steps = (n_ranks - 1) * 20;
        options.thin = 20;
        options.chains = 1;
        options.warm_up = 200;
        options.seed = study;
        const Sample sample = record_sample(likelihood, options);
        for (std::size_t p = 0; p < 2; ++p) {
            const auto column = sample.column(p);
            std::size_t rank = 0;
            for (std::size_t draw = 0; draw < n_ranks - 1; ++draw) {
                rank += column[draw * sample.walkers.log_densities.size()] < truth[p] ? 1 : 0;
            }
            counts[p][rank * n_bins / n_ranks] += 1;
        }
    }
    for (const auto& own : counts) {
        constexpr double expected = static_cast<double>(n_studies) / n_bins;
        double chi_squared = 0;
        for (const double count : own) {
            chi_squared += (count - expected) * (count - expected) / expected;
        }
        CHECK(chi_squared < 18.475); // the 99 % quantile with seven degrees of freedom
    }
}
