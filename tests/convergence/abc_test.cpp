#include "solvers/sampling/abc_smc.hpp"

#include "catch.hpp"
#include "solvers/designs.hpp"
#include "solvers/ensemble.hpp"
#include "solvers/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

using namespace osteoflare::solvers::sampling;
namespace solvers = osteoflare::solvers;

namespace {

using Point = std::span<const double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Standard normal numbers of one simulation.
class Noise {
public:
    explicit Noise(std::uint64_t seed) : seed_(seed) {}
    double even(std::uint32_t i) const { return solvers::to_unit_interval(solvers::random_bits(seed_, 61, 0, i)); }
    double operator()(std::uint32_t i) const { return solvers::normal_quantile(even(i)); }

private:
    std::uint64_t seed_;
};

Simulate each(std::size_t n_dimensions, std::size_t n_summaries,
              std::function<void(Point, const Noise&, std::span<double>)> one, std::size_t threads = 1)
{
    return [=](Point points, std::span<const std::uint64_t> seeds, std::span<double> summaries) {
        solvers::for_each_member(seeds.size(), threads, [&](std::size_t i) {
            one(points.subspan(i * n_dimensions, n_dimensions), Noise(seeds[i]),
                summaries.subspan(i * n_summaries, n_summaries));
        });
    };
}

AbcPrior uniform(double from, double to)
{
    return {[=](const EvenNumbers& next, std::span<double> x) {
                for (double& own : x) {
                    own = from + (to - from) * next();
                }
            },
            [=](Point x) {
                return std::ranges::all_of(x, [=](double own) { return own > from && own < to; }) ? 0 : -infinity;
            }};
}

AbcPrior normal(double mean, double spread)
{
    return {[=](const EvenNumbers& next, std::span<double> x) {
                for (double& own : x) {
                    own = mean + spread * solvers::normal_quantile(next());
                }
            },
            [=](Point x) {
                double sum = 0;
                for (const double own : x) {
                    sum += (own - mean) * (own - mean) / (spread * spread);
                }
                return -sum / 2;
            }};
}

AbcState sample(const AbcProblem& problem, const AbcOptions& options, std::size_t batch = 1000)
{
    AbcState state;
    while (state.end == AbcEnd::not_yet) {
        advance(state, problem, options, batch);
    }
    return state;
}

double mean_of(const AbcRound& round, const std::function<double(Point)>& quantity)
{
    const std::size_t n = round.points.size() / round.weights.size();
    double mean = 0;
    for (std::size_t i = 0; i < round.weights.size(); ++i) {
        mean += round.weights[i] * quantity(Point(round.points).subspan(i * n, n));
    }
    return mean;
}

double cdf(double z)
{
    return std::erfc(-z / std::sqrt(2.0)) / 2;
}

/// A distribution in one dimension, summed over a grid.
struct Reference {
    std::vector<double> x, density; ///< of sum 1
    double mean = 0, variance = 0;

    Reference(double from, double to, const std::function<double(double)>& unscaled)
    {
        constexpr std::size_t n = 20'000;
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) {
            x.push_back(from + (to - from) * (static_cast<double>(i) + 0.5) / n);
            density.push_back(unscaled(x.back()));
            sum += density.back();
        }
        for (std::size_t i = 0; i < n; ++i) {
            density[i] /= sum;
            mean += density[i] * x[i];
        }
        for (std::size_t i = 0; i < n; ++i) {
            variance += density[i] * (x[i] - mean) * (x[i] - mean);
        }
    }
    /// Kolmogorov and Smirnov's largest distance between distribution functions.
    double distance(const AbcRound& round) const
    {
        std::vector<std::pair<double, double>> particles;
        for (std::size_t i = 0; i < round.weights.size(); ++i) {
            particles.emplace_back(round.points[i], round.weights[i]);
        }
        std::ranges::sort(particles);
        double largest = 0, below = 0, own = 0;
        std::size_t next = 0;
        for (const auto& [place, weight] : particles) {
            while (next < x.size() && x[next] < place) {
                below += density[next++];
            }
            largest = std::max({largest, std::abs(below - own), std::abs(below - own - weight)});
            own += weight;
        }
        return largest;
    }
    /// Mean, variance and distribution function are this within what so many draws can tell.
    void require(const AbcRound& round) const
    {
        const double size = round.effective_size();
        const double own = mean_of(round, [](Point p) { return p[0]; });
        const double spread = mean_of(round, [&](Point p) { return (p[0] - own) * (p[0] - own); });
        CAPTURE(size, mean, own, variance, spread, distance(round) * std::sqrt(size));
        CHECK(size > 1000);
        CHECK(std::abs(own - mean) < 4 * std::sqrt(variance / size));
        CHECK(spread / variance == Approx(1).epsilon(4 * std::sqrt(2 / size)));
        CHECK(distance(round) * std::sqrt(size) < 1.95); // exceeded once in a thousand
    }
};

