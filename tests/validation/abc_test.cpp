#include "output/results_reader.hpp"
#include "scenarios/analyses/abc/abc.hpp"
#include "scenarios/analyses/fitting/likelihood.hpp"
#include "scenarios/analyses/fitting/posterior.hpp"
#include "scenarios/analyses/fitting/prediction.hpp"
#include "scenarios/figures.hpp"
#include "solvers/designs.hpp"
#include "solvers/random.hpp"

#include "catch.hpp"
#include "folder.hpp"
#include "tests/library.hpp"
#include "tests/validation/mixed_problem.hpp"
#include "tests/validation/small_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <numeric>
#include <sstream>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;
using osteoflare::tests::mixed_problem;
using osteoflare::tests::small_problem;
using solvers::sampling::AbcRound;
using solvers::sampling::AbcState;

namespace {

std::string bytes_of(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Two dozen macrophages that die within six hours.
FitProblem cells_problem(const std::string& spread = "300")
{
    return parse_problem(R"(
data = "mice.csv"
[[experiment]]
name = "dying"
model = "agents"
start = "7 d"
end = "7.25 d"
[experiment.initial]
macrophages = 100000
[experiment.tissue]
width = "100 um"
depth = "60 um"
height = "60 um"
bone_height = "20 um"
step = "120 s"
field_step = "60 s"
[observable.macrophages]
noise = "normal"
spread = )" + spread + R"(
[observable.again]
of = "macrophages"
noise = "normal"
spread = )" + spread + R"(
[parameter]
macrophage_loss = { from = 0.5, to = 20 }
)",
                         "cells.toml",
                         "experiment,animal,time [d],observable,value\n"
                         "dying,a,7.25,macrophages,36000\ndying,a,7.25,again,38000\ndying,b,7.25,macrophages,37000\n",
                         "mice.csv", library());
}

AbcState record(const DataSimulator& simulator, const std::filesystem::path& file, std::size_t particles,
                std::size_t rounds, std::size_t threads)
{
    AbcRecordOptions options;
    options.settings.particles = particles;
    options.settings.rounds = rounds;
    options.threads = threads;
    options.file = file;
    return record_abc(simulator, options);
}

std::vector<std::uint64_t> seeds(std::size_t n)
{
    std::vector<std::uint64_t> all(n);
    std::iota(all.begin(), all.end(), std::uint64_t{1000});
    return all;
}

struct Moments {
    double mean = 0, variance = 0;
};

/// Of a coordinate on the scale of the search.
Moments moments(const AbcRound& round, std::size_t p, std::size_t n)
{
    Moments own;
    for (std::size_t i = 0; i < round.weights.size(); ++i) {
        own.mean += round.weights[i] * round.points[i * n + p];
    }
    for (std::size_t i = 0; i < round.weights.size(); ++i) {
        const double off = round.points[i * n + p] - own.mean;
        own.variance += round.weights[i] * off * off;
    }
    return own;
}

} // namespace

