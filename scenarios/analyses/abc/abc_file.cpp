#include "scenarios/analyses/abc/abc.hpp"
#include "scenarios/analyses/fitting/fit.hpp"
#include "scenarios/analyses/fitting/parameters_file.hpp"
#include "scenarios/recording/metadata.hpp"

#include <fmt/format.h>

namespace osteoflare::scenarios {
namespace {

using output::Element;
using output::ResultsWriter;
using solvers::sampling::AbcRound;
using solvers::sampling::AbcState;

void write_data(ResultsWriter& file, const DataSimulator& simulator, const AbcState& state)
{
    const FitProblem& problem = simulator.problem();
    std::vector<std::string> experiments, observables, groups, units;
    std::vector<double> times;
    for (const FitDatum& datum : problem.data) {
        const Observable& observable = problem.observables[datum.observable];
        experiments.push_back(problem.experiments[datum.experiment].name);
        observables.push_back(observable.name);
        groups.push_back(datum.group);
        units.push_back(observable.unit);
        times.push_back(datum.time);
    }
    file.texts("datum_experiment", "datum", experiments, {"", "experiment of the datum"});
    file.texts("datum_observable", "datum", observables, {"", "observable of the datum"});
    file.texts("datum_group", "datum", groups, {"", "animal or group of the datum"});
    file.texts("datum_units", "datum", units, {"", "unit of the datum, of which logarithms may have been taken"});
    file.variable("datum_time", {"datum"}, Element::float64, {"d", "time of the datum"});
    file.write("datum_time", 0, std::span<const double>(times));
    write_numbers(
        file, "datum_compared", {"datum"},
        "what simulations are compared with: value, logarithm under lognormal noise, or count; in order of size where "
        "data differ by their animal alone",
        simulator.observed());
    write_numbers(file, "datum_scale", {"datum"}, "usual deviation of it under the prior: what a distance of 1 is",
                  state.scales);
}

void write_rounds(ResultsWriter& file, const FitProblem& problem, const AbcState& state)
{
    std::vector<double> tolerances, shares, sizes, values, positions, distances, weights;
    std::vector<std::int64_t> simulated, failed;
    for (const AbcRound& round : state.rounds) {
        tolerances.push_back(round.tolerance);
        shares.push_back(round.share_accepted());
        sizes.push_back(round.effective_size());
        simulated.push_back(static_cast<std::int64_t>(round.n_simulated));
        failed.push_back(static_cast<std::int64_t>(round.n_failed));
        distances.insert(distances.end(), round.distances.begin(), round.distances.end());
        weights.insert(weights.end(), round.weights.begin(), round.weights.end());
        positions.insert(positions.end(), round.points.begin(), round.points.end());
    }
    for (std::size_t i = 0; i < positions.size(); ++i) {
        values.push_back(problem.parameters[i % problem.parameters.size()].outward(positions[i]));
    }
    write_numbers(file, "tolerance", {"round"}, "largest distance that was accepted; infinite in the first round",
                  tolerances);
    write_numbers(file, "acceptance", {"round"}, "share of simulations that were accepted", shares);
    write_numbers(file, "ess", {"round"}, "effective sample size by weights", sizes);
    const auto counts = [&](const char* name, const char* meaning, const std::vector<std::int64_t>& numbers) {
        file.variable(name, {"round"}, Element::int64, {"1", meaning});
        file.write(name, 0, std::span<const std::int64_t>(numbers));
    };
    counts("simulated", "simulations, up to the last that was accepted", simulated);
    counts("failed", "simulations that failed or cannot be compared; never accepted", failed);
    const std::vector<std::string> axes = {"round", "particle", "parameter"};
    write_numbers(file, "value", axes, "particles, in the units of the parameters", values);
    write_numbers(file, "position", axes, "the same on the scale of the search", positions);
    write_numbers(file, "weight", {"round", "particle"}, "weight of the particle, of sum 1 in a round", weights);
    write_numbers(file, "distance", {"round", "particle"}, "how far its simulated data are from the measured ones",
                  distances);
}

void write_summary(ResultsWriter& file, const FitProblem& problem, const AbcState& state)
{
    const auto all = marginals(problem, state.rounds.back());
    const auto column = [&](const char* name, const char* meaning, double AbcMarginal::*part) {
        std::vector<double> values;
        for (const AbcMarginal& own : all) {
            values.push_back(own.*part);
        }
        write_numbers(file, name, {"parameter"}, meaning, values);
    };
    column("mean", "weighted mean of the last round, in the parameter's unit", &AbcMarginal::mean);
    column("median", "weighted median, in the parameter's unit", &AbcMarginal::median);
    column("low", "weighted 2.5 % quantile, in the parameter's unit", &AbcMarginal::low);
    column("high", "weighted 97.5 % quantile, in the parameter's unit", &AbcMarginal::high);
}

} // namespace

void write_abc(ResultsWriter& file, const DataSimulator& simulator, const AbcState& state,
               const AbcRecordOptions& options)
{
    const FitProblem& problem = simulator.problem();
    const auto& settings = options.settings;
    write_provenance(file, provenance_scenario(problem),
                     fmt::format("sample by ABC-SMC, {} particles with seed {},", settings.particles, settings.seed));
    file.attribute({"analysis", std::string("abc")});
    file.attribute({"data", problem.data_text});
    file.attribute(
        {"prior", std::string("uniform between the bounds on the scale of the search, times stated priors")});
    file.attribute({"sampling_seed", static_cast<std::int64_t>(settings.seed)});
    file.attribute({"least_accepted", settings.least_accepted});
    file.attribute({"given_up", static_cast<std::int64_t>(state.current.n_simulated)});
    file.attribute({"verdict", verdict(problem, state)});
    file.counted_dimension("round", state.rounds.size(), {"1", "round, the first one of draws of the prior"});
    file.counted_dimension("particle", settings.particles, {"1", "set of parameters"});
    file.counted_dimension("parameter", problem.parameters.size(), {"1", "parameter of the problem"});
    file.counted_dimension("datum", problem.data.size(), {"1", "row of the data table"});
    write_parameters_with_priors(file, problem);
    write_summary(file, problem, state);
    write_data(file, simulator, state);
    write_rounds(file, problem, state);
}

} // namespace osteoflare::scenarios