/// One number, seen through normal noise of spread 1, under an even prior.
AbcProblem measured_number(std::size_t threads = 1)
{
    return {1,
            uniform(-5, 5),
            {0.7},
            each(
                1, 1, [](Point x, const Noise& noise, std::span<double> y) { y[0] = x[0] + noise(0); }, threads)};
}

} // namespace

TEST_CASE("at a tolerance that is no small one, ABC draws from the density that it has on paper", "[abc]")
{
    for (const double tolerance : {0.6, 0.2}) {
        AbcOptions options;
        options.particles = 3000;
        options.tolerance = tolerance;
        const auto state = sample(measured_number(), options);
        CHECK(state.end == AbcEnd::tolerance_reached);
        CHECK(state.rounds.size() >= 2);
        CHECK(state.rounds.back().tolerance == tolerance);
        const double within = tolerance * state.scales[0];
        const Reference exact(-5, 5,
                              [&](double theta) { return cdf(within - (theta - 0.7)) - cdf(-within - (theta - 0.7)); });
        exact.require(state.rounds.back());
    }
}

TEST_CASE("the first round is the prior, and its scale is the usual deviation under it", "[abc]")
{
    AbcOptions options;
    options.particles = 4000;
    options.rounds = 1;
    const auto state = sample(measured_number(), options);
    CHECK(state.end == AbcEnd::all_rounds);
    Reference(-5, 5, [](double) { return 1; }).require(state.rounds[0]);
    // The distribution function of theta + noise is cdf integrated over the prior; half of it lies within the median.
    const double median = state.scales[0];
    double inside = 0;
    for (int i = 0; i < 1000; ++i) {
        const double theta = -5 + (i + 0.5) / 100;
        inside += (cdf(median - theta) - cdf(-median - theta)) / 1000;
    }
    CHECK(inside == Approx(0.5).margin(4 * 0.5 / std::sqrt(4000.0)));
}

TEST_CASE("scales are median absolute deviations, or mean ones where most are equal, or 1", "[abc]")
{
    for (const std::size_t n : {30U, 31U}) {
        // A number, one that differs in two particles only, and one that never does.
        std::vector<double> seen;
        AbcProblem problem = measured_number();
        problem.observed = {0.7, 4, 5};
        problem.simulate = [&](Point x, std::span<const std::uint64_t>, std::span<double> y) {
            for (std::size_t i = 0; i < x.size(); ++i) {
                const std::array<double, 3> own = {x[i] * x[i] / 100, i == 3 || i == 8 ? 0.5 : 0, 3};
                std::ranges::copy(own, y.begin() + static_cast<std::ptrdiff_t>(3 * i));
            }
            seen.assign(y.begin(), y.end());
        };
        AbcOptions options;
        options.particles = n;
        options.rounds = 1;
        const AbcState state = sample(problem, options);
        const auto median = [](std::vector<double> values) {
            std::ranges::sort(values);
            return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
        };
        std::vector<double> numbers;
        for (std::size_t i = 0; i < n; ++i) {
            numbers.push_back(seen[3 * i]);
        }
        const double middle = median(numbers);
        for (double& number : numbers) {
            number = std::abs(number - middle);
        }
        const std::array<double, 3> scales = {median(numbers), 2 * 0.5 / static_cast<double>(n), 1};
        for (std::size_t s = 0; s < 3; ++s) {
            CHECK(state.scales.at(s) == Approx(scales[s]));
        }
        for (std::size_t i = 0; i < n; ++i) {
            double square = 0; // of the root mean square
            for (std::size_t s = 0; s < 3; ++s) {
                square += std::pow((seen[3 * i + s] - problem.observed[s]) / scales[s], 2) / 3;
            }
            CHECK(state.rounds[0].distances[i] == Approx(std::sqrt(square)));
        }
    }
}

