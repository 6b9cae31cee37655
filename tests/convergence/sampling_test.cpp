#include "solvers/sampling/walkers.hpp"

#include "catch.hpp"
#include "solvers/designs.hpp"
#include "solvers/ensemble.hpp"
#include "solvers/random.hpp"
#include "solvers/sampling/diagnostics.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <limits>

using namespace osteoflare::solvers::sampling;
namespace solvers = osteoflare::solvers;

namespace {

using Point = std::span<const double>;

/// Draws the same way in every run; each purpose has its own.
double normal(std::uint32_t purpose, std::size_t i)
{
    return solvers::normal_quantile(solvers::to_unit_interval(solvers::random_bits(3, purpose, i, 0)));
}

LogDensity each(std::size_t n, std::function<double(Point)> one, std::size_t threads = 1)
{
    return [=](std::span<const double> points, std::span<double> values) {
        solvers::for_each_member(values.size(), threads,
                                 [&](std::size_t i) { values[i] = one(points.subspan(i * n, n)); });
    };
}

/// Where a sampler went: (draw, ensemble, walker) for each quantity of a point.
struct Chains {
    std::vector<std::vector<double>> quantities;
    Walkers walkers;

    Draws draws(std::size_t q) const { return {quantities[q], walkers.n_ensembles, walkers.n_walkers}; }
    double mean(std::size_t q) const
    {
        double sum = 0;
        for (const double value : quantities[q]) {
            sum += value;
        }
        return sum / static_cast<double>(quantities[q].size());
    }
    double variance(std::size_t q) const
    {
        const double middle = mean(q);
        double sum = 0;
        for (const double value : quantities[q]) {
            sum += (value - middle) * (value - middle);
        }
        return sum / static_cast<double>(quantities[q].size());
    }
    /// The mean is `truth` within four of its standard errors, and that is known well enough to be worth saying.
    void require_mean(std::size_t q, double truth) const
    {
        const Diagnosis diagnosis = diagnose(draws(q));
        CAPTURE(q, diagnosis.r_hat, diagnosis.ess_bulk);
        CHECK(diagnosis.r_hat < 1.01);
        CHECK(diagnosis.ess_bulk > 1000);
        CHECK(std::abs(mean(q) - truth) < 4 * std::sqrt(variance(q) / diagnosis.ess_bulk));
    }
};

Chains sample(Walkers walkers, const LogDensity& density, std::size_t warm_up, std::size_t steps, std::uint64_t seed,
              const std::vector<std::function<double(Point)>>& quantities)
{
    Chains chains{std::vector<std::vector<double>>(quantities.size()), {}};
    for (std::size_t i = 0; i < warm_up + steps; ++i) {
        advance(walkers, seed, density);
        for (std::size_t w = 0; i >= warm_up && w < walkers.log_densities.size(); ++w) {
            const auto point = Point(walkers.positions).subspan(w * walkers.n_dimensions, walkers.n_dimensions);
            for (std::size_t q = 0; q < quantities.size(); ++q) {
                chains.quantities[q].push_back(quantities[q](point));
            }
        }
    }
    chains.walkers = std::move(walkers);
    return chains;
}

std::vector<double> scattered(std::size_t n, double spread, double middle = 0)
{
    std::vector<double> positions;
    for (std::size_t i = 0; i < n; ++i) {
        positions.push_back(middle + spread * normal(11, i));
    }
    return positions;
}

/// A normal distribution in five dimensions: x = L z with a lower triangle L, far from round.
struct Gaussian {
    static constexpr std::size_t n = 5;
    std::array<std::array<double, n>, n> root = {
        {{1, 0, 0, 0, 0}, {0.9, 0.1, 0, 0, 0}, {-20, 3, 10, 0, 0}, {0.01, 0, 0.02, 0.005, 0}, {2, -1, 0, 0.5, 0.7}}};
    std::array<double, n> middle = {1, -2, 300, 0.04, 0};

    double covariance(std::size_t i, std::size_t j) const
    {
        double sum = 0;
        for (std::size_t k = 0; k < n; ++k) {
            sum += root[i][k] * root[j][k];
        }
        return sum;
    }
    double operator()(Point x) const
    {
        std::array<double, n> z{};
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
            double rest = x[i] - middle[i];
            for (std::size_t k = 0; k < i; ++k) {
                rest -= root[i][k] * z[k];
            }
            z[i] = rest / root[i][i];
            sum += z[i] * z[i];
        }
        return -sum / 2;
    }
    /// Exact draws.
    std::vector<double> draws(std::size_t n_draws, std::uint32_t purpose) const
    {
        std::vector<double> points;
        for (std::size_t k = 0; k < n_draws; ++k) {
            for (std::size_t i = 0; i < n; ++i) {
                double x = middle[i];
                for (std::size_t j = 0; j <= i; ++j) {
                    x += root[i][j] * normal(purpose, k * n + j);
                }
                points.push_back(x);
            }
        }
        return points;
    }
};

} // namespace

