#include "solvers/sampling/walkers.hpp"

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <vector>

using namespace osteoflare::solvers::sampling;

namespace {

constexpr std::size_t n_ensembles = 400, n_walkers = 8, half = 4, n_steps = 5;

/// Every ensemble's, on a parabola of which no two chords are parallel: a direction tells between which two it leads.
struct Place {
    double x = 0, y = 0;
};
constexpr std::array<Place, n_walkers> places = {
    {{0, 0}, {1, 1}, {3, 9}, {7, 49}, {12, 144}, {20, 400}, {30, 900}, {44, 1936}}};

Place operator-(const Place& a, const Place& b)
{
    return {a.x - b.x, a.y - b.y};
}

double dot(const Place& a, const Place& b)
{
    return a.x * b.x + a.y * b.y;
}

/// A move of `mover` by `factor` times the way from `second` to `first`; in moves along the way to another walker,
/// `second` is the mover.
struct Move {
    std::size_t mover = 0, first = 0, second = 0;
    double factor = 0;
};

Move move_to(std::size_t mover, const Place& to)
{
    const Place way = to - places[mover];
    for (std::size_t first = 0; first < n_walkers; ++first) {
        for (std::size_t second = 0; second < n_walkers; ++second) {
            const Place line = places[first] - places[second];
            const bool is_along = std::abs(way.x * line.y - way.y * line.x) < 1e-9 * std::sqrt(dot(line, line));
            // Along a difference a walker moves ahead, towards another one it may move back.
            if (first != second && is_along && (second == mover || (first != mover && dot(way, line) > 0))) {
                return {mover, first, second, dot(way, line) / dot(line, line)};
            }
        }
    }
    FAIL("a move that leads along no line between walkers");
    return {};
}

/// What the halves that move first do, (step, ensemble); all begin at the same places.
std::vector<std::vector<Move>> first_moves()
{
    std::vector<double> positions;
    for (std::size_t e = 0; e < n_ensembles; ++e) {
        for (const Place& place : places) {
            positions.insert(positions.end(), {place.x, place.y});
        }
    }
    std::vector<std::vector<Move>> moves;
    for (std::size_t step = 0; step < n_steps; ++step) {
        auto walkers = place_walkers(n_ensembles, n_walkers, 2, positions,
                                     [](auto, std::span<double> values) { std::ranges::fill(values, 0.0); });
        walkers.step = step;
        double density = 1e300; // all are accepted, then none
        advance(walkers, 1, [&](auto, std::span<double> values) {
            std::ranges::fill(values, density);
            density = -std::numeric_limits<double>::infinity();
        });
        for (std::size_t e = 0; e < n_ensembles; ++e) {
            moves.emplace_back();
            for (std::size_t k = 0; k < n_walkers; ++k) {
                const std::size_t at = 2 * (e * n_walkers + k);
                if (walkers.positions[at] != positions[at]) {
                    moves.back().push_back(move_to(k, {walkers.positions[at], walkers.positions[at + 1]}));
                }
            }
            REQUIRE(moves.back().size() == half);
        }
    }
    return moves;
}

/// So many of so many is a share of about this.
void check_share(double count, double all, double expected)
{
    CAPTURE(count / all, expected);
    CHECK(std::abs(count / all - expected) < 4 * std::sqrt(expected * (1 - expected) / all));
}

double normal_cdf(double z)
{
    return std::erfc(-z / std::sqrt(2.0)) / 2;
}

} // namespace

TEST_CASE("any half of the walkers moves first, and looks at the other one only", "[sampling]")
{
    const auto moves = first_moves();
    const auto n = static_cast<double>(moves.size());
    std::array<std::array<double, n_walkers>, n_walkers> together = {};
    for (const auto& own : moves) {
        for (const Move& a : own) {
            for (const Move& b : own) {
                together[a.mover][b.mover] += 1;
                CHECK(a.mover != b.first);
                CHECK((a.mover != b.second || b.mover == b.second));
            }
        }
    }
    for (std::size_t k = 0; k < n_walkers; ++k) {
        check_share(together[k][k], n, 1.0 / 2);
        for (std::size_t l = 0; l < k; ++l) {
            check_share(together[k][l], n, 3.0 / 14); // 1/2 of one, 3/7 of the other
        }
    }
}

