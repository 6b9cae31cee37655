#include "solvers/sampling/walkers.hpp"

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

using namespace osteoflare::solvers::sampling;

namespace {

using Place = std::array<double, 2>;

/// On a parabola, no two of whose chords are parallel: a direction tells between which two it leads.
const std::vector<Place> places = {{0, 0}, {1, 1}, {3, 9}, {7, 49}, {12, 144}, {20, 400}, {30, 900}, {44, 1936}};

/// A move of `mover` along the way from place `second` to place `first`; of these one is the mover, or neither.
struct Move {
    std::size_t mover = 0, first = 0, second = 0;
    bool along_difference() const { return mover != first && mover != second; }
};

/// Which move leads there.
std::optional<Move> move_to(double x, double y)
{
    for (std::size_t mover = 0; mover < places.size(); ++mover) {
        const double dx = x - places[mover][0], dy = y - places[mover][1];
        for (std::size_t a = 0; a < places.size(); ++a) {
            for (std::size_t b = 0; b < a; ++b) {
                const double along_x = places[a][0] - places[b][0], along_y = places[a][1] - places[b][1];
                if (std::abs(dx * along_y - dy * along_x) < 1e-9 * std::hypot(along_x, along_y)) {
                    return dx * along_x > 0 ? Move{mover, a, b} : Move{mover, b, a};
                }
            }
        }
    }
    return std::nullopt;
}

void nowhere_else(std::span<const double>, std::span<double> values)
{
    std::ranges::fill(values, -std::numeric_limits<double>::infinity());
}

} // namespace

TEST_CASE("half of all moves go along the difference of two others, drawn for each walker", "[sampling]")
{
    // Walkers that cannot leave, so that it is known where each move began.
    constexpr std::size_t n_ensembles = 400, half = 4;
    std::vector<double> positions;
    for (std::size_t e = 0; e < n_ensembles; ++e) {
        for (const Place& place : places) {
            positions.insert(positions.end(), place.begin(), place.end());
        }
    }
    auto walkers = place_walkers(n_ensembles, 2 * half, 2, positions,
                                 [](auto, std::span<double> values) { std::ranges::fill(values, 0.0); });
    double n_moves = 0, n_differences = 0, n_pairs = 0, n_same_first = 0, n_same_second = 0;
    const auto look = [&](std::span<const double> points, std::span<double> values) {
        nowhere_else(points, values);
        for (std::size_t e = 0; e < n_ensembles; ++e) {
            std::vector<Move> differences;
            for (std::size_t i = e * half; i < (e + 1) * half; ++i) {
                const auto move = move_to(points[2 * i], points[2 * i + 1]);
                REQUIRE(move);
                if (move->along_difference()) {
                    differences.push_back(*move);
                }
            }
            n_moves += half;
            n_differences += static_cast<double>(differences.size());
            for (std::size_t k = 0; k < differences.size(); ++k) {
                for (std::size_t l = 0; l < k; ++l) {
                    CHECK(differences[k].mover != differences[l].first); // that half stands still
                    CHECK(differences[k].mover != differences[l].second);
                    n_pairs += 1;
                    n_same_first += differences[k].first == differences[l].first ? 1 : 0;
                    n_same_second += differences[k].second == differences[l].second ? 1 : 0;
                }
            }
        }
    };
    for (int step = 0; step < 5; ++step) {
        advance(walkers, 1, look);
    }
    CHECK(std::abs(n_differences / n_moves - 0.5) < 4 * 0.5 / std::sqrt(n_moves));
    // Two walkers of one half see the same one as often as chance has it, one time in four.
    const double share = 1.0 / half, error = std::sqrt(share * (1 - share) / n_pairs);
    CHECK(n_pairs > 5000);
    CHECK(std::abs(n_same_first / n_pairs - share) < 4 * error);
    CHECK(std::abs(n_same_second / n_pairs - share) < 4 * error);
}

TEST_CASE("accepted moves are those after which a walker stands elsewhere", "[sampling]")
{
    constexpr std::size_t n_ensembles = 3, n_walkers = 8;
    const auto normal = [](std::span<const double> points, std::span<double> values) {
        std::ranges::transform(points, values.begin(), [](double x) { return -x * x / 2; });
    };
    std::vector<double> positions;
    for (std::size_t i = 0; i < n_ensembles * n_walkers; ++i) {
        positions.push_back(0.1 * static_cast<double>(i) - 1);
    }
    auto walkers = place_walkers(n_ensembles, n_walkers, 1, positions, normal);
    std::vector<std::uint64_t> moved(n_ensembles, 0);
    for (int step = 0; step < 20; ++step) {
        const auto before = walkers.positions;
        advance(walkers, 2, normal);
        for (std::size_t i = 0; i < before.size(); ++i) {
            moved[i / n_walkers] += walkers.positions[i] != before[i] ? 1 : 0;
        }
    }
    CHECK(walkers.accepted == moved);
    CHECK(*std::ranges::min_element(moved) > 20);
    advance(walkers, 2, nowhere_else);
    CHECK(walkers.accepted == moved);
}