TEST_CASE("a normal distribution in five dimensions comes out with its mean and covariance", "[sampling]")
{
    const Gaussian gaussian;
    const auto density = each(Gaussian::n, gaussian);
    std::vector<double> positions;
    for (const double offset : scattered(4 * 20 * Gaussian::n, 0.1)) {
        positions.push_back(gaussian.middle[positions.size() % Gaussian::n] + offset); // nothing like the distribution
    }
    std::vector<std::function<double(Point)>> quantities;
    std::vector<double> truth;
    for (std::size_t i = 0; i < Gaussian::n; ++i) {
        quantities.push_back([=](Point x) { return x[i]; });
        truth.push_back(gaussian.middle[i]);
        for (std::size_t j = 0; j <= i; ++j) {
            quantities.push_back([=](Point x) { return (x[i] - gaussian.middle[i]) * (x[j] - gaussian.middle[j]); });
            truth.push_back(gaussian.covariance(i, j));
        }
    }
    const auto chains =
        sample(place_walkers(4, 20, Gaussian::n, positions, density), density, 500, 3000, 1, quantities);
    for (std::size_t q = 0; q < quantities.size(); ++q) {
        chains.require_mean(q, truth[q]);
    }
    CHECK(chains.walkers.failed == std::vector<std::uint64_t>(4, 0));
}

TEST_CASE("a banana comes out with its moments", "[sampling]")
{
    // x0 ~ N(0, s²), x1 = N(0, 1) + b (x0² − s²): mean 0 and variance 1 + 2 b² s⁴, no correlation.
    constexpr double s = 3, b = 0.2;
    const auto density = each(2, [](Point x) {
        const double y = x[1] - b * (x[0] * x[0] - s * s);
        return -(x[0] * x[0] / (s * s) + y * y) / 2;
    });
    const auto chains =
        sample(place_walkers(4, 24, 2, scattered(4 * 24 * 2, 1), density), density, 1000, 8000, 2,
               {[](Point x) { return x[0]; }, [](Point x) { return x[1]; }, [](Point x) { return x[0] * x[0]; },
                [](Point x) { return x[1] * x[1]; }, [](Point x) { return x[0] * x[1]; }});
    chains.require_mean(0, 0);
    chains.require_mean(1, 0);
    chains.require_mean(2, s * s);
    chains.require_mean(3, 1 + 2 * b * b * s * s * s * s);
    chains.require_mean(4, 0);
}

TEST_CASE("bounds are kept, and a distribution without slope fills them evenly", "[sampling]")
{
    // A triangle: 0 < x < 1, 0 < y < x. Means 2/3 and 1/3, of squares 1/2 and 1/6.
    const auto density = each(2, [](Point x) {
        const bool inside = x[0] > 0 && x[0] < 1 && x[1] > 0 && x[1] < x[0];
        return inside ? 0 : -std::numeric_limits<double>::infinity();
    });
    std::vector<double> positions;
    for (std::size_t i = 0; i < 2 * 16; ++i) {
        const double x = 0.5 + 0.01 * static_cast<double>(i);
        positions.insert(positions.end(), {x, x * x / 2});
    }
    const auto chains = sample(place_walkers(2, 16, 2, positions, density), density, 500, 8000, 3,
                               {[](Point x) { return x[0]; }, [](Point x) { return x[1]; },
                                [](Point x) { return x[0] * x[0]; }, [](Point x) { return x[1] * x[1]; }});
    chains.require_mean(0, 2.0 / 3);
    chains.require_mean(1, 1.0 / 3);
    chains.require_mean(2, 1.0 / 2);
    chains.require_mean(3, 1.0 / 6);
}

TEST_CASE("walkers in two modes get to each of them as often as its weight says", "[sampling]")
{
    // 0.7 N(−4, 1) + 0.3 N(4, 1), between which next to nothing lies; beside a plain normal coordinate.
    const auto density = each(2, [](Point x) {
        return std::log(0.7 * std::exp(-(x[0] + 4) * (x[0] + 4) / 2) + 0.3 * std::exp(-(x[0] - 4) * (x[0] - 4) / 2))
               - x[1] * x[1] / 2;
    });
    const auto chains = sample(place_walkers(4, 32, 2, scattered(4 * 32 * 2, 4), density), density, 2000, 20'000, 4,
                               {[](Point x) { return x[0] > 0 ? 1.0 : 0.0; }, [](Point x) { return x[0]; }});
    chains.require_mean(0, 0.3);
    chains.require_mean(1, -1.6);
}