TEST_CASE("simulated data scatter around the likelihood's predictions as the problem states", "[abc]")
{
    const Likelihood likelihood(mixed_problem(""));
    const DataSimulator simulator(mixed_problem(""));
    const FitProblem& problem = simulator.problem();
    const auto x = likelihood.start();
    constexpr std::size_t n = 2000;
    std::vector<double> points, data(n * problem.data.size());
    for (std::size_t i = 0; i < n; ++i) {
        points.insert(points.end(), x.begin(), x.end());
    }
    simulator.simulate(points, seeds(n), 1, data);
    const auto at = solvers::fitting::evaluate(likelihood.as_seen_by_solver(), x);
    REQUIRE(at);
    for (std::size_t d = 0; d < problem.data.size(); ++d) {
        const auto& datum = problem.data[d].datum;
        double m = at->predictions.m[d], s = at->predictions.s[d];
        if (datum.noise == solvers::fitting::Noise::lognormal) {
            m = std::log(m);
        } else if (datum.noise == solvers::fitting::Noise::binomial) {
            const double share = std::erfc(-m / std::sqrt(2.0)) / 2;
            m = share * datum.trials;
            s = std::sqrt(share * (1 - share) * datum.trials);
        }
        double mean = 0, squares = 0, at_limit = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const double value = data[i * problem.data.size() + d];
            mean += value / n;
            squares += value * value / n;
            at_limit += datum.censored && value == std::log(datum.value) ? 1.0 / n : 0;
        }
        CAPTURE(d, m, s, mean, at_limit);
        if (datum.censored) { // below the limit they are at it
            const double share = std::erfc(-(std::log(datum.value) - m) / s / std::sqrt(2.0)) / 2;
            CHECK(at_limit == Approx(share).margin(4 * 0.5 / std::sqrt(n)));
            continue;
        }
        CHECK(std::abs(mean - m) < 4 * s / std::sqrt(n) + 1e-4 * std::abs(m));
        if (s > 1e-3) {
            CHECK((squares - mean * mean) / (s * s) == Approx(1).epsilon(0.15));
        }
    }
    CHECK(simulator.observed()[0] == 0.4);
    CHECK(simulator.observed()[4] == std::log(0.5)); // the limit of a value below it
    CHECK(simulator.observed()[5] == std::log(20.0));
    CHECK(simulator.observed()[7] == 2);
}

TEST_CASE("what is drawn from a problem's prior has its density, and stays between the bounds", "[abc]")
{
    const FitProblem problem = mixed_problem("");
    const auto prior = abc_prior(problem);
    constexpr std::size_t n = 4000;
    const std::size_t n_parameters = problem.parameters.size();
    std::vector<std::vector<double>> draws(n_parameters);
    std::vector<double> x(n_parameters);
    for (std::size_t i = 0; i < n; ++i) {
        std::uint32_t used = 0;
        prior.draw([&] { return solvers::to_unit_interval(solvers::random_bits(5, 71, i, used++)); }, x);
        CHECK(std::isfinite(prior.log_density(x)));
        for (std::size_t p = 0; p < n_parameters; ++p) {
            draws[p].push_back(x[p]);
        }
    }
    for (std::size_t p = 0; p < n_parameters; ++p) {
        const FitParameter& parameter = problem.parameters[p];
        const double from = parameter.inward(parameter.lower), until = parameter.inward(parameter.upper);
        std::ranges::sort(draws[p]);
        auto at = x;
        double weight = 0, below = 0, largest = 0;
        std::vector<double> densities;
        constexpr std::size_t n_cells = 20'000;
        for (std::size_t k = 0; k < n_cells; ++k) {
            at[p] = from + (until - from) * (static_cast<double>(k) + 0.5) / n_cells;
            densities.push_back(std::exp(prior.log_density(at) - prior.log_density(x)));
            weight += densities.back();
        }
        std::size_t next = 0;
        for (std::size_t k = 0; k < n_cells; ++k) {
            below += densities[k] / weight;
            const double place = from + (until - from) * (static_cast<double>(k) + 1) / n_cells;
            while (next < n && draws[p][next] < place) {
                ++next;
            }
            largest = std::max(largest, std::abs(below - static_cast<double>(next) / n));
        }
        CAPTURE(parameter.name);
        CHECK(largest * std::sqrt(n) < 1.95); // exceeded once in a thousand
    }
    x[0] = problem.parameters[0].inward(problem.parameters[0].upper) + 1e-9;
    CHECK(prior.log_density(x) == -std::numeric_limits<double>::infinity());
}

