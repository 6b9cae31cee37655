#include "scenarios/dosing/event_table.hpp"
#include "scenarios/patients/treatment.hpp"
#include "scenarios/patients/trial.hpp"
#include "scenarios/reading/library_tables.hpp"
#include "scenarios/reading/set_option.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::patients {
namespace {

constexpr std::int64_t most_children = 10'000'000;
/// Beyond that, the words "a child" lose their meaning.
constexpr double longest_follow = 30 * days_per_year;

/// A number that a file may set.
struct Quantity {
    model::Description entry;
    double* value = nullptr;
};

template <class Set>
void add_quantities(Set& set, std::vector<Quantity>& all)
{
    Set::visit(set, [&](double& value, const model::Description& entry) { all.push_back({entry, &value}); });
}

template <class... Sets>
std::vector<Quantity> quantities(Sets&... sets)
{
    std::vector<Quantity> all;
    (add_quantities(sets, all), ...);
    return all;
}

/// Sets the quantity of this name; otherwise complains, with the nearest name.
void set(const std::vector<Quantity>& known, const std::string& name, const TomlValue& value, const std::string& kind)
{
    const auto found = std::ranges::find(known, name, [](const Quantity& one) { return one.entry.name; });
    if (found == known.end()) {
        std::vector<std::string> names;
        for (const Quantity& one : known) {
            names.emplace_back(one.entry.name);
        }
        value.fail({fmt::format("unknown {} '{}'", kind, name), "the patient model has none of this name",
                    suggest_name(name, names, "see osteoflare list population and list parameters --model patient")});
    }
    const double number = value.quantity(found->entry.unit);
    check_range(found->entry, number, value);
    *found->value = number;
}

void set_all(TomlTable& root, std::string_view key, const std::vector<Quantity>& known, const std::string& kind)
{
    if (const auto table = root.find(key)) {
        for (const auto& [name, value] : table->table().entries()) {
            set(known, name, value, kind);
        }
    }
}

/// The tables [site.NAME]: what sets a bone apart.
void read_sites(TomlTable& root, Population& population)
{
    const auto tables = root.find("site");
    if (!tables) {
        return;
    }
    const auto& known = model::patient::sites;
    for (const auto& [name, value] : tables->table().entries()) {
        const auto found = std::ranges::find(known, name, &model::patient::SiteEntry::name);
        if (found == known.end()) {
            value.fail({fmt::format("unknown site '{}'", name), "a child has no bone site of this name",
                        suggest_name(name, names_of(known), "see osteoflare list sites")});
        }
        const auto own = quantities(population.sites[static_cast<std::size_t>(found - known.begin())]);
        for (const auto& [key, number] : value.table().entries()) {
            set(own, key, number, "quantity of a site");
        }
    }
    const auto is_hurt = [](const SiteOfPopulation& site) { return site.triggers > 0; };
    if (std::ranges::none_of(population.sites, is_hurt)) {
        tables->fail({"no site is ever hurt", "triggers is 0 for each of them", "leave one above 0"});
    }
}

void read_children(TomlTable table, Trial& trial)
{
    trial.cohort.n_children = static_cast<std::size_t>(table.require("number").whole_number(1, most_children));
    if (const auto seed = table.find("seed")) {
        trial.cohort.seed = static_cast<std::uint64_t>(seed->whole_number(0, INT64_MAX));
    }
    if (const auto weight = table.find("weight")) {
        trial.weight = weight->quantity("kg");
        if (!(*trial.weight > 0)) {
            weight->fail({fmt::format("a child of {:g} kg", *trial.weight), "doses are per kilogram",
                          "write for example weight = \"30 kg\""});
        }
    }
    table.done();
}

/// A length of time, of at most so many days.
double read_days(const TomlValue& value, double most)
{
    const double days = value.quantity("d");
    if (!(days > 0 && days <= most)) {
        value.fail({fmt::format("{} = {:g} d", value.path(), days),
                    fmt::format("it must lie above 0 d and be at most {:g} d", most), "give another length"});
    }
    return days;
}

void check_population(const Trial& trial, const TomlTable& root)
{
    const Population& p = trial.cohort.population;
    if (!(p.first_age < p.last_age)) {
        root.fail({fmt::format("children are followed from {:g} to {:g} years", p.first_age, p.last_age),
                   "first_age must lie below last_age", "change one of them in [population]"});
    }
    if (!(p.delay_shortest <= p.delay_longest)) {
        root.fail({fmt::format("a delay from {:g} to {:g} d", p.delay_shortest, p.delay_longest),
                   "delay_shortest must not lie above delay_longest", "change one of them in [population]"});
    }
}

/// What a table of events gives to every child: one course, of which nothing but its doses is known.
void read_events(const TomlValue& value, Arm& arm, const Trial& trial)
{
    const auto path = std::filesystem::path(trial.file).parent_path() / value.text();
    const auto table = dosing::read_event_table(path, known_drugs());
    if (table.patients.size() != 1) {
        value.fail({fmt::format("{} has events of {} patients", path.string(), table.patients.size()),
                    "an arm treats all children alike", "leave one ID in the table"});
    }
    if (!trial.weight) {
        value.fail(
            {"doses without a weight", "both mg and mg/kg are computed", "add weight = \"30 kg\" to [children]"});
    }
    arm.events = dosing::doses_of(table, table.patients.front(), *trial.weight);
    dosing::Course course;
    course.name = path.stem().string();
    arm.plan.courses.push_back(course);
}

Arm read_arm(TomlTable table, const Trial& trial, const dosing::Clinic& clinic)
{
    Arm arm;
    arm.place = table.place();
    arm.name = table.require("name").name();
    arm.title = table.text("title").value_or(arm.name);
    set_all(table, "inputs", quantities(arm.inputs), "input");
    const auto events = table.find("events");
    arm.plan = dosing::read_plan(table, clinic);
    if (events && (!arm.plan.courses.empty() || !arm.plan.rules.empty())) {
        events->fail({"a table of events beside courses or rules", "which of them would a child follow?",
                      "make two arms of it"});
    }
    if (events) {
        read_events(*events, arm, trial);
    }
    table.done();
    return arm;
}

void read_arms(TomlTable& root, Trial& trial, const Library& library)
{
    const auto tables = root.tables("arm");
    const auto plan = root.find("trial");
    if (tables.empty() != !plan) {
        root.fail(
            {plan ? "a trial without arms" : "arms without [trial]",
             plan ? "nobody is treated" : "nobody knows how long to follow",
             plan ? "add an [[arm]] for each treatment, or remove [trial]" : "add [trial] with follow = \"3 y\""});
    }
    if (!plan) {
        return;
    }
    TomlTable table = plan->table();
    trial.follow = read_days(table.require("follow"), longest_follow);
    table.done();
    dosing::Clinic clinic;
    clinic.drugs = known_drugs();
    clinic.readouts = known_readouts();
    clinic.regimens = dosing::read_regimens(dosing::regimens_of(library.folder));
    clinic.weight = trial.weight;
    clinic.end = to_tick(trial.follow);
    for (const TomlTable& arm : tables) {
        trial.arms.push_back(read_arm(arm, trial, clinic));
        const auto same = [&](const Arm& other) { return other.name == trial.arms.back().name; };
        if (std::ranges::count_if(trial.arms, same) > 1) {
            arm.fail({fmt::format("a second arm '{}'", trial.arms.back().name), "results could not tell them apart",
                      "give it another name"});
        }
    }
}

/// Replaces parameters of the median child by fitted ones.
void apply_fitted(const TrialOverrides& overrides, Trial& trial)
{
    const auto known = quantities(trial.cohort.median);
    std::size_t n_taken = 0;
    for (const FittedParameter& fitted : overrides.fitted) {
        const auto found = std::ranges::find(known, fitted.name, [](const Quantity& one) { return one.entry.name; });
        if (found == known.end() || found->entry.unit != fitted.unit) {
            trial.notes.push_back(fmt::format("{}: left aside (no parameter of the patient model)", fitted.name));
            continue;
        }
        if (fitted.value < found->entry.range.low || fitted.value > found->entry.range.high) {
            throw InputError(
                {"--parameters", 1, 1},
                {fmt::format("{} = {:g} is out of range", fitted.name, fitted.value),
                 fmt::format("it must be from {:g} to {:g}", found->entry.range.low, found->entry.range.high),
                 "fit again within these bounds"});
        }
        *found->value = fitted.value;
        ++n_taken;
    }
    if (n_taken == 0) {
        throw InputError({"--parameters", 1, 1},
                         {fmt::format("{} changes nothing", overrides.fitted_from),
                          "none of its parameters is one of the patient model", "leave --parameters out"});
    }
    trial.applied.push_back("parameters=" + overrides.fitted_from);
}

void apply(const TrialOverrides& overrides, Trial& trial)
{
    if (!overrides.fitted.empty()) {
        apply_fitted(overrides, trial);
    }
    const auto known = quantities(trial.cohort.population, trial.cohort.median);
    for (const std::string& written : overrides.set) {
        const SetOption assignment(written);
        set(known, assignment.name(), assignment.value(), "parameter");
        trial.applied.push_back(fmt::format("{}={}", assignment.name(), assignment.text()));
    }
    if (overrides.seed) {
        trial.cohort.seed = *overrides.seed;
        trial.applied.push_back(fmt::format("seed={}", *overrides.seed));
    }
    if (overrides.n_children) {
        trial.cohort.n_children = *overrides.n_children;
        trial.applied.push_back(fmt::format("children={}", *overrides.n_children));
    }
}

void check_model(TomlTable& root)
{
    if (const auto model = root.find("model"); model && model->text() != "patient") {
        model->fail({fmt::format("children of the model '{}'", model->text()), "a trial is about patients",
                     "leave it out, or write model = \"patient\""});
    }
}

} // namespace

