#include "solvers/designs.hpp"
#include "solvers/random.hpp"
#include "solvers/statistics/bootstrap.hpp"

#include "catch.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

using namespace osteoflare::solvers;

namespace {

double mean_of(const std::vector<double>& values, std::span<const std::size_t> members)
{
    double sum = 0;
    for (const std::size_t i : members) {
        sum += values[i];
    }
    return sum / static_cast<double>(members.size());
}

std::vector<double> normals(std::size_t n, std::uint64_t seed)
{
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i) {
        values.push_back(normal_quantile(to_unit_interval(random_bits(seed, 1000, i, 0))));
    }
    return values;
}

} // namespace

TEST_CASE("every member is drawn equally often, at every place", "[statistics][bootstrap]")
{
    constexpr std::size_t n = 7, n_replicates = 7000;
    std::vector<double> counts(n * n);
    for (std::size_t k = 0; k < n_replicates; ++k) {
        const auto drawn = resample(n, 3, k);
        REQUIRE(drawn.size() == n);
        REQUIRE(*std::ranges::max_element(drawn) < n);
        for (std::size_t place = 0; place < n; ++place) {
            counts[place * n + drawn[place]] += 1;
        }
    }
    double chi_square = 0;
    for (const double count : counts) {
        chi_square += (count - 1000) * (count - 1000) / 1000;
    }
    CHECK(boost::math::cdf(boost::math::complement(boost::math::chi_squared(n * (n - 1)), chi_square)) > 1e-3);
    CHECK(resample(n, 3, 5) == resample(n, 3, 5));
    CHECK(resample(n, 3, 5) != resample(n, 3, 6));
    CHECK(resample(n, 3, 5) != resample(n, 4, 5));
}

TEST_CASE("the largest of all is in a share 1 - (1 - 1/n)^n of the replicates", "[statistics][bootstrap]")
{
    // The maximum is among the draws or not: replicates below the value are those that miss it, equal ones count half.
    constexpr std::size_t n = 8;
    const auto largest = [](std::span<const std::size_t> members) {
        return static_cast<double>(*std::ranges::max_element(members));
    };
    const Bootstrap found = bootstrap(n, largest, {.n_replicates = 20000, .seed = 2});
    const double missed = std::pow(1 - 1.0 / n, n), share = missed + (1 - missed) / 2;
    const double below = std::erfc(-found.bias_correction / std::sqrt(2.0)) / 2;
    CHECK(std::abs(below - share) < 3 * 0.5 * std::sqrt(missed * (1 - missed) / 20000));
    CHECK(found.percentile.high == 7);
}

TEST_CASE("any number of threads gives the same bits", "[statistics][bootstrap]")
{
    const auto values = normals(40, 9);
    const auto spread = [&](std::span<const std::size_t> members) {
        const double mean = mean_of(values, members);
        double squares = 0;
        for (const std::size_t i : members) {
            squares += (values[i] - mean) * (values[i] - mean);
        }
        return squares;
    };
    const Bootstrap one = bootstrap(40, spread, {.n_replicates = 500, .seed = 4, .threads = 1});
    const Bootstrap four = bootstrap(40, spread, {.n_replicates = 500, .seed = 4, .threads = 4});
    CHECK(one.percentile.low == four.percentile.low);
    CHECK(one.percentile.high == four.percentile.high);
    CHECK(one.bca.low == four.bca.low);
    CHECK(one.bca.high == four.bca.high);
    CHECK(one.bias_correction == four.bias_correction);
    CHECK(one.acceleration == four.acceleration);
    CHECK(one.bca.low != bootstrap(40, spread, {.n_replicates = 500, .seed = 5}).bca.low);
}

TEST_CASE("intervals hold the mean of normals as often as theory says", "[statistics][bootstrap]")
{
    // The percentile interval of a mean is nearly mean +- 1.96 s sqrt((n - 1)/n) / sqrt(n), with s the standard
    // deviation over n - 1: as often as Student's t lies within 1.96 sqrt((n - 1)/n). Means of normals are not skewed,
    // so BCa's is the same but for chance.
    constexpr std::size_t n = 50, n_repetitions = 400;
    const double share = 1 - 2 * boost::math::cdf(boost::math::students_t(n - 1), -1.96 * std::sqrt(1 - 1.0 / n));
    std::size_t percentile = 0, bca = 0;
    for (std::size_t repetition = 0; repetition < n_repetitions; ++repetition) {
        const auto values = normals(n, 100 + repetition);
        const Bootstrap found =
            bootstrap(n, [&](std::span<const std::size_t> members) { return mean_of(values, members); },
                      {.n_replicates = 1000, .seed = repetition});
        percentile += found.percentile.low < 0 && 0 < found.percentile.high;
        bca += found.bca.low < 0 && 0 < found.bca.high;
    }
    const double error = std::sqrt(share * (1 - share) / n_repetitions);
    CHECK(std::abs(static_cast<double>(percentile) / n_repetitions - share) < 2.6 * error); // 99 %
    CHECK(std::abs(static_cast<double>(bca) / n_repetitions - share) < 2.6 * error);
}

