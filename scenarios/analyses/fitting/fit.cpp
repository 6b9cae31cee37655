#include "scenarios/analyses/fitting/fit.hpp"

#include "solvers/designs.hpp"
#include "solvers/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

namespace osteoflare::scenarios {
namespace {

namespace fitting = solvers::fitting;

/// The starts: the problem's own, then a Latin hypercube between the bounds.
std::vector<std::vector<double>> starts_of(const Likelihood& likelihood, const FitOptions& options)
{
    const auto problem = likelihood.as_seen_by_solver();
    const std::size_t n = problem.n_parameters();
    std::vector<std::vector<double>> starts = {likelihood.start()};
    if (options.starts < 2) {
        return starts;
    }
    const solvers::UnitDesign design(solvers::Design::latin_hypercube, options.starts - 1, n, options.seed);
    for (std::size_t i = 0; i + 1 < options.starts; ++i) {
        std::vector<double> x;
        for (std::size_t p = 0; p < n; ++p) {
            x.push_back(problem.lower[p] + design(i, p) * (problem.upper[p] - problem.lower[p]));
        }
        starts.push_back(std::move(x));
    }
    return starts;
}

/// Why nothing can be computed at a place.
std::string obstacle(const Likelihood& likelihood, std::span<const double> x)
{
    const auto solver_problem = likelihood.as_seen_by_solver();
    fitting::Predictions at;
    if (!solver_problem.predict(x, at)) {
        return "a simulation does not reach its end";
    }
    const FitProblem& problem = likelihood.problem();
    for (std::size_t i = 0; i < problem.data.size(); ++i) {
        if (!fitting::share_of(solver_problem.data[i], at.m[i], at.s[i])) {
            const FitDatum& datum = problem.data[i];
            return fmt::format("{} of '{}' on day {:g} is predicted as {:g}, under which the datum cannot be",
                               problem.observables[datum.observable].name, problem.experiments[datum.experiment].name,
                               datum.time, at.m[i]);
        }
    }
    return "the likelihood is not a number";
}

} // namespace

fitting::Evaluation evaluation_at(const Likelihood& likelihood, std::span<const double> x)
{
    auto all = fitting::evaluate(likelihood.as_seen_by_solver(), x);
    if (!all) {
        throw InputError({likelihood.problem().file, 1, 1},
                         {"the likelihood cannot be computed there", obstacle(likelihood, x),
                          "choose other values, or noise = \"normal\" where a value may be 0"});
    }
    return *all;
}

Fit fit(const Likelihood& likelihood, const FitOptions& options)
{
    const auto problem = likelihood.as_seen_by_solver();
    const auto starts = starts_of(likelihood, options);
    for (const auto& start : starts) { // the first at which anything can be computed
        if (likelihood.check_touched(start)) {
            break;
        }
    }
    Fit result;
    result.starts.resize(starts.size());
    std::mutex mutex;
    std::size_t done = 0;
    double lowest = std::numeric_limits<double>::infinity();
    solvers::for_each_member(starts.size(), options.threads, [&](std::size_t i) {
        // Simulations are exact to a millionth or so: what changes less is not worth a search.
        const fitting::MaximumOptions search{
            .fixed = {}, .most_iterations = options.most_iterations, .tolerance = 1e-8};
        result.starts[i] = {starts[i], fitting::maximise(problem, starts[i], search)};
        const std::scoped_lock lock(mutex);
        lowest = std::min(lowest, result.starts[i].end.negative_log);
        ++done;
        if (options.progress) {
            options.progress(done, lowest);
        }
    });
    for (const FitStart& start : result.starts) {
        result.n_failed += start.end.found ? 0 : 1;
        if (start.end.found && start.end.negative_log < result.best.negative_log) {
            result.best = start.end;
        }
    }
    if (!result.best.found) {
        throw InputError({likelihood.problem().file, 1, 1},
                         {fmt::format("none of {} starts can be computed", starts.size()),
                          fmt::format("at the first one, {}", obstacle(likelihood, starts.front())),
                          "narrow the bounds, start elsewhere, or choose noise = \"normal\" where a value may be 0"});
    }
    for (const FitStart& start : result.starts) {
        result.n_reached += start.end.negative_log < result.best.negative_log + Fit::reached ? 1 : 0;
    }
    result.at_best = evaluation_at(likelihood, result.best.x);
    result.spectrum = fitting::spectrum_of(result.at_best.information, problem.n_parameters());
    for (std::size_t i = 0; i < likelihood.n_data(); ++i) {
        result.data_negative_log += result.at_best.shares[i];
    }
    const auto n_parameters = static_cast<double>(problem.n_parameters());
    result.aic = 2 * (result.data_negative_log + n_parameters);
    result.bic = 2 * result.data_negative_log + n_parameters * std::log(static_cast<double>(likelihood.n_data()));
    return result;
}

std::vector<std::string> doubts(const Fit& fit)
{
    std::vector<std::string> lines;
    if (fit.n_reached == 1 && fit.starts.size() > 1) {
        lines.push_back("only one start found the best: there may be better ones; try more starts");
    }
    if (fit.best.cut_off) {
        lines.push_back("the best search was cut off: where it leads nothing can be computed; the best may lie beyond");
    } else if (!fit.best.converged) {
        lines.push_back(
            fmt::format("the best search used up its {} iterations: it may lead further", fit.best.iterations));
    }
    return lines;
}

} // namespace osteoflare::scenarios
