#include "scenarios/analyses/sensitivity/sensitivity_words.hpp"

#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace osteoflare::scenarios {
namespace {

using solvers::Estimate;

/// Factors in falling order of what `of` gives.
template <class Of>
std::vector<std::size_t> falling(std::size_t n, Of of)
{
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater{}, of);
    return order;
}

std::size_t widest_name(const GlobalPlan& plan)
{
    std::size_t width = 6;
    for (const Axis& axis : plan.factors()) {
        width = std::max(width, axis.name.size());
    }
    return width;
}

/// "0.412 ± 0.031". An index below zero whose interval reaches zero is none.
std::string share(const Estimate& index)
{
    if (index.value < 0 && index.high >= 0) {
        return "zero within error";
    }
    if (index.value == 0 && index.half_width() == 0) {
        return " none in any row";
    }
    return fmt::format("{:6.3f} ± {:.3f}", index.value, index.half_width());
}

/// The widest half-width of all indices.
double widest(const solvers::SobolIndices& found)
{
    double width = 0;
    for (const auto* estimates : {&found.first, &found.total}) {
        for (const Estimate& estimate : *estimates) {
            width = std::max(width, estimate.half_width());
        }
    }
    return width;
}

/// The number of rows as a person would choose it: a power of two.
std::size_t next_power(double rows)
{
    std::size_t power = 1;
    while (static_cast<double>(power) < rows) {
        power *= 2;
    }
    return power;
}

void describe_sobol(const GlobalPlan& plan, const std::vector<solvers::SobolIndices>& found,
                    std::vector<std::string>& lines)
{
    const auto& end = found.back();
    const std::size_t width = widest_name(plan);
    lines.push_back(fmt::format("  {:<{}}  {:<18}  {}", "factor", width, "first order", "total"));
    for (const std::size_t a : falling(end.total.size(), [&](std::size_t i) { return end.total[i].value; })) {
        lines.push_back(fmt::format("  {:<{}}  {:<18}  {}", plan.factors()[a].name, width, share(end.first[a]),
                                    share(end.total[a])));
    }
    const Estimate& left = end.interactions;
    lines.push_back(fmt::format("  interactions: {:.0f} ± {:.0f} % of the variance{}", std::max(0.0, 100 * left.value),
                                100 * left.half_width(), left.low <= 0 && left.high >= 0 ? ", zero within error" : ""));
    const double half_width = widest(end);
    if (half_width < settled_half_width) {
        lines.push_back(fmt::format("  converged: every half-width is below {}", settled_half_width));
    } else {
        const double wanted = std::ceil(solvers::rows_needed(half_width, settled_half_width, plan.n_rows));
        lines.push_back(
            fmt::format("  not converged: the widest half-width is {:.3f}; below {} needs about {:.0f} more "
                        "rows (--size {} --resume)",
                        half_width, settled_half_width, wanted - static_cast<double>(plan.n_rows), next_power(wanted)));
    }
    if (found.size() > 1) {
        const auto n = std::ranges::count_if(
            found, [](const auto& now) { return now.varies && widest(now) < settled_half_width; });
        const auto n_varying = std::ranges::count_if(found, [](const auto& now) { return now.varies; });
        lines.push_back(fmt::format("  of the {} times at which it varies, {} are converged", n_varying, n));
    }
}

/// What a rise of the factor does, and whether always the same.
std::string character(const solvers::ElementaryEffects& end, std::size_t a)
{
    if (end.mu_star[a].value == 0) {
        return "does nothing";
    }
    const bool one_way = std::abs(end.mean[a]) > 0.9 * end.mu_star[a].value;
    const std::string way = !one_way ? "raises or lowers it" : end.mean[a] > 0 ? "raises it" : "lowers it";
    return way + (end.sigma[a].value > end.mu_star[a].value ? "; how much depends on the others" : "");
}

