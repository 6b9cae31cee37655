#include "scenarios/reading/sweep_reader.hpp"

#include "scenarios/reading/library_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace osteoflare::scenarios {
namespace {

constexpr std::size_t most_members = 1'000'000'000;

constexpr std::array<std::pair<std::string_view, SweepMethod>, 5> methods{{
    {"grid", SweepMethod::grid},
    {"list", SweepMethod::list},
    {"random", SweepMethod::random},
    {"latin_hypercube", SweepMethod::latin_hypercube},
    {"sobol", SweepMethod::sobol},
}};

/// How often each member is run with other chance.
std::size_t read_replicates(TomlTable& table, const Scenario& scenario)
{
    const auto replicates = table.find("replicates");
    if (!replicates) {
        return 1;
    }
    if (!scenario.model->is_spatial) {
        replicates->fail({"replicates",
                          fmt::format("there is no chance in the model {}: all would be equal", scenario.model->name),
                          "write model = \"agents\", or remove it"});
    }
    return static_cast<std::size_t>(replicates->whole_number(1, 1'000'000));
}

SweepMethod read_method(TomlTable& table, bool has_replicates)
{
    if (has_replicates && !table.find("method") && !table.find("vary")) {
        return SweepMethod::grid; // of one member
    }
    const TomlValue method = table.require("method");
    const auto found = std::ranges::find(methods, method.text(), &decltype(methods)::value_type::first);
    if (found == methods.end()) {
        method.fail({fmt::format("unknown sweep method '{}'", method.text()), "members could not be chosen",
                     suggest_name(method.text(), keys_of(methods), "")});
    }
    return found->second;
}

/// What an axis' values are checked against: the unit, and for settings the range.
struct Scale {
    std::string unit;
    const model::Description* entry = nullptr;

    double read(const TomlValue& value) const
    {
        const double number = value.quantity(unit);
        if (entry) {
            check_range(*entry, number, value);
        }
        return number;
    }
};

Spread read_spread(const TomlValue& value, const Scale& scale, SweepMethod method, bool can_scale)
{
    if (value.is_list()) {
        Choices choices;
        for (const TomlValue& item : value.list()) {
            choices.values.push_back(scale.read(item));
        }
        if (choices.values.empty()) {
            value.fail({fmt::format("'{}' varies over nothing", value.path()), "its list is empty", "add values"});
        }
        return choices;
    }
    TomlTable table = value.table();
    if (const auto cv = table.find("lognormal_cv")) {
        const double number = cv->quantity("1");
        table.done();
        if (!can_scale || !is_drawn(method)) {
            cv->fail({"lognormal_cv cannot stand here",
                      can_scale ? "a grid or list needs values" : "only parameters and inputs have a default to scale",
                      can_scale ? "use method random, latin_hypercube or sobol" : "use { from, to } or a list"});
        }
        if (number <= 0 || number > 10) {
            cv->fail({fmt::format("lognormal_cv = {:g}", number), "it must lie above 0 and up to 10",
                      "choose such a number"});
        }
        return Lognormal{number};
    }
    const TomlValue from = table.require("from"), to = table.require("to");
    const Uniform uniform{scale.read(from), scale.read(to)};
    if (uniform.to <= uniform.from) {
        to.fail({fmt::format("'{}' goes from {:g} to {:g}", value.path(), uniform.from, uniform.to),
                 "the second must be larger", "swap them"});
    }
    const auto count = table.find("count");
    table.done();
    if (is_drawn(method)) {
        if (count) {
            count->fail({"'count' has no meaning here", "the sweep's size says how many are drawn", "remove it"});
        }
        return uniform;
    }
    if (!count) {
        value.fail({fmt::format("'{}' has no count", value.path()), "a grid or list needs to know how many values",
                    "add count = 5, or write a list of values"});
    }
    const auto n = static_cast<std::size_t>(count->whole_number(2, 1'000'000));
    Choices choices;
    for (std::size_t i = 0; i < n; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(n - 1);
        choices.values.push_back(i + 1 == n ? uniform.to : uniform.from + share * (uniform.to - uniform.from));
    }
    return choices;
}

Axis read_genotype_axis(const TomlValue& value, Scenario& scenario, const std::vector<Genotype>& known)
{
    Axis axis{"genotype", "", {Target::Kind::genotype, 0}, Choices{}, value.place()};
    if (scenario.genotypes.empty()) {
        value.fail({"a sweep over genotypes", fmt::format("the model {} has none", scenario.model->name), "remove it"});
    }
    for (const TomlValue& item : value.list()) {
        std::get<Choices>(axis.spread).values.push_back(static_cast<double>(scenario.genotypes.size()));
        scenario.genotypes.push_back(require_genotype(known, item));
    }
    if (std::get<Choices>(axis.spread).values.empty()) {
        value.fail({"'vary.genotype' varies over nothing", "its list is empty", "add genotypes"});
    }
    return axis;
}

/// vary.NAME.at, .value, .duration, .from, .until, .exposure of an event or treatment.
std::vector<Axis> read_intervention_axes(const std::string& name, const TomlValue& value, std::size_t index,
                                         const Scenario& scenario, SweepMethod method)
{
    const Intervention& intervention = scenario.interventions[index];
    const auto exposed = std::ranges::find(intervention.sets, true, &Assignment::is_exposure);
    std::vector<Axis> axes;
    TomlTable table = value.table();
    const auto add = [&](std::string_view key, Target::Kind kind, const Scale& scale) {
        if (const auto spread = table.find(key)) {
            axes.push_back({fmt::format("{}.{}", name, key),
                            scale.unit,
                            {kind, index},
                            read_spread(*spread, scale, method, false),
                            spread->place()});
        }
    };
    for (const std::string_view key : {"at", "from"}) {
        add(key, Target::Kind::from, {"d"});
    }
    add("until", Target::Kind::until, {"d"});
    add("duration", Target::Kind::duration, {"d"});
    if (exposed != intervention.sets.end()) {
        const model::Description& entry = scenario.model->settings[exposed->setting];
        for (const std::string_view key : {"value", "exposure"}) {
            add(key, Target::Kind::value, {std::string(entry.unit), &entry});
        }
    }
    table.done();
    return axes;
}

bool is_spread(const TomlValue& value)
{
    if (value.is_list()) {
        return true;
    }
    TomlTable table = value.table();
    const auto from = table.find("from");
    return table.find("lognormal_cv") || table.find("to") || (from && !from->is_table() && !from->is_list());
}

void read_axes(TomlTable vary, Scenario& scenario, const std::vector<Genotype>& known, Sweep& sweep)
{
    const ModelEntry& model = *scenario.model;
    for (const auto& entry : vary.entries()) {
        const std::string& name = entry.first;
        const TomlValue& value = entry.second;
        if (name == "genotype") {
            sweep.axes.push_back(read_genotype_axis(value, scenario, known));
            continue;
        }
        const auto named =
            std::ranges::find_if(scenario.interventions, [&](const auto& i) { return !i.of_life && i.name == name; });
        if (named != scenario.interventions.end() && !is_spread(value)) {
            const auto index = static_cast<std::size_t>(named - scenario.interventions.begin());
            const auto axes = read_intervention_axes(name, value, index, scenario, sweep.method);
            sweep.axes.insert(sweep.axes.end(), axes.begin(), axes.end());
            continue;
        }
        const std::size_t setting = index_of(model.settings, name);
        if (setting == model.settings.size()) {
            auto names = setting_names(model);
            names.emplace_back("genotype");
            std::ranges::transform(scenario.interventions, std::back_inserter(names), &Intervention::name);
            value.fail({fmt::format("cannot vary '{}'", name),
                        "it is no parameter, input, event or treatment of this scenario",
                        suggest_name(name, names, "see osteoflare list parameters")});
        }
        const model::Description& described = model.settings[setting];
        sweep.axes.push_back({name,
                              std::string(described.unit),
                              {Target::Kind::setting, setting},
                              read_spread(value, {std::string(described.unit), &described}, sweep.method, true),
                              value.place()});
    }
}

std::size_t count_members(TomlTable& table, const Sweep& sweep)
{
    const auto size = table.find("size");
    if (is_drawn(sweep.method)) {
        if (!size) {
            table.fail({"the sweep has no size", "members are drawn", "add size = 1000"});
        }
        if (size->whole_number(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max())
            < 1) {
            size->fail({"the sweep is empty", "its size must be 1 or more", "write for example size = 1000"});
        }
        return static_cast<std::size_t>(size->whole_number(1, most_members));
    }
    if (size) {
        size->fail({"'size' has no meaning here", "a grid or list follows from its values", "remove it"});
    }
    std::size_t members = sweep.method == SweepMethod::grid ? 1 : 0;
    for (const Axis& axis : sweep.axes) {
        const std::size_t n = std::get<Choices>(axis.spread).values.size();
        if (sweep.method == SweepMethod::grid) {
            members *= n; // cannot overflow: both have at most 10^9
        } else if (members != 0 && n != members) {
            throw InputError(axis.place,
                             {fmt::format("'{}' has {} values", axis.name, n),
                              fmt::format("the lists before it have {}", members), "give lists of one length"});
        } else {
            members = n;
        }
        if (members > most_members) {
            throw InputError(axis.place,
                             {"the grid is too large", fmt::format("there is room for {} members", most_members),
                              "use fewer values, or a latin_hypercube"});
        }
    }
    return members;
}

} // namespace

