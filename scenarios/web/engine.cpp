// The niche in a browser: the generated kernel under the lane solver, one member at a time, behind a few C functions.
// Compiled by emcc (docs/decisions/0021-web-engine.md). Everything that a page may name is in model.json beside it,
// written from the same lists (write_model.cpp); settings and columns are numbered as there.
#include "model/niche/niche.hpp"
#include "scenarios/lane_summaries.hpp"
#include "scenarios/osteoflare_kernels/niche_kernel.hpp"
#include "scenarios/schedule.hpp"
#include "scenarios/settings.hpp"
#include "solvers/integrate.hpp"
#include "solvers/lanes/make_engine.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace osteoflare::scenarios {
namespace {

namespace lanes = solvers::lanes;
using Niche = model::niche::Model;
using Kernel = kernels::niche;

constexpr std::size_t n_columns = Kernel::n_states + Kernel::n_readouts; // species, then read-outs
constexpr std::size_t stride = lanes::row_stride(n_columns);

template <class... Sets>
std::vector<model::Description> descriptions()
{
    std::vector<model::Description> list;
    const auto add = [&](auto&, const model::Description& entry) { list.push_back(entry); };
    const auto add_set = [&](auto set) { decltype(set)::visit(set, add); };
    (add_set(Sets{}), ...);
    return list;
}

const auto columns = descriptions<Niche::State<double>, Niche::Readouts<double>>();
const auto settings = descriptions<Niche::Parameters<double>, Niche::Inputs<double>>();

std::size_t number_of(const std::vector<model::Description>& list, std::string_view name)
{
    const auto named = [name](const model::Description& entry) { return entry.name == name; };
    return static_cast<std::size_t>(std::find_if(list.begin(), list.end(), named) - list.begin());
}

/// A run as a page asks for it, and what came out of it. There is one: a page waits for each run.
struct Run {
    std::array<double, Kernel::n_settings> base{};
    std::array<double, Kernel::n_states> start_state{}, end_state{};
    std::vector<Intervention> interventions;
    std::vector<double> times, rows;
    std::array<double, Niche::summaries.size()> summaries{};
    lanes::LaneReport report;
    bool taken = false; ///< by the solver
};
Run run; // NOLINT: the page's only one

/// The settings of each phase, as a schedule brings them.
struct Phases {
    std::vector<double> begins;
    std::vector<std::array<double, Kernel::n_settings>> settings;
};

Phases phases(Tick start, Tick end)
{
    std::vector<Intervention> all;
    for (const model::LifeEvent& event : Niche::life) {
        Intervention life;
        life.from = to_tick(event.day);
        life.sets = {{number_of(settings, event.parameter), event.value}};
        life.of_life = true;
        all.push_back(life);
    }
    all.insert(all.end(), run.interventions.begin(), run.interventions.end());
    const std::vector<Change> changes = expand(all, start, end, run.base);
    Phases made{{to_days(start)}, {run.base}};
    for (const Change& change : changes) {
        if (change.at > start && to_days(change.at) != made.begins.back()) {
            made.begins.push_back(to_days(change.at));
            made.settings.push_back(made.settings.back());
        }
        made.settings.back()[change.setting] = change.value;
    }
    return made;
}

} // namespace
} // namespace osteoflare::scenarios

using namespace osteoflare;
using namespace osteoflare::scenarios;

