#include "scenarios/reading/scenario_reader.hpp"

#include "scenarios/reading/continuation_reader.hpp"
#include "scenarios/reading/library_tables.hpp"
#include "scenarios/reading/output_reader.hpp"
#include "scenarios/reading/sensitivity_reader.hpp"
#include "scenarios/reading/set_option.hpp"
#include "scenarios/reading/sweep_reader.hpp"
#include "scenarios/reading/threshold_reader.hpp"
#include "scenarios/reading/tissue_reader.hpp"
#include "scenarios/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

const ModelEntry& read_model(TomlTable& root)
{
    const auto value = root.find("model");
    const std::string name = value ? value->text() : std::string(models().front().name);
    const auto found = std::ranges::find(models(), name, &ModelEntry::name);
    if (found == models().end()) {
        value->fail({fmt::format("unknown model '{}'", name), "there is no such model",
                     suggest_name(name, names_of(models()), "see osteoflare list models")});
    }
    return *found;
}

/// Without a word about it, a mouse is wild type: every parameter at its default.
Genotype wild_type(const std::vector<Genotype>& known)
{
    const auto found = std::ranges::find(known, "wild_type", &Genotype::name);
    return found == known.end() ? Genotype{"wild_type", "wild type", "", {}, {}, {}} : *found;
}

void read_parameters(TomlTable& root, Scenario& scenario)
{
    if (const auto parameters = root.find("parameters")) {
        for (const auto& [name, value] : parameters->table().entries()) {
            const std::size_t setting = require_setting(*scenario.model, name, value, false);
            scenario.overrides.emplace_back(setting, setting_value(*scenario.model, setting, value));
        }
    }
}

void read_start_state(TomlTable& root, Scenario& scenario)
{
    scenario.start_state = scenario.model->start_state();
    if (const auto initial = root.find("initial")) {
        for (const auto& [name, value] : initial->table().entries()) {
            const std::size_t species = index_of(scenario.model->species, name);
            if (species == scenario.model->species.size()) {
                value.fail({fmt::format("unknown species '{}'", name),
                            fmt::format("the model {} has no such species", scenario.model->name),
                            suggest_name(name, names_of(scenario.model->species), "see osteoflare list species")});
            }
            const model::Description& entry = scenario.model->species[species];
            scenario.start_state[species] = value.quantity(entry.unit);
            check_range(entry, scenario.start_state[species], value);
        }
    }
}

/// `at`/`from`, and `duration` or `until`.
void read_span(TomlTable& table, std::string_view start_key, Intervention& intervention)
{
    intervention.from = read_time(table.require(start_key));
    const auto duration = table.find("duration");
    const auto until = table.find("until");
    if (duration && until) {
        duration->fail({"both a duration and an end", "one follows from the other", "keep one of them"});
    }
    if (until) {
        intervention.until = read_time(*until);
    }
    if (duration) {
        intervention.until = intervention.from + read_time(*duration);
        intervention.has_duration = true;
    }
}

Intervention read_event(TomlTable table, const Scenario& scenario)
{
    const ModelEntry& model = *scenario.model;
    Intervention event;
    event.place = table.place();
    const auto input = table.find("input");
    const auto parameter = table.find("parameter");
    if (!input == !parameter) {
        table.fail({"an event needs an input or a parameter", "exactly one of them is changed",
                    "write for example input = \"sterile_injury\""});
    }
    const TomlValue& target = input ? *input : *parameter;
    const std::size_t setting = require_setting(model, target.text(), target, input.has_value());
    event.name = table.name("name").value_or(target.text());
    read_span(table, "at", event);
    const double value = setting_value(model, setting, table.require("value"));
    event.title = event.name;
    event.sets = {{.setting = setting, .value = value, .is_exposure = true}};
    table.done();
    return event;
}

