#include "solvers/statistics/bootstrap.hpp"

#include "solvers/designs.hpp"
#include "solvers/ensemble.hpp"
#include "solvers/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace osteoflare::solvers {
namespace {

constexpr std::uint32_t resample_purpose = 10; // what random bits are for: see designs.cpp

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double normal_share(double z)
{
    return std::erfc(-z / std::numbers::sqrt2) / 2;
}

/// Along straight lines between the values, the lowest being at 0 and the highest at 1.
double quantile_of(const std::vector<double>& sorted, double q)
{
    if (std::isnan(q)) {
        return nan;
    }
    const double place = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double share = place - static_cast<double>(below);
    // No step between equal values, which may be infinite.
    return share == 0 || sorted[below] == sorted[below + 1]
               ? sorted[below]
               : sorted[below] + share * (sorted[below + 1] - sorted[below]);
}

double bias_correction_of(const std::vector<double>& sorted, double value)
{
    // Not ranges::equal_range, which clang 14 cannot read from gcc's library.
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
    const auto below = static_cast<double>(first - sorted.begin()), equal = static_cast<double>(last - first);
    const double share = (below + equal / 2) / static_cast<double>(sorted.size());
    return share > 0 && share < 1 ? normal_quantile(share) : nan;
}

/// The statistic without each member in turn has a skewness, of which a sixth counts.
double acceleration_of(const std::vector<double>& without_one)
{
    // The mean of equal numbers is not always that number.
    if (std::ranges::all_of(without_one, [&](double value) { return value == without_one.front(); })) {
        return 0;
    }
    const double mean =
        std::accumulate(without_one.begin(), without_one.end(), 0.0) / static_cast<double>(without_one.size());
    double squares = 0, cubes = 0;
    for (const double value : without_one) {
        const double below = mean - value;
        squares += below * below;
        cubes += below * below * below;
    }
    return cubes / (6 * std::pow(squares, 1.5));
}

double corrected(double q, double bias_correction, double acceleration)
{
    const double z = bias_correction + normal_quantile(q);
    const double scale = 1 - acceleration * z;
    return scale > 0 ? normal_share(bias_correction + z / scale) : nan;
}

} // namespace

std::vector<std::size_t> resample(std::size_t n, std::uint64_t seed, std::uint64_t replicate)
{
    std::vector<std::size_t> drawn(n);
    for (std::size_t i = 0; i < n; ++i) {
        const auto bits = random_bits(seed, resample_purpose, replicate, static_cast<std::uint32_t>(i));
        drawn[i] = static_cast<std::size_t>(to_unit_interval(bits) * static_cast<double>(n));
    }
    return drawn;
}

Bootstrap bootstrap(std::size_t n, const Statistic& statistic, const BootstrapOptions& options)
{
    if (n == 0 || options.n_replicates == 0) {
        throw std::invalid_argument("bootstrap: members and replicates are needed");
    }
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::vector<double> replicates(options.n_replicates), without_one(n);
    for_each_member(options.n_replicates, options.threads,
                    [&](std::size_t k) { replicates[k] = statistic(resample(n, options.seed, k)); });
    for_each_member(n, options.threads, [&](std::size_t i) {
        std::vector<std::size_t> others = all;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        without_one[i] = statistic(others);
    });

    Bootstrap result;
    result.n_undefined = std::erase_if(replicates, [](double value) { return std::isnan(value); });
    std::ranges::sort(replicates);
    const double value = statistic(all);
    result.percentile = result.bca = {value, nan, nan};
    if (std::isnan(value) || replicates.empty()) {
        result.bias_correction = result.acceleration = nan;
        return result;
    }
    result.percentile = {value, quantile_of(replicates, 0.025), quantile_of(replicates, 0.975)};
    result.bias_correction = bias_correction_of(replicates, value);
    result.acceleration = acceleration_of(without_one);
    if (replicates.front() == value && replicates.back() == value) {
        // Nothing varies, and there is nothing to correct.
        result.acceleration = 0;
        result.bca = result.percentile;
        return result;
    }
    for (const auto& [q, limit] : {std::pair{0.025, &result.bca.low}, std::pair{0.975, &result.bca.high}}) {
        *limit = quantile_of(replicates, corrected(q, result.bias_correction, result.acceleration));
    }
    return result;
}

} // namespace osteoflare::solvers