TEST_CASE("ABC of equations draws what every tolerance leaves of their posterior, and comes near it as that falls",
          "[abc]")
{
    const std::array<double, 4> seen = {9, 3.5, 1.6, 1.2};
    const auto problem = small_problem(seen);
    const tests::Folder folder;
    const DataSimulator simulator(problem);
    AbcRecordOptions options;
    options.settings.particles = 1000;
    options.settings.least_accepted = 0.005;
    options.settings.tolerance = 0.2;
    options.threads = 1;
    options.file = folder.path / "it.h5";
    const auto state = record_abc(simulator, options);
    REQUIRE(state.rounds.size() > 4);

    const Likelihood likelihood(problem);
    const auto bounds = likelihood.as_seen_by_solver();
    const auto prior = abc_prior(problem);
    constexpr std::size_t n_cells = 40, n_noises = 40'000; // cells of each axis; midpoints
    std::vector<double> points, noises;
    std::vector<std::array<double, 4>> rests; // of logarithms, without noise
    for (std::size_t i = 0; i < n_cells * n_cells; ++i) {
        for (std::size_t p = 0; p < 2; ++p) {
            const double share = (static_cast<double>(p == 0 ? i / n_cells : i % n_cells) + 0.5) / n_cells;
            points.push_back(bounds.lower[p] + share * (bounds.upper[p] - bounds.lower[p]));
        }
        const auto courses = likelihood.courses(std::span(points).subspan(2 * i), {5, 15, 25, 35});
        rests.emplace_back();
        for (std::size_t d = 0; d < 4; ++d) {
            rests.back()[d] = std::log(courses[d] / seen[d]);
        }
    }
    for (std::size_t i = 0; i < 4 * n_noises; ++i) {
        noises.push_back(0.2 * solvers::normal_quantile(solvers::to_unit_interval(solvers::random_bits(6, 81, i, 0))));
    }
    const auto distribution = [&](const std::vector<double>& density, std::size_t p) {
        double weight = 0, mean = 0, square = 0;
        for (std::size_t i = 0; i < rests.size(); ++i) {
            weight += density[i];
            mean += density[i] * points[2 * i + p];
            square += density[i] * points[2 * i + p] * points[2 * i + p];
        }
        mean /= weight;
        return Moments{mean, square / weight - mean * mean};
    };
    const auto left_by = [&](double tolerance) { // the share of noises with which a place comes as close as that
        std::vector<double> densities;
        for (std::size_t i = 0; i < rests.size(); ++i) {
            double n_close = 0;
            for (std::size_t k = 0; k < n_noises; ++k) {
                double room = 4 * tolerance * tolerance;
                for (std::size_t d = 0; d < 4 && room >= 0; ++d) {
                    const double off = (rests[i][d] + noises[4 * k + d]) / state.scales[d];
                    room -= off * off;
                }
                n_close += room >= 0 ? 1 : 0;
            }
            densities.push_back(n_close * std::exp(prior.log_density(std::span(points).subspan(2 * i, 2))));
        }
        return densities;
    };
    std::vector<double> logs(rests.size());
    log_posterior(likelihood, 1)(points, logs);
    const double highest = std::ranges::max(logs);
    for (double& value : logs) {
        value = std::exp(value - highest);
    }
    const std::array<std::size_t, 2> looked_at = {2, state.rounds.size() - 1};
    const std::array<std::vector<double>, 2> densities = {left_by(state.rounds[looked_at[0]].tolerance),
                                                          left_by(state.rounds[looked_at[1]].tolerance)};
    for (std::size_t p = 0; p < 2; ++p) {
        const Moments exact = distribution(logs, p);
        for (std::size_t look = 0; look < 2; ++look) {
            const std::size_t r = looked_at[look];
            const AbcRound& round = state.rounds[r];
            const Moments left = distribution(densities[look], p), own = moments(round, p, 2);
            const double size = round.effective_size();
            CAPTURE(p, r, round.tolerance, size, left.mean, own.mean, left.variance, own.variance, exact.mean);
            CHECK(size > 300);
            CHECK(std::abs(own.mean - left.mean) < 4 * std::sqrt(left.variance / size));
            CHECK(own.variance / left.variance == Approx(1).epsilon(4 * std::sqrt(2 / size)));
        }
        const auto off = [&](std::size_t r) { return std::abs(moments(state.rounds[r], p, 2).mean - exact.mean); };
        const Moments last = moments(state.rounds.back(), p, 2);
        CAPTURE(p, exact.mean, exact.variance, last.mean, last.variance);
        CHECK(off(state.rounds.size() - 1) < off(1));
        CHECK(last.variance < moments(state.rounds[1], p, 2).variance);
    }
}

