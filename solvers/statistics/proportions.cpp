#include "solvers/statistics/proportions.hpp"

#include "solvers/designs.hpp"

#include <boost/math/distributions/binomial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace osteoflare::solvers {
namespace {

/// Correlation of the two conditions. A positive one is cut by half a member, as Newcombe has it: too large a
/// correlation would make the interval too narrow.
double correlation(const Pairs& pairs)
{
    const auto both = static_cast<double>(pairs.both), first = static_cast<double>(pairs.only_first),
               second = static_cast<double>(pairs.only_second), neither = static_cast<double>(pairs.neither);
    const double margins = (both + first) * (second + neither) * (both + second) * (first + neither);
    if (margins == 0) {
        return 0;
    }
    const double agreement = both * neither - first * second;
    const double cut = agreement > 0 ? std::max(agreement - static_cast<double>(pairs.all()) / 2, 0.0) : agreement;
    return cut / std::sqrt(margins);
}

double combined(double a, double b, double correlation)
{
    return std::sqrt(std::max(a * a + b * b - 2 * correlation * a * b, 0.0));
}

} // namespace

Estimate proportion(std::size_t with, std::size_t all)
{
    if (with > all) {
        throw std::invalid_argument("proportion: more members have it than there are");
    }
    if (all == 0) {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        return {nan, nan, nan};
    }
    const double z = normal_quantile(0.975), n = static_cast<double>(all), share = static_cast<double>(with) / n;
    const double middle = share + z * z / (2 * n), scale = 1 + z * z / n;
    const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    // At shares of 0 and 1 one limit is the share itself, but for rounding.
    return {share, with == 0 ? 0 : (middle - half) / scale, with == all ? 1 : (middle + half) / scale};
}

double mcnemar_p(const Pairs& pairs)
{
    const std::size_t fewer = std::min(pairs.only_first, pairs.only_second);
    const auto differ = static_cast<double>(pairs.only_first + pairs.only_second);
    const boost::math::binomial even(differ, 0.5);
    return differ == 0 ? 1 : std::min(1.0, 2 * boost::math::cdf(even, static_cast<double>(fewer)));
}

Estimate paired_difference(const Pairs& pairs)
{
    const Estimate first = proportion(pairs.both + pairs.only_first, pairs.all());
    const Estimate second = proportion(pairs.both + pairs.only_second, pairs.all());
    const double difference = first.value - second.value, phi = correlation(pairs);
    return {difference, difference - combined(first.value - first.low, second.high - second.value, phi),
            difference + combined(second.value - second.low, first.high - first.value, phi)};
}

} // namespace osteoflare::solvers