Intervention read_treatment_course(TomlTable table, const Scenario& scenario, const Library& library)
{
    Intervention course;
    course.place = table.place();
    const TomlValue name = table.require("name");
    const Treatment* treatment = library.treatment(name.text());
    if (!treatment) {
        name.fail({fmt::format("unknown treatment '{}'", name.text()), "the library has no such treatment",
                   suggest_name(name.text(), names_of(library.treatments), "see osteoflare list treatments")});
    }
    if (!treatment->refused.empty()) {
        name.fail({fmt::format("treatment '{}' is refused", name.text()), treatment->refused,
                   treatment->instead.empty() ? "leave it out" : fmt::format("use '{}'", treatment->instead)});
    }
    course.name = treatment->name;
    course.title = treatment->title;
    read_span(table, "from", course);
    const auto exposure = table.find("exposure");
    for (const Treatment::Input& input : treatment->inputs) {
        Assignment assignment{.setting = input.setting, .value = input.value.value_or(0), .is_exposure = !input.value};
        if (assignment.is_exposure && exposure) {
            assignment.value = setting_value(*scenario.model, input.setting, *exposure);
        } else if (assignment.is_exposure && treatment->exposure) {
            assignment.value = *treatment->exposure;
        } else if (assignment.is_exposure) {
            table.fail({fmt::format("treatment '{}' needs an exposure", treatment->name), "it has no default",
                        fmt::format("add exposure = \"… {}\"", scenario.model->settings[input.setting].unit)});
        }
        course.sets.push_back(assignment);
    }
    table.done();
    return course;
}

void read_interventions(TomlTable& root, Scenario& scenario, const Library& library)
{
    for (const model::LifeEvent& life : scenario.model->life) {
        Intervention event;
        event.name = life.name;
        event.title = life.name;
        event.from = to_tick(life.day);
        event.sets = {{.setting = index_of(scenario.model->settings, life.parameter), .value = life.value}};
        event.of_life = true;
        scenario.interventions.push_back(event);
    }
    auto events = root.tables("event"), treatments = root.tables("treatment");
    constexpr std::size_t most = 2000; // each is held against each
    if (events.size() + treatments.size() > most) {
        root.fail({fmt::format("{} events and treatments", events.size() + treatments.size()),
                   fmt::format("a life has room for {}", most), "put those together that follow each other"});
    }
    for (TomlTable& table : events) {
        scenario.interventions.push_back(read_event(table, scenario));
    }
    for (TomlTable& table : treatments) {
        if (!scenario.model->has_genotypes) {
            table.fail({"a treatment", fmt::format("the model {} knows no treatments", scenario.model->name),
                        "use [[event]] with one of its inputs"});
        }
        scenario.interventions.push_back(read_treatment_course(table, scenario, library));
    }
}