TEST_CASE("data that say nothing give back the prior after any number of rounds", "[abc]")
{
    AbcProblem problem{
        1, normal(1, 2), {0}, each(1, 1, [](Point, const Noise& noise, std::span<double> y) { y[0] = noise(0); })};
    AbcOptions options;
    options.particles = 3000;
    options.rounds = 5;
    const auto state = sample(problem, options);
    CHECK(state.rounds.size() == 5);
    CHECK(state.rounds.back().tolerance < 0.2);
    Reference(-12, 14, [](double x) { return std::exp(-(x - 1) * (x - 1) / 8); }).require(state.rounds.back());
}

TEST_CASE("in two dimensions ABC agrees with draws of the prior that are kept if they come close enough", "[abc]")
{
    // A sum that is known well, and one of the two that is known badly: a posterior along a diagonal.
    const auto simulate = [](Point x, const Noise& noise, std::span<double> y) {
        y[0] = x[0] + x[1] + 0.3 * noise(0);
        y[1] = x[0] + noise(1);
    };
    const AbcProblem problem{2, normal(0, 1), {1.2, 0.4}, each(2, 2, simulate)};
    AbcOptions options;
    options.particles = 4000;
    options.tolerance = 0.25;
    const auto state = sample(problem, options);
    CHECK(state.end == AbcEnd::tolerance_reached);
    CHECK(state.rounds.size() >= 3);

    const std::array<std::function<double(Point)>, 5> quantities = {
        [](Point x) { return x[0]; }, [](Point x) { return x[1]; }, [](Point x) { return x[0] * x[0]; },
        [](Point x) { return x[1] * x[1]; }, [](Point x) { return x[0] * x[1]; }};
    std::array<double, 5> sums{}, squares{};
    double n_kept = 0;
    for (std::uint64_t i = 0; i < 400'000; ++i) {
        const Noise draw(1'000'000 + i), noise(9'000'000 + i);
        const std::array<double, 2> x = {draw(0), draw(1)};
        std::array<double, 2> y{};
        simulate(x, noise, y);
        const double first = (y[0] - 1.2) / state.scales[0], second = (y[1] - 0.4) / state.scales[1];
        if (std::sqrt((first * first + second * second) / 2) > options.tolerance) {
            continue;
        }
        n_kept += 1;
        for (std::size_t q = 0; q < quantities.size(); ++q) {
            const double value = quantities[q](x);
            sums[q] += value;
            squares[q] += value * value;
        }
    }
    CHECK(n_kept > 5000);
    const AbcRound& last = state.rounds.back();
    for (std::size_t q = 0; q < quantities.size(); ++q) {
        const double mean = sums[q] / n_kept, variance = squares[q] / n_kept - mean * mean;
        const double own = mean_of(last, quantities[q]);
        CAPTURE(q, mean, own, last.effective_size());
        CHECK(std::abs(own - mean) < 4 * std::sqrt(variance * (1 / n_kept + 1 / last.effective_size())));
    }
    const double covariance =
        mean_of(last, quantities[4]) - mean_of(last, quantities[0]) * mean_of(last, quantities[1]);
    CHECK(covariance < -0.2); // the diagonal is there
}

