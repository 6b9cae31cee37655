#include "scenarios/analyses/fit_problem.hpp"
#include "scenarios/reading/library_tables.hpp"
#include "scenarios/reading/scenario_reader.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

using solvers::fitting::Noise;

Experiment read_experiment(TomlTable table, const std::string& file, const Library& library)
{
    Experiment experiment;
    experiment.name = table.require("name").text();
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
            std::vector<std::string> names;
            std::ranges::transform(library.scenarios, std::back_inserter(names),
                                   [](const auto& path) { return path.stem().string(); });
            named->fail({fmt::format("unknown scenario '{}'", name), "neither a file nor in the library",
                         suggest_name(name, names, "see osteoflare list scenarios")});
        }
        const auto beside = std::filesystem::path(file).parent_path() / name;
        experiment.scenario = read_scenario(known ? *known : beside, library, overrides);
        experiment.scenario.sweep.reset();
    }
    const Scenario& scenario = experiment.scenario;
    if (scenario.solver != Solver::lanes) {
        table.fail(
            {fmt::format("experiment '{}' cannot be fitted", experiment.name),
             scenario.model->is_spatial ? "chance has no derivative" : "only the lane solver computes derivatives",
             scenario.model->is_spatial ? "fit the niche, whose rates the cells follow"
                                        : "choose solver = \"lanes\", and no method"});
    }
    return experiment;
}

/// The setting that a target moves.
std::size_t moved_setting(const Scenario& scenario, const Target& target)
{
    if (target.kind == Target::Kind::setting) {
        return target.index;
    }
    return std::ranges::find(scenario.interventions[target.index].sets, true, &Assignment::is_exposure)->setting;
}

FitParameter::Prior read_prior(TomlTable table, const FitParameter& parameter)
{
    FitParameter::Prior prior;
    const auto normal = table.find("normal"), lognormal = table.find("lognormal");
    if (!normal == !lognormal) {
        table.fail({"a prior needs one distribution", "exactly one of normal and lognormal says it",
                    "write for example prior = { lognormal = [50, 0.3] }"});
    }
    const auto pair = (normal ? *normal : *lognormal).list();
    if (pair.size() != 2) {
        table.fail({fmt::format("{} numbers for a prior", pair.size()), "it has a middle and a spread",
                    "write for example prior = { lognormal = [50, 0.3] }"});
    }
    prior.noise = normal ? Noise::normal : Noise::lognormal;
    prior.value = pair[0].quantity(parameter.unit);
    prior.spread = pair[1].quantity(normal ? parameter.unit : "1");
    if (prior.spread <= 0 || (lognormal && prior.value <= 0)) {
        pair[1].fail({"a prior that cannot be", "spreads, and medians of lognormal ones, lie above 0",
                      "choose positive numbers"});
    }
    table.done();
    return prior;
}

/// Which experiments a parameter acts in.
std::vector<bool> read_membership(TomlTable& table, const FitProblem& problem)
{
    const auto names = table.find("experiments");
    std::vector<bool> is_member(problem.experiments.size(), !names);
    for (std::size_t i = 0; names && i < names->list().size(); ++i) {
        const TomlValue value = names->list()[i];
        const auto found = std::ranges::find(problem.experiments, value.text(), &Experiment::name);
        if (found == problem.experiments.end()) {
            value.fail({fmt::format("unknown experiment '{}'", value.text()), "the problem has no such [[experiment]]",
                        suggest_name(value.text(), names_of(problem.experiments), "name one of them")});
        }
        is_member[static_cast<std::size_t>(found - problem.experiments.begin())] = true;
    }
    return is_member;
}

