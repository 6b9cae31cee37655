#include "scenarios/analyses/fitting/fit.hpp"

#include "output/results_writer.hpp"
#include "scenarios/recording/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace osteoflare::scenarios {
namespace {

using output::Element;
using output::ResultsWriter;

/// Declares and writes numbers at once.
void numbers(ResultsWriter& file, const std::string& name, const std::vector<std::string>& axes, const char* unit,
             const char* meaning, const std::vector<double>& values)
{
    file.variable(name, axes, Element::float64, {unit, meaning});
    file.write(name, 0, std::span<const double>(values));
}

void codes(ResultsWriter& file, const std::string& name, const char* axis, const char* meaning,
           const std::vector<std::uint8_t>& values, const std::vector<std::uint8_t>& known, const char* meanings)
{
    file.variable(name, {axis}, Element::uint8,
                  {"1", meaning, "", "", {{"flag_values", known}, {"flag_meanings", std::string(meanings)}}});
    file.write(name, 0, std::span<const std::uint8_t>(values));
}

void write_parameters(ResultsWriter& file, const Likelihood& likelihood, const Fit& fit)
{
    const FitProblem& problem = likelihood.problem();
    std::vector<std::string> names, units;
    std::vector<double> lower, upper, from, to;
    std::vector<std::uint8_t> is_log;
    const auto estimate = likelihood.outward(fit.best.x);
    constexpr double quantile_95 = 1.959963984540054;
    for (std::size_t p = 0; p < problem.parameters.size(); ++p) {
        const FitParameter& parameter = problem.parameters[p];
        names.push_back(parameter.name);
        units.push_back(parameter.unit);
        lower.push_back(parameter.lower);
        upper.push_back(parameter.upper);
        is_log.push_back(parameter.is_log ? 1 : 0);
        const double half = quantile_95 * fit.spectrum.standard_errors[p];
        const auto outward = [&](double x) { return parameter.is_log ? std::exp(x) : x; };
        from.push_back(outward(fit.best.x[p] - half));
        to.push_back(outward(fit.best.x[p] + half));
    }
    const std::size_t n = names.size();
    file.counted_dimension("parameter", n, {"1", "parameter of the fit"});
    file.counted_dimension("parameter_2", n, {"1", "parameter of the fit"});
    file.texts("parameter_name", "parameter", names, {"", "name of the parameter"});
    file.texts("parameter_units", "parameter", units, {"", "unit of the parameter"});
    numbers(file, "estimate", {"parameter"}, "1", "best value of the parameter, in its unit", estimate);
    numbers(file, "standard_error", {"parameter"}, "1",
            "standard error from the Fisher information, of the logarithm where is_log is 1; infinite if the data say "
            "nothing",
            fit.spectrum.standard_errors);
    numbers(file, "approximate_low", {"parameter"}, "1", "lower end of the 95 % interval that follows from it", from);
    numbers(file, "approximate_high", {"parameter"}, "1", "upper end of the 95 % interval that follows from it", to);
    numbers(file, "lower", {"parameter"}, "1", "lower bound", lower);
    numbers(file, "upper", {"parameter"}, "1", "upper bound", upper);
    codes(file, "is_log", "parameter", "whether the search is on the scale of logarithms", is_log, {0, 1},
          "linear logarithmic");
    numbers(file, "fisher_information", {"parameter", "parameter_2"}, "1",
            "Fisher information on the scale of the search", fit.at_best.information);
}

void write_starts(ResultsWriter& file, const Likelihood& likelihood, const Fit& fit)
{
    std::vector<double> reached, from, to;
    std::vector<std::int64_t> iterations;
    std::vector<std::uint8_t> status;
    for (const FitStart& start : fit.starts) {
        const bool found = start.end.found;
        reached.push_back(found ? start.end.negative_log : std::nan(""));
        iterations.push_back(static_cast<std::int64_t>(start.end.iterations));
        status.push_back(!found ? 2 : start.end.converged ? 0 : start.end.cut_off ? 3 : 1);
        const auto begin = likelihood.outward(start.from), end = likelihood.outward(start.end.x);
        from.insert(from.end(), begin.begin(), begin.end());
        to.insert(to.end(), end.begin(), end.end());
    }
    file.counted_dimension("start", fit.starts.size(), {"1", "start of a search"});
    numbers(file, "start_negative_log_likelihood", {"start"}, "1", "-log likelihood that the search reached", reached);
    numbers(file, "start_from", {"start", "parameter"}, "1", "parameters where the search began", from);
    numbers(file, "start_to", {"start", "parameter"}, "1", "parameters where the search ended", to);
    file.variable("start_iterations", {"start"}, Element::int64, {"1", "iterations of the search"});
    file.write("start_iterations", 0, std::span<const std::int64_t>(iterations));
    codes(file, "start_status", "start", "how the search ended", status, {0, 1, 2, 3},
          "converged iteration_limit not_computable cut_off");
}

void write_data(ResultsWriter& file, const Likelihood& likelihood, const Fit& fit)
{
    const FitProblem& problem = likelihood.problem();
    std::vector<std::string> experiment, observable, group, units;
    std::vector<double> time, since, value, trials, predicted, spread, residual;
    std::vector<std::uint8_t> censored, noise;
    for (std::size_t i = 0; i < problem.data.size(); ++i) {
        const FitDatum& datum = problem.data[i];
        experiment.push_back(problem.experiments[datum.experiment].name);
        observable.push_back(problem.observables[datum.observable].name);
        units.push_back(problem.observables[datum.observable].unit);
        group.push_back(datum.group);
        time.push_back(datum.time);
        since.push_back(datum.since.value_or(std::nan("")));
        const bool counts = datum.datum.noise == solvers::fitting::Noise::binomial;
        value.push_back(counts ? datum.datum.value / datum.datum.trials : datum.datum.value);
        trials.push_back(counts ? datum.datum.trials : datum.replicates);
        const double m = fit.at_best.predictions.m[i];
        predicted.push_back(counts ? std::exp(solvers::fitting::log_normal_cdf(m)) : m);
        spread.push_back(counts ? std::nan("") : fit.at_best.predictions.s[i]);
        residual.push_back(-fit.at_best.residuals[i]);
        censored.push_back(datum.datum.censored ? 1 : 0);
        noise.push_back(static_cast<std::uint8_t>(datum.datum.noise));
    }
    file.counted_dimension("datum", problem.data.size(), {"1", "measurement"});
    file.texts("datum_experiment", "datum", experiment, {"", "experiment"});
    file.texts("datum_observable", "datum", observable, {"", "observable"});
    file.texts("datum_units", "datum", units, {"", "unit of value and prediction"});
    file.texts("datum_group", "datum", group, {"", "animal or group"});
    numbers(file, "datum_time", {"datum"}, "d", "time of the measurement", time);
    numbers(file, "datum_since", {"datum"}, "d",
            "time since which animals fell ill; missing where all that are ill are counted", since);
    numbers(file, "datum_value", {"datum"}, "1",
            "what was measured, or the limit below which it lies, or the share that is ill", value);
    numbers(file, "datum_n", {"datum"}, "1", "replicates or animals", trials);
    numbers(file, "datum_prediction", {"datum"}, "1", "what the best parameters predict", predicted);
    numbers(file, "datum_spread", {"datum"}, "1",
            "standard deviation of the noise, of the logarithm if that is lognormal", spread);
    numbers(file, "datum_residual", {"datum"}, "1",
            "measured minus predicted in standard deviations, or the root of the deviance", residual);
    codes(file, "datum_censored", "datum", "whether the value is a detection limit", censored, {0, 1},
          "measured below");
    codes(file, "datum_noise", "datum", "kind of noise", noise, {0, 1, 2}, "normal lognormal binomial");
}

void write_courses(ResultsWriter& file, const Likelihood& likelihood, const Fit& fit)
{
    const FitProblem& problem = likelihood.problem();
    double start = std::numeric_limits<double>::infinity(), end = -start;
    for (const Experiment& experiment : problem.experiments) {
        start = std::min(start, to_days(experiment.scenario.start));
        end = std::max(end, to_days(experiment.scenario.end));
    }
    constexpr std::size_t n_times = 201;
    std::vector<double> times;
    for (std::size_t t = 0; t < n_times; ++t) {
        const double share = static_cast<double>(t) / static_cast<double>(n_times - 1);
        times.push_back(t + 1 < n_times ? start + share * (end - start) : end);
    }
    std::vector<std::string> experiments, observables, units;
    for (const Experiment& experiment : problem.experiments) {
        for (const Observable& observable : problem.observables) {
            experiments.push_back(experiment.name);
            observables.push_back(observable.name);
            units.push_back(observable.unit);
        }
    }
    const bool ages = problem.model().has_genotypes;
    file.dimension("time", std::span<const double>(times), {"d", ages ? "age of the animal" : "time", "t"});
    file.counted_dimension("course", experiments.size(), {"1", "observable of an experiment"});
    file.texts("course_experiment", "course", experiments, {"", "experiment"});
    file.texts("course_observable", "course", observables, {"", "observable"});
    file.texts("course_units", "course", units, {"", "unit of the course"});
    numbers(file, "course_prediction", {"course", "time"}, "1", "what the best parameters predict",
            likelihood.courses(fit.best.x, times));
}

} // namespace