TEST_CASE("ABC goes to the same bits with other threads and batches, and from any moment that was kept", "[abc]")
{
    AbcOptions options;
    options.particles = 200;
    options.rounds = 4;
    const auto whole = sample(measured_number(1), options, 1000);
    const auto pieces = sample(measured_number(2), options, 7);
    AbcState kept;
    std::size_t batch = 1;
    while (kept.end == AbcEnd::not_yet) {
        AbcState again{kept.scales, kept.rounds, kept.current, kept.first_summaries, kept.end};
        advance(again, measured_number(2), options, batch);
        kept = again;
        batch = batch % 97 + 13;
    }
    for (const AbcState* other : {&pieces, static_cast<const AbcState*>(&kept)}) {
        CHECK(other->scales == whole.scales);
        CHECK(other->end == whole.end);
        REQUIRE(other->rounds.size() == 4);
        for (std::size_t r = 0; r < 4; ++r) {
            CHECK(other->rounds[r].points == whole.rounds[r].points);
            CHECK(other->rounds[r].weights == whole.rounds[r].weights);
            CHECK(other->rounds[r].distances == whole.rounds[r].distances);
            CHECK(other->rounds[r].tolerance == whole.rounds[r].tolerance);
            CHECK(other->rounds[r].n_simulated == whole.rounds[r].n_simulated);
        }
    }
    options.seed = 2;
    CHECK(sample(measured_number(), options).rounds[0].points != whole.rounds[0].points);
}

