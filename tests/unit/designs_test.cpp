#include "solvers/designs.hpp"
#include "solvers/ensemble.hpp"
#include "solvers/random.hpp"

#include "catch.hpp"

#include <boost/random/sobol.hpp>

#include <atomic>
#include <cmath>
#include <set>
#include <stdexcept>
#include <vector>

using namespace osteoflare::solvers;

namespace {

/// All points, (point, dimension).
std::vector<double> points_of(Design design, std::size_t size, std::size_t dimensions, std::uint64_t seed)
{
    const UnitDesign coordinate(design, size, dimensions, seed);
    std::vector<double> points;
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t d = 0; d < dimensions; ++d) {
            points.push_back(coordinate(i, d));
        }
    }
    return points;
}

} // namespace

TEST_CASE("random bits are Philox4x32-10: published test vectors", "[solvers]")
{
    // Random123's kat_vectors: counter and key all zero, and all ones.
    CHECK((random_bits(0, 0, 0, 0) & 0xffffffffULL) == 0x6627e8d5ULL);
    CHECK((random_bits(0, 0, 0, 0) >> 32) == 0xe169c58dULL);
    CHECK((random_bits(~0ULL, ~0U, ~0ULL, ~0U) & 0xffffffffULL) == 0x408f276dULL);
    CHECK((random_bits(~0ULL, ~0U, ~0ULL, ~0U) >> 32) == 0x41c83b0eULL);
}

TEST_CASE("the unit interval is open: the extreme bits stay off its ends", "[solvers]")
{
    CHECK(to_unit_interval(0) > 0);
    CHECK(to_unit_interval(~0ULL) < 1);
    CHECK(word_to_unit_interval(0) == 0x1p-33);
    CHECK(word_to_unit_interval(~0U) == 1 - 0x1p-33);
    CHECK(word_to_unit_interval(1U << 31) == 0.5 + 0x1p-33);
}

TEST_CASE("a Latin hypercube has exactly one point in each slice of every dimension", "[solvers]")
{
    const std::size_t dimensions = 5;
    for (const std::size_t size : {1U, 2U, 3U, 16U, 17U, 37U, 1000U, 4096U}) {
        const auto points = points_of(Design::latin_hypercube, size, dimensions, 11);
        for (std::size_t d = 0; d < dimensions; ++d) {
            std::set<std::size_t> slices;
            for (std::size_t i = 0; i < size; ++i) {
                slices.insert(static_cast<std::size_t>(points[i * dimensions + d] * static_cast<double>(size)));
            }
            CHECK(slices.size() == size);
        }
    }
}

TEST_CASE("a seed's Latin hypercube is the same for ever: the one that Python computes from Philox", "[solvers]")
{
    // Four double rounds of a Feistel network over 5 bits, 2 low and 3 high, by tests/validation/philox.py.
    const std::vector<std::vector<std::size_t>> expected = {
        {12, 18, 13, 14, 17, 20, 9, 11, 1, 8, 16, 6, 4, 2, 19, 5, 0, 21, 3, 7, 15, 10, 22},
        {0, 20, 9, 5, 11, 14, 13, 18, 3, 4, 10, 6, 17, 22, 19, 1, 15, 2, 8, 7, 12, 16, 21}};
    const UnitDesign coordinate(Design::latin_hypercube, 23, 2, 11);
    for (std::size_t d = 0; d < 2; ++d) {
        for (std::size_t i = 0; i < 23; ++i) {
            CHECK(static_cast<std::size_t>(coordinate(i, d) * 23) == expected[d][i]);
        }
    }
}

TEST_CASE("the order of a Latin hypercube is as random as independent points'", "[solvers]")
{
    const std::size_t size = 10'000;
    const auto points = points_of(Design::latin_hypercube, size, 3, 4);
    // Of independent uniform numbers, the correlation coefficient has standard deviation 1/sqrt(n).
    const auto correlation = [&](auto first, auto second) {
        double sum = 0;
        for (std::size_t i = 0; i + 1 < size; ++i) {
            sum += 12 * (first(i) - 0.5) * (second(i) - 0.5) / static_cast<double>(size);
        }
        return sum;
    };
    const auto dimension = [&](std::size_t d, std::size_t lag = 0) {
        return [&points, d, lag](std::size_t i) { return points[(i + lag) * 3 + d]; };
    };
    const auto number = [&](std::size_t i) { return static_cast<double>(i) / static_cast<double>(size); };
    const double four_sigma = 4 / std::sqrt(static_cast<double>(size));
    for (std::size_t d = 0; d < 3; ++d) {
        CHECK(std::abs(correlation(dimension(d), dimension((d + 1) % 3))) < four_sigma);
        CHECK(std::abs(correlation(dimension(d), dimension(d, 1))) < four_sigma);
        CHECK(std::abs(correlation(dimension(d), number)) < four_sigma);
    }
}

