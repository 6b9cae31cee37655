#include "scenarios/reading/output_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

constexpr std::size_t most_outputs = 1'000'000;

/// One of two words.
bool read_choice(const TomlValue& value, const char* what, const std::string& usual, const std::string& other)
{
    if (value.text() != usual && value.text() != other) {
        value.fail({fmt::format("unknown {} '{}'", what, value.text()),
                    fmt::format("there are {} and {}", usual, other),
                    suggest_name(value.text(), {usual, other}, fmt::format("write \"{}\" or \"{}\"", usual, other))});
    }
    return value.text() == other;
}

/// Whether only what is one number per member is kept; then there is nothing to say about time courses.
bool read_keep(TomlTable& table, OutputPlan& plan)
{
    const auto keep = table.find("keep");
    if (!keep || !read_choice(*keep, "choice of output", "all", "summaries")) {
        return false;
    }
    for (const char* key : {"every", "variables", "fluxes", "precision"}) {
        if (const auto about_courses = table.find(key)) {
            about_courses->fail({fmt::format("'{}' has no meaning here", key),
                                 "keep = \"summaries\" records no time courses", "remove it, or write keep = \"all\""});
        }
    }
    plan.courses = false;
    plan.species.clear();
    plan.readouts.clear();
    table.done();
    return true;
}

/// How often the tissue is kept as it is; "none" for never, as where only summaries are kept.
void read_snapshots(TomlTable& table, const Scenario& scenario, OutputPlan& plan)
{
    const auto snapshots = table.find("snapshots");
    if (!snapshots) {
        const auto keep = table.find("keep");
        plan.snapshots = keep && keep->is_text() && keep->text() == "summaries" ? 0 : plan.snapshots;
        return;
    }
    if (!scenario.model->is_spatial) {
        snapshots->fail({"snapshots", fmt::format("the model {} has no space", scenario.model->name),
                         "write model = \"agents\", or remove it"});
    }
    const bool is_wanted = !snapshots->is_text() || snapshots->text() != "none";
    plan.snapshots = is_wanted ? read_time(*snapshots) : 0;
    if (is_wanted && plan.snapshots <= 0) {
        snapshots->fail({fmt::format("a snapshot every {:g} d", snapshots->quantity("d")),
                         "at least one second must pass", "write for example snapshots = \"5 d\", or \"none\""});
    }
}

} // namespace

Tick read_time(const TomlValue& value)
{
    constexpr double longest_run = 1e5; ///< days
    const double days = value.quantity("d");
    if (std::abs(days) > longest_run) {
        value.fail({fmt::format("'{}' is {:g} d", value.path(), days),
                    fmt::format("times go up to {:g} d", longest_run), "mind the unit"});
    }
    return to_tick(days);
}

void read_output(TomlTable& root, Scenario& scenario)
{
    const ModelEntry& model = *scenario.model;
    OutputPlan& plan = scenario.output;
    const auto all = [](const auto& entries) {
        std::vector<std::size_t> indices(entries.size());
        for (std::size_t i = 0; i < indices.size(); ++i) {
            indices[i] = i;
        }
        return indices;
    };
    constexpr Tick usual_snapshots = 5 * ticks_per_day;
    plan.snapshots = model.is_spatial ? usual_snapshots : 0;
    plan.species = all(model.species);
    plan.readouts = all(model.readouts);
    const auto section = root.find("output");
    if (!section) {
        return;
    }
    TomlTable table = section->table();
    read_snapshots(table, scenario, plan);
    if (read_keep(table, plan)) {
        return;
    }
    if (const auto precision = table.find("precision")) {
        plan.single_precision = read_choice(*precision, "precision", "float64", "float32");
    }
    if (const auto every = table.find("every")) {
        plan.every = read_time(*every);
        if (plan.every <= 0) {
            every->fail({fmt::format("output every {:g} d", to_days(plan.every)), "at least one second must pass",
                         "write for example every = \"0.5 d\""});
        }
        if ((scenario.end - scenario.start) / plan.every >= static_cast<Tick>(most_outputs)) {
            every->fail({"too many output times", fmt::format("there is room for {}", most_outputs),
                         "choose a longer interval"});
        }
    }
    if (const auto variables = table.find("variables")) {
        plan.species.clear();
        plan.readouts.clear();
        for (const TomlValue& value : variables->list()) {
            const auto add = [&](const auto& entries, std::vector<std::size_t>& indices) {
                const std::size_t index = index_of(entries, value.text());
                if (index == entries.size()) {
                    return false;
                }
                if (std::ranges::find(indices, index) != indices.end()) {
                    value.fail(
                        {fmt::format("'{}' stands twice", value.text()), "a file holds a variable once", "remove one"});
                }
                indices.push_back(index);
                return true;
            };
            if (!add(model.species, plan.species) && !add(model.readouts, plan.readouts)
                && !add(model.fluxes, plan.fluxes)) {
                auto known = names_of(model.species);
                for (const auto& more : {names_of(model.readouts), names_of(model.fluxes)}) {
                    known.insert(known.end(), more.begin(), more.end());
                }
                value.fail({fmt::format("unknown variable '{}'", value.text()),
                            fmt::format("the model {} has no such species, read-out or flux", model.name),
                            suggest_name(value.text(), known, "see osteoflare list species")});
            }
        }
    }
    if (const auto fluxes = table.find("fluxes"); fluxes && fluxes->boolean()) {
        if (model.is_spatial) {
            fluxes->fail({"fluxes of agents", "what flows is what each cell does; it is not kept", "remove it"});
        }
        plan.fluxes = all(model.fluxes);
    }
    table.done();
}

} // namespace osteoflare::scenarios
