#include "scenarios/analyses/sensitivity/local_sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace osteoflare::scenarios {
namespace {

/// A factor is known if its error is smaller than this; one of a factor e is no knowledge.
constexpr double unknown = 1;

std::vector<std::size_t> by_magnitude(const std::vector<double>& values)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return std::abs(values[i]); });
    return order;
}

} // namespace

std::string combination(const std::vector<std::string>& factors, const std::vector<double>& direction)
{
    constexpr double least = 0.2; // of a vector of length 1
    constexpr std::size_t most = 4;
    std::string words;
    const auto order = by_magnitude(direction);
    for (std::size_t k = 0; k < order.size() && (k == 0 || std::abs(direction[order[k]]) >= least); ++k) {
        if (k == most) {
            return words + " …";
        }
        words += fmt::format("{}{}^{:.2f}", k == 0 ? "" : " * ", factors[order[k]], direction[order[k]]);
    }
    return words;
}

std::vector<std::string> describe(const LocalPlan& plan, const LocalAnalysis& analysis)
{
    std::vector<std::string> lines = plan.left_out;
    if (!analysis.report) {
        lines.push_back(fmt::format("the run failed ({}, day {:.1f}): nothing can be said",
                                    solvers::text(analysis.report.status), analysis.report.time));
        return lines;
    }
    const std::size_t n_times = plan.times.size(), n = plan.factors.size();
    std::size_t width = 6;
    for (const std::string& factor : plan.factors) {
        width = std::max(width, factor.size());
    }
    for (std::size_t o = 0; o < plan.observed.size(); ++o) {
        const auto last = analysis.slopes.begin() + static_cast<std::ptrdiff_t>(((o + 1) * n_times - 1) * n);
        const std::vector<double> slopes(last, last + static_cast<std::ptrdiff_t>(n));
        lines.push_back(
            fmt::format("{} on day {:g}: {}", plan.observed[o].name, plan.times.back(), plan.observed[o].meaning));
        if (std::isnan(slopes.front())) {
            lines.push_back("  is 0, of which no change is a share");
            continue;
        }
        lines.push_back(fmt::format("  {:<{}}  change in % if it is 1 % higher", "factor", width));
        for (const std::size_t a : by_magnitude(slopes)) {
            lines.push_back(fmt::format("  {:<{}}  {:+.3f}", plan.factors[a], width, slopes[a]));
        }
    }
    const auto n_unseen = static_cast<std::size_t>(
        std::ranges::count_if(analysis.modes, [](const auto& mode) { return mode.standard_error > unknown; }));
    lines.push_back(fmt::format("{} data, each with an error of {:g} %, see {} of {} combinations", analysis.n_data,
                                100 * plan.relative_error, analysis.modes.size() - n_unseen, n));
    for (std::size_t k = 0; k < analysis.modes.size(); ++k) {
        const auto& mode = analysis.modes[k];
        const std::string known = mode.standard_error > std::log(1000.0) ? "not seen at all"
                                  : mode.standard_error > unknown
                                      ? fmt::format("not seen (to a factor of {:.2g})", std::exp(mode.standard_error))
                                      : fmt::format("known to {:.2g} %", 100 * mode.standard_error);
        lines.push_back(fmt::format("  {:<34}  {}", known, combination(plan.factors, mode.direction)));
    }
    return lines;
}

} // namespace osteoflare::scenarios
