#include "solvers/sampling/weighted.hpp"

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

using namespace osteoflare::solvers::sampling;

TEST_CASE("a weighted quantile goes along straight lines between the middles of weights", "[sampling]")
{
    const std::array<double, 3> values = {3, 1, 2}, weights = {0.25, 0.5, 0.25};
    CHECK(weighted_quantile(values, weights, 0.1) == 1);
    CHECK(weighted_quantile(values, weights, 0.25) == 1);
    CHECK(weighted_quantile(values, weights, 0.625) == Approx(2));
    CHECK(weighted_quantile(values, weights, 0.75) == Approx(2.5));
    CHECK(weighted_quantile(values, weights, 0.99) == 3);
}

TEST_CASE("of draws that are chosen by weight, each comes as often as it weighs, to within one", "[sampling]")
{
    const std::array<double, 4> weights = {1, 0, 5.5, 3.5};
    std::array<int, 4> counts{};
    for (const std::size_t i : chosen_by_weight(weights, 100)) {
        ++counts[i];
    }
    CHECK(std::abs(counts[0] - 10) <= 1);
    CHECK(counts[1] == 0);
    CHECK(std::abs(counts[2] - 55) <= 1);
    CHECK(std::abs(counts[3] - 35) <= 1);
    CHECK(chosen_by_weight(std::array{1e-9, 1.0}, 1) == std::vector<std::size_t>{1});
    CHECK(chosen_by_weight(std::array{1.0, 1e-9}, 1) == std::vector<std::size_t>{0});
}

TEST_CASE("a quantile of nobody is none, and whatever the weights, who is chosen is one of those there", "[sampling]")
{
    CHECK(std::isnan(weighted_quantile({}, {}, 0.5)));
    CHECK(chosen_by_weight({}, 5).empty());
    const std::array<double, 2> negative = {-1, -2}, unknown = {0.5, std::nan("")};
    for (const std::span<const double> weights :
         {std::span<const double>(negative), std::span<const double>(unknown)}) {
        const auto chosen = chosen_by_weight(weights, 20);
        CHECK(chosen.size() == 20);
        CHECK(std::ranges::max(chosen) < 2);
    }
}
