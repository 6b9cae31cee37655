#include "solvers/sampling/walkers.hpp"

#include "solvers/designs.hpp"
#include "solvers/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace osteoflare::solvers::sampling {
namespace {

/// What a random number is for.
enum Purpose : std::uint32_t { parting = 4001, kind_of_move, partners, length, jitter, acceptance };

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Random numbers of one walker in one step.
struct Chance {
    std::uint64_t seed = 0, step = 0;
    std::uint32_t walker = 0; ///< counted over all ensembles

    double operator()(Purpose purpose) const { return to_unit_interval(random_bits(seed, purpose, step, walker)); }
    /// Three different ones of n ≥ 3, each triple as probable as any other.
    std::array<std::size_t, 3> three_of(std::size_t n) const
    {
        const auto words = random_words(seed, partners, step, walker);
        const auto below = [&](std::size_t i, std::size_t m) {
            return std::min(static_cast<std::size_t>(word_to_unit_interval(words[i]) * static_cast<double>(m)), m - 1);
        };
        std::array<std::size_t, 3> chosen = {below(0, n), below(1, n - 1), below(2, n - 2)};
        chosen[1] += chosen[1] >= chosen[0] ? 1 : 0;
        const auto [low, high] = std::minmax(chosen[0], chosen[1]);
        chosen[2] += chosen[2] >= low ? 1 : 0;
        chosen[2] += chosen[2] >= high ? 1 : 0;
        return chosen;
    }
};

/// The walkers of an ensemble in an order that chance decides: the first half, then the others.
std::vector<std::size_t> parted(std::uint64_t seed, std::uint64_t step, std::size_t ensemble, std::size_t n_walkers)
{
    std::vector<std::size_t> order(n_walkers);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = n_walkers - 1; i > 0; --i) { // Fisher & Yates
        const auto key = static_cast<std::uint32_t>(ensemble * n_walkers + i);
        const double u = to_unit_interval(random_bits(seed, parting, step, key));
        std::swap(order[i], order[std::min(static_cast<std::size_t>(u * static_cast<double>(i + 1)), i)]);
    }
    return order;
}

using Point = std::span<const double>;

/// Fills `to`; the logarithm of the factor by which the move back is more probable than this one.
double stretch(Point x, Point other, double u, std::span<double> to)
{
    constexpr double a = 2;
    const double root = 1 / std::sqrt(a) + u * (std::sqrt(a) - 1 / std::sqrt(a));
    const double z = root * root; // of density 1/sqrt(z) between 1/a and a
    for (std::size_t d = 0; d < x.size(); ++d) {
        to[d] = other[d] + z * (x[d] - other[d]);
    }
    return (static_cast<double>(x.size()) - 1) * std::log(z);
}

double differ(Point x, Point first, Point second, double u, double scatter, std::span<double> to)
{
    constexpr double whole_share = 0.2, optimal = 2.38;
    // A factor that scatters makes up for the small noise of the original, and knows no scale.
    constexpr double spread = 0.1;
    const double usual = optimal / std::sqrt(2 * static_cast<double>(x.size()));
    const double factor =
        u < whole_share ? 1 + 0.01 * normal_quantile(scatter) : usual * (1 + spread * normal_quantile(scatter));
    for (std::size_t d = 0; d < x.size(); ++d) {
        to[d] = x[d] + factor * (first[d] - second[d]);
    }
    return 0;
}

double snooker(Point x, const std::array<Point, 3>& others, double u, std::span<double> to)
{
    const auto [anchor, first, second] = others;
    double length_squared = 0, along = 0;
    for (std::size_t d = 0; d < x.size(); ++d) {
        const double line = x[d] - anchor[d];
        length_squared += line * line;
        along += line * (first[d] - second[d]);
    }
    const double factor = 1.2 + u; // from 1.2 to 2.2
    const double share = length_squared > 0 ? factor * along / length_squared : 0;
    for (std::size_t d = 0; d < x.size(); ++d) {
        to[d] = x[d] + share * (x[d] - anchor[d]);
    }
    // Both lie on one line with the anchor, `1 + share` times as far from it as before.
    return (static_cast<double>(x.size()) - 1) * std::log(std::abs(1 + share));
}