void read_numerics(TomlTable& root, Scenario& scenario)
{
    solvers::Options& options = scenario.numerics;
    options.method = scenario.model->method;
    const auto solver = root.find("solver");
    if (scenario.model->is_spatial) {
        scenario.solver = Solver::agents;
        const auto numerics = root.find("numerics");
        if (solver || numerics) {
            (solver ? *solver : *numerics)
                .fail({fmt::format("'{}' has no meaning here", solver ? "solver" : "numerics"),
                       "agents take steps of their own", "see step and field_step under [tissue]"});
        }
        return;
    }
    if (solver && solver->text() != "lanes" && solver->text() != "odeint") {
        solver->fail({fmt::format("unknown solver '{}'", solver->text()), "there are two",
                      suggest_name(solver->text(), {"lanes", "odeint"}, "")});
    }
    scenario.solver = solver && solver->text() == "odeint" ? Solver::odeint : Solver::lanes;
    if (const auto section = root.find("numerics")) {
        TomlTable table = section->table();
        if (const auto method = table.find("method")) {
            if (method->text() != "rosenbrock4" && method->text() != "dopri5") {
                method->fail({fmt::format("unknown method '{}'", method->text()), "there are two",
                              suggest_name(method->text(), {"rosenbrock4", "dopri5"}, "")});
            }
            if (solver && scenario.solver == Solver::lanes) {
                method->fail({"a method for the lane solver", "it has only one; methods are Odeint's",
                              "remove it, or choose solver = \"odeint\""});
            }
            options.method = method->text() == "dopri5" ? solvers::Method::dopri5 : solvers::Method::rosenbrock4;
            scenario.solver = Solver::odeint;
        }
        if (const auto tolerance = table.find("relative_tolerance")) {
            options.relative_tolerance = tolerance->quantity("1");
            if (options.relative_tolerance < 1e-13 || options.relative_tolerance > 1e-2) {
                tolerance->fail({fmt::format("relative_tolerance = {:g}", options.relative_tolerance),
                                 "beyond 1e-2 results mean nothing, below 1e-13 rounding rules",
                                 "choose from 1e-13 to 1e-2; the default is 1e-6"});
            }
        }
        if (const auto steps = table.find("most_steps")) {
            options.most_steps = static_cast<std::size_t>(steps->whole_number(1, 1'000'000'000));
        }
        table.done();
    }
    options.absolute_tolerance.clear();
    for (const model::Description& species : scenario.model->species) {
        options.absolute_tolerance.push_back(absolute_tolerance(species, options.relative_tolerance));
    }
}

/// One "name=value" of the command line. The value is read as a scenario file's would be; columns are those of the
/// text.
void apply_assignment(const std::string& written, Scenario& scenario)
{
    const SetOption assignment(written);
    const TomlValue value = assignment.value();
    const std::size_t index = index_of(scenario.model->settings, assignment.name());
    const bool is_input = index < scenario.model->settings.size() && scenario.model->is_input(index);
    const std::size_t setting = require_setting(*scenario.model, assignment.name(), value, is_input);
    scenario.overrides.emplace_back(setting, setting_value(*scenario.model, setting, value));
    scenario.applied.push_back(fmt::format("{}={}", assignment.name(), assignment.text()));
}

void apply(const Overrides& overrides, Scenario& scenario, const std::vector<Genotype>& known)
{
    if (overrides.genotype) {
        const Place place{"--genotype", 1, 1};
        if (scenario.genotypes.empty()) {
            throw InputError(
                place, {"a genotype", fmt::format("the model {} has none", scenario.model->name), "leave it out"});
        }
        const auto found = std::ranges::find(known, *overrides.genotype, &Genotype::name);
        if (found == known.end()) {
            throw InputError(place, unknown_genotype(known, *overrides.genotype));
        }
        scenario.genotypes.front() = *found;
        scenario.applied.push_back("genotype=" + *overrides.genotype);
    }
    for (const std::string& assignment : overrides.set) {
        apply_assignment(assignment, scenario);
    }
    if (overrides.seed && scenario.tissue) {
        scenario.tissue->seed = static_cast<std::uint64_t>(*overrides.seed);
    }
    if (overrides.seed && (scenario.sweep || scenario.tissue)) {
        if (scenario.sweep) {
            scenario.sweep->seed = static_cast<std::uint64_t>(*overrides.seed);
        }
        scenario.applied.push_back(fmt::format("seed={}", *overrides.seed));
    }
}

} // namespace

std::vector<std::string> setting_names(const ModelEntry& model)
{
    return names_of(model.settings);
}

Scenario read_scenario_table(TomlTable& root, const std::string& name, const Library& library,
                             const Overrides& overrides)
{
    Scenario scenario;
    scenario.name = name;
    scenario.title = root.text("title").value_or(scenario.name);
    scenario.question = root.text("question").value_or("");
    scenario.model = &read_model(root);

    std::vector<Genotype> known = library.genotypes;
    if (const auto own = root.find("genotype"); own && own->is_table()) {
        own->fail({"'genotype' is a table here", "the scenario's genotype is a name",
                   "define your own as [define.genotype.NAME] and name it with genotype = \"NAME\""});
    }
    if (const auto define = root.find("define")) {
        TomlTable table = define->table();
        if (const auto genotypes = table.find("genotype")) {
            read_genotypes({genotypes->table()}, known);
        }
        table.done();
    }
    const auto genotype = root.find("genotype");
    if (scenario.model->has_genotypes) {
        scenario.genotypes.push_back(genotype ? require_genotype(known, *genotype) : wild_type(known));
    } else if (genotype) {
        genotype->fail({"a genotype", fmt::format("the model {} has none", scenario.model->name), "remove it"});
    }

    const auto start = root.find("start"), end = root.find("end");
    scenario.start = start ? read_time(*start) : to_tick(scenario.model->start_day);
    scenario.end = end ? read_time(*end) : to_tick(scenario.model->end_day);
    if (scenario.end <= scenario.start) {
        (end ? *end : *start)
            .fail({fmt::format("the run ends on day {:g}", to_days(scenario.end)),
                   fmt::format("it starts on day {:g}", to_days(scenario.start)), "give a later end"});
    }
    read_parameters(root, scenario);
    read_start_state(root, scenario);
    read_interventions(root, scenario, library);
    read_output(root, scenario);
    read_numerics(root, scenario);
    read_tissue(root, scenario);
    if (const auto sensitivities = root.find("sensitivities")) {
        if (scenario.model->is_spatial) {
            sensitivities->fail(
                {"sensitivities of agents", "chance has no derivative", "sweep a parameter with replicates"});
        }
        scenario.sensitivities = read_sensitivities(sensitivities->table(), scenario);
    }
    if (const auto observed = root.find("observed")) {
        scenario.observed = read_observed(observed->table());
    }
    if (const auto sweep = root.find("sweep")) {
        scenario.sweep = read_sweep(sweep->table(), scenario, known);
    }
    if (const auto threshold = root.find("threshold")) {
        scenario.threshold = read_threshold(threshold->table(), scenario);
    }
    if (const auto continuation = root.find("continue")) {
        scenario.continuation = read_continuation(continuation->table(), scenario);
    }
    root.done();
    apply(overrides, scenario, known);
    if (scenario.tissue) {
        check_tissue(root, scenario);
    }
    if (const auto problem =
            find_problem(scenario.interventions, scenario.start, scenario.end, setting_names(*scenario.model))) {
        throw InputError(scenario.interventions[problem->intervention].place, problem->problem);
    }
    return scenario;
}

std::optional<std::filesystem::path> find_scenario(const std::string& name, const Library& library)
{
    return find_file(name, library.scenarios);
}

Problem unknown_scenario(const std::string& name, const Library& library)
{
    if (find_file(name, library.trials)) {
        return {fmt::format("'{}' is a trial", name), "it is about children, and no scenario",
                fmt::format("use osteoflare cohort {0} or osteoflare trial {0}", name)};
    }
    return {fmt::format("unknown scenario '{}'", name), "neither a file nor in the library",
            suggest_name(name, names_of_files(library.scenarios), "see osteoflare list scenarios")};
}

Scenario parse_scenario(const std::string& text, const std::string& file, const Library& library,
                        const Overrides& overrides)
{
    const toml::table parsed = parse_toml(text, file);
    TomlTable root(parsed, file);
    root.check_format();
    Scenario scenario = read_scenario_table(root, name_of_file(file), library, overrides);
    scenario.text = text;
    return scenario;
}

Scenario read_scenario(const std::filesystem::path& file, const Library& library, const Overrides& overrides)
{
    return parse_scenario(read_text(file), file.string(), library, overrides);
}

Scenario plain_scenario(const Genotype& genotype, const Library& library)
{
    const std::string text =
        fmt::format("title = \"{}\"\nmodel = \"niche\"\ngenotype = \"{}\"\n", genotype.name, genotype.name);
    Scenario scenario = parse_scenario(text, genotype.name + ".toml", library);
    scenario.title = genotype.title;
    scenario.observed = genotype.observed;
    return scenario;
}

std::vector<double> output_times(const Scenario& scenario)
{
    std::vector<double> times;
    for (Tick t = scenario.start; t < scenario.end; t += scenario.output.every) {
        times.push_back(to_days(t));
    }
    times.push_back(to_days(scenario.end));
    return times;
}

} // namespace osteoflare::scenarios
