#include "solvers/random.hpp"
#include "solvers/statistics/elementary_effects.hpp"

#include "unit/global_functions.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::solvers;

namespace {

using Function = std::function<double(std::span<const double>)>;

std::vector<double> values_of(const Function& f, const MorrisDesign& design, std::size_t n_rows)
{
    std::vector<double> values;
    for (std::size_t r = 0; r < n_rows; ++r) {
        const auto row = design.row(r);
        for (std::size_t p = 0; p < design.points_per_row(); ++p) {
            values.push_back(f(std::span(row).subspan(p * design.dimensions(), design.dimensions())));
        }
    }
    return values;
}

/// The effect of the first coordinate in each trajectory.
std::vector<double> effects_of_first(const std::vector<double>& values, const MorrisDesign& design)
{
    const std::size_t d = design.dimensions();
    std::vector<double> effects;
    for (std::size_t r = 0; r * (d + 1) < values.size(); ++r) {
        const auto row = design.row(r);
        for (std::size_t p = 0; p < d; ++p) {
            const double step = row[(p + 1) * d] - row[p * d], before = values[r * (d + 1) + p];
            if (step != 0) {
                effects.push_back((values[r * (d + 1) + p + 1] - before) / step);
            }
        }
    }
    return effects;
}

/// mu* and sigma of all elementary effects that there are: every level of every coordinate.
struct AllEffects {
    std::vector<double> mu_star, sigma;
};

AllEffects all_effects(const Function& f, std::size_t d)
{
    const std::size_t n = MorrisDesign::n_levels;
    const auto level = [](std::size_t k) { return (static_cast<double>(k) + 0.5) / static_cast<double>(n); };
    AllEffects all;
    for (std::size_t i = 0; i < d; ++i) {
        double sum = 0, sum_of_sizes = 0, sum_of_squares = 0, count = 0;
        std::vector<std::size_t> at(d, 0);
        for (bool is_over = false; !is_over;) {
            std::vector<double> u(d);
            std::ranges::transform(at, u.begin(), level);
            if (u[i] + MorrisDesign::step < 1) {
                const double low = f(u);
                u[i] += MorrisDesign::step;
                const double effect = (f(u) - low) / MorrisDesign::step;
                sum += effect;
                sum_of_sizes += std::abs(effect);
                sum_of_squares += effect * effect;
                count += 1;
            }
            std::size_t digit = 0;
            while (digit < d && ++at[digit] == n) {
                at[digit++] = 0;
            }
            is_over = digit == d;
        }
        all.mu_star.push_back(sum_of_sizes / count);
        all.sigma.push_back(std::sqrt(sum_of_squares / count - sum / count * (sum / count)));
    }
    return all;
}

/// u_0 u_1: by u_0, the effect is u_1, whose levels are (k + 1/2) / n.
double product(std::span<const double> u)
{
    return u[0] * u[1];
}

} // namespace

TEST_CASE("a Morris trajectory moves each coordinate once, by half the range, and visits all levels", "[statistics]")
{
    CHECK(MorrisDesign(3, 1).points_per_row() == 4);
    CHECK(MorrisDesign(3, 1).row(0).size() == 4 * 3);
    const std::size_t d = 5;
    const MorrisDesign design(d, 2);
    std::set<double> levels;
    std::set<std::size_t> moved_first;
    for (std::size_t r = 0; r < 200; ++r) {
        const auto row = design.row(r);
        std::vector<int> moves(d);
        for (std::size_t p = 0; p < d; ++p) {
            for (std::size_t i = 0; i < d; ++i) {
                const double from = row[p * d + i], to = row[(p + 1) * d + i];
                levels.insert(from);
                if (from != to) {
                    CHECK(std::abs(to - from) == MorrisDesign::step);
                    moves[i] += 1;
                    if (p == 0) {
                        moved_first.insert(i);
                    }
                }
            }
        }
        CHECK(moves == std::vector<int>(d, 1));
    }
    CHECK(levels.size() == MorrisDesign::n_levels);
    CHECK(*levels.begin() == 0.5 / MorrisDesign::n_levels); // the middle of the first slice
    CHECK(moved_first.size() == d);
}

TEST_CASE("elementary effects of a line are its slopes, without any scatter", "[statistics]")
{
    const MorrisDesign design(tests::line_weights.size(), 1);
    const auto effects = elementary_effects(design, values_of(tests::line, design, 20), 0);
    REQUIRE(effects.varies);
    for (std::size_t i = 0; i < tests::line_weights.size(); ++i) {
        CHECK(effects.mean[i] == Approx(tests::line_weights[i]).margin(1e-13));
        CHECK(effects.mu_star[i].value == Approx(std::abs(tests::line_weights[i])).margin(1e-13));
        CHECK(effects.mu_star[i].half_width() < 1e-13);
        CHECK(effects.sigma[i].value < 1e-6); // the root of a rounding error
    }
}

TEST_CASE("of two trajectories, sigma is the difference of their effects over root two", "[statistics]")
{
    const MorrisDesign design(2, 5);
    const auto values = values_of(product, design, 2);
    const auto own = effects_of_first(values, design);
    REQUIRE(own[0] != own[1]);
    const auto effects = elementary_effects(design, values, 0);
    CHECK(effects.mean_output == Approx(std::accumulate(values.begin(), values.end(), 0.0) / 6));
    CHECK(effects.mean[0] == Approx((own[0] + own[1]) / 2));
    CHECK(effects.sigma[0].value == Approx(std::abs(own[0] - own[1]) / std::sqrt(2.0)));
}