TEST_CASE("the acceleration of a mean is a sixth of its members' skewness over root n", "[statistics][bootstrap]")
{
    // Four zeros and one: cubes of deviations sum to 4 (-1/5)^3 + (4/5)^3 = 12/25, squares to 4/5.
    const std::vector<double> values = {0, 0, 1, 0, 0};
    const auto mean = [&](std::span<const std::size_t> members) { return mean_of(values, members); };
    CHECK(bootstrap(5, mean, {.n_replicates = 10}).acceleration == Approx(12.0 / 25 / (6 * std::pow(0.8, 1.5))));
}

TEST_CASE("the acceleration of the spatial test's variance is the published one", "[statistics][bootstrap]")
{
    // Efron and Tibshirani 1993, table 14.1, test A: a variance of 171.5 whose acceleration is 0.061.
    const std::vector<double> points = {48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6,
                                        0,  33, 28, 34, 4,  32, 24, 47, 41, 24, 26, 30, 41};
    const auto variance = [&](std::span<const std::size_t> members) {
        const double mean = mean_of(points, members);
        double squares = 0;
        for (const std::size_t i : members) {
            squares += (points[i] - mean) * (points[i] - mean);
        }
        return squares / static_cast<double>(members.size());
    };
    const Bootstrap found = bootstrap(points.size(), variance, {.n_replicates = 10});
    CHECK(found.percentile.value == Approx(171.5).margin(0.05));
    CHECK(found.acceleration == Approx(0.061).margin(0.0005));
}

TEST_CASE("intervals are the quantiles that Efron and Tibshirani's equations ask for", "[statistics][bootstrap]")
{
    // Equations 14.9 to 14.15, of the replicates that anybody can draw.
    std::vector<double> values;
    for (const double z : normals(15, 3)) {
        values.push_back(std::exp(1.5 * z));
    }
    const auto mean = [&](std::span<const std::size_t> members) { return mean_of(values, members); };
    constexpr std::size_t n_replicates = 502;
    const Bootstrap found = bootstrap(values.size(), mean, {.n_replicates = n_replicates, .seed = 6});
    std::vector<double> replicates;
    double below = 0;
    for (std::size_t k = 0; k < n_replicates; ++k) {
        replicates.push_back(mean_of(values, resample(values.size(), 6, k)));
        below += replicates.back() < found.bca.value ? 1.0 / n_replicates : 0;
    }
    std::ranges::sort(replicates);
    const auto quantile = [&](double q) { // along straight lines
        const double place = q * (n_replicates - 1);
        const auto k = static_cast<std::size_t>(place);
        return replicates[k] + (place - std::floor(place)) * (replicates[k + 1] - replicates[k]);
    };
    const boost::math::normal normal;
    const double bias = boost::math::quantile(normal, below), z = boost::math::quantile(normal, 0.975);
    const auto moved = [&](double own) {
        return boost::math::cdf(normal, bias + (bias + own) / (1 - found.acceleration * (bias + own)));
    };
    CHECK(found.acceleration > 0.05);
    CHECK(found.bias_correction == Approx(bias));
    CHECK(found.percentile.low == Approx(quantile(0.025)));
    CHECK(found.percentile.high == Approx(quantile(0.975)));
    CHECK(found.bca.low == Approx(quantile(moved(-z))));
    CHECK(found.bca.high == Approx(quantile(moved(z))));
}

TEST_CASE("medians that are never reached are numbers, undefined replicates are counted", "[statistics][bootstrap]")
{
    constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    // Half of the members never relapse.
    const auto median = [](std::span<const std::size_t> members) {
        const auto relapsed = std::ranges::count_if(members, [](std::size_t i) { return i < 6; });
        return 2 * static_cast<std::size_t>(relapsed) > members.size() ? 1.0 : infinity;
    };
    const Bootstrap found = bootstrap(11, median, {.n_replicates = 400});
    CHECK(found.percentile.value == 1);
    CHECK(found.percentile.low == 1);
    CHECK(found.percentile.high == infinity);
    CHECK(std::isnan(found.bca.low)); // without one of the six, the median is infinite

    // A share among those who have member 0, who is missing from (1 - 1/n)^n of the replicates.
    const auto share = [&](std::span<const std::size_t> members) {
        const auto zeros = std::ranges::count(members, std::size_t{0});
        return zeros == 0 ? nan : 1 / static_cast<double>(zeros);
    };
    const Bootstrap undefined = bootstrap(5, share, {.n_replicates = 4000});
    const double missing = std::pow(0.8, 5);
    CHECK(std::abs(static_cast<double>(undefined.n_undefined) / 4000 - missing)
          < 3 * std::sqrt(missing * (1 - missing) / 4000));
    CHECK(undefined.percentile.high == 1);
    CHECK(std::isnan(undefined.bca.low)); // nothing is known without member 0
}

