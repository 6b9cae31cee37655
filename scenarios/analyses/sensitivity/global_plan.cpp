#include "scenarios/analyses/sensitivity/global_sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

constexpr std::size_t n_scrambles = solvers::SaltelliDesign::n_scrambles;
constexpr std::size_t most_rows = 1'000'000;
constexpr double most_bytes = 4e9;

void check_sweep(const Scenario& scenario, GlobalMethod method)
{
    const Place place{scenario.name, 1, 1};
    if (!scenario.sweep || scenario.sweep->axes.empty()) {
        throw InputError(place, {"the scenario has no [sweep] that varies something",
                                 "sensitivity is by what varies, and how widely",
                                 "add one, for example vary.cxcl1_half = { lognormal_cv = 0.2 }"});
    }
    const Sweep& sweep = *scenario.sweep;
    if (!is_drawn(sweep.method)) {
        throw InputError(sweep.axes.front().place, {"a grid or list", "it says which values there are, not how likely",
                                                    "write method = \"sobol\" and { from, to } or { lognormal_cv }"});
    }
    if (scenario.tissue) {
        throw InputError(place, {"sensitivity of agents", "chance would pass for an interaction of everything varied",
                                 "use model = \"niche\", or repeat agents in a sweep with replicates"});
    }
    if (sweep.axes.size() > 1833) {
        throw InputError(sweep.axes[1833].place, {fmt::format("{} factors", sweep.axes.size()),
                                                  "the sequence has room for 1833", "vary fewer"});
    }
    for (const Axis& axis : sweep.axes) {
        if (method == GlobalMethod::morris && std::holds_alternative<Choices>(axis.spread)) {
            throw InputError(axis.place, {fmt::format("'{}' is a list of choices", axis.name),
                                          "Morris' steps go up or down, and a list has no direction",
                                          "use --method sobol, or vary it between two numbers"});
        }
    }
}

std::size_t check_rows(const Scenario& scenario, GlobalMethod method, std::size_t wanted)
{
    const bool is_sobol = method == GlobalMethod::sobol;
    const std::size_t n = wanted == 0 ? scenario.sweep->size : wanted;
    const std::size_t least = is_sobol ? fewest_sobol_rows : fewest_morris_rows, multiple = is_sobol ? n_scrambles : 1;
    if (n >= least && n % multiple == 0 && n <= most_rows) {
        return n;
    }
    const std::size_t suggested = std::clamp((n + multiple - 1) / multiple * multiple, least, most_rows);
    const std::string_view why =
        n < least       ? "too few for intervals that can be trusted"
        : n > most_rows ? "nobody needs that many"
                        : "rows are dealt out to 16 scramblings of the sequence, so they must be a multiple of 16";
    throw InputError({wanted == 0 ? "the size of [sweep]" : "--size", 1, 1},
                     {fmt::format("{} rows", n), std::string(why), fmt::format("use --size {}", suggested)});
}

void add_summary(const model::Summary& summary, std::size_t index, std::vector<Response>& responses)
{
    const std::string name(summary.name), unit(summary.unit), meaning(summary.meaning);
    if (summary.kind != model::SummaryKind::first_above) {
        responses.push_back({Response::Kind::summary, name, unit, meaning, index});
        return;
    }
    responses.push_back(
        {Response::Kind::moment, name, unit, meaning + ", or the end of the run where that never happens", index});
    responses.push_back(
        {Response::Kind::reached, name + "_reached", "1", "1 if that moment comes: " + meaning + "; else 0", index});
}