TEST_CASE("a point of a Sobol' design is the one that Boost's sequence reaches, near its start and far out",
          "[solvers]")
{
    const std::size_t dimensions = 7;
    const UnitDesign design(Design::sobol, 1'000'000'000, dimensions, 9);
    const std::uint32_t shift_purpose = 3;
    for (const std::uint64_t point : {0ULL, 1ULL, 2ULL, 1000ULL, 65'535ULL, 999'999'999ULL}) {
        boost::random::sobol sequence(dimensions);
        sequence.discard(point * dimensions);
        for (std::uint32_t d = 0; d < dimensions; ++d) {
            CHECK(design(point, d) == to_unit_interval(sequence() ^ random_bits(9, shift_purpose, 0, d)));
        }
    }
}

TEST_CASE("a shifted Sobol' sequence fills every dyadic slice equally", "[solvers]")
{
    // The first 2^m points of a digital (t,s)-sequence put one point into each slice of width 2^-m in every dimension;
    // a digital shift keeps that. The sequence starts at its second point, so the first 64 are two half-blocks off.
    const std::size_t size = 128, dimensions = 4;
    const auto points = points_of(Design::sobol, size, dimensions, 3);
    for (std::size_t d = 0; d < dimensions; ++d) {
        std::vector<int> counts(16);
        for (std::size_t i = 0; i < size; ++i) {
            counts[static_cast<std::size_t>(points[i * dimensions + d] * 16)] += 1;
        }
        for (const int count : counts) {
            CHECK(std::abs(count - 8) <= 1);
        }
    }
}

TEST_CASE("each scrambled Sobol' net has one point in every elementary interval, in one dimension and in two",
          "[solvers]")
{
    // The first two dimensions are a (0,2)-sequence: any 2^m points from a multiple of 2^m on put one point into each
    // box of 2^-k by 2^(k-m). Each dimension is a (0,1)-sequence by itself.
    for (const std::uint64_t seed : {1U, 2U, 77U}) {
        const UnitDesign design(Design::owen, 0, 6, seed);
        for (const unsigned m : {3U, 6U, 9U}) {
            const std::uint64_t size = std::uint64_t{1} << m;
            for (const std::uint64_t first : {std::uint64_t{0}, 5 * size}) {
                for (unsigned k = 0; k <= m; ++k) {
                    std::set<std::pair<int, int>> boxes;
                    for (std::uint64_t i = first; i < first + size; ++i) {
                        boxes.emplace(static_cast<int>(std::ldexp(design(i, 0), static_cast<int>(k))),
                                      static_cast<int>(std::ldexp(design(i, 1), static_cast<int>(m - k))));
                    }
                    CHECK(boxes.size() == size);
                }
                std::set<int> slices;
                for (std::uint64_t i = first; i < first + size; ++i) {
                    slices.insert(static_cast<int>(std::ldexp(design(i, 5), static_cast<int>(m))));
                }
                CHECK(slices.size() == size);
            }
        }
    }
}

TEST_CASE("over seeds, a scrambled point is uniform at every scale, so that means are unbiased", "[solvers]")
{
    // Fifty-four bits are scrambled; the low ones must be as random as the high ones.
    const int n = 4000;
    for (const double scale : {1.0, 0x1p6, 0x1p20, 0x1p40}) {
        double mean = 0, square_mean = 0;
        for (int seed = 0; seed < n; ++seed) {
            const UnitDesign design(Design::owen, 0, 1, static_cast<std::uint64_t>(seed));
            const double u = scale * design(3, 0), part = u - std::floor(u);
            mean += part / n;
            square_mean += part * part / n;
        }
        CHECK(mean == Approx(0.5).margin(4 * std::sqrt(1.0 / 12 / n)));
        CHECK(square_mean == Approx(1.0 / 3).margin(4 * std::sqrt(4.0 / 45 / n)));
    }
}

TEST_CASE("scrambling is nested: what happens to a bit differs between the halves above it, and is the same within one",
          "[solvers]")
{
    // Points 0 and 1 of the first dimension are 0 and 1/2 before scrambling, points 2 and 3 are 3/4 and 1/4.
    const int n = 1000;
    int alike_between = 0, alike_within = 0;
    for (int seed = 0; seed < n; ++seed) {
        const UnitDesign design(Design::owen, 0, 1, static_cast<std::uint64_t>(seed));
        const auto second_bit = [&](std::uint64_t point) { return static_cast<int>(4 * design(point, 0)) & 1; };
        alike_between += second_bit(0) == second_bit(1) ? 1 : 0;
        alike_within += second_bit(0) != second_bit(3) ? 1 : 0;
    }
    CHECK(std::abs(alike_between - n / 2) < 4 * std::sqrt(n) / 2);
    CHECK(alike_within == n);
}

TEST_CASE("a scrambled net integrates a smooth function with an error that falls faster than that of chance",
          "[solvers]")
{
    // Owen 1997: the standard deviation falls as n^-1.5 (up to logarithms); of independent points, as n^-0.5.
    const auto root_mean_square = [](std::uint64_t size) {
        double squares = 0, mean = 0;
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            const UnitDesign design(Design::owen, 0, 2, seed);
            double integral = 0;
            for (std::uint64_t i = 0; i < size; ++i) {
                integral += std::exp(design(i, 0) + design(i, 1)) / static_cast<double>(size);
            }
            const double error = integral - std::pow(std::exp(1.0) - 1, 2);
            squares += error * error / 100;
            mean += error / 100;
        }
        CHECK(std::abs(mean) < 4 * std::sqrt(squares / 100)); // unbiased
        return std::sqrt(squares);
    };
    CHECK(root_mean_square(16) / root_mean_square(256) > 16); // chance: 4; n^-1.5: 64
}

TEST_CASE("designs are pure functions of their arguments, and other seeds give other points", "[solvers]")
{
    for (const Design design : {Design::random, Design::latin_hypercube, Design::sobol, Design::owen}) {
        CHECK(points_of(design, 50, 3, 1) == points_of(design, 50, 3, 1));
        CHECK(points_of(design, 50, 3, 1) != points_of(design, 50, 3, 2));
        for (const double point : points_of(design, 50, 3, 1)) {
            CHECK((point > 0 && point < 1));
        }
    }
}

TEST_CASE("random points have the moments of the uniform distribution", "[solvers]")
{
    const std::size_t size = 100'000;
    const auto points = points_of(Design::random, size, 1, 5);
    double mean = 0, square = 0;
    for (const double point : points) {
        mean += point / static_cast<double>(size);
        square += point * point / static_cast<double>(size);
    }
    const double four_sigma = 4 * std::sqrt(1.0 / 12 / static_cast<double>(size));
    CHECK(mean == Approx(0.5).margin(four_sigma));
    CHECK(square == Approx(1.0 / 3).margin(four_sigma));
}

TEST_CASE("the normal quantile inverts the distribution function", "[solvers]")
{
    for (const double z : {-3.0, -1.0, 0.0, 0.5, 2.5}) {
        CHECK(normal_quantile(std::erfc(-z / std::sqrt(2.0)) / 2) == Approx(z).margin(1e-12));
    }
}

TEST_CASE("a Sobol' design has as many dimensions as there are directions, and no more", "[solvers]")
{
    CHECK_NOTHROW(UnitDesign(Design::sobol, 2, 3667, 1));
    CHECK_THROWS_AS(UnitDesign(Design::sobol, 2, 3668, 1), std::invalid_argument);
    CHECK_THROWS_AS(UnitDesign(Design::owen, 2, 3668, 1), std::invalid_argument);
    CHECK_NOTHROW(UnitDesign(Design::latin_hypercube, 2, 3668, 1));
}

TEST_CASE("as many threads run as are wanted, and some where nobody says", "[solvers]")
{
    CHECK(thread_count(1) == 1);
    CHECK(thread_count(3) == 3);
    CHECK(thread_count(0) >= 1);
}

TEST_CASE("every member of an ensemble runs once, on any number of threads", "[solvers]")
{
    for (const std::size_t threads : {std::size_t{1}, std::size_t{2}, std::size_t{5}}) {
        std::vector<std::atomic<int>> calls(1000);
        for_each_member(calls.size(), threads, [&](std::size_t i) { calls[i] += 1; });
        for (const auto& count : calls) {
            REQUIRE(count == 1);
        }
    }
}

TEST_CASE("an exception in a member reaches the caller", "[solvers]")
{
    const auto fail_at_17 = [](std::size_t i) {
        if (i == 17) {
            throw std::runtime_error("seventeen");
        }
    };
    CHECK_THROWS_WITH(for_each_member(100, 2, fail_at_17), "seventeen");
}