extern "C" {

/// Forgets the last run: defaults everywhere, no interventions.
void reset()
{
    for (std::size_t i = 0; i < run.base.size(); ++i) {
        run.base[i] = settings[i].value;
    }
    for (std::size_t k = 0; k < run.start_state.size(); ++k) {
        run.start_state[k] = columns[k].value;
    }
    run.interventions.clear();
}

/// Room for what a run depends on, to be changed in place: (setting) and (species).
double* base_settings()
{
    return run.base.data();
}
double* start_state()
{
    return run.start_state.data();
}

/// Something is done from one age to another [d]; to the end of the run if `until` is not a number. What it sets is
/// added by `add_assignment`.
void add_intervention(double from, double until)
{
    Intervention one;
    one.from = to_tick(from);
    if (until == until) {
        one.until = to_tick(until);
    }
    run.interventions.push_back(one);
}
void add_assignment(int setting, double value)
{
    run.interventions.back().sets.push_back({static_cast<std::size_t>(setting), value});
}

/// Runs from one age to another [d], with rows `every` so many days and at the end. Returns 0 if the end was reached,
/// otherwise what went wrong, numbered as LaneStatus.
int integrate(double from, double to, double every)
{
    const Tick start = to_tick(from), end = to_tick(to), interval = std::max<Tick>(to_tick(every), 1);
    run.times.clear();
    for (Tick t = start; t < end; t += interval) {
        run.times.push_back(to_days(t));
    }
    run.times.push_back(to_days(end));
    run.rows.assign(run.times.size() * stride, __builtin_nan(""));

    const Phases schedule = phases(start, end);
    std::vector<const double*> settings_of;
    for (const auto& phase : schedule.settings) {
        settings_of.push_back(phase.data());
    }
    const solvers::Options numerics; // of a scenario that names none
    std::array<double, Kernel::n_states> tolerance{};
    for (std::size_t k = 0; k < tolerance.size(); ++k) {
        tolerance[k] = absolute_tolerance(columns[k], numerics.relative_tolerance);
    }
    std::array<std::uint16_t, n_columns> wanted{};
    for (std::size_t c = 0; c < n_columns; ++c) {
        wanted[c] = static_cast<std::uint16_t>(c);
    }
    std::array<lanes::LaneSummary, Niche::summaries.size()> summaries{};
    std::array<double, Niche::summaries.size()> levels{};
    for (std::size_t s = 0; s < summaries.size(); ++s) {
        const model::Summary& summary = Niche::summaries[s];
        summaries[s] = {kind_of(summary.kind), static_cast<std::uint16_t>(number_of(columns, summary.of))};
        levels[s] = summary.level.empty() ? 0 : run.base[number_of(settings, summary.level)];
    }

    lanes::LaneProblem problem;
    problem.from = to_days(start);
    problem.to = to_days(end);
    problem.relative_tolerance = numerics.relative_tolerance;
    problem.absolute_tolerance = tolerance.data();
    problem.first_step = numerics.first_step;
    problem.longest_step = std::min(numerics.longest_step, 1e300);
    problem.most_steps = numerics.most_steps;
    problem.times = run.times.data();
    problem.n_times = run.times.size();
    problem.columns = wanted.data();
    problem.n_columns = n_columns;
    problem.summaries = summaries.data();
    problem.n_summaries = summaries.size();

    lanes::LaneMember member;
    member.start_state = run.start_state.data();
    member.phase_begins = schedule.begins.data();
    member.settings = settings_of.data();
    member.n_phases = schedule.begins.size();
    member.levels = levels.data();
    member.rows = run.rows.data();
    member.summaries = run.summaries.data();

    run.taken = false;
    lanes::LaneClient client;
    client.self = &member;
    client.next = [](void* self, lanes::LaneMember& out) {
        out = *static_cast<lanes::LaneMember*>(self);
        return !std::exchange(run.taken, true);
    };
    client.done = [](void*, const lanes::LaneMember&, const lanes::LaneReport& report, const double* last_state) {
        run.report = report;
        std::copy(last_state, last_state + Kernel::n_states, run.end_state.begin());
    };
    lanes::run_lanes<lanes::Pack1, Kernel>(problem, client);
    return static_cast<int>(run.report.status);
}

/// What came out of the last run. Rows that it did not reach are not numbers; pointers hold until the next one.
int n_times()
{
    return static_cast<int>(run.times.size());
}
const double* times()
{
    return run.times.data();
}
const double* rows() ///< (time, row_stride): species, then read-outs
{
    return run.rows.data();
}
int row_stride()
{
    return static_cast<int>(stride);
}
const double* summaries()
{
    return run.summaries.data();
}
const double* end_state()
{
    return run.end_state.data();
}
double end_time()
{
    return run.report.time;
}
int steps()
{
    return static_cast<int>(run.report.steps + run.report.rejected);
}

} // extern "C"