TEST_CASE("intervals are quantiles of a thousand resamples, by seed, trajectory and number", "[statistics]")
{
    constexpr std::size_t n_rows = 20, n_resamples = 1000;
    constexpr std::uint32_t purpose = 9;
    const MorrisDesign design(3, 6);
    const auto values =
        values_of([](std::span<const double> u) { return u[0] * std::exp(u[1] + 3 * u[2]); }, design, n_rows);
    const auto own = effects_of_first(values, design);
    std::vector<double> means;
    for (std::uint32_t k = 0; k < n_resamples; ++k) {
        double mean = 0;
        for (std::size_t r = 0; r < n_rows; ++r) {
            const double u = to_unit_interval(random_bits(6, purpose, r, k));
            mean += std::abs(own[static_cast<std::size_t>(u * n_rows)]) / n_rows;
        }
        means.push_back(mean);
    }
    std::ranges::sort(means);
    const auto effects = elementary_effects(design, values, 0);
    CHECK(effects.mu_star[0].low == Approx(means[25]).epsilon(1e-12));
    CHECK(effects.mu_star[0].high == Approx(means[975]).epsilon(1e-12));
}

TEST_CASE("an output varies where its range is more than its tolerance of its largest magnitude", "[statistics]")
{
    const MorrisDesign design(1, 4);
    const std::vector<double> values = {-200, -199, -199, -200}; // one in two hundred
    CHECK(elementary_effects(design, values, 0.004).varies);
    CHECK_FALSE(elementary_effects(design, values, 0.006).varies);
}

TEST_CASE("intervals of mu* and sigma of a product hold the closed form in 90 to 99 % of 200 repeats", "[statistics]")
{
    const double n = MorrisDesign::n_levels;
    const double sigma = std::sqrt((1 - 1 / (n * n)) / 12); // of equally likely levels
    int mu_held = 0, sigma_held = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const MorrisDesign design(2, seed);
        const auto effects = elementary_effects(design, values_of(product, design, 32), 0);
        mu_held += effects.mu_star[0].low <= 0.5 && 0.5 <= effects.mu_star[0].high ? 1 : 0;
        sigma_held += effects.sigma[0].low <= sigma && sigma <= effects.sigma[0].high ? 1 : 0;
    }
    CHECK(mu_held >= 180);
    CHECK(mu_held <= 198);
    CHECK(sigma_held >= 180);
    CHECK(sigma_held <= 198);
}

TEST_CASE("elementary effects of Ishigami's function and of Sobol's g are those of all levels, within their intervals",
          "[statistics][long]")
{
    const auto check = [](const Function& f, std::size_t d) {
        const AllEffects known = all_effects(f, d);
        std::vector<int> mu_held(d), sigma_held(d);
        for (std::uint64_t seed = 1; seed <= 200; ++seed) {
            const MorrisDesign design(d, seed);
            const auto effects = elementary_effects(design, values_of(f, design, 128), 0);
            for (std::size_t i = 0; i < d; ++i) {
                const auto holds = [](const Estimate& e, double truth) {
                    return e.low - 1e-12 <= truth && truth <= e.high + 1e-12;
                };
                mu_held[i] += holds(effects.mu_star[i], known.mu_star[i]) ? 1 : 0;
                sigma_held[i] += holds(effects.sigma[i], known.sigma[i]) ? 1 : 0;
            }
        }
        for (std::size_t i = 0; i < d; ++i) {
            INFO("coordinate " << i << ", mu* " << known.mu_star[i] << ", sigma " << known.sigma[i]);
            // A step of half the range leads from Ishigami's sine squared to itself: there is nothing to be uncertain
            // of.
            const bool is_certain = known.sigma[i] < 1e-9;
            CHECK(mu_held[i] >= (is_certain ? 200 : 180));
            CHECK((is_certain || mu_held[i] <= 198));
            CHECK(sigma_held[i] >= (is_certain ? 200 : 180));
            CHECK((is_certain || sigma_held[i] <= 198));
        }
    };
    check(tests::ishigami, 3);
    check(tests::sobol_g, tests::g_weights.size());
}

TEST_CASE("a trajectory with a failed member is left out as a whole; what does not vary has no effects", "[statistics]")
{
    const MorrisDesign design(2, 9);
    auto values = values_of(product, design, 40);
    values[7 * 3 + 1] = std::numeric_limits<double>::quiet_NaN();
    CHECK(elementary_effects(design, values, 0).n_rows == 39);
    CHECK(elementary_effects(design, values, 0).varies);
    CHECK_FALSE(elementary_effects(design, values, 1).varies);
    CHECK_FALSE(elementary_effects(design, std::vector<double>(9, 3.0), 0).varies);
    CHECK_FALSE(elementary_effects(design, std::span(values).first(3), 0).varies);
    CHECK(elementary_effects(design, std::span(values).first(3), 0).n_rows == 1);
    CHECK_FALSE(elementary_effects(design, {}, 0).varies);
}