/// Makes the scenario record this species or read-out alone besides those before; false if there is none of that name.
bool add_course(const std::string& name, Scenario& scenario, std::vector<Response>& responses)
{
    const auto add = [&](const std::vector<model::Description>& entries, std::vector<std::size_t>& recorded) {
        const std::size_t index = index_of(entries, name);
        if (index == entries.size()) {
            return false;
        }
        if (std::ranges::find(recorded, index) == recorded.end()) {
            recorded.push_back(index);
        }
        responses.push_back(
            {Response::Kind::course, name, std::string(entries[index].unit), std::string(entries[index].meaning), 0});
        return true;
    };
    return add(scenario.model->species, scenario.output.species)
           || add(scenario.model->readouts, scenario.output.readouts)
           || add(scenario.model->fluxes, scenario.output.fluxes);
}

void choose_responses(GlobalPlan& plan, std::vector<std::string> of)
{
    Scenario& scenario = plan.scenario;
    const auto& summaries = scenario.model->summaries;
    if (of.empty()) {
        of = names_of(summaries);
        for (const model::Description& column : column_descriptions(scenario)) {
            of.emplace_back(column.name);
        }
    }
    scenario.sensitivities = {};
    scenario.output.species.clear();
    scenario.output.readouts.clear();
    scenario.output.fluxes.clear();
    for (const std::string& name : of) {
        if (std::ranges::count(of, name) > 1) {
            throw InputError({"--of", 1, 1}, {fmt::format("'{}' stands twice", name), "once is enough", "remove one"});
        }
        const auto summary = std::ranges::find(summaries, name, &model::Summary::name);
        if (summary != summaries.end()) {
            add_summary(*summary, static_cast<std::size_t>(summary - summaries.begin()), plan.responses);
        } else if (!add_course(name, scenario, plan.responses)) {
            auto known = names_of(summaries);
            for (const auto* entries : {&scenario.model->species, &scenario.model->readouts, &scenario.model->fluxes}) {
                const auto more = names_of(*entries);
                known.insert(known.end(), more.begin(), more.end());
            }
            throw InputError({"--of", 1, 1}, {fmt::format("nothing is called '{}'", name),
                                              fmt::format("the model {} has no such summary, species, read-out or flux",
                                                          scenario.model->name),
                                              suggest_name(name, known, "see osteoflare list readouts")});
        }
    }
    const auto columns = column_descriptions(scenario);
    for (Response& response : plan.responses) {
        if (response.kind == Response::Kind::course) {
            response.index = index_of(columns, response.name);
        }
    }
    scenario.output.courses = !columns.empty();
    plan.times = columns.empty() ? std::vector<double>{} : output_times(scenario);
}

} // namespace

std::string_view text(GlobalMethod method)
{
    return method == GlobalMethod::sobol ? "sobol" : "morris";
}

std::size_t GlobalPlan::n_values(const Response& response) const
{
    return response.kind == Response::Kind::course ? times.size() : 1;
}

GlobalPlan plan_global_sensitivity(Scenario scenario, GlobalMethod method, std::size_t n_rows,
                                   const std::vector<std::string>& of)
{
    check_sweep(scenario, method);
    GlobalPlan plan;
    plan.method = method;
    plan.n_rows = check_rows(scenario, method, n_rows);
    plan.scenario = std::move(scenario);
    choose_responses(plan, of);
    double numbers = static_cast<double>(plan.factors().size());
    for (const Response& response : plan.responses) {
        numbers += static_cast<double>(plan.n_values(response));
    }
    const double bytes = 8 * numbers * static_cast<double>(plan.n_rows * plan.points_per_row());
    if (bytes > most_bytes) {
        throw InputError({"--size", 1, 1}, {fmt::format("{} rows of {} runs with {:.0f} numbers each", plan.n_rows,
                                                        plan.points_per_row(), numbers),
                                            fmt::format("they take {:.0f} GB of memory", 1e-9 * bytes),
                                            "name fewer quantities with --of, or record them less often (every)"});
    }
    // Says what is wrong with any member while nothing has been run or written.
    (void)Study(at_points(plan.scenario, plan.factors(), design_values(plan, 0, plan.n_rows)));
    return plan;
}

} // namespace osteoflare::scenarios