TEST_CASE("half of all moves go along the difference of two others, drawn for each walker", "[sampling]")
{
    double n_moves = 0, n_pairs = 0, n_same_first = 0, n_same_second = 0;
    std::vector<double> factors;
    for (const auto& own : first_moves()) {
        std::vector<Move> differences;
        std::ranges::copy_if(own, std::back_inserter(differences), [](const Move& m) { return m.mover != m.second; });
        n_moves += half;
        for (std::size_t k = 0; k < differences.size(); ++k) {
            factors.push_back(differences[k].factor);
            for (std::size_t l = 0; l < k; ++l) {
                n_pairs += 1;
                n_same_first += differences[k].first == differences[l].first ? 1 : 0;
                n_same_second += differences[k].second == differences[l].second ? 1 : 0;
            }
        }
    }
    const auto n = static_cast<double>(factors.size());
    check_share(n, n_moves, 1.0 / 2);
    // Two walkers see the same one as often as chance has it.
    check_share(n_same_first, n_pairs, 1.0 / half);
    check_share(n_same_second, n_pairs, 1.0 / half);
    // One in five by the whole difference, to a hundredth; the others by 2.38/sqrt(2 d) of it, to a tenth of that.
    std::ranges::sort(factors);
    double distance = 0; // Kolmogorov and Smirnov's
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const double usual = 2.38 / std::sqrt(2 * 2.0);
        const double share =
            0.2 * normal_cdf((factors[i] - 1) / 0.01) + 0.8 * normal_cdf((factors[i] / usual - 1) / 0.1);
        const auto below = static_cast<double>(i);
        distance = std::max({distance, share - below / n, (below + 1) / n - share});
    }
    CHECK(distance * std::sqrt(n) < 1.95); // exceeded once in a thousand
}

TEST_CASE("towards another walker, four in five moves are stretches and the others snookers", "[sampling]")
{
    // By z, how far from the other one the walker stands after the move, as a multiple of how far before. Of a stretch,
    // z has the density 1/sqrt(z) between 1/2 and 2; of a snooker, 1 + (1.2 + u) times the difference of two more
    // others, seen along the line.
    const std::array<double, 7> edges = {-std::numeric_limits<double>::infinity(), 0.5, 0.7, 1, 1.4, 2,
                                         std::numeric_limits<double>::infinity()};
    std::array<double, 6> counts = {}, expected = {}, variances = {};
    std::vector<double> factors; // of what can be nothing but a snooker
    for (const auto& own : first_moves()) {
        std::vector<std::size_t> seen;
        for (std::size_t k = 0; k < n_walkers; ++k) {
            if (std::ranges::none_of(own, [&](const Move& move) { return move.mover == k; })) {
                seen.push_back(k);
            }
        }
        for (const Move& move : own) {
            if (move.second != move.mover) {
                continue;
            }
            const Place line = places[move.mover] - places[move.first];
            std::vector<double> ways; // of a snooker with u = −0.2
            for (const std::size_t a : seen) {
                for (const std::size_t b : seen) {
                    if (a != b && a != move.first && b != move.first) {
                        ways.push_back(dot(line, places[a] - places[b]) / dot(line, line));
                    }
                }
            }
            const double z = 1 - move.factor;
            if (z < 0.5 || z > 2) {
                std::vector<double> possible;
                for (const double way : ways) {
                    if ((z - 1) / way > 1.2 - 1e-9 && (z - 1) / way < 2.2 + 1e-9) {
                        possible.push_back((z - 1) / way);
                    }
                }
                CHECK_FALSE(possible.empty());
                if (possible.size() == 1) {
                    factors.push_back(possible.front());
                }
            }
            for (std::size_t i = 0; i < counts.size(); ++i) {
                const double from = edges[i], to = edges[i + 1];
                counts[i] += z > from && z <= to ? 1 : 0;
                const auto stretched = [](double edge) {
                    return (std::sqrt(std::clamp(edge, 0.5, 2.0)) - std::sqrt(0.5)) / (std::sqrt(2.0) - std::sqrt(0.5));
                };
                double share = 0.8 * (stretched(to) - stretched(from));
                for (const double way : ways) {
                    const double a = std::clamp((from - 1) / way, 1.2, 2.2), b = std::clamp((to - 1) / way, 1.2, 2.2);
                    share += 0.2 * std::abs(b - a) / static_cast<double>(ways.size());
                }
                expected[i] += share;
                variances[i] += share * (1 - share);
            }
        }
    }
    for (std::size_t i = 0; i < counts.size(); ++i) {
        CAPTURE(i, counts[i], expected[i]);
        CHECK(expected[i] > 50);
        CHECK(std::abs(counts[i] - expected[i]) < 4 * std::sqrt(variances[i]));
    }
    CHECK(*std::ranges::min_element(factors) < 1.3);
    CHECK(*std::ranges::max_element(factors) > 2.1);
}