Axis read_range(TomlTable vary, Scenario& scenario)
{
    Sweep sweep;
    sweep.method = SweepMethod::random; // a range without a count
    const Place place = vary.place();
    read_axes(std::move(vary), scenario, {}, sweep);
    if (sweep.axes.size() != 1 || !std::holds_alternative<Uniform>(sweep.axes.front().spread)) {
        throw InputError(sweep.axes.empty() ? place : sweep.axes.back().place,
                         {sweep.axes.size() == 1 ? fmt::format("'{}' has no range", sweep.axes.front().name)
                                                 : fmt::format("{} quantities vary", sweep.axes.size()),
                          "one goes from here to there",
                          "write for example vary.injury.duration = { from = \"1 d\", to = \"30 d\" }"});
    }
    return std::move(sweep.axes.front());
}

Sweep read_sweep(TomlTable table, Scenario& scenario, const std::vector<Genotype>& known)
{
    Sweep sweep;
    sweep.replicates = read_replicates(table, scenario);
    sweep.method = read_method(table, sweep.replicates > 1);
    if (const auto seed = table.find("seed")) {
        sweep.seed = static_cast<std::uint64_t>(seed->whole_number(0, std::numeric_limits<std::int64_t>::max()));
    }
    if (const auto vary = table.find("vary")) {
        read_axes(vary->table(), scenario, known, sweep);
    }
    if (sweep.axes.empty() && sweep.replicates == 1) {
        table.fail(
            {"the sweep is empty", "it varies nothing", "add for example vary.cxcl1_half = { lognormal_cv = 0.1 }"});
    }
    sweep.size = count_members(table, sweep);
    if (sweep.size > most_members / sweep.replicates) {
        table.fail({"the sweep is too large",
                    fmt::format("there is room for {} members, replicates counted", most_members),
                    "use fewer replicates"});
    }
    table.done();
    return sweep;
}

} // namespace osteoflare::scenarios