TEST_CASE("walkers that are draws of the distribution remain so after a few steps", "[sampling]")
{
    // Many ensembles of exact draws: what differs after five steps is the fault of a move, not of its patience.
    const Gaussian gaussian;
    const auto density = each(Gaussian::n, gaussian);
    constexpr std::size_t n_ensembles = 2000, n_walkers = 12;
    auto walkers =
        place_walkers(n_ensembles, n_walkers, Gaussian::n, gaussian.draws(n_ensembles * n_walkers, 21), density);
    for (int step = 0; step < 5; ++step) {
        advance(walkers, 9, density);
    }
    // −2 log density is χ² with 5 degrees of freedom: mean 5, variance 10. Ensembles are independent.
    double mean = 0, squares = 0;
    for (std::size_t e = 0; e < n_ensembles; ++e) {
        double own = 0;
        for (std::size_t w = 0; w < n_walkers; ++w) {
            own -= 2 * walkers.log_densities[e * n_walkers + w] / n_walkers;
        }
        mean += own / n_ensembles;
        squares += own * own / n_ensembles;
    }
    const double error = std::sqrt((squares - mean * mean) / n_ensembles);
    CAPTURE(mean, error);
    CHECK(std::abs(mean - 5) < 4 * error);
    CHECK(error < 0.04);
}

TEST_CASE("walkers go to the same bits with 1 and 2 threads, and from any moment that was kept", "[sampling]")
{
    const Gaussian gaussian;
    const auto alone = each(Gaussian::n, gaussian, 1), shared = each(Gaussian::n, gaussian, 2);
    auto first = place_walkers(2, 12, Gaussian::n, gaussian.draws(24, 5), alone);
    auto second = place_walkers(2, 12, Gaussian::n, gaussian.draws(24, 5), shared);
    for (int step = 0; step < 30; ++step) {
        advance(first, 7, alone);
    }
    for (int step = 0; step < 30; ++step) {
        Walkers kept{
            2, 12, Gaussian::n, second.step, second.positions, second.log_densities, second.accepted, second.failed};
        advance(kept, 7, shared);
        second = kept;
    }
    CHECK(first.step == 30);
    CHECK(first.positions == second.positions);
    CHECK(first.log_densities == second.log_densities);
    CHECK(first.accepted == second.accepted);
    advance(second, 8, alone);
    advance(first, 7, alone);
    CHECK(first.positions != second.positions); // another seed
}

TEST_CASE("points that cannot be computed are refused and counted", "[sampling]")
{
    const auto density = each(1, [](Point x) { return x[0] > 1 ? std::nan("") : -x[0] * x[0] / 2; });
    const auto chains = sample(place_walkers(2, 8, 1, scattered(16, 0.1), density), density, 0, 2000, 5,
                               {[](Point x) { return x[0]; }});
    CHECK(*std::ranges::max_element(chains.quantities[0]) <= 1);
    CHECK(chains.walkers.failed[0] > 100);
    CHECK(chains.walkers.failed[0] + chains.walkers.accepted[0] < 2000 * 8);
    CHECK_THROWS_AS(place_walkers(2, 8, 1, scattered(16, 0.1, 2), density), std::invalid_argument);
    CHECK_THROWS_AS(place_walkers(2, 9, 1, scattered(18, 0.1), density), std::invalid_argument);
    CHECK_THROWS_AS(place_walkers(1, 8, 4, scattered(32, 0.1), density), std::invalid_argument);
}

TEST_CASE("calibration by simulation: the truth ranks evenly among draws of its posterior", "[sampling]")
{
    // Talts et al. 2018: parameters from the prior, data from the parameters, draws given the data. A line y = a + b t
    // through four points of noise 1, a uniform between −2 and 2, b normal.
    constexpr std::size_t n_studies = 320, n_draws = 63, n_bins = 8, thin = 20, n_times = 4;
    std::array<std::array<double, n_bins>, 2> counts{};
    for (std::size_t study = 0; study < n_studies; ++study) {
        const double u = solvers::to_unit_interval(solvers::random_bits(3, 31, study, 0));
        const std::array<double, 2> truth = {4 * u - 2, normal(32, study)};
        std::array<double, n_times> y{};
        for (std::size_t i = 0; i < n_times; ++i) {
            y[i] = truth[0] + truth[1] * static_cast<double>(i) / 2 + normal(33, study * n_times + i);
        }
        const auto density = each(2, [&](Point x) {
            if (std::abs(x[0]) >= 2) {
                return -std::numeric_limits<double>::infinity();
            }
            double sum = x[1] * x[1];
            for (std::size_t i = 0; i < n_times; ++i) {
                const double rest = y[i] - x[0] - x[1] * static_cast<double>(i) / 2;
                sum += rest * rest;
            }
            return -sum / 2;
        });
        auto walkers = place_walkers(1, 8, 2, scattered(16, 0.3), density);
        std::array<std::size_t, 2> rank{};
        for (std::size_t step = 0; step < 200 + n_draws * thin; ++step) {
            advance(walkers, study, density);
            for (std::size_t p = 0; p < 2 && step >= 200 && step % thin == 0; ++p) {
                rank[p] += walkers.positions[p] < truth[p] ? 1 : 0; // of the first walker
            }
        }
        for (std::size_t p = 0; p < 2; ++p) {
            counts[p][rank[p] * n_bins / (n_draws + 1)] += 1;
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
