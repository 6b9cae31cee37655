#include "solvers/compiler/elimination.hpp"
#include "solvers/compiler/sparse_lu.hpp"
#include "solvers/random.hpp"
#include "unit/read_lines.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace osteoflare::solvers::compiler;

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

namespace {

constexpr std::size_t n_unknowns = 7;
constexpr double shift = 11; // more than a row's sum: there is a solution

/// A system (shift - J) x = r by chance, as the text of code that solves it. J[i][j] is called j[i, j], r[i] r[i].
struct System {
    Entries entries = diagonal(n_unknowns);
    double matrix[n_unknowns][n_unknowns] = {};
    read_lines::Reader given{[](std::size_t) { return 0.0; }};

    explicit System(std::uint64_t seed)
    {
        for (std::size_t i = 0; i < n_unknowns; ++i) {
            for (std::size_t j = 0; j < n_unknowns; ++j) {
                const std::uint64_t bits = osteoflare::solvers::random_bits(seed, 2, i * n_unknowns + j, 0);
                entries[i][j] = entries[i][j] || bits % 6 == 0;
                matrix[i][j] = entries[i][j] ? osteoflare::solvers::to_unit_interval(bits) : 0;
                given.set(name(i, j), matrix[i][j]);
            }
            given.set(at("r", i), 1 + static_cast<double>(i));
        }
    }
    static std::string name(std::size_t i, std::size_t j) { return at(std::string("j").append(std::to_string(i)), j); }

    struct Solved {
        std::vector<double> x;
        std::size_t size; ///< of the code
    };
    /// With a right-hand side in row `right` alone; NaN for what was not wanted.
    Solved solve(std::size_t right, const std::vector<bool>& wanted) const
    {
        Algebra algebra(0);
        Coefficients coefficients;
        StraightLine lines(algebra, Algebra::moving, coefficients, {});
        Elimination elimination(n_unknowns, entries);
        const auto row = [&](std::size_t i) {
            std::vector<std::string> texts(n_unknowns);
            for (std::size_t j = 0; j < n_unknowns; ++j) {
                texts[j] = entries[i][j] ? name(i, j) : "";
            }
            return texts;
        };
        elimination.factor(lines, row, [](std::size_t) {});
        std::vector<std::string> z(n_unknowns), x(n_unknowns);
        for (const LuPattern::Row& next : elimination.rows()) {
            z[next.unknown] = elimination.eliminated(lines, next, next.unknown == right ? at("r", right) : "", z);
        }
        std::vector<bool> taken(n_unknowns);
        elimination.substitute_back(lines, z, wanted, [&](std::size_t i, const std::string& text) {
            x[i] = text;
            taken[i] = true;
        });
        std::string body = lines.body();
        for (std::size_t found = 0; (found = body.find("shift")) != std::string::npos;) {
            body.replace(found, 5, std::string("Pack(").append(std::to_string(shift)).append(")"));
        }
        auto reader = given;
        reader.run(body);
        Solved solved{std::vector(n_unknowns, std::numeric_limits<double>::quiet_NaN()), body.size()};
        for (std::size_t i = 0; i < n_unknowns; ++i) {
            if (taken[i]) {
                solved.x[i] = x[i].empty() ? 0 : reader.atom(x[i]);
            }
        }
        return solved;
    }
};

} // namespace

TEST_CASE("an elimination's code solves the system, and computes no more of it than is wanted", "[compiler]")
{
    bool was_shorter = false, was_nothing = false;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const System system(seed);
        const std::size_t right = seed % n_unknowns;
        const auto whole = system.solve(right, std::vector<bool>(n_unknowns, true));
        for (std::size_t i = 0; i < n_unknowns; ++i) {
            double left = shift * whole.x[i];
            for (std::size_t j = 0; j < n_unknowns; ++j) {
                left -= system.matrix[i][j] * whole.x[j];
            }
            INFO("seed " << seed << ", row " << i);
            CHECK(left == Approx(i == right ? 1 + static_cast<double>(i) : 0).margin(1e-14));
            was_nothing = was_nothing || whole.x[i] == 0;
            std::vector<bool> wanted(n_unknowns);
            wanted[i] = true;
            const auto one = system.solve(right, wanted);
            for (std::size_t j = 0; j < n_unknowns; ++j) {
                CHECK((j == i ? one.x[j] == whole.x[j] : std::isnan(one.x[j])));
            }
            CHECK(one.size <= whole.size);
            was_shorter = was_shorter || one.size < whole.size;
        }
    }
    CHECK(was_shorter);
    CHECK(was_nothing); // what the right-hand side does not reach
}