TEST_CASE("where all draws lie on one side of the value, nobody can tell how to move the quantiles",
          "[statistics][bootstrap]")
{
    // How many different members: all of them, but fewer in each draw.
    const auto different = [](std::span<const std::size_t> members) {
        return static_cast<double>(std::set<std::size_t>(members.begin(), members.end()).size());
    };
    const Bootstrap found = bootstrap(40, different, {.n_replicates = 200});
    CHECK(found.percentile.value == 40);
    CHECK(found.percentile.high < 35);
    CHECK(std::isnan(found.bias_correction));
    CHECK(std::isnan(found.bca.low));
    // And how many are missing: none, but more in each draw.
    const Bootstrap missing = bootstrap(
        40, [&](std::span<const std::size_t> members) { return 40 - different(members); }, {.n_replicates = 200});
    CHECK(missing.percentile.low > 5);
    CHECK(std::isnan(missing.bias_correction));
    CHECK(std::isnan(missing.bca.high));
}

TEST_CASE("a statistic that never varies has an interval without width, and nobody has none", "[statistics][bootstrap]")
{
    const auto tenth = [](std::span<const std::size_t>) { return 0.1; };
    const Bootstrap found = bootstrap(10, tenth, {.n_replicates = 50});
    for (const Estimate& estimate : {found.percentile, found.bca}) {
        CHECK(estimate.value == 0.1);
        CHECK(estimate.low == 0.1);
        CHECK(estimate.high == 0.1);
    }
    CHECK(found.acceleration == 0);
    CHECK(bootstrap(1, tenth, {.n_replicates = 50}).bca.high == 0.1);
    const std::vector<double> only = {3};
    const auto mean = [&](std::span<const std::size_t> members) { return mean_of(only, members); };
    CHECK(bootstrap(1, mean, {.n_replicates = 50}).acceleration == 0); // though there is no mean without it
    CHECK_THROWS(bootstrap(0, tenth));
    CHECK_THROWS(bootstrap(3, tenth, {.n_replicates = 0}));
    const Bootstrap nothing =
        bootstrap(3, [](std::span<const std::size_t>) { return std::numeric_limits<double>::quiet_NaN(); });
    CHECK(nothing.n_undefined == 2000);
    CHECK(std::isnan(nothing.percentile.low));
    // Known of all, but of no draw: of forty that are drawn, some always miss.
    const auto of_all = [](std::span<const std::size_t> members) {
        return members.size() == 40 && std::set<std::size_t>(members.begin(), members.end()).size() < 40
                   ? std::numeric_limits<double>::quiet_NaN()
                   : static_cast<double>(members.front());
    };
    const Bootstrap never = bootstrap(40, of_all, {.n_replicates = 50});
    CHECK(never.n_undefined == 50);
    CHECK(never.percentile.value == 0);
    for (const double unknown : {never.percentile.low, never.bca.high, never.bias_correction, never.acceleration}) {
        CHECK(std::isnan(unknown));
    }
}

TEST_CASE("of 41 replicates, the 2.5 % quantile is the second lowest", "[statistics][bootstrap]")
{
    const auto values = normals(12, 8);
    const auto mean = [&](std::span<const std::size_t> members) { return mean_of(values, members); };
    const Bootstrap found = bootstrap(12, mean, {.n_replicates = 41, .seed = 3});
    std::vector<double> replicates;
    for (std::size_t k = 0; k < 41; ++k) {
        replicates.push_back(mean_of(values, resample(12, 3, k)));
    }
    std::ranges::sort(replicates);
    CHECK(found.percentile.low == replicates[1]);
    CHECK(found.percentile.high == replicates[39]);
    // To the bit: whatever is above it, be it infinite.
    const auto often_infinite = [&](std::span<const std::size_t> members) {
        return mean(members) <= replicates[1] ? mean(members) : std::numeric_limits<double>::infinity();
    };
    CHECK(bootstrap(12, often_infinite, {.n_replicates = 41, .seed = 3}).percentile.low == replicates[1]);
}