Scenario provenance_scenario(const FitProblem& problem)
{
    Scenario scenario = problem.experiments.front().scenario;
    scenario.name = problem.name;
    scenario.title = problem.title;
    scenario.question = problem.question;
    scenario.text = problem.text;
    scenario.applied.clear();
    return scenario;
}

void write_fit(const Likelihood& likelihood, const Fit& fit, std::uint64_t seed, output::ResultsWriter& file)
{
    write_provenance(file, provenance_scenario(likelihood.problem()),
                     fmt::format("fit, {} starts with seed {},", fit.starts.size(), seed));
    file.attribute({"analysis", std::string("fit")});
    file.attribute({"data", likelihood.problem().data_text});
    file.attribute({"negative_log_likelihood", fit.data_negative_log});
    file.attribute({"negative_log_likelihood_with_priors", fit.best.negative_log});
    file.attribute({"aic", fit.aic});
    file.attribute({"bic", fit.bic});
    file.attribute({"starts_within_0.1", static_cast<std::int64_t>(fit.n_reached)});
    file.attribute({"starts_failed", static_cast<std::int64_t>(fit.n_failed)});
    write_parameters(file, likelihood, fit);
    write_starts(file, likelihood, fit);
    write_data(file, likelihood, fit);
    write_courses(file, likelihood, fit);
    file.finish();
}

Fit record_fit(const Likelihood& likelihood, const FitOptions& options, const std::filesystem::path& path,
               bool overwrite)
{
    output::ResultsWriter file(path, overwrite); // before minutes are spent
    Fit made = fit(likelihood, options);
    write_fit(likelihood, made, options.seed, file);
    return made;
}

} // namespace osteoflare::scenarios