TEST_CASE("each animal is a tissue of its own, its measurements come from that one, and animals change places", "[abc]")
{
    const DataSimulator simulator(cells_problem("1e-6"));
    constexpr std::size_t n = 6;
    const std::vector<double> points(n, std::log(3.0));
    std::vector<double> data(3 * n), again(3 * n), alone(3);
    simulator.simulate(points, seeds(n), 1, data);
    simulator.simulate(points, seeds(n), 2, again);
    CHECK(data == again);
    const std::vector<std::uint64_t> third = {1002};
    simulator.simulate(std::span(points).first(1), third, 1, alone);
    CHECK(std::equal(alone.begin(), alone.end(), data.begin() + 6)); // alone and among others
    std::size_t n_other = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const auto own = std::span(data).subspan(3 * i, 3); // two animals in order of size, and between them one again
        CHECK((own[1] == Approx(own[0]).margin(1e-4) || own[1] == Approx(own[2]).margin(1e-4)));
        CHECK(own[0] <= own[2]);
        n_other += own[0] != Approx(own[2]).margin(1e-4) ? 1 : 0;
    }
    CHECK(simulator.observed() == std::vector<double>{36000, 38000, 37000});
    CHECK(n_other >= n / 2); // two tissues may hold as many cells
    // Deaths at rate 3/d for a quarter: exp(-3/4) of 100 000 are left on average, and there are two dozen.
    CHECK(data[0] > 20'000);
    CHECK(data[0] < 100'000);
}

TEST_CASE("ABC of cells writes the same bytes with 1 and 2 threads, narrows the prior, and can be drawn and run",
          "[abc]")
{
    const tests::Folder folder;
    const DataSimulator simulator(cells_problem("15000"));
    std::optional<AbcState> state;
    for (const std::size_t threads : {1U, 2U}) {
        state = record(simulator, folder.path / fmt::format("{}.h5", threads), 40, 4, threads);
    }
    CHECK(bytes_of(folder.path / "1.h5") == bytes_of(folder.path / "2.h5"));
    const output::ResultsReader file(folder.path / "1.h5");
    CHECK(file.text_attribute("", "analysis") == "abc");
    CHECK(file.shape("value") == std::vector<std::size_t>{4, 40, 1});
    CHECK(file.numbers("tolerance")[2] < file.numbers("tolerance")[1]);
    // 37 000 of 100 000 left after a quarter of a day: a loss of about 4 ln(100/37) = 4 per day. The prior's median
    // is 3.
    const auto before = marginals(simulator.problem(), state->rounds[0])[0],
               after = marginals(simulator.problem(), state->rounds[3])[0];
    CAPTURE(after.low, after.median, after.high, before.low, before.high);
    CHECK(after.high / after.low < 0.5 * before.high / before.low);
    CHECK(after.low < 4);
    CHECK(after.high > 4);
    CHECK(figure_of(file, "1.h5", {}).panels.size() == 2);
    Scenario other = cells_problem().experiments[0].scenario;
    const auto prediction = predict_at_draws(file, "1.h5", other, 5);
    const Study study(prediction.scenario);
    REQUIRE(study.size() == 5);
    CHECK(study.member(1).replicate != study.member(2).replicate); // luck of its own
    const auto values = file.numbers("value");
    for (std::size_t i = 0; i < study.size(); ++i) {
        CHECK(std::find(values.begin() + 120, values.end(), study.member(i).varied[0]) != values.end());
    }
}

TEST_CASE("cells have no likelihood; a prior of which nothing can be compared is refused", "[abc]")
{
    CHECK_THROWS_WITH(Likelihood(cells_problem()),
                      Catch::Contains("cells.toml:3:1: experiment 'dying' has no likelihood")
                          && Catch::Contains("use osteoflare sample"));
    FitProblem impossible = small_problem({9, 3.5, 1.6, 1.2});
    impossible.observables[0].offset.value = -1e9; // of which there is no logarithm
    const DataSimulator simulator(impossible);
    const tests::Folder folder;
    CHECK_THROWS_WITH(record(simulator, folder.path / "it.h5", 30, 3, 1),
                      Catch::Contains("3000 of 3000 draws of the prior cannot be simulated"));
    CHECK(!std::filesystem::exists(folder.path / "it.h5"));
}
