#include "scenarios/analyses/fitting/fit_problem.hpp"
#include "scenarios/reading/fit_parameter_reader.hpp"
#include "scenarios/reading/library_tables.hpp"
#include "scenarios/reading/observable_reader.hpp"
#include "scenarios/reading/scenario_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

using solvers::fitting::Noise;

Experiment read_experiment(TomlTable table, const std::string& file, const Library& library)
{
    Experiment experiment;
    experiment.name = table.require("name").name();
    experiment.place = table.place();
    const auto named = table.find("scenario");
    if (!named) {
        experiment.scenario = read_scenario_table(table, experiment.name, library);
    } else {
        Overrides overrides;
        overrides.genotype = table.text("genotype");
        table.done();
        const std::string name = named->text();
        const bool is_path = name.find('/') != std::string::npos || name.ends_with(".toml");
        const auto known = is_path ? std::nullopt : library.scenario(name);
        if (!is_path && !known) {
            named->fail({fmt::format("unknown scenario '{}'", name), "neither a file nor in the library",
                         suggest_name(name, names_of_files(library.scenarios), "see osteoflare list scenarios")});
        }
        const auto beside = std::filesystem::path(file).parent_path() / name;
        experiment.scenario = read_scenario(known ? *known : beside, library, overrides);
        experiment.scenario.sweep.reset();
    }
    const Scenario& scenario = experiment.scenario;
    if (scenario.solver == Solver::odeint) {
        table.fail({fmt::format("experiment '{}' cannot be fitted", experiment.name),
                    "only the lane solver computes derivatives", "choose solver = \"lanes\", and no method"});
    }
    return experiment;
}

/// Where in a survival curve a count of animals belongs.
std::optional<double> read_since(const Measurement& row, const Observable& observable, double start)
{
    if (!row.since) {
        return std::nullopt;
    }
    if (observable.noise != Noise::binomial) {
        throw InputError(row.since_place, {fmt::format("'{}' since day {:g}", row.observable, *row.since),
                                           "only animals that fall ill are counted from one inspection to the next",
                                           "leave the cell empty, or choose noise = \"incidence\""});
    }
    if (*row.since < start || *row.since >= row.time) {
        throw InputError(row.since_place,
                         {fmt::format("from day {:g} to day {:g}", *row.since, row.time),
                          fmt::format("an inspection comes before the next, and from day {:g} on", start),
                          "give the day on which these animals were last seen healthy"});
    }
    return row.since;
}

/// What a measurement says, once it is known what was measured.
FitDatum datum_of(const Measurement& row, const FitProblem& problem)
{
    FitDatum datum;
    const auto experiment = std::ranges::find(problem.experiments, row.experiment, &Experiment::name);
    if (experiment == problem.experiments.end()) {
        throw InputError(row.experiment_place,
                         {fmt::format("unknown experiment '{}'", row.experiment),
                          "the problem has no such [[experiment]]",
                          suggest_name(row.experiment, names_of(problem.experiments), "add it to the problem")});
    }
    const auto observable = std::ranges::find(problem.observables, row.observable, &Observable::name);
    if (observable == problem.observables.end()) {
        throw InputError(row.observable_place,
                         {fmt::format("unknown observable '{}'", row.observable),
                          "the problem has no such [observable]",
                          suggest_name(row.observable, names_of(problem.observables), "add it to the problem")});
    }
    const double start = to_days(experiment->scenario.start), end = to_days(experiment->scenario.end);
    if (row.time < start || row.time > end) {
        throw InputError(row.time_place,
                         {fmt::format("day {:g}", row.time),
                          fmt::format("experiment '{}' runs from day {:g} to day {:g}", row.experiment, start, end),
                          "correct the time, or give the experiment another start or end"});
    }
    datum.experiment = static_cast<std::size_t>(experiment - problem.experiments.begin());
    datum.observable = static_cast<std::size_t>(observable - problem.observables.begin());
    datum.time = row.time;
    datum.since = read_since(row, *observable, start);
    datum.group = row.group;
    datum.datum.noise = observable->noise;
    datum.detection_limit = row.detection_limit;
    const bool is_below = row.detection_limit && (!row.value || *row.value < *row.detection_limit);
    datum.datum.censored = is_below;
    datum.datum.value = is_below ? *row.detection_limit : *row.value;
    if (observable->noise == Noise::binomial) {
        if (!row.n || is_below || *row.value < 0 || *row.value > *row.n || *row.value != std::floor(*row.value)) {
            throw InputError(row.value_place,
                             {fmt::format("'{}' without a count of animals that makes sense", row.observable),
                              "value says how many of n are ill", "give whole numbers, value from 0 to n"});
        }
        datum.datum.trials = *row.n;
        return datum;
    }
    datum.replicates = row.n.value_or(1);
    if (observable->noise == Noise::lognormal && datum.datum.value <= 0) {
        throw InputError(row.value_place,
                         {fmt::format("{:g} under lognormal noise", datum.datum.value), "logarithms begin above 0",
                          "give a detection limit, or choose noise = \"normal\""});
    }
    if (!observable->spread) {
        if (!row.error) {
            throw InputError(row.error_place.file.empty() ? row.value_place : row.error_place,
                             {"no error", fmt::format("the spread of '{}' is in the column error", row.observable),
                              "fill it in, or give spread a number or the name of a parameter"});
        }
        // An error is in the unit of the value; of a logarithm it is relative. It is that of the value as it stands.
        datum.spread = observable->noise == Noise::lognormal ? *row.error / datum.datum.value : *row.error;
        datum.replicates = 1;
    }
    return datum;
}

} // namespace

