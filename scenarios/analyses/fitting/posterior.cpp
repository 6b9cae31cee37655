#include "scenarios/analyses/fitting/posterior.hpp"

#include "scenarios/analyses/fitting/fit.hpp"
#include "solvers/designs.hpp"
#include "solvers/random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace osteoflare::scenarios {
namespace {

constexpr std::uint32_t starting_place = 4101; ///< what a random number is for

} // namespace

solvers::sampling::LogDensity log_posterior(const Likelihood& likelihood, std::size_t threads)
{
    return [&likelihood, threads, bounds = likelihood.as_seen_by_solver()](std::span<const double> points,
                                                                           std::span<double> values) {
        const std::size_t n = bounds.n_parameters();
        std::vector<std::size_t> inside;
        std::vector<double> inside_points;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto x = points.subspan(i * n, n);
            bool is_inside = true;
            for (std::size_t p = 0; p < n; ++p) {
                is_inside = is_inside && x[p] > bounds.lower[p] && x[p] < bounds.upper[p];
            }
            values[i] = -std::numeric_limits<double>::infinity();
            if (is_inside) {
                inside.push_back(i);
                inside_points.insert(inside_points.end(), x.begin(), x.end());
            }
        }
        if (inside.empty()) {
            return;
        }
        const auto negative_logs = likelihood.negative_logs(inside_points, threads);
        for (std::size_t i = 0; i < inside.size(); ++i) {
            values[inside[i]] = -negative_logs[i];
        }
    };
}

std::vector<double> places_around(const Likelihood& likelihood, std::span<const double> best, std::size_t n_walkers,
                                  std::uint64_t seed, const solvers::sampling::LogDensity& density)
{
    const auto bounds = likelihood.as_seen_by_solver();
    const std::size_t n = best.size();
    const auto spectrum = solvers::fitting::spectrum_of(evaluation_at(likelihood, best).information, n);
    std::vector<double> places(n_walkers * n);
    std::vector<std::size_t> missing(n_walkers);
    std::iota(missing.begin(), missing.end(), std::size_t{0});
    constexpr std::uint32_t most_tries = 20;
    for (std::uint32_t attempt = 0; attempt < most_tries && !missing.empty(); ++attempt) {
        const double width = 2 * std::pow(0.5, attempt);
        std::vector<double> points;
        for (const std::size_t walker : missing) {
            std::vector<double> x(best.begin(), best.end());
            for (std::size_t k = 0; k < n; ++k) {
                // Directions that the data do not see end at a tenth of what the bounds leave.
                double room = 0;
                for (std::size_t p = 0; p < n; ++p) {
                    const double part = spectrum.vectors[k * n + p] * (bounds.upper[p] - bounds.lower[p]);
                    room += part * part;
                }
                const double most = std::sqrt(room) / 10;
                const double usual = spectrum.values[k] > 0 ? 1 / std::sqrt(spectrum.values[k]) : most;
                const auto key = attempt * static_cast<std::uint32_t>(n) + static_cast<std::uint32_t>(k);
                const double z = solvers::normal_quantile(
                    solvers::to_unit_interval(solvers::random_bits(seed, starting_place, walker, key)));
                for (std::size_t p = 0; p < n; ++p) {
                    x[p] += width * std::min(usual, most) * z * spectrum.vectors[k * n + p];
                }
            }
            for (std::size_t p = 0; p < n; ++p) { // mirrored at the bounds, on which the maximum may lie
                x[p] = x[p] < bounds.lower[p] ? 2 * bounds.lower[p] - x[p] : x[p];
                x[p] = x[p] > bounds.upper[p] ? 2 * bounds.upper[p] - x[p] : x[p];
                // Optimisers of different builds differ in last bits, from which walkers would go other ways.
                x[p] = static_cast<double>(static_cast<float>(x[p]));
            }
            points.insert(points.end(), x.begin(), x.end());
        }
        std::vector<double> values(missing.size());
        density(points, values);
        std::vector<std::size_t> still;
        for (std::size_t i = 0; i < missing.size(); ++i) {
            if (std::isfinite(values[i])) {
                std::copy_n(points.begin() + static_cast<std::ptrdiff_t>(i * n), n,
                            places.begin() + static_cast<std::ptrdiff_t>(missing[i] * n));
            } else {
                still.push_back(missing[i]);
            }
        }
        missing = std::move(still);
    }
    if (!missing.empty()) {
        throw InputError({likelihood.problem().name + ".toml", 1, 1},
                         {fmt::format("{} of {} walkers find no place to start", missing.size(), n_walkers),
                          "near the best fit, next to nothing can be computed", "look at the fit first"});
    }
    return places;
}

} // namespace osteoflare::scenarios
