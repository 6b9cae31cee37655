#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/analyses/fitting/sample.hpp"
#include "scenarios/recording/metadata.hpp"

#include <fmt/format.h>

#include <cmath>

namespace osteoflare::scenarios {
namespace {

using output::Element;
using output::ResultsWriter;

void numbers(ResultsWriter& file, const std::string& name, const std::vector<std::string>& axes, const char* meaning,
             const std::vector<double>& values)
{
    file.variable(name, axes, Element::float64, {"1", meaning});
    file.write(name, 0, std::span<const double>(values));
}

void codes(ResultsWriter& file, const std::string& name, const char* meaning, const std::vector<std::uint8_t>& values,
           const std::vector<std::uint8_t>& known, const char* meanings)
{
    file.variable(name, {"parameter"}, Element::uint8,
                  {"1", meaning, "", "", {{"flag_values", known}, {"flag_meanings", std::string(meanings)}}});
    file.write(name, 0, std::span<const std::uint8_t>(values));
}

void write_parameters(ResultsWriter& file, const Likelihood& likelihood, const Sample& sample)
{
    std::vector<std::string> names, units;
    std::vector<double> lower, upper, prior_value, prior_spread;
    std::vector<std::uint8_t> is_log, is_free, prior;
    for (const FitParameter& parameter : likelihood.problem().parameters) {
        names.push_back(parameter.name);
        units.push_back(parameter.unit);
        lower.push_back(parameter.lower);
        upper.push_back(parameter.upper);
        is_log.push_back(parameter.is_log ? 1 : 0);
        is_free.push_back(parameter.is_free ? 1 : 0);
        const bool is_normal = parameter.prior && parameter.prior->noise == solvers::fitting::Noise::normal;
        prior.push_back(!parameter.prior ? 0 : is_normal ? 1 : 2);
        prior_value.push_back(parameter.prior ? parameter.prior->value : std::nan(""));
        prior_spread.push_back(parameter.prior ? parameter.prior->spread : std::nan(""));
    }
    file.texts("parameter_name", "parameter", names, {"", "name of the parameter"});
    file.texts("parameter_units", "parameter", units, {"", "unit of the parameter"});
    numbers(file, "lower", {"parameter"}, "lower bound, in the parameter's unit", lower);
    numbers(file, "upper", {"parameter"}, "upper bound, in the parameter's unit", upper);
    codes(file, "is_log", "whether the scale of the search is that of logarithms", is_log, {0, 1},
          "linear logarithmic");
    codes(file, "is_free", "whether it is a scale, offset or spread of observables", is_free, {0, 1},
          "of_the_model of_observables");
    codes(file, "prior", "what multiplies the uniform density on the scale of the search", prior, {0, 1, 2},
          "nothing normal lognormal");
    numbers(file, "prior_value", {"parameter"}, "middle of the prior, in the parameter's unit; NaN without",
            prior_value);
    numbers(file, "prior_spread", {"parameter"}, "spread of the prior, of logarithms if lognormal; NaN without",
            prior_spread);
    numbers(file, "best", {"parameter"}, "best value of the fit, around which the walkers started, in its unit",
            likelihood.outward(sample.best.x));
}

void write_summary(ResultsWriter& file, const std::vector<Marginal>& all)
{
    const auto column = [&](const std::string& name, const char* meaning, auto value) {
        std::vector<double> values;
        for (const Marginal& own : all) {
            values.push_back(value(own));
        }
        numbers(file, name, {"parameter"}, meaning, values);
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
    numbers(file, "value", axes, "draws of the parameters, in their units", values);
    numbers(file, "position", axes, "the same on the scale of the search", sample.draws);
    numbers(file, "log_posterior", {"draw", "chain", "walker"}, "log likelihood with stated priors of the draw",
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
    numbers(file, "acceptance", {"chain"}, "share of moves that were accepted", acceptance);
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
    write_parameters(file, likelihood, sample);
    write_summary(file, all);
    write_chains(file, sample, options.steps);
    write_draws(file, likelihood, sample);
}

} // namespace osteoflare::scenarios