void describe_effects(const GlobalPlan& plan, const solvers::ElementaryEffects& end, const std::string& unit,
                      std::vector<std::string>& lines)
{
    const std::size_t width = widest_name(plan);
    const auto words = [](const Estimate& e) {
        return fmt::format("{:.3g} ({:.3g} to {:.3g})", e.value, e.low, e.high);
    };
    const auto widest_of = [&](const std::vector<Estimate>& estimates, const std::string& heading) {
        std::size_t most = heading.size();
        for (const Estimate& estimate : estimates) {
            most = std::max(most, words(estimate).size());
        }
        return most;
    };
    const std::string mu_star = "mu*" + unit, sigma = "sigma" + unit;
    const std::size_t of_mu = widest_of(end.mu_star, mu_star), of_sigma = widest_of(end.sigma, sigma);
    lines.push_back(
        fmt::format("  {:<{}}  {:<{}}  {:<{}}  if it rises", "factor", width, mu_star, of_mu, sigma, of_sigma));
    for (const std::size_t a : falling(end.mu_star.size(), [&](std::size_t i) { return end.mu_star[i].value; })) {
        lines.push_back(fmt::format("  {:<{}}  {:<{}}  {:<{}}  {}", plan.factors()[a].name, width,
                                    words(end.mu_star[a]), of_mu, words(end.sigma[a]), of_sigma, character(end, a)));
    }
}

} // namespace

std::vector<std::string> describe(const GlobalPlan& plan, const GlobalRuns& runs,
                                  const std::vector<ResponseAnalysis>& analyses)
{
    std::vector<std::string> lines;
    const std::size_t n_failed = runs.n_failed(), n_points = plan.points_per_row();
    std::size_t n_left_out = 0;
    for (std::size_t row = 0; row < runs.n_rows; ++row) {
        const auto first = runs.status.begin() + static_cast<std::ptrdiff_t>(row * n_points);
        n_left_out += std::any_of(first, first + static_cast<std::ptrdiff_t>(n_points),
                                  [](std::uint8_t code) { return code != 0; });
    }
    lines.push_back(fmt::format(
        "{} rows of {} runs: {} runs, {}", runs.n_rows, n_points, runs.status.size(),
        n_failed == 0 ? "none failed"
                      : fmt::format("{} failed; {} rows are left out whole, and what follows holds for the others",
                                    n_failed, n_left_out)));
    for (std::size_t r = 0; r < analyses.size(); ++r) {
        const Response& response = plan.responses[r];
        const ResponseAnalysis& analysis = analyses[r];
        const bool is_sobol = plan.method == GlobalMethod::sobol;
        const bool is_course = response.kind == Response::Kind::course;
        const std::string unit = unit_suffix(response.unit);
        std::string head =
            fmt::format("{}{}: {}", response.name, is_course ? fmt::format(" on day {:g}", plan.times.back()) : "",
                        response.meaning);
        if (response.kind == Response::Kind::moment && analysis.share_never > 0) {
            head += fmt::format(" (in {:.1f} % of the runs)", 100 * analysis.share_never);
        }
        lines.push_back(head);
        const bool varies = is_sobol ? analysis.sobol.back().varies : analysis.effects.back().varies;
        const std::size_t n_rows = is_sobol ? analysis.sobol.back().n_rows : analysis.effects.back().n_rows;
        if (!varies) {
            const double mean = is_sobol ? analysis.sobol.back().mean : analysis.effects.back().mean_output;
            lines.push_back(n_rows == 0 ? "  no row is complete: nothing can be said"
                                        : fmt::format("  does not vary: {:.4g}{} in every run, as exactly as runs are "
                                                      "computed",
                                                      mean, unit));
            continue;
        }
        if (is_sobol) {
            lines.push_back(fmt::format("  mean {:.4g}{}, standard deviation {:.3g}", analysis.sobol.back().mean, unit,
                                        std::sqrt(analysis.sobol.back().variance)));
            describe_sobol(plan, analysis.sobol, lines);
        } else {
            describe_effects(plan, analysis.effects.back(), unit.empty() ? "" : fmt::format(" [{}]", response.unit),
                             lines);
        }
    }
    return lines;
}

} // namespace osteoflare::scenarios
