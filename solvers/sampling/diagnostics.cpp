#include "solvers/sampling/diagnostics.hpp"

#include "solvers/designs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace osteoflare::solvers::sampling {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double mean_of(std::span<const double> values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double sample_variance(std::span<const double> values)
{
    const double mean = mean_of(values);
    double sum = 0;
    for (const double value : values) {
        sum += (value - mean) * (value - mean);
    }
    return sum / (static_cast<double>(values.size()) - 1);
}

/// Normal scores of the ranks of all draws together (Blom 1958); equal draws share their mean rank.
std::vector<double> normal_scores(std::span<const double> values)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> scores(values.size());
    const double n = static_cast<double>(values.size());
    for (std::size_t i = 0; i < order.size();) {
        std::size_t end = i;
        while (end < order.size() && values[order[end]] == values[order[i]]) {
            ++end;
        }
        const double rank = static_cast<double>(i + 1 + end) / 2;
        const double score = normal_quantile((rank - 3.0 / 8) / (n + 1.0 / 4));
        for (; i < end; ++i) {
            scores[order[i]] = score;
        }
    }
    return scores;
}

/// One half of one ensemble: all its draws, and their averages over walkers.
struct Chain {
    std::vector<double> all, averages;
};

std::vector<Chain> chains_of(const Draws& draws)
{
    const std::size_t n = draws.n_draws() / 2, row = draws.n_ensembles * draws.n_walkers;
    std::vector<Chain> chains;
    for (std::size_t e = 0; e < draws.n_ensembles; ++e) {
        // The middle draw of an odd number is left out.
        for (const std::size_t first : {std::size_t{0}, draws.n_draws() - n}) {
            Chain chain;
            for (std::size_t i = first; i < first + n; ++i) {
                const auto walkers = draws.values.subspan(i * row + e * draws.n_walkers, draws.n_walkers);
                chain.all.insert(chain.all.end(), walkers.begin(), walkers.end());
                chain.averages.push_back(mean_of(walkers));
            }
            chains.push_back(std::move(chain));
        }
    }
    return chains;
}

/// Mean sample variance within chains, and the variance of the draws as a whole.
struct Variances {
    double within = 0, whole = 0;
};

Variances variances_of(const std::vector<Chain>& chains)
{
    std::vector<double> means;
    double within = 0;
    for (const Chain& chain : chains) {
        means.push_back(mean_of(chain.all));
        within += sample_variance(chain.all) / static_cast<double>(chains.size());
    }
    const double n = static_cast<double>(chains.front().all.size());
    return {within, within * (n - 1) / n + sample_variance(means)};
}

double r_hat_of(const Draws& draws)
{
    const auto variances = variances_of(chains_of(draws));
    return std::sqrt(variances.whole / variances.within); // infinite where chains stand still at different places
}

/// Of values whose mean is 0.
double autocovariance(std::span<const double> values, std::size_t lag)
{
    double sum = 0;
    for (std::size_t i = 0; i + lag < values.size(); ++i) {
        sum += values[i] * values[i + lag];
    }
    return sum / static_cast<double>(values.size());
}

/// Geyer's initial monotone sequence over the averages, as Stan computes it.
double effective_size(const Draws& draws)
{
    auto chains = chains_of(draws);
    const double whole_of_draws = variances_of(chains).whole;
    const std::size_t n = chains.front().averages.size();
    std::vector<double> means;
    double within = 0;
    for (Chain& chain : chains) {
        means.push_back(mean_of(chain.averages));
        within += sample_variance(chain.averages) / static_cast<double>(chains.size());
        for (double& average : chain.averages) {
            average -= means.back();
        }
    }
    const double size = static_cast<double>(n);
    const double whole = within * (size - 1) / size + sample_variance(means);
    if (!(whole > 0)) {
        return nan;
    }
    const auto correlation = [&](std::size_t lag) {
        double mean = 0;
        for (const Chain& chain : chains) {
            mean += autocovariance(chain.averages, lag) / static_cast<double>(chains.size());
        }
        return 1 - (within - mean) / whole;
    };
    double sum = 1 + correlation(1), previous = sum, last_even = 0;
    for (std::size_t lag = 2; lag + 3 < n; lag += 2) {
        last_even = correlation(lag);
        const double pair = last_even + correlation(lag + 1);
        if (!(pair >= 0)) {
            break;
        }
        previous = std::min(previous, pair);
        sum += previous;
        last_even = 0;
    }
    const double n_averages = size * static_cast<double>(chains.size());
    double time = -1 + 2 * sum + std::max(last_even, 0.0);
    time = std::max(time, 1 / std::log10(n_averages)); // antithetic draws are worth more, but not without end
    return n_averages / time * whole_of_draws / whole;
}

double quantile_of(std::vector<double> values, double share)
{
    std::ranges::sort(values);
    const double position = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (position - static_cast<double>(below)) * (values[above] - values[below]);
}

/// The same draws after a change of each value.
struct Changed {
    std::vector<double> values;
    Draws draws;

    Changed(const Draws& of, std::vector<double> changed)
        : values(std::move(changed)), draws{values, of.n_ensembles, of.n_walkers}
    {
    }
};

double ess_of_quantile(const Draws& draws, double share)
{
    const double quantile = quantile_of({draws.values.begin(), draws.values.end()}, share);
    std::vector<double> below;
    for (const double value : draws.values) {
        below.push_back(value <= quantile ? 1 : 0);
    }
    return effective_size(Changed(draws, std::move(below)).draws);
}

} // namespace

Diagnosis diagnose(const Draws& draws)
{
    constexpr std::size_t fewest = 8;
    const bool is_constant = std::ranges::all_of(draws.values, [&](double v) { return v == draws.values.front(); });
    if (is_constant || draws.n_draws() < fewest) {
        return {nan, nan, nan};
    }
    const double median = quantile_of({draws.values.begin(), draws.values.end()}, 0.5);
    std::vector<double> folded;
    for (const double value : draws.values) {
        folded.push_back(std::abs(value - median));
    }
    const Changed bulk(draws, normal_scores(draws.values)), tails(draws, normal_scores(folded));
    return {std::max(r_hat_of(bulk.draws), r_hat_of(tails.draws)), effective_size(bulk.draws),
            std::min(ess_of_quantile(draws, 0.05), ess_of_quantile(draws, 0.95))};
}

} // namespace osteoflare::solvers::sampling
