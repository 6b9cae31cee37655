#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/analyses/fitting/parameters_file.hpp"
#include "scenarios/analyses/fitting/sample.hpp"
#include "scenarios/recording/metadata.hpp"

#include <fmt/format.h>

namespace osteoflare::scenarios {
namespace {

using output::Element;
using output::ResultsWriter;

void write_summary(ResultsWriter& file, const std::vector<Marginal>& all)
{
    const auto column = [&](const std::string& name, const char* meaning, auto value) {
        std::vector<double> values;
        for (const Marginal& own : all) {
            values.push_back(value(own));
        }
        write_numbers(file, name, {"parameter"}, meaning, values);
    };
    column("mean", "mean, in the parameter's unit", [](const Marginal& own) { return own.mean; });
    column("median", "median, in the parameter's unit", [](const Marginal& own) { return own.median; });
    column("low", "2.5 % quantile, in the parameter's unit", [](const Marginal& own) { return own.low; });
    column("high", "97.5 % quantile, in the parameter's unit", [](const Marginal& own) { return own.high; });
    column("r_hat", "rank-normalised split R-hat, between chains",
           [](const Marginal& own) { return own.diagnosis.r_hat; });
    column("ess_bulk", "effective sample size of the middle",
           [](const Marginal& own) { return own.diagnosis.ess_bulk; });
    column("ess_tail", "effective sample size of the 5 % and 95 % quantiles, the smaller one",
           [](const Marginal& own) { return own.diagnosis.ess_tail; });
}

void write_draws(ResultsWriter& file, const Likelihood& likelihood, const Sample& sample)
{
    const std::size_t n = sample.walkers.n_dimensions;
    std::vector<double> values(sample.draws);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = likelihood.problem().parameters[i % n].outward(values[i]);
    }
    const std::vector<std::string> axes = {"draw", "chain", "walker", "parameter"};
    write_numbers(file, "value", axes, "draws of the parameters, in their units", values);
    write_numbers(file, "position", axes, "the same on the scale of the search", sample.draws);
    write_numbers(file, "log_posterior", {"draw", "chain", "walker"}, "log likelihood with stated priors of the draw",
                  sample.log_posteriors);
}

void write_chains(ResultsWriter& file, const Sample& sample, std::size_t steps)
{
    const solvers::sampling::Walkers& walkers = sample.walkers;
    const double n_moves = static_cast<double>(steps * walkers.n_walkers);
    std::vector<double> acceptance;
    std::vector<std::int64_t> failed;
    for (std::size_t chain = 0; chain < walkers.n_ensembles; ++chain) {
        acceptance.push_back(static_cast<double>(walkers.accepted[chain]) / n_moves);
        failed.push_back(static_cast<std::int64_t>(walkers.failed[chain]));
    }
    write_numbers(file, "acceptance", {"chain"}, "share of moves that were accepted", acceptance);
    file.variable("failed", {"chain"}, Element::int64, {"1", "moves that could not be computed, and were refused"});
    file.write("failed", 0, std::span<const std::int64_t>(failed));
}

} // namespace

void write_sample(ResultsWriter& file, const Likelihood& likelihood, const Sample& sample, const SampleOptions& options)
{
    const FitProblem& problem = likelihood.problem();
    const solvers::sampling::Walkers& walkers = sample.walkers;
    write_provenance(file, provenance_scenario(problem),
                     fmt::format("sample, {} chains of {} walkers with seed {},", walkers.n_ensembles,
                                 walkers.n_walkers, options.seed));
    file.attribute({"analysis", std::string("sample")});
    file.attribute({"data", problem.data_text});
    file.attribute(
        {"prior", std::string("uniform between the bounds on the scale of the search, times stated priors")});
    file.attribute({"sampling_seed", static_cast<std::int64_t>(options.seed)});
    file.attribute({"warm_up", static_cast<std::int64_t>(sample.warm_up)});
    file.attribute({"steps", static_cast<std::int64_t>(options.steps)});
    file.attribute({"thin", static_cast<std::int64_t>(options.thin)});
    const auto all = marginals(likelihood, sample);
    file.attribute({"verdict", verdict(likelihood, all, options.steps)});
    std::vector<std::int64_t> steps(sample.n_draws());
    for (std::size_t i = 0; i < steps.size(); ++i) {
        steps[i] = static_cast<std::int64_t>((i + 1) * options.thin);
    }
    file.dimension("draw", std::span<const std::int64_t>(steps), {"1", "step after the warm-up"});
    file.counted_dimension("chain", walkers.n_ensembles, {"1", "ensemble of walkers on its own"});
    file.counted_dimension("walker", walkers.n_walkers, {"1", "walker of a chain"});
    file.counted_dimension("parameter", problem.parameters.size(), {"1", "parameter of the problem"});
    write_parameters_with_priors(file, problem);
    write_numbers(file, "best", {"parameter"}, "best value of the fit, around which the walkers started, in its unit",
                  likelihood.outward(sample.best.x));
    write_summary(file, all);
    write_chains(file, sample, options.steps);
    write_draws(file, likelihood, sample);
}

} // namespace osteoflare::scenarios