FitParameter read_parameter(const std::string& name, TomlTable table, const FitProblem& problem)
{
    FitParameter parameter;
    parameter.name = name;
    parameter.place = table.place();
    const auto acts_in = read_membership(table, problem);
    std::optional<double> usual;
    const model::Description* entry = nullptr;
    for (std::size_t e = 0; e < problem.experiments.size(); ++e) {
        const Scenario& scenario = problem.experiments[e].scenario;
        const auto target = acts_in[e] ? target_of(scenario, name) : std::nullopt;
        parameter.targets.push_back(target);
        if (target) {
            entry = &scenario.model->settings[moved_setting(scenario, *target)];
            parameter.unit = entry->unit;
            usual = target->kind == Target::Kind::setting ? std::optional(entry->value) : usual;
        }
    }
    parameter.is_free = !entry;
    parameter.unit = table.text("unit").value_or(parameter.unit);
    const TomlValue from = table.require("from"), to = table.require("to");
    parameter.lower = from.quantity(parameter.unit);
    parameter.upper = to.quantity(parameter.unit);
    if (parameter.lower >= parameter.upper) {
        to.fail({fmt::format("'{}' from {:g} to {:g}", name, parameter.lower, parameter.upper),
                 "there is nothing to search", "give a larger end"});
    }
    if (const auto log = table.find("log")) {
        parameter.is_log = log->boolean();
    }
    if (parameter.is_log && parameter.lower <= 0) {
        from.fail({fmt::format("'{}' from {:g} on a scale of logarithms", name, parameter.lower),
                   "logarithms begin above 0", "give a positive lower bound, or write log = false"});
    }
    if (entry) {
        check_range(*entry, parameter.lower, from);
        check_range(*entry, parameter.upper, to);
    }
    const double middle =
        parameter.is_log ? std::sqrt(parameter.lower * parameter.upper) : (parameter.lower + parameter.upper) / 2;
    const auto is_inside = [&](double value) { return value >= parameter.lower && value <= parameter.upper; };
    parameter.start = usual && is_inside(*usual) ? *usual : middle;
    if (const auto start = table.find("start")) {
        parameter.start = start->quantity(parameter.unit);
        if (!is_inside(parameter.start)) {
            start->fail({fmt::format("'{}' starts at {:g}", name, parameter.start),
                         fmt::format("its bounds are {:g} and {:g}", parameter.lower, parameter.upper),
                         "start between them"});
        }
    }
    if (const auto prior = table.find("prior")) {
        parameter.prior = read_prior(prior->table(), parameter);
    }
    table.done();
    return parameter;
}

class ObservableReader {
public:
    ObservableReader(FitProblem& problem, std::vector<bool>& is_used) : problem_(problem), is_used_(is_used) {}

    Observable read(const std::string& name, TomlTable table)
    {
        const ModelEntry& model = problem_.model();
        Observable observable;
        observable.name = name;
        const auto of = table.find("of");
        const std::string quantity = of ? of->text() : name;
        const std::size_t species = index_of(model.species, quantity), readout = index_of(model.readouts, quantity);
        if (species == model.species.size() && readout == model.readouts.size()) {
            auto known = names_of(model.species);
            const auto more = names_of(model.readouts);
            known.insert(known.end(), more.begin(), more.end());
            const Problem unknown{
                fmt::format("'{}' cannot be observed", quantity),
                fmt::format("the model {} has no such species or read-out", model.name),
                suggest_name(quantity, known,
                             of ? "see osteoflare list species" : "say what it measures with of = \"…\"")};
            of ? of->fail(unknown) : table.fail(unknown);
        }
        observable.quantity = species < model.species.size() ? species : model.species.size() + readout;
        const std::string own_unit(problem_.quantity(observable).unit);
        observable.scale = factor(table, "scale", "1").value_or(Factor{1, {}});
        read_unit(table, own_unit, observable);
        observable.offset = factor(table, "offset", "1").value_or(Factor{0, {}});
        read_noise(table, own_unit, observable);
        table.done();
        return observable;
    }

private:
    void read_unit(TomlTable& table, const std::string& own_unit, Observable& observable)
    {
        const auto unit = table.find("unit");
        observable.unit = unit ? unit->text() : own_unit;
        // What is scaled by an unknown factor may be in units of its own: intensities, scores.
        if (unit && !observable.scale.parameter && observable.scale.value == 1) {
            try {
                observable.unit_factor = parse_quantity("1 " + observable.unit, own_unit);
            } catch (const UnitError& error) {
                unit->fail({fmt::format("data of '{}' in {}: {}", observable.name, observable.unit, error.problem.what),
                            error.problem.why, error.problem.suggestion + ", or give it a scale"});
            }
        }
    }

