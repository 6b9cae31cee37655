#include "scenarios/analyses/fitting/likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace osteoflare::scenarios {
namespace {

using solvers::fitting::Datum;
using solvers::fitting::Predictions;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

} // namespace

void Likelihood::run_many(const Group& group, std::span<const double> points, std::size_t threads,
                          ManyQuantities& quantities) const
{
    const std::size_t n = problem_.parameters.size(), n_points = points.size() / n;
    const std::size_t n_experiments = group.experiments.size(), n_times = group.times.size();
    Scenario scenario = group.scenario;
    scenario.sensitivities = {};
    std::vector<std::vector<double>> values(group.axes.size());
    for (std::size_t i = 0; i < n_points; ++i) { // members: (point, experiment)
        std::size_t axis = 0;
        if (!group.genotypes.empty()) {
            values[axis++].insert(values[0].end(), group.genotypes.begin(), group.genotypes.end());
        }
        for (std::size_t k = 0; k < group.parameters.size(); ++k, ++axis) {
            const std::size_t p = group.parameters[k];
            const double value = problem_.parameters[p].outward(points[i * n + p]);
            for (std::size_t e = 0; e < n_experiments; ++e) {
                const bool is_set = problem_.parameters[p].targets[group.experiments[e]].has_value();
                values[axis].push_back(is_set ? value : group.base[k][e]);
            }
        }
    }
    const bool is_one = values.empty(); // nothing distinguishes points here
    const Study study(is_one ? std::move(scenario) : at_points(std::move(scenario), group.axes, std::move(values)));
    run_blocks(study, group.times, threads, [&](const Block& block) {
        const auto take = [&](const FitDatum& datum, double moment, std::span<double> of_points) {
            const auto [own, time, column] = place_of(datum, group, moment);
            for (std::size_t i = 0; i < n_points; ++i) {
                const std::size_t member = is_one ? 0 : i * n_experiments + own;
                if (member >= block.first && member < block.first + block.size) {
                    const std::size_t at = member - block.first;
                    of_points[i] = block.reports[at] ? block.columns[(column * block.size + at) * n_times + time] : nan;
                }
            }
        };
        for (const std::size_t d : group.data) {
            const FitDatum& datum = problem_.data[d];
            take(datum, datum.time, std::span(quantities.now).subspan(d * n_points, n_points));
            if (datum.since) {
                take(datum, *datum.since, std::span(quantities.before).subspan(d * n_points, n_points));
            }
        }
    });
}

std::vector<double> Likelihood::negative_logs(std::span<const double> points, std::size_t threads) const
{
    const std::size_t n = problem_.parameters.size(), n_points = points.size() / n;
    const std::vector<double> unknown(problem_.data.size() * n_points, nan);
    ManyQuantities quantities{unknown, unknown};
    for (const Group& group : groups_) {
        run_many(group, points, threads, quantities);
    }
    Predictions one{{0}, {0}, std::vector<double>(n), std::vector<double>(n)};
    Quantity now, before;
    std::vector<double> sums(n_points, 0);
    for (std::size_t i = 0; i < n_points; ++i) {
        const auto x = points.subspan(i * n, n);
        const auto add = [&](const Datum& datum, double m, double s) {
            const auto share = solvers::fitting::share_of(datum, m, s);
            sums[i] += std::isnan(m) ? nan : share ? share->negative_log : infinity;
        };
        for (std::size_t d = 0; d < problem_.data.size(); ++d) {
            const std::size_t at = d * n_points + i;
            now.value = quantities.now[at];
            before.value = quantities.before[at];
            predict_one(problem_.data[d], x, now, before, 0, one);
            add(problem_.data[d].datum, one.m[0], one.s[0]);
        }
        for (std::size_t p = 0; p < n; ++p) {
            const FitParameter& parameter = problem_.parameters[p];
            if (parameter.prior) {
                add({.noise = parameter.prior->noise, .value = parameter.prior->value}, parameter.outward(x[p]),
                    parameter.prior->spread);
            }
        }
    }
    return sums;
}

} // namespace osteoflare::scenarios
