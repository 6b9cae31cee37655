#include "solvers/sampling/diagnostics.hpp"

#include "catch.hpp"
#include "solvers/designs.hpp"
#include "solvers/random.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

using namespace osteoflare::solvers::sampling;
namespace solvers = osteoflare::solvers;

namespace {

double normal(std::uint64_t seed, std::size_t i)
{
    return solvers::normal_quantile(solvers::to_unit_interval(solvers::random_bits(seed, 78, i, 0)));
}

/// (draw, ensemble, walker); every series is x' = ρ x + sqrt(1 − ρ²) noise, of variance 1. Walkers beyond `different`
/// repeat the first ones.
std::vector<double> series(std::size_t n_draws, std::size_t n_ensembles, std::size_t n_walkers, double rho,
                           std::size_t different, std::uint64_t seed)
{
    std::vector<double> values(n_draws * n_ensembles * n_walkers);
    const std::size_t row = n_ensembles * n_walkers;
    for (std::size_t k = 0; k < row; ++k) {
        double x = 0;
        for (std::size_t i = 0; i < n_draws; ++i) {
            const std::size_t own = k / n_walkers * n_walkers + k % n_walkers % different;
            const double fresh = normal(seed, own * n_draws + i);
            x = i == 0 ? fresh : rho * x + std::sqrt(1 - rho * rho) * fresh;
            values[i * row + k] = x;
        }
    }
    return values;
}

} // namespace

TEST_CASE("independent normal draws have R-hat 1 and count for as many as they are", "[sampling]")
{
    const auto one_walker = series(8000, 4, 1, 0, 1, 1), many = series(4000, 4, 4, 0, 4, 2);
    for (const Draws& draws : {Draws{one_walker, 4, 1}, Draws{many, 4, 4}}) {
        const Diagnosis diagnosis = diagnose(draws);
        const double n = static_cast<double>(draws.values.size());
        CHECK(diagnosis.r_hat == Approx(1).margin(0.003));
        // Each correlation is known to 1/sqrt(16 000) or better, and about six of them are summed, twice.
        CHECK(diagnosis.ess_bulk == Approx(n).epsilon(0.15));
        CHECK(diagnosis.ess_tail == Approx(n).epsilon(0.15));
    }
}