    void read_noise(TomlTable& table, const std::string& own_unit, Observable& observable)
    {
        const TomlValue noise = table.require("noise");
        const std::vector<std::string> known = {"normal", "lognormal", "incidence"};
        const auto found = std::ranges::find(known, noise.text());
        if (found == known.end()) {
            noise.fail({fmt::format("unknown noise '{}'", noise.text()), "there are normal, lognormal and incidence",
                        suggest_name(noise.text(), known, "choose one of them")});
        }
        observable.noise = noise.text() == "normal"      ? Noise::normal
                           : noise.text() == "lognormal" ? Noise::lognormal
                                                         : Noise::binomial;
        if (observable.noise == Noise::binomial) {
            const TomlValue above = table.require("above");
            observable.above = above.quantity(own_unit);
            if (observable.above <= 0) {
                above.fail({fmt::format("ill above {:g}", observable.above),
                            "animals differ by factors, which never reach 0", "give a level above 0"});
            }
        }
        const auto spread = table.find("spread");
        if (spread && spread->is_text() && spread->text() == "error") {
            if (observable.noise == Noise::binomial) {
                spread->fail({"a spread of incidence from the column error", "it is how much animals differ",
                              "give a number, or the name of a parameter"});
            }
            return;
        }
        if (!spread) {
            (void)table.require("spread");
        }
        observable.spread = factor(table, "spread", "1");
        if (!observable.spread->parameter && observable.spread->value <= 0) {
            spread->fail({fmt::format("a spread of {:g}", observable.spread->value),
                          "without noise nothing can differ from the model",
                          "give a number above 0, the name of a "
                          "parameter, or \"error\""});
        }
    }

    /// A number, or the name of a parameter that is no quantity of the model.
    std::optional<Factor> factor(TomlTable& table, const char* key, const char* unit)
    {
        const auto value = table.find(key);
        if (!value) {
            return std::nullopt;
        }
        const auto parameter = value->is_text()
                                   ? std::ranges::find(problem_.parameters, value->text(), &FitParameter::name)
                                   : problem_.parameters.end();
        if (parameter != problem_.parameters.end()) {
            const auto index = static_cast<std::size_t>(parameter - problem_.parameters.begin());
            is_used_[index] = true;
            return Factor{0, index};
        }
        const bool is_name = value->is_text() && value->text().find_first_of("0123456789") != 0
                             && value->text().find_first_of("+-.") != 0;
        if (is_name) {
            value->fail({fmt::format("unknown parameter '{}'", value->text()),
                         fmt::format("{} is a number or a parameter of the problem", key),
                         suggest_name(value->text(), names_of(problem_.parameters),
                                      fmt::format("add [parameter.{}]", value->text()))});
        }
        return Factor{value->quantity(unit), std::nullopt};
    }

    FitProblem& problem_;
    std::vector<bool>& is_used_;
};

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
    datum.group = row.group;
    datum.datum.noise = observable->noise;
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

std::optional<Target> target_of(const Scenario& scenario, const std::string& name)
{
    const std::size_t setting = index_of(scenario.model->settings, name);
    if (setting < scenario.model->settings.size()) {
        return Target{Target::Kind::setting, setting};
    }
    for (std::size_t i = 0; i < scenario.interventions.size(); ++i) {
        const Intervention& done = scenario.interventions[i];
        const bool is_named = name == done.name + ".value" || name == done.name + ".exposure";
        if (is_named && !done.of_life && std::ranges::any_of(done.sets, &Assignment::is_exposure)) {
            return Target{Target::Kind::value, i};
        }
    }
    return std::nullopt;
}

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
    FitProblem problem;
    problem.name = std::filesystem::path(file).stem().string();
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
        problem.parameters.push_back(read_parameter(name, value.table(), problem));
    }
    std::vector<bool> is_used(problem.parameters.size(), false);
    for (const auto& [name, value] : root.require("observable").table().entries()) {
        problem.observables.push_back(ObservableReader(problem, is_used).read(name, value.table()));
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
    // A plain word is a name first, so that a file or folder that happens to be called so does not get in the way.
    const bool is_path = name.find('/') != std::string::npos || name.ends_with(".toml");
    if (const auto file = is_path ? std::nullopt : library.problem(name)) {
        return *file;
    }
    std::error_code error;
    if (is_path || std::filesystem::is_regular_file(name, error)) {
        return name;
    }
    std::vector<std::string> known;
    std::ranges::transform(library.problems, std::back_inserter(known),
                           [](const auto& file) { return file.stem().string(); });
    throw InputError({"command line", 1, 1},
                     {fmt::format("unknown problem '{}'", name), "neither a file nor in the library",
                      suggest_name(name, known, "see osteoflare list problems")});
}

FitProblem read_problem(const std::filesystem::path& file, const Library& library)
{
    const std::string text = read_text(file);
    const toml::table parsed = parse_toml(text, file.string());
    TomlTable root(parsed, file.string(), "", "a problem");
    const auto data_file = file.parent_path() / root.require("data").text();
    return parse_problem(text, file.string(), read_text(data_file), data_file.string(), library);
}

} // namespace osteoflare::scenarios
