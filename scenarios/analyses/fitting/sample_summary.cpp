#include "scenarios/analyses/fitting/sample.hpp"
#include "scenarios/file_contents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace osteoflare::scenarios {

namespace sampling = solvers::sampling;

std::vector<Marginal> marginals(const Likelihood& likelihood, const Sample& sample)
{
    std::vector<Marginal> all;
    for (std::size_t p = 0; p < likelihood.problem().parameters.size(); ++p) {
        auto values = sample.column(p);
        Marginal own;
        own.diagnosis = sample.diagnose(values);
        for (double& value : values) {
            value = likelihood.problem().parameters[p].outward(value);
            own.mean += value;
        }
        own.mean /= static_cast<double>(values.size());
        std::ranges::sort(values);
        own.median = quantile(values, 0.5);
        own.low = quantile(values, 0.025);
        own.high = quantile(values, 0.975);
        all.push_back(own);
    }
    return all;
}

std::string verdict(const Likelihood& likelihood, const std::vector<Marginal>& marginals, std::size_t steps)
{
    // Vehtari et al. 2021: R-hat below 1.01, and 400 independent draws for quantiles that can be relied on.
    constexpr double most_r_hat = 1.01, least_size = 400;
    std::string apart;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t p = 0; p < marginals.size(); ++p) {
        const sampling::Diagnosis& own = marginals[p].diagnosis;
        if (!(own.r_hat <= most_r_hat)) {
            apart += fmt::format("{}{}", apart.empty() ? "" : ", ", likelihood.problem().parameters[p].name);
        }
        for (const double size : {own.ess_bulk, own.ess_tail}) {
            least = std::isnan(size) ? 0 : std::min(least, size);
        }
    }
    const double n_steps = static_cast<double>(steps);
    const double wanted = least > 0 ? n_steps * (least_size / least - 1) : n_steps;
    const double more = apart.empty() ? wanted : std::max(wanted, n_steps);
    if (apart.empty() && least >= least_size) {
        return fmt::format("converged: the chains agree, and every parameter has at least {:.0f} independent draws",
                           std::floor(least));
    }
    const double round = std::pow(10, std::floor(std::log10(std::max(more, 10.0))) - 1);
    const std::string steps_more = fmt::format("about {:.0f} more steps", std::ceil(more / round) * round);
    if (!apart.empty()) {
        return fmt::format("not converged: the chains do not agree on {}; {}, or a longer warm-up", apart, steps_more);
    }
    return fmt::format("not converged: a parameter has only {:.0f} independent draws of {:.0f}; {}", std::floor(least),
                       least_size, steps_more);
}

} // namespace osteoflare::scenarios