/// Tries a move of every walker of one half, in all ensembles at once.
void move_half(Walkers& walkers, std::uint64_t seed, const LogDensity& log_density,
               const std::vector<std::vector<std::size_t>>& orders, bool first_half)
{
    const std::size_t n = walkers.n_dimensions, half = walkers.n_walkers / 2;
    const std::size_t movers = first_half ? 0 : half, seen = first_half ? half : 0;
    std::vector<double> points(walkers.n_ensembles * half * n), back(walkers.n_ensembles * half), values(back.size());
    const auto index = [&](std::size_t e, std::size_t k) { return e * walkers.n_walkers + orders[e][k]; };
    const auto chance_of = [&](std::size_t walker) {
        return Chance{seed, walkers.step, static_cast<std::uint32_t>(walker)};
    };
    for (std::size_t e = 0; e < walkers.n_ensembles; ++e) {
        const auto at = [&](std::size_t k) { return Point(walkers.positions).subspan(index(e, k) * n, n); };
        for (std::size_t k = 0; k < half; ++k) {
            const Chance chance = chance_of(index(e, movers + k));
            const auto chosen = chance.three_of(half);
            const std::array<Point, 3> others = {at(seen + chosen[0]), at(seen + chosen[1]), at(seen + chosen[2])};
            const Point x = at(movers + k);
            const auto to = std::span(points).subspan((e * half + k) * n, n);
            constexpr double stretches = 0.4, differences = 0.5; // the others are snookers
            const double kind = chance(kind_of_move);
            if (kind < stretches) {
                back[e * half + k] = stretch(x, others[0], chance(length), to);
            } else if (kind < stretches + differences) {
                back[e * half + k] = differ(x, others[0], others[1], chance(length), chance(jitter), to);
            } else {
                back[e * half + k] = snooker(x, others, chance(length), to);
            }
        }
    }
    log_density(points, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t e = i / half, walker = index(e, movers + i % half);
        if (std::isnan(values[i])) {
            ++walkers.failed[e];
            continue;
        }
        const double gain = back[i] + values[i] - walkers.log_densities[walker];
        if (std::log(chance_of(walker)(acceptance)) < gain) {
            ++walkers.accepted[e];
            walkers.log_densities[walker] = values[i];
            std::copy_n(points.begin() + static_cast<std::ptrdiff_t>(i * n), n,
                        walkers.positions.begin() + static_cast<std::ptrdiff_t>(walker * n));
        }
    }
}

} // namespace

std::size_t Walkers::fewest(std::size_t n_dimensions)
{
    return std::max<std::size_t>(8, 2 * (n_dimensions + 1));
}

Walkers place_walkers(std::size_t n_ensembles, std::size_t n_walkers, std::size_t n_dimensions,
                      std::vector<double> positions, const LogDensity& log_density)
{
    const bool fits = n_ensembles > 0 && n_dimensions > 0 && n_walkers % 2 == 0
                      && n_walkers >= Walkers::fewest(n_dimensions)
                      && positions.size() == n_ensembles * n_walkers * n_dimensions;
    if (!fits) {
        throw std::invalid_argument("walkers that are odd, too few or of another size than their places");
    }
    Walkers walkers{n_ensembles, n_walkers, n_dimensions, 0, std::move(positions), {}, {}, {}};
    walkers.log_densities.resize(n_ensembles * n_walkers);
    walkers.accepted.resize(n_ensembles);
    walkers.failed.resize(n_ensembles);
    log_density(walkers.positions, walkers.log_densities);
    for (const double value : walkers.log_densities) {
        if (!(value > -infinity)) {
            throw std::invalid_argument("a walker that starts where the density is 0 or cannot be computed");
        }
    }
    return walkers;
}

void advance(Walkers& walkers, std::uint64_t seed, const LogDensity& log_density)
{
    std::vector<std::vector<std::size_t>> orders;
    for (std::size_t e = 0; e < walkers.n_ensembles; ++e) {
        orders.push_back(parted(seed, walkers.step, e, walkers.n_walkers));
    }
    move_half(walkers, seed, log_density, orders, true);
    move_half(walkers, seed, log_density, orders, false);
    ++walkers.step;
}

} // namespace osteoflare::solvers::sampling
