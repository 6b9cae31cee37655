#include "solvers/statistics/sobol_indices.hpp"

#include "solvers/random.hpp"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace osteoflare::solvers {
namespace {

constexpr std::uint32_t sequence_purpose = 6; // what random bits are for: see designs.cpp
constexpr std::size_t n_scrambles = SaltelliDesign::n_scrambles;

/// What the estimators need of some rows: sums over them.
struct Sums {
    double n = 0, f = 0, f_squared = 0; ///< f and its square over A and B
    std::vector<double> first, total;   ///< (dimension)

    explicit Sums(std::size_t dimensions) : first(dimensions), total(dimensions) {}

    /// `row` is of a function whose mean is nearly zero, which keeps the estimator of the first order calm.
    void add(std::span<const double> row, double centre)
    {
        const double a = row[0] - centre, b = row[1] - centre;
        n += 1;
        f += a + b;
        f_squared += a * a + b * b;
        for (std::size_t i = 0; i < first.size(); ++i) {
            const double mixed = row[2 + i] - centre;
            first[i] += b * (mixed - a);
            total[i] += (a - mixed) * (a - mixed);
        }
    }

    void add(const Sums& other, double sign)
    {
        n += sign * other.n;
        f += sign * other.f;
        f_squared += sign * other.f_squared;
        for (std::size_t i = 0; i < first.size(); ++i) {
            first[i] += sign * other.first[i];
            total[i] += sign * other.total[i];
        }
    }

    double mean() const { return f / (2 * n); }
    double variance() const { return f_squared / (2 * n) - mean() * mean(); }

    /// First-order indices, total ones, and 1 - the sum of the first.
    std::vector<double> indices() const
    {
        std::vector<double> all;
        double rest = 1;
        for (const double sum : first) {
            all.push_back(sum / n / variance());
            rest -= all.back();
        }
        for (const double sum : total) {
            all.push_back(sum / (2 * n) / variance());
        }
        all.push_back(rest);
        return all;
    }
};

bool is_complete(std::span<const double> row)
{
    return std::ranges::all_of(row, [](double value) { return std::isfinite(value); });
}

} // namespace

SaltelliDesign::SaltelliDesign(std::size_t dimensions, std::uint64_t seed) : dimensions_(dimensions)
{
    for (std::size_t scramble = 0; scramble < n_scrambles; ++scramble) {
        sequences_.emplace_back(Design::owen, 0, 2 * dimensions, random_bits(seed, sequence_purpose, scramble, 0));
    }
}

std::vector<double> SaltelliDesign::row(std::uint64_t row) const
{
    const UnitDesign& sequence = sequences_[row % n_scrambles];
    std::vector<double> a, b;
    for (std::size_t i = 0; i < dimensions_; ++i) {
        a.push_back(sequence(row / n_scrambles, i));
        b.push_back(sequence(row / n_scrambles, dimensions_ + i));
    }
    std::vector<double> points = a;
    points.insert(points.end(), b.begin(), b.end());
    for (std::size_t i = 0; i < dimensions_; ++i) {
        points.insert(points.end(), a.begin(), a.end());
        points[(2 + i) * dimensions_ + i] = b[i];
    }
    return points;
}

SobolIndices sobol_indices(std::span<const double> values, std::size_t dimensions, double tolerance)
{
    const std::size_t n_points = dimensions + 2, n_rows = values.size() / n_points;
    const auto row = [&](std::size_t r) { return values.subspan(r * n_points, n_points); };
    SobolIndices result;
    double centre = 0, largest = 0;
    for (std::size_t r = 0; r < n_rows; ++r) {
        if (is_complete(row(r))) {
            result.n_rows += 1;
            centre += (row(r)[0] + row(r)[1]) / 2;
            largest = std::max({largest, std::abs(row(r)[0]), std::abs(row(r)[1])});
        }
    }
    if (result.n_rows == 0) {
        return result;
    }
    centre /= static_cast<double>(result.n_rows);
    std::vector<Sums> scrambles(n_scrambles, Sums(dimensions));
    for (std::size_t r = 0; r < n_rows; ++r) {
        if (is_complete(row(r))) {
            scrambles[r % n_scrambles].add(row(r), centre);
        }
    }
    Sums all(dimensions);
    for (const Sums& scramble : scrambles) {
        all.add(scramble, 1);
    }
    result.mean = centre + all.mean();
    result.variance = all.variance();
    const bool everywhere = std::ranges::all_of(scrambles, [](const Sums& sums) { return sums.n > 0; });
    result.varies = everywhere && std::sqrt(result.variance) > tolerance * largest;
    if (!result.varies) {
        return result;
    }

    const auto pooled = all.indices();
    std::vector<std::vector<double>> without;
    for (const Sums& scramble : scrambles) {
        Sums others = all;
        others.add(scramble, -1);
        without.push_back(others.indices());
    }
    constexpr double k = n_scrambles;
    static const double t = boost::math::quantile(boost::math::students_t(k - 1), 0.975);
    std::vector<Estimate> estimates;
    for (std::size_t i = 0; i < pooled.size(); ++i) {
        double mean = 0, squares = 0;
        for (const auto& indices : without) {
            mean += indices[i] / k;
        }
        for (const auto& indices : without) {
            squares += (indices[i] - mean) * (indices[i] - mean);
        }
        const double half_width = t * std::sqrt((k - 1) / k * squares);
        estimates.push_back({pooled[i], pooled[i] - half_width, pooled[i] + half_width});
    }
    const auto middle = estimates.begin() + static_cast<std::ptrdiff_t>(dimensions);
    result.first.assign(estimates.begin(), middle);
    result.total.assign(middle, estimates.end() - 1);
    result.interactions = estimates.back();
    return result;
}

double rows_needed(double half_width, double wanted, std::size_t n_rows)
{
    return static_cast<double>(n_rows) * (half_width / wanted) * (half_width / wanted);
}

} // namespace osteoflare::solvers
