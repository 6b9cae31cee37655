#include "scenarios/analyses/sensitivity/global_sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace osteoflare::scenarios {
namespace {

std::vector<double> row_of(const GlobalPlan& plan, const solvers::SaltelliDesign& saltelli,
                           const solvers::MorrisDesign& morris, std::size_t row)
{
    return plan.method == GlobalMethod::sobol ? saltelli.row(row) : morris.row(row);
}

/// Puts what came out of members [block.first, …) of this part of the design into its place.
void keep(const GlobalPlan& plan, const Block& block, std::size_t before, GlobalRuns& runs)
{
    for (std::size_t i = 0; i < block.size; ++i) {
        const std::size_t member = before + block.first + i;
        runs.status[member] = static_cast<std::uint8_t>(block.reports[i].status);
        for (std::size_t r = 0; block.reports[i] && r < plan.responses.size(); ++r) {
            const Response& response = plan.responses[r];
            if (response.kind != Response::Kind::course) {
                runs.values[r][member] = block.summaries[response.index * block.size + i];
                continue;
            }
            const std::size_t n = plan.times.size();
            const double* from = block.columns.data() + (response.index * block.size + i) * n;
            std::copy_n(from, n, runs.values[r].data() + member * n);
        }
    }
}

/// One time of a response: (row, point), NaN where a run failed.
std::vector<double> values_at_time(const GlobalPlan& plan, const GlobalRuns& runs, std::size_t r, std::size_t time)
{
    const Response& response = plan.responses[r];
    const std::size_t n = plan.n_values(response);
    std::vector<double> values(runs.status.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t member = 0; member < values.size(); ++member) {
        if (runs.status[member] != 0) {
            continue;
        }
        const double value = runs.values[r][member * n + time];
        const bool came = std::isfinite(value);
        switch (response.kind) {
        case Response::Kind::moment: values[member] = came ? value : to_days(plan.scenario.end); break;
        case Response::Kind::reached: values[member] = came ? 1 : 0; break;
        default: values[member] = value;
        }
    }
    return values;
}

} // namespace

std::vector<std::vector<double>> design_values(const GlobalPlan& plan, std::size_t first, std::size_t last)
{
    const std::size_t d = plan.factors().size();
    Scenario drawn = plan.scenario;
    drawn.sweep->size = 1;
    const Study study(std::move(drawn));
    const solvers::SaltelliDesign saltelli(d, plan.scenario.sweep->seed);
    const solvers::MorrisDesign morris(d, plan.scenario.sweep->seed);
    std::vector<std::vector<double>> values(d);
    for (std::size_t row = first; row < last; ++row) {
        const auto points = row_of(plan, saltelli, morris, row);
        for (std::size_t p = 0; p < plan.points_per_row(); ++p) {
            const auto at = study.values_at(std::span(points).subspan(p * d, d));
            for (std::size_t a = 0; a < d; ++a) {
                values[a].push_back(at[a]);
            }
        }
    }
    return values;
}

std::size_t GlobalRuns::n_failed() const
{
    return static_cast<std::size_t>(std::ranges::count_if(status, [](std::uint8_t code) { return code != 0; }));
}

GlobalRuns run_global_sensitivity(const GlobalPlan& plan, GlobalRuns earlier, std::size_t threads,
                                  const std::function<void(std::size_t, std::size_t)>& progress)
{
    GlobalRuns runs = std::move(earlier);
    const std::size_t before = runs.n_rows * plan.points_per_row(), all = plan.n_rows * plan.points_per_row();
    if (before == all) {
        return runs;
    }
    auto design = design_values(plan, runs.n_rows, plan.n_rows);
    runs.factors.resize(design.size());
    for (std::size_t a = 0; a < design.size(); ++a) {
        runs.factors[a].insert(runs.factors[a].end(), design[a].begin(), design[a].end());
    }
    const Study study(at_points(plan.scenario, plan.factors(), std::move(design)));
    runs.n_rows = plan.n_rows;
    runs.status.resize(all);
    runs.values.resize(plan.responses.size());
    for (std::size_t r = 0; r < plan.responses.size(); ++r) {
        runs.values[r].resize(all * plan.n_values(plan.responses[r]), std::numeric_limits<double>::quiet_NaN());
    }
    std::size_t done = before, failed = runs.n_failed();
    if (progress) {
        progress(done, failed);
    }
    run_blocks(study, plan.times, threads, [&](const Block& block) {
        keep(plan, block, before, runs);
        done += block.size;
        failed += static_cast<std::size_t>(
            std::ranges::count_if(block.reports, [](const solvers::RunReport& report) { return !report; }));
        if (progress) {
            progress(done, failed);
        }
    });
    return runs;
}

std::vector<ResponseAnalysis> analyse(const GlobalPlan& plan, const GlobalRuns& runs)
{
    const std::size_t d = plan.factors().size();
    // What a run may be wrong by is no variation.
    const double tolerance = plan.scenario.numerics.relative_tolerance;
    const solvers::MorrisDesign morris(d, plan.scenario.sweep->seed);
    std::vector<ResponseAnalysis> analyses;
    for (std::size_t r = 0; r < plan.responses.size(); ++r) {
        const Response& response = plan.responses[r];
        ResponseAnalysis analysis;
        std::size_t never = 0;
        for (std::size_t member = 0; plan.n_values(response) == 1 && member < runs.status.size(); ++member) {
            never += runs.status[member] == 0 && !std::isfinite(runs.values[r][member]) ? 1 : 0;
        }
        const std::size_t complete = runs.status.size() - runs.n_failed();
        analysis.share_never = complete == 0 ? 0 : static_cast<double>(never) / static_cast<double>(complete);
        for (std::size_t t = 0; t < plan.n_values(response); ++t) {
            const auto values = values_at_time(plan, runs, r, t);
            if (plan.method == GlobalMethod::sobol) {
                analysis.sobol.push_back(solvers::sobol_indices(values, d, tolerance));
            } else {
                analysis.effects.push_back(solvers::elementary_effects(morris, values, tolerance));
            }
        }
        analyses.push_back(std::move(analysis));
    }
    return analyses;
}

} // namespace osteoflare::scenarios