TEST_CASE("draws of an AR(1) series count for n (1 - rho)/(1 + rho)", "[sampling]")
{
    for (const double rho : {0.5, 0.9, -0.3}) {
        const auto values = series(20'000, 4, 1, rho, 1, 3);
        CHECK(diagnose({values, 4, 1}).ess_bulk == Approx(80'000 * (1 - rho) / (1 + rho)).epsilon(0.1));
        const auto walkers = series(20'000, 2, 6, rho, 6, 4);
        CHECK(diagnose({walkers, 2, 6}).ess_bulk == Approx(240'000 * (1 - rho) / (1 + rho)).epsilon(0.1));
    }
}

TEST_CASE("walkers that all do the same count once", "[sampling]")
{
    const auto one = series(5000, 2, 1, 0.8, 1, 5), same = series(5000, 2, 5, 0.8, 1, 5);
    // Series of the same numbers: the second ensemble's differ.
    const double n = 10'000 * 0.2 / 1.8;
    CHECK(diagnose({one, 2, 1}).ess_bulk == Approx(n).epsilon(0.15));
    CHECK(diagnose({same, 2, 5}).ess_bulk == Approx(n).epsilon(0.15));
    const auto two = series(5000, 2, 6, 0.8, 2, 6);
    CHECK(diagnose({two, 2, 6}).ess_bulk == Approx(2 * n).epsilon(0.15));
}

TEST_CASE("ensembles that differ in place, in width or over time have R-hat above 1.01", "[sampling]")
{
    const std::size_t n_walkers = 4, n_ensembles = 4, row = n_ensembles * n_walkers;
    const auto fine = series(1000, n_ensembles, n_walkers, 0, n_walkers, 7);
    CHECK(diagnose({fine, n_ensembles, n_walkers}).r_hat < 1.01);
    auto shifted = fine, wide = fine, drifting = fine;
    for (std::size_t i = 0; i < fine.size(); ++i) {
        const bool first = i % row < n_walkers;
        shifted[i] += first ? 0.5 : 0;
        wide[i] *= first ? 2 : 1;
        drifting[i] += static_cast<double>(i) / static_cast<double>(fine.size());
    }
    CHECK(diagnose({shifted, n_ensembles, n_walkers}).r_hat > 1.02);
    CHECK(diagnose({wide, n_ensembles, n_walkers}).r_hat > 1.02);
    CHECK(diagnose({drifting, n_ensembles, n_walkers}).r_hat > 1.02);
    CHECK(diagnose({shifted, n_ensembles, n_walkers}).ess_bulk < 200);
}

TEST_CASE("diagnoses are the same for any scale on which draws are written", "[sampling]")
{
    const auto values = series(500, 2, 3, 0.5, 3, 8);
    std::vector<double> exponentials;
    for (const double value : values) {
        exponentials.push_back(std::exp(5 * value));
    }
    const Diagnosis plain = diagnose({values, 2, 3}), other = diagnose({exponentials, 2, 3});
    CHECK(other.ess_bulk == plain.ess_bulk);
    CHECK(other.ess_tail == Approx(plain.ess_tail).epsilon(1e-12));
}

TEST_CASE("R-hat is that of Vehtari et al., computed from ranks by hand", "[sampling]")
{
    // Nine draws of two ensembles of two walkers, the second one farther up; each is cut in two, without its middle.
    constexpr std::size_t n_draws = 9, n_ensembles = 2, n_walkers = 2;
    auto values = series(n_draws, n_ensembles, n_walkers, 0.3, n_walkers, 11);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] += i / n_walkers % n_ensembles == 1 ? 0.7 : 0;
    }
    values[3] = values[8]; // equal draws share their rank
    const auto scores_of = [](const std::vector<double>& of) {
        std::vector<double> scores;
        for (const double value : of) {
            double below = 0, equal = 0;
            for (const double other : of) {
                below += other < value ? 1 : 0;
                equal += other == value ? 1 : 0;
            }
            const double rank = below + (equal + 1) / 2;
            scores.push_back(solvers::normal_quantile((rank - 0.375) / (static_cast<double>(of.size()) + 0.25)));
        }
        return scores;
    };
    const auto mean_and_variance = [](const std::vector<double>& of) {
        double sum = 0, squares = 0;
        for (const double value : of) {
            sum += value;
            squares += value * value;
        }
        const auto n = static_cast<double>(of.size());
        return std::pair(sum / n, (squares - sum * sum / n) / (n - 1));
    };
    const auto r_hat_of = [&](const std::vector<double>& scores) {
        std::vector<double> means;
        double within = 0;
        for (std::size_t e = 0; e < n_ensembles; ++e) {
            for (const std::size_t first : {0U, 5U}) {
                std::vector<double> chain;
                for (std::size_t i = first; i < first + 4; ++i) {
                    for (std::size_t w = 0; w < n_walkers; ++w) {
                        chain.push_back(scores[(i * n_ensembles + e) * n_walkers + w]);
                    }
                }
                const auto moments = mean_and_variance(chain);
                means.push_back(moments.first);
                within += moments.second / 4;
            }
        }
        return std::sqrt(7.0 / 8 + mean_and_variance(means).second / within); // of chains of eight draws
    };
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    const double median = (sorted[17] + sorted[18]) / 2;
    std::vector<double> folded;
    for (const double value : values) {
        folded.push_back(std::abs(value - median));
    }
    const double bulk = r_hat_of(scores_of(values)), tails = r_hat_of(scores_of(folded));
    CHECK(diagnose({values, n_ensembles, n_walkers}).r_hat == Approx(std::max(bulk, tails)));
    // The same of what differs in width: then it is the tails that tell.
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = i / n_walkers % n_ensembles == 1 ? 5 * (values[i] - 0.7) : values[i];
    }
    sorted = values;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < values.size(); ++i) {
        folded[i] = std::abs(values[i] - (sorted[17] + sorted[18]) / 2);
    }
    CHECK(r_hat_of(scores_of(folded)) > r_hat_of(scores_of(values)));
    CHECK(diagnose({values, n_ensembles, n_walkers}).r_hat == Approx(r_hat_of(scores_of(folded))));
}

TEST_CASE("tails are known as badly as the worse one, whichever end it is", "[sampling]")
{
    // One ensemble after the other stays above the others' values for a tenth of all draws.
    constexpr std::size_t n_draws = 400, n_ensembles = 4;
    auto upward = series(n_draws, n_ensembles, 1, 0, 1, 10);
    for (std::size_t i = 0; i < n_draws / 10; ++i) {
        for (std::size_t e = 0; e < n_ensembles; ++e) {
            upward[(i + (2 * e + 1) * n_draws / 10) * n_ensembles + e] += 9;
        }
    }
    std::vector<double> downward;
    for (const double value : upward) {
        downward.push_back(-value);
    }
    const double up = diagnose({upward, n_ensembles, 1}).ess_tail, down = diagnose({downward, n_ensembles, 1}).ess_tail;
    CHECK(up == Approx(down).epsilon(1e-9));
    CHECK(up < 0.1 * n_draws * n_ensembles);
}

TEST_CASE("draws that are all equal, or too few, say nothing", "[sampling]")
{
    const std::vector<double> equal(100, 3.0), few = series(4, 2, 3, 0, 3, 9);
    CHECK(std::isnan(diagnose({equal, 2, 5}).r_hat));
    CHECK(std::isnan(diagnose({equal, 2, 5}).ess_bulk));
    CHECK(std::isnan(diagnose({few, 2, 3}).ess_tail));
    CHECK(std::isnan(diagnose({}).r_hat));
}

TEST_CASE("ensembles that stand still at different places have an infinite R-hat", "[sampling]")
{
    std::vector<double> values;
    for (std::size_t i = 0; i < 64; ++i) {
        values.push_back(i % 2 == 0 ? 1.5 : -7);
    }
    const Diagnosis stuck = diagnose({values, 2, 1});
    CHECK(stuck.r_hat > 1e6); // infinite but for rounding
    CHECK(stuck.ess_bulk < 4);
    CHECK(std::isinf(diagnose({std::span(values).first(16), 2, 1}).r_hat));
}