void TrialOverrides::fit_from(const std::filesystem::path& file, std::optional<std::size_t> draw)
{
    fitted = read_fitted_parameters(file, draw);
    fitted_from = draw ? fmt::format("{}, draw {}", file.string(), *draw) : file.string();
}

std::vector<double> Trial::visit_days() const
{
    std::vector<double> days;
    for (double visit = 0; !arms.empty() && visit * cohort.visit_every <= follow; ++visit) {
        days.push_back(visit * cohort.visit_every);
    }
    return days;
}

Trial parse_trial(const std::string& text, const std::string& file, const Library& library,
                  const TrialOverrides& overrides)
{
    const toml::table parsed = parse_toml(text, file);
    TomlTable root(parsed, file, "", "a trial");
    root.check_format();
    Trial trial;
    trial.name = name_of_file(file);
    trial.file = file;
    trial.text = text;
    trial.title = root.text("title").value_or(trial.name);
    trial.question = root.text("question").value_or("");
    trial.cohort.population = model::defaults<Population>();
    trial.cohort.median = model::defaults<model::patient::Parameters<double>>();
    check_model(root);
    read_children(root.require("children").table(), trial);
    if (const auto visits = root.find("visits")) {
        trial.cohort.visit_every = read_days(*visits, days_per_year);
    }
    set_all(root, "population", quantities(trial.cohort.population), "quantity of the population");
    read_sites(root, trial.cohort.population);
    set_all(root, "parameters", quantities(trial.cohort.median), "parameter");
    apply(overrides, trial);
    check_population(trial, root);
    read_arms(root, trial, library);
    if (const auto patient = root.find("patient")) {
        TomlTable table = patient->table();
        trial.shown_child = static_cast<std::uint64_t>(table.require("child").whole_number(0, most_children));
        table.done();
    }
    root.done();
    return trial;
}

Trial read_trial(const std::filesystem::path& file, const Library& library, const TrialOverrides& overrides)
{
    return parse_trial(read_text(file), file.string(), library, overrides);
}

std::filesystem::path find_trial(const std::string& name, const Library& library)
{
    if (const auto file = find_file(name, library.trials)) {
        return *file;
    }
    throw InputError({"command line", 1, 1},
                     {fmt::format("unknown trial '{}'", name), "neither a file nor in the library",
                      suggest_name(name, names_of_files(library.trials), "see osteoflare list trials")});
}

bool is_trial(const std::string& name, const Library& library)
{
    const auto file = find_file(name, library.trials);
    std::error_code error;
    if (!file || !std::filesystem::is_regular_file(*file, error)) {
        return false;
    }
    try {
        return parse_toml(read_text(*file), file->string()).contains("children");
    } catch (const InputError&) {
        return false; // whoever reads it as a scenario will say what is wrong
    }
}

} // namespace osteoflare::scenarios::patients