TEST_CASE("accepted moves are those after which a walker stands elsewhere", "[sampling]")
{
    constexpr std::size_t n_few = 3;
    const auto normal = [](std::span<const double> points, std::span<double> values) {
        std::ranges::transform(points, values.begin(), [](double x) { return -x * x / 2; });
    };
    std::vector<double> positions;
    for (std::size_t i = 0; i < n_few * n_walkers; ++i) {
        positions.push_back(0.1 * static_cast<double>(i) - 1);
    }
    auto walkers = place_walkers(n_few, n_walkers, 1, positions, normal);
    std::vector<std::uint64_t> moved(n_few, 0);
    for (int step = 0; step < 20; ++step) {
        const auto before = walkers.positions;
        advance(walkers, 2, normal);
        for (std::size_t i = 0; i < before.size(); ++i) {
            moved[i / n_walkers] += walkers.positions[i] != before[i] ? 1 : 0;
            CHECK(walkers.log_densities[i] == -walkers.positions[i] * walkers.positions[i] / 2);
        }
    }
    CHECK(walkers.accepted == moved);
    CHECK(*std::ranges::min_element(moved) > 20);
}

TEST_CASE("walkers are placed only where they can move, each at a place of its own", "[sampling]")
{
    const auto flat = [](std::span<const double>, std::span<double> values) { std::ranges::fill(values, 0.0); };
    const auto place = [&](std::size_t ensembles, std::size_t walkers, std::size_t dimensions, std::size_t n_numbers) {
        return place_walkers(ensembles, walkers, dimensions, std::vector<double>(n_numbers), flat);
    };
    CHECK(Walkers::fewest(1) == 8);
    CHECK(Walkers::fewest(4) == 10);
    CHECK(place(1, 10, 4, 40).log_densities.size() == 10);
    CHECK_THROWS_AS(place(0, 8, 1, 0), std::invalid_argument);
    CHECK_THROWS_AS(place(1, 8, 0, 0), std::invalid_argument);
    CHECK_THROWS_AS(place(1, 8, 4, 32), std::invalid_argument);
    CHECK_THROWS_AS(place(1, 11, 4, 44), std::invalid_argument);
    CHECK_THROWS_AS(place(1, 8, 1, 9), std::invalid_argument);
}

TEST_CASE("walkers that all stand at one place stay there, whatever their moves", "[sampling]")
{
    const auto flat = [](std::span<const double>, std::span<double> values) { std::ranges::fill(values, 0.0); };
    auto walkers = place_walkers(20, 8, 1, std::vector<double>(160, 0.25), flat);
    for (int step = 0; step < 5; ++step) {
        advance(walkers, 3, flat);
    }
    CHECK(walkers.positions == std::vector<double>(160, 0.25));
    CHECK(walkers.accepted == std::vector<std::uint64_t>(20, 5 * 8)); // there is no worse place to go to
}