double FitParameter::inward(double value) const
{
    return is_log ? std::log(value) : value;
}

double FitParameter::outward(double x) const
{
    // Rounding may not lead beyond a bound, which was checked.
    return std::clamp(is_log ? std::exp(x) : x, lower, upper);
}

const model::Description& FitProblem::quantity(const Observable& observable) const
{
    const std::size_t n_species = model().species.size();
    return observable.quantity < n_species ? model().species[observable.quantity]
                                           : model().readouts[observable.quantity - n_species];
}

FitProblem parse_problem(const std::string& text, const std::string& file, const std::string& data,
                         const std::string& data_file, const Library& library)
{
    const toml::table parsed = parse_toml(text, file);
    TomlTable root(parsed, file, "", "a problem");
    root.check_format();
    FitProblem problem;
    problem.name = name_of_file(file);
    problem.file = file;
    problem.text = text;
    problem.data_file = data_file;
    problem.data_text = data;
    problem.title = root.text("title").value_or(problem.name);
    problem.question = root.text("question").value_or("");
    (void)root.require("data");
    for (TomlTable& table : root.tables("experiment")) {
        Experiment experiment = read_experiment(table, file, library);
        if (std::ranges::find(problem.experiments, experiment.name, &Experiment::name) != problem.experiments.end()) {
            table.fail({fmt::format("a second experiment '{}'", experiment.name), "data could belong to either",
                        "give it another name"});
        }
        problem.experiments.push_back(std::move(experiment));
        if (problem.experiments.back().scenario.model != &problem.model()) {
            table.fail(
                {fmt::format("experiment '{}' has another model than the first", problem.experiments.back().name),
                 "a fit is about one model", "make two problems of it"});
        }
    }
    if (problem.experiments.empty()) {
        root.fail({"no experiments", "nothing can be compared with the data", "add an [[experiment]] for each"});
    }
    for (const auto& [name, value] : root.require("parameter").table().entries()) {
        problem.parameters.push_back(read_fit_parameter(name, value.table(), problem));
    }
    std::vector<bool> is_used(problem.parameters.size(), false);
    for (const auto& [name, value] : root.require("observable").table().entries()) {
        problem.observables.push_back(read_observable(name, value.table(), problem, is_used));
    }
    root.done();
    for (std::size_t p = 0; p < is_used.size(); ++p) {
        const FitParameter& parameter = problem.parameters[p];
        if (parameter.is_free && !is_used[p]) {
            throw InputError(
                parameter.place,
                {fmt::format("unknown parameter '{}'", parameter.name),
                 "it is no parameter, input, event or treatment of an experiment, and no observable uses it",
                 suggest_name(parameter.name, setting_names(problem.model()), "see osteoflare list parameters")});
        }
        if (!parameter.is_free && is_used[p]) {
            throw InputError(parameter.place, {fmt::format("'{}' is a quantity of the model", parameter.name),
                                               "an observable uses it as well", "give the observable's another name"});
        }
    }
    for (const Measurement& row : parse_data_table(data, data_file).rows) {
        problem.data.push_back(datum_of(row, problem));
    }
    return problem;
}

std::filesystem::path file_of_problem(const std::string& name, const Library& library)
{
    if (const auto file = find_file(name, library.problems)) {
        return *file;
    }
    throw InputError({"command line", 1, 1},
                     {fmt::format("unknown problem '{}'", name), "neither a file nor in the library",
                      suggest_name(name, names_of_files(library.problems), "see osteoflare list problems")});
}

FitProblem read_problem(const std::filesystem::path& file, const Library& library)
{
    const std::string text = read_text(file);
    const toml::table parsed = parse_toml(text, file.string());
    TomlTable root(parsed, file.string(), "", "a problem");
    root.check_format();
    const auto data_file = file.parent_path() / root.require("data").text();
    return parse_problem(text, file.string(), read_text(data_file), data_file.string(), library);
}

} // namespace osteoflare::scenarios
