#include "scenarios/run.hpp"

#include "scenarios/spatial/tissue_run.hpp"

#include "solvers/ensemble.hpp"
#include "solvers/observers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <mutex>

namespace osteoflare::scenarios {
namespace {

solvers::Condensation condensation(model::SummaryKind kind)
{
    switch (kind) {
    case model::SummaryKind::first_above: return solvers::Condensation::first_above;
    case model::SummaryKind::maximum: return solvers::Condensation::maximum;
    case model::SummaryKind::minimum: return solvers::Condensation::minimum;
    case model::SummaryKind::final: return solvers::Condensation::final;
    }
    return solvers::Condensation::final;
}

/// The model's summaries over quantities that are the species, then the read-outs.
std::vector<solvers::Condensed> wanted_summaries(const ModelEntry& model, std::span<const double> settings)
{
    std::vector<solvers::Condensed> wanted;
    for (const model::Summary& summary : model.summaries) {
        const std::size_t species = index_of(model.species, summary.of);
        const std::size_t quantity =
            species < model.species.size() ? species : model.species.size() + index_of(model.readouts, summary.of);
        const double level = summary.level.empty() ? 0 : settings[index_of(model.settings, summary.level)];
        wanted.push_back({condensation(summary.kind), quantity, level});
    }
    return wanted;
}

/// The unit of a quotient, as UDUNITS reads it.
std::string quotient(std::string_view of, std::string_view by)
{
    if (by == "1") {
        return std::string(of);
    }
    const bool is_whole = by.find_first_of("/*") == std::string_view::npos;
    return is_whole ? fmt::format("{}/{}", of, by) : fmt::format("{}/({})", of, by);
}

} // namespace

std::vector<model::Description> column_descriptions(const Scenario& scenario)
{
    std::vector<model::Description> columns;
    const auto add = [&](const auto& entries, const std::vector<std::size_t>& indices) {
        for (const std::size_t index : indices) {
            columns.push_back(entries[index]);
        }
    };
    add(scenario.model->species, scenario.output.species);
    add(scenario.model->readouts, scenario.output.readouts);
    add(scenario.model->fluxes, scenario.output.fluxes);
    return columns;
}

std::vector<SensitivityColumn> sensitivity_columns(const Scenario& scenario)
{
    std::vector<SensitivityColumn> columns;
    const SensitivityPlan& plan = scenario.sensitivities;
    for (const Sensitivity& to : plan.to) {
        const auto add = [&](const auto& entries, const std::vector<std::size_t>& indices) {
            for (const std::size_t index : indices) {
                const model::Description& of = entries[index];
                columns.push_back({fmt::format("sensitivity/{}_by_{}", of.name, to.name), quotient(of.unit, to.unit),
                                   fmt::format("derivative of {} by {}", of.name, to.name)});
            }
        };
        add(scenario.model->species, plan.species);
        add(scenario.model->readouts, plan.readouts);
    }
    return columns;
}

Course run_member(const Scenario& scenario, const Member& member, std::span<const double> times)
{
    const ModelEntry& model = *scenario.model;
    const OutputPlan& plan = scenario.output;
    const std::size_t n_species = model.species.size(), n_readouts = model.readouts.size();

    const Instance instance = model.make();
    std::vector<double> settings = member.settings;
    instance.set(settings);

    // Changes at the same moment are one interruption.
    const auto& changes = member.changes;
    std::vector<solvers::Interruption> interruptions;
    for (std::size_t i = 0; i < changes.size();) {
        std::size_t next = i;
        while (next < changes.size() && changes[next].at == changes[i].at) {
            ++next;
        }
        interruptions.push_back({to_days(changes[i].at), [&, i, next](std::span<double> /*state*/) {
                                     for (std::size_t c = i; c < next; ++c) {
                                         settings[changes[c].setting] = changes[c].value;
                                     }
                                     instance.set(settings);
                                 }});
        i = next;
    }

    Course course;
    const std::size_t n_columns = plan.species.size() + plan.readouts.size() + plan.fluxes.size();
    course.columns.assign(n_columns * times.size(), std::numeric_limits<double>::quiet_NaN());
    std::vector<double> observables(n_readouts + model.fluxes.size());
    solvers::GridSampler sampler(times, n_species, [&](std::size_t index, double, std::span<const double> state) {
        instance.observe(state, observables);
        std::size_t column = 0;
        const auto record = [&](double value) { course.columns[column++ * times.size() + index] = value; };
        for (const std::size_t species : plan.species) {
            record(state[species]);
        }
        for (const std::size_t readout : plan.readouts) {
            record(observables[readout]);
        }
        for (const std::size_t flux : plan.fluxes) {
            record(observables[n_readouts + flux]);
        }
    });
    std::vector<double> scratch(observables.size());
    solvers::Condenser condenser(wanted_summaries(model, settings), n_species, n_species + n_readouts,
                                 [&](std::span<const double> state, std::span<double> quantities) {
                                     instance.observe(state, scratch);
                                     std::ranges::copy(state, quantities.begin());
                                     std::copy_n(scratch.begin(), n_readouts,
                                                 quantities.begin() + static_cast<std::ptrdiff_t>(n_species));
                                 });

    course.end_state = scenario.start_state;
    course.report =
        solvers::integrate(instance.system, course.end_state, to_days(scenario.start), to_days(scenario.end),
                           interruptions, scenario.numerics, [&](const solvers::Step& step) {
                               sampler(step);
                               condenser(step);
                           });
    course.summaries = condenser.values();
    return course;
}

Block empty_block(const Scenario& scenario, std::size_t n_times, std::size_t first, std::size_t size)
{
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    const std::size_t n_columns = column_descriptions(scenario).size() + sensitivity_columns(scenario).size();
    return {first,
            size,
            std::vector<double>(n_columns * size * n_times, missing),
            std::vector<double>(scenario.model->summaries.size() * size, missing),
            std::vector<double>(scenario.model->species.size() * size),
            std::vector<solvers::RunReport>(size)};
}

void store(const Course& course, std::size_t n_times, std::size_t index, Block& block)
{
    const std::size_t n_summaries = course.summaries.size(), n_species = course.end_state.size();
    for (std::size_t from = 0; from < course.columns.size(); from += n_times) {
        std::copy_n(course.columns.data() + from, n_times, block.columns.data() + from * block.size + index * n_times);
    }
    for (std::size_t s = 0; s < n_summaries && course.report; ++s) {
        block.summaries[s * block.size + index] = course.summaries[s];
    }
    for (std::size_t s = 0; s < n_species; ++s) {
        block.last_states[s * block.size + index] = course.end_state[s];
    }
    block.reports[index] = course.report;
}

void run_blocks(const Study& study, std::span<const double> times, std::size_t threads,
                const std::function<void(const Block&)>& take)
{
    // Enough members to keep lanes full, and enough blocks to keep threads busy.
    constexpr std::size_t most_members = 256;
    const std::size_t n_threads = solvers::thread_count(threads);
    const std::size_t even = (study.size() + n_threads - 1) / n_threads;
    const std::size_t size = std::clamp<std::size_t>(even, 1, most_members);
    std::mutex mutex;
    solvers::for_each_member((study.size() + size - 1) / size, threads, [&](std::size_t i) {
        const Block block = run_block(study, times, i * size, std::min((i + 1) * size, study.size()));
        const std::scoped_lock lock(mutex);
        take(block);
    });
}

Block run_block(const Study& study, std::span<const double> times, std::size_t first, std::size_t last)
{
    solvers::stop_if_wished();
    if (study.scenario().solver == Solver::lanes) {
        return run_block_in_lanes(study, times, first, last);
    }
    Block block = empty_block(study.scenario(), times.size(), first, last - first);
    Member member;
    for (std::size_t i = 0; i < block.size; ++i) {
        study.member(first + i, member);
        if (study.scenario().solver == Solver::agents) {
            spatial::TissueRun run(study.scenario(), member, times);
            while (!run.is_over()) {
                run.step(1);
            }
            store(run.course(), times.size(), i, block);
        } else {
            store(run_member(study.scenario(), member, times), times.size(), i, block);
        }
    }
    return block;
}

} // namespace osteoflare::scenarios
