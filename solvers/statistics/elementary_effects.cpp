#include "solvers/statistics/elementary_effects.hpp"

#include "solvers/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace osteoflare::solvers {
namespace {

// What random bits are for: see designs.cpp.
constexpr std::uint32_t level_purpose = 7, order_purpose = 8, resample_purpose = 9;

constexpr std::size_t n_resamples = 1000;

double level(std::uint64_t number)
{
    return (static_cast<double>(number) + 0.5) / static_cast<double>(MorrisDesign::n_levels);
}

/// Mean magnitude and standard deviation of effects, some of which may stand several times.
struct Moments {
    double n = 0, sum = 0, squares = 0, magnitudes = 0;

    void add(double effect)
    {
        n += 1;
        sum += effect;
        squares += effect * effect;
        magnitudes += std::abs(effect);
    }
    double mu_star() const { return magnitudes / n; }
    double sigma() const { return std::sqrt(std::max(squares - sum * sum / n, 0.0) / (n - 1)); }
};

Estimate with_quantiles(double value, std::vector<double> resampled)
{
    std::ranges::sort(resampled);
    const auto at = [&](double q) {
        return resampled[static_cast<std::size_t>(q * static_cast<double>(resampled.size()))];
    };
    return {value, at(0.025), at(0.975)};
}

/// The effects of one dimension and what they come to. All dimensions are resampled alike, trajectory by trajectory.
void condense(std::span<const double> effects, std::uint64_t seed, ElementaryEffects& result)
{
    Moments all;
    for (const double effect : effects) {
        all.add(effect);
    }
    std::vector<double> mu_star, sigma;
    for (std::size_t k = 0; k < n_resamples; ++k) {
        Moments some;
        for (std::size_t r = 0; r < effects.size(); ++r) {
            const double u = to_unit_interval(random_bits(seed, resample_purpose, r, static_cast<std::uint32_t>(k)));
            some.add(effects[static_cast<std::size_t>(u * static_cast<double>(effects.size()))]);
        }
        mu_star.push_back(some.mu_star());
        sigma.push_back(some.sigma());
    }
    result.mean.push_back(all.sum / all.n);
    result.mu_star.push_back(with_quantiles(all.mu_star(), std::move(mu_star)));
    result.sigma.push_back(with_quantiles(all.sigma(), std::move(sigma)));
}

} // namespace

std::vector<double> MorrisDesign::row(std::uint64_t row) const
{
    static_assert(n_levels % 2 == 0, "half the levels lie one step above the other half");
    std::vector<std::uint64_t> from(dimensions_), key(dimensions_);
    std::vector<std::size_t> order(dimensions_);
    for (std::size_t d = 0; d < dimensions_; ++d) {
        from[d] = random_bits(seed_, level_purpose, row, static_cast<std::uint32_t>(d)) % n_levels;
        key[d] = random_bits(seed_, order_purpose, row, static_cast<std::uint32_t>(d));
    }
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t d) { return key[d]; });
    std::vector<double> points(points_per_row() * dimensions_);
    for (std::size_t d = 0; d < dimensions_; ++d) {
        points[d] = level(from[d]);
    }
    for (std::size_t k = 0; k < dimensions_; ++k) {
        const auto point = points.begin() + static_cast<std::ptrdiff_t>(k * dimensions_);
        std::copy_n(point, dimensions_, point + static_cast<std::ptrdiff_t>(dimensions_));
        points[(k + 1) * dimensions_ + order[k]] = level((from[order[k]] + n_levels / 2) % n_levels);
    }
    return points;
}

ElementaryEffects elementary_effects(const MorrisDesign& design, std::span<const double> values, double tolerance)
{
    const std::size_t n_dimensions = design.dimensions(), n_points = design.points_per_row();
    ElementaryEffects result;
    std::vector<std::vector<double>> effects(n_dimensions);
    double least = std::numeric_limits<double>::infinity(), most = -least, largest = 0, sum = 0;
    for (std::size_t r = 0; r < values.size() / n_points; ++r) {
        const auto row = values.subspan(r * n_points, n_points);
        if (!std::ranges::all_of(row, [](double value) { return std::isfinite(value); })) {
            continue;
        }
        const auto points = design.row(r);
        for (std::size_t k = 0; k < n_dimensions; ++k) {
            std::size_t moved = 0;
            while (points[k * n_dimensions + moved] == points[(k + 1) * n_dimensions + moved]) {
                ++moved;
            }
            const double step = points[(k + 1) * n_dimensions + moved] - points[k * n_dimensions + moved];
            effects[moved].push_back((row[k + 1] - row[k]) / step);
        }
        for (const double value : row) {
            least = std::min(least, value);
            most = std::max(most, value);
            largest = std::max(largest, std::abs(value));
            sum += value;
        }
        result.n_rows += 1;
    }
    if (result.n_rows == 0) {
        return result;
    }
    result.mean_output = sum / static_cast<double>(result.n_rows * n_points);
    result.varies = result.n_rows > 1 && most - least > tolerance * largest;
    for (std::size_t d = 0; result.varies && d < n_dimensions; ++d) {
        condense(effects[d], design.seed(), result);
    }
    return result;
}

} // namespace osteoflare::solvers
