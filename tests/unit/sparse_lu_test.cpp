#include "solvers/compiler/sparse_lu.hpp"
#include "solvers/random.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

using osteoflare::solvers::compiler::LuPattern;
using osteoflare::solvers::compiler::order_elimination;

namespace {

using Entries = std::vector<std::vector<bool>>;

/// A matrix with its diagonal.
Entries diagonal(std::size_t n)
{
    Entries entries(n, std::vector<bool>(n));
    for (std::size_t i = 0; i < n; ++i) {
        entries[i][i] = true;
    }
    return entries;
}

std::vector<std::size_t> order_of(const LuPattern& pattern)
{
    std::vector<std::size_t> order;
    for (const LuPattern::Row& row : pattern.rows) {
        order.push_back(row.unknown);
    }
    return order;
}

/// Entries of the unknowns that are left in the row and in the column of one of them, multiplied.
std::size_t cost(const Entries& entries, const std::vector<bool>& left, std::size_t k)
{
    std::size_t in_row = 0, in_column = 0;
    for (std::size_t j = 0; j < left.size(); ++j) {
        if (left[j] && j != k) {
            in_row += entries[k][j] ? 1 : 0;
            in_column += entries[j][k] ? 1 : 0;
        }
    }
    return in_row * in_column;
}

} // namespace

TEST_CASE("an arrow, a chain and a triangle are eliminated without any new entry", "[compiler]")
{
    constexpr std::size_t n = 9;
    Entries arrow = diagonal(n), chain = diagonal(n), triangle = diagonal(n);
    for (std::size_t i = 0; i < n; ++i) {
        arrow[0][i] = arrow[i][0] = true;
        if (i > 0) {
            chain[i][i - 1] = chain[i - 1][i] = true;
        }
        for (std::size_t j = 0; j < i; ++j) {
            triangle[i][j] = true;
        }
    }
    CHECK(order_elimination(arrow).n_factors == n + 2 * (n - 1));
    CHECK(order_elimination(chain).n_factors == n + 2 * (n - 1));
    CHECK(order_elimination(triangle).n_factors == n * (n + 1) / 2);
    CHECK(order_elimination(Entries(n, std::vector<bool>(n))).n_factors == n); // a diagonal is full
    CHECK(order_elimination(Entries(n, std::vector<bool>(n, true))).n_factors == n * n);
    CHECK(order_elimination({}).rows.empty());
}

TEST_CASE("of equally cheap unknowns the one goes first that waits for the fewest others", "[compiler]")
{
    // Four in a chain: the ends first, which are free; had one end's neighbour gone second, it had waited for it.
    Entries chain = diagonal(4);
    for (std::size_t i = 1; i < 4; ++i) {
        chain[i][i - 1] = chain[i - 1][i] = true;
    }
    CHECK(order_of(order_elimination(chain)) == std::vector<std::size_t>{0, 3, 1, 2});
}

TEST_CASE("an elimination's pattern is what eliminating in its order fills, and each unknown was the cheapest left",
          "[compiler]")
{
    constexpr std::size_t n = 12;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        INFO("seed " << seed);
        Entries entries = diagonal(n);
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j) {
                entries[i][j] = entries[i][j] || osteoflare::solvers::random_bits(seed, 1, i * n + j, 0) % 5 == 0;
            }
        }
        const LuPattern pattern = order_elimination(entries);
        const auto order = order_of(pattern);
        auto sorted = order;
        std::ranges::sort(sorted);
        for (std::size_t i = 0; i < n; ++i) {
            REQUIRE(sorted[i] == i); // each unknown once
        }
        std::vector<bool> left(n, true);
        std::size_t n_factors = 0;
        for (std::size_t position = 0; position < n; ++position) {
            const std::size_t pivot = order[position];
            for (std::size_t k = 0; k < n; ++k) {
                CHECK((!left[k] || cost(entries, left, pivot) <= cost(entries, left, k)));
            }
            left[pivot] = false;
            std::vector<std::size_t> lower, upper;
            for (std::size_t other = 0; other < n; ++other) {
                if (other != position && entries[pivot][order[other]]) {
                    (other < position ? lower : upper).push_back(order[other]);
                }
            }
            CHECK(pattern.rows[position].lower == lower);
            CHECK(pattern.rows[position].upper == upper);
            n_factors += 1 + lower.size() + upper.size();
            for (std::size_t i = 0; i < n; ++i) {
                for (std::size_t j = 0; j < n; ++j) {
                    entries[i][j] = entries[i][j] || (left[i] && left[j] && entries[i][pivot] && entries[pivot][j]);
                }
            }
        }
        CHECK(pattern.n_factors == n_factors);
    }
}
