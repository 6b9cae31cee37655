#include "solvers/designs.hpp"
#include "solvers/ensemble.hpp"
#include "solvers/random.hpp"

#include "catch.hpp"

#include <atomic>
#include <cmath>
#include <set>
#include <stdexcept>
#include <vector>

using namespace osteoflare::solvers;

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
}

TEST_CASE("a Latin hypercube has exactly one point in each slice of every dimension", "[solvers]")
{
    const std::size_t size = 37, dimensions = 5;
    const auto points = unit_design(Design::latin_hypercube, size, dimensions, 11);
    for (std::size_t d = 0; d < dimensions; ++d) {
        std::set<std::size_t> slices;
        for (std::size_t i = 0; i < size; ++i) {
            slices.insert(static_cast<std::size_t>(points[i * dimensions + d] * static_cast<double>(size)));
        }
        CHECK(slices.size() == size);
    }
}

TEST_CASE("a shifted Sobol' sequence fills every dyadic slice equally", "[solvers]")
{
    // The first 2^m points of a digital (t,s)-sequence put one point into each slice of width 2^-m in every dimension;
    // a digital shift keeps that. The sequence starts at its second point, so the first 64 are two half-blocks off.
    const std::size_t size = 128, dimensions = 4;
    const auto points = unit_design(Design::sobol, size, dimensions, 3);
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

TEST_CASE("designs are pure functions of their arguments, and other seeds give other points", "[solvers]")
{
    for (const Design design : {Design::random, Design::latin_hypercube, Design::sobol}) {
        CHECK(unit_design(design, 50, 3, 1) == unit_design(design, 50, 3, 1));
        CHECK(unit_design(design, 50, 3, 1) != unit_design(design, 50, 3, 2));
        for (const double point : unit_design(design, 50, 3, 1)) {
            CHECK((point > 0 && point < 1));
        }
    }
}

TEST_CASE("random points have the moments of the uniform distribution", "[solvers]")
{
    const std::size_t size = 100'000;
    const auto points = unit_design(Design::random, size, 1, 5);
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
