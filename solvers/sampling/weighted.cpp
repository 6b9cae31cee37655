#include "solvers/sampling/weighted.hpp"

#include "solvers/random.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace osteoflare::solvers::sampling {
namespace {

constexpr std::uint32_t choosing = 4201; ///< what a random number is for

} // namespace

double weighted_quantile(std::span<const double> values, std::span<const double> weights, double q)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
    double before = 0, last_middle = 0;
    for (std::size_t k = 0; k < order.size(); ++k) {
        const double weight = weights[order[k]], middle = before + weight / 2;
        if (q <= middle) {
            if (k == 0) {
                return values[order[0]];
            }
            const double share = (q - last_middle) / (middle - last_middle);
            return values[order[k - 1]] + share * (values[order[k]] - values[order[k - 1]]);
        }
        before += weight;
        last_middle = middle;
    }
    return values.empty() ? std::numeric_limits<double>::quiet_NaN() : values[order.back()];
}

std::vector<std::size_t> chosen_by_weight(std::span<const double> weights, std::size_t n)
{
    if (weights.empty()) {
        return {};
    }
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<std::size_t> chosen;
    std::size_t next = 0;
    double passed = weights[0];
    for (std::size_t i = 0; i < n; ++i) {
        const double u = to_unit_interval(random_bits(1, choosing, i, 0));
        const double place = (static_cast<double>(i) + u) / static_cast<double>(n) * sum;
        while (passed < place && next + 1 < weights.size()) {
            passed += weights[++next];
        }
        chosen.push_back(next);
    }
    return chosen;
}

} // namespace osteoflare::solvers::sampling