TEST_CASE("simulations that fail are counted and never accepted; where chance alone makes them, nothing is biased",
          "[abc]")
{
    AbcProblem problem = measured_number();
    problem.simulate = each(1, 1, [](Point x, const Noise& noise, std::span<double> y) {
        y[0] = noise.even(9) < 0.3 ? std::nan("") : noise.even(9) < 0.4 ? infinity : x[0] + noise(0);
    });
    AbcOptions options;
    options.particles = 3000;
    options.tolerance = 0.6;
    const auto state = sample(problem, options);
    for (const AbcRound& round : state.rounds) {
        const double n = static_cast<double>(round.n_simulated), share = static_cast<double>(round.n_failed) / n;
        CHECK(share == Approx(0.4).margin(4 * std::sqrt(0.24 / n)));
        CHECK(std::ranges::all_of(round.distances, [&](double d) { return d <= round.tolerance; }));
    }
    const double within = 0.6 * state.scales[0];
    Reference(-5, 5, [&](double theta) {
        return cdf(within - (theta - 0.7)) - cdf(-within - (theta - 0.7));
    }).require(state.rounds.back());

    problem.simulate = each(1, 1, [](Point x, const Noise& noise, std::span<double> y) {
        y[0] = x[0] < 0 ? std::nan("") : x[0] + noise(0);
    });
    const auto half = sample(problem, options);
    CHECK(std::ranges::min(half.rounds.back().points) >= 0);
    problem.simulate = each(1, 1, [](Point, const Noise&, std::span<double> y) { y[0] = std::nan(""); });
    const auto none = sample(problem, options);
    CHECK(none.end == AbcEnd::few_accepted);
    CHECK(none.rounds.empty());
    CHECK(none.current.n_failed == 300'000);
}

TEST_CASE("ABC ends where too few are accepted, and where all are equally far", "[abc]")
{
    AbcOptions options;
    options.particles = 100;
    options.least_accepted = 0.1;
    const auto few = sample(measured_number(), options);
    CHECK(few.end == AbcEnd::few_accepted);
    CHECK((few.rounds.back().share_accepted() < 0.1 || few.current.n_simulated == 2000));
    CHECK(few.rounds[few.rounds.size() - 2].share_accepted() >= 0.1);

    AbcProblem flat = measured_number();
    flat.simulate = each(1, 1, [](Point, const Noise&, std::span<double> y) { y[0] = 3; });
    const auto equal = sample(flat, options);
    CHECK(equal.end == AbcEnd::no_progress);
    CHECK(equal.rounds.size() == 2); // the prior, and all that are as near as all
    options.particles = 2;
    AbcState state;
    CHECK_THROWS_AS(advance(state, flat, options, 10), std::invalid_argument);
}

TEST_CASE("weights are prior over mixture, whatever constant the prior is known but for", "[abc]")
{
    constexpr double spread = 2;
    const AbcPrior prior = normal(0, spread);
    for (const double constant : {-1e4, 0.0, 1e4}) {
        AbcProblem problem = measured_number();
        problem.prior = {prior.draw, [&](Point x) { return prior.log_density(x) + constant; }};
        AbcOptions options;
        options.particles = 30;
        options.rounds = 2;
        const AbcState state = sample(problem, options);
        REQUIRE(state.rounds.size() == 2);
        const std::vector<double>&from = state.rounds[0].points, &to = state.rounds[1].points;
        double mean = 0, square = 0, sum = 0;
        for (const double x : from) {
            mean += x / 30;
            square += x * x / 30;
        }
        std::vector<double> weights;
        for (const double x : to) {
            double mixture = 0; // steps have twice the variance
            for (const double other : from) {
                mixture += std::exp(-(x - other) * (x - other) / (4 * (square - mean * mean)));
            }
            weights.push_back(std::exp(-x * x / (2 * spread * spread)) / mixture);
            sum += weights.back();
        }
        for (std::size_t i = 0; i < 30; ++i) {
            CHECK(state.rounds[1].weights[i] == Approx(weights[i] / sum).epsilon(1e-10));
        }
    }
}

TEST_CASE("by default a round is given up where it accepts fewer than one in a hundred", "[abc]")
{
    AbcProblem problem = measured_number();
    problem.simulate = each(1, 1, [](Point, const Noise&, std::span<double> y) { y[0] = std::nan(""); });
    AbcOptions options;
    options.particles = 10;
    const AbcState state = sample(problem, options);
    CHECK(state.end == AbcEnd::few_accepted);
    CHECK(state.current.n_simulated == 1000);
}

TEST_CASE("weights from prior and kernel neither underflow far out nor mind the units of dimensions", "[abc]")
{
    // Log densities of −1e5 and less, in one dimension of order 1e6 and one of order 1e-9.
    AbcProblem problem{2, {}, {0}, {}};
    problem.prior = {[](const EvenNumbers& next, std::span<double> x) {
                         x[0] = 1e6 * solvers::normal_quantile(next());
                         x[1] = 1e-9 * solvers::normal_quantile(next());
                     },
                     [](Point x) { return -1e5 - x[0] * x[0] / 2e12 - x[1] * x[1] / 2e-18; }};
    problem.simulate = each(2, 1, [](Point, const Noise& noise, std::span<double> y) { y[0] = noise(0); });
    AbcOptions options;
    options.particles = 3000;
    options.rounds = 4;
    const AbcRound last = sample(problem, options).rounds.back();
    const double error = 4 * std::sqrt(2 / last.effective_size());
    CHECK(last.effective_size() > 1000);
    CHECK(mean_of(last, [](Point x) { return x[0] * x[0] * 1e-12; }) == Approx(1).epsilon(error));
    CHECK(mean_of(last, [](Point x) { return x[1] * x[1] * 1e18; }) == Approx(1).epsilon(error));
    CHECK(std::abs(mean_of(last, [](Point x) { return x[0] * x[1] * 1e3; })) < error);
}

TEST_CASE("ABC refuses options that make no sense, and a sample that has ended stays as it is", "[abc]")
{
    AbcProblem blind = measured_number();
    blind.observed.clear();
    AbcOptions good, no_rounds, none_accepted, more_than_all;
    no_rounds.rounds = 0;
    none_accepted.least_accepted = 0;
    more_than_all.least_accepted = 1.01;
    AbcState state;
    CHECK_THROWS_AS(advance(state, blind, good, 10), std::invalid_argument);
    for (const AbcOptions& wrong : {no_rounds, none_accepted, more_than_all}) {
        CHECK_THROWS_AS(advance(state, measured_number(), wrong, 10), std::invalid_argument);
    }
    CHECK(state.current.share_accepted() == 0); // nobody was asked
    CHECK(state.current.effective_size() == 0);

    good.particles = 100;
    good.rounds = 1;
    AbcState ended = sample(measured_number(), good);
    const auto points = ended.rounds.at(0).points;
    advance(ended, measured_number(), good, 1000);
    CHECK(ended.end == AbcEnd::all_rounds);
    CHECK(ended.rounds.size() == 1);
    CHECK(ended.rounds[0].points == points);
    CHECK(ended.current.n_simulated == 0);
}
