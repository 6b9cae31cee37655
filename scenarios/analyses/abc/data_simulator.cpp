#include "scenarios/analyses/abc/data_simulator.hpp"

#include "scenarios/analyses/fitting/measured.hpp"
#include "scenarios/run.hpp"
#include "scenarios/spatial/tissue_run.hpp"
#include "solvers/designs.hpp"
#include "solvers/ensemble.hpp"
#include "solvers/random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace osteoflare::scenarios {
namespace {

using solvers::fitting::Noise;

/// What a random number is for.
enum Purpose : std::uint32_t { tissue_chance = 4401, measurement };

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A value as it is compared.
double compared(const FitDatum& datum, double value)
{
    const double seen = datum.detection_limit ? std::max(value, *datum.detection_limit) : value;
    const bool is_log = datum.datum.noise == Noise::lognormal;
    return !is_log ? seen : seen > 0 ? std::log(seen) : -std::numeric_limits<double>::infinity();
}

/// Whether two data could change places, if they had not another value.
bool are_alike(const FitDatum& a, const FitDatum& b)
{
    return a.experiment == b.experiment && a.observable == b.observable && a.time == b.time && a.since == b.since
           && a.spread == b.spread && a.replicates == b.replicates && a.detection_limit == b.detection_limit
           && a.datum.trials == b.datum.trials;
}

} // namespace

DataSimulator::DataSimulator(FitProblem problem) : problem_(std::move(problem))
{
    const std::size_t n_species = problem_.model().species.size();
    for (std::size_t d = 0; d < problem_.data.size(); ++d) {
        const FitDatum& datum = problem_.data[d];
        const std::size_t quantity = problem_.observables[datum.observable].quantity;
        const bool is_species = quantity < n_species;
        auto& list = is_species ? species_ : readouts_;
        const std::size_t index = is_species ? quantity : quantity - n_species;
        if (std::ranges::find(list, index) == list.end()) {
            list.push_back(index);
        }
        // Without chance, animals of one experiment are alike.
        const std::string animal = problem_.model().is_spatial ? datum.group : "";
        auto run = std::ranges::find_if(
            runs_, [&](const Run& known) { return known.experiment == datum.experiment && known.animal == animal; });
        if (run == runs_.end()) {
            runs_.push_back({datum.experiment, animal, {}, {}});
            run = runs_.end() - 1;
        }
        run->data.push_back(d);
        run->times.push_back(datum.time);
        if (datum.since) {
            run->times.push_back(*datum.since);
        }
    }
    for (std::size_t d = 0; d < problem_.data.size(); ++d) {
        const auto known = std::ranges::find_if(alike_, [&](const std::vector<std::size_t>& own) {
            return are_alike(problem_.data[own.front()], problem_.data[d]);
        });
        known == alike_.end() ? alike_.push_back({d}) : known->push_back(d);
    }
    for (Run& run : runs_) {
        std::ranges::sort(run.times);
        run.times.erase(std::unique(run.times.begin(), run.times.end()), run.times.end());
    }
}

Study DataSimulator::study_of(const Run& run, std::span<const double> points) const
{
    Scenario scenario = problem_.experiments[run.experiment].scenario;
    scenario.sweep.reset();
    scenario.output = {};
    scenario.output.species = species_;
    scenario.output.readouts = readouts_;
    scenario.sensitivities = {};
    std::vector<Axis> axes;
    std::vector<std::vector<double>> values;
    const std::size_t n = problem_.parameters.size();
    for (std::size_t p = 0; p < n; ++p) {
        const FitParameter& parameter = problem_.parameters[p];
        if (const auto target = parameter.targets[run.experiment]) {
            axes.push_back({parameter.name, parameter.unit, *target, Choices{}, parameter.place});
            values.emplace_back();
            for (std::size_t i = p; i < points.size(); i += n) {
                values.back().push_back(parameter.outward(points[i]));
            }
        }
    }
    return Study(axes.empty() ? std::move(scenario)
                              : at_points(std::move(scenario), std::move(axes), std::move(values)));
}

std::size_t DataSimulator::column_of(std::size_t quantity) const
{
    const std::size_t n_species = problem_.model().species.size();
    const bool is_species = quantity < n_species;
    const auto& list = is_species ? species_ : readouts_;
    const auto found = std::ranges::find(list, is_species ? quantity : quantity - n_species);
    return (is_species ? 0 : species_.size()) + static_cast<std::size_t>(found - list.begin());
}

template <class Column>
void DataSimulator::look_up(const Run& run, Column column, std::span<Seen> seen) const
{
    const auto place_of = [&](double time) {
        return static_cast<std::size_t>(std::ranges::lower_bound(run.times, time) - run.times.begin());
    };
    for (std::size_t k = 0; k < run.data.size(); ++k) {
        const FitDatum& datum = problem_.data[run.data[k]];
        const std::size_t c = column_of(problem_.observables[datum.observable].quantity);
        seen[k] = {column(c, place_of(datum.time)), datum.since ? column(c, place_of(*datum.since)) : nan};
    }
}

std::vector<DataSimulator::Seen> DataSimulator::solve(const Run& run, std::span<const double> points,
                                                      std::size_t threads) const
{
    const Study study = study_of(run, points);
    const std::size_t n_points = points.size() / problem_.parameters.size(), n_times = run.times.size();
    std::vector<Seen> seen(n_points * run.data.size(), {nan, nan});
    run_blocks(study, run.times, threads, [&](const Block& block) {
        for (std::size_t i = 0; i < n_points; ++i) {
            const std::size_t member = study.size() == 1 ? 0 : i;
            if (member >= block.first && member < block.first + block.size && block.reports[member - block.first]) {
                const auto column = [&](std::size_t c, std::size_t time) {
                    return block.columns[(c * block.size + member - block.first) * n_times + time];
                };
                look_up(run, column, std::span(seen).subspan(i * run.data.size(), run.data.size()));
            }
        }
    });
    return seen;
}

std::vector<DataSimulator::Seen> DataSimulator::live(const Run& run, const Study& study, std::size_t member,
                                                     std::uint64_t seed) const
{
    spatial::TissueRun tissue(study.scenario(), study.member(member), run.times, seed);
    // What comes after the last datum is nobody's business; times within one step are recorded a step later each.
    const Tick enough = to_tick(run.times.back()) + static_cast<Tick>(run.times.size()) * tissue.tissue().plan().step;
    while (!tissue.is_over() && tissue.now() < enough) {
        tissue.step(1);
    }
    std::vector<Seen> seen(run.data.size(), {nan, nan});
    if (tissue.course().report) {
        const auto column = [&](std::size_t c, std::size_t time) {
            return tissue.course().columns[c * run.times.size() + time];
        };
        look_up(run, column, seen);
    }
    return seen;
}

double DataSimulator::noisy(std::size_t index, std::span<const double> x, const Seen& seen, std::uint64_t seed) const
{
    const FitDatum& datum = problem_.data[index];
    const Measured expected = measured(problem_, datum, x, {seen.now}, {seen.before});
    const double m = expected.m.value, s = expected.s;
    if (std::isnan(m) || !(s > 0)) { // std::max would hide the former
        return nan;
    }
    const auto even = [&](std::uint32_t i) {
        return solvers::to_unit_interval(solvers::random_bits(seed, measurement, index, i));
    };
    if (datum.datum.noise == Noise::binomial) {
        const double share = std::exp(solvers::fitting::log_normal_cdf(m));
        double ill = 0;
        for (std::uint32_t animal = 0; animal < datum.datum.trials; ++animal) {
            ill += even(animal) < share ? 1 : 0;
        }
        return ill;
    }
    const double z = solvers::normal_quantile(even(0));
    return compared(datum, datum.datum.noise == Noise::lognormal ? m * std::exp(s * z) : m + s * z);
}

std::vector<double> DataSimulator::observed() const
{
    std::vector<double> values;
    for (const FitDatum& datum : problem_.data) {
        values.push_back(compared(datum, datum.datum.value));
    }
    order(values);
    return values;
}

void DataSimulator::order(std::span<double> data) const
{
    std::vector<double> values;
    for (const std::vector<std::size_t>& alike : alike_) {
        values.clear();
        for (const std::size_t d : alike) {
            values.push_back(data[d]);
        }
        if (std::ranges::none_of(values, [](double value) { return std::isnan(value); })) {
            std::ranges::sort(values);
        }
        for (std::size_t k = 0; k < alike.size(); ++k) {
            data[alike[k]] = values[k];
        }
    }
}

void DataSimulator::simulate(std::span<const double> points, std::span<const std::uint64_t> seeds, std::size_t threads,
                             std::span<double> data) const
{
    const std::size_t n = problem_.parameters.size(), n_data = problem_.data.size(), n_points = seeds.size();
    const auto keep = [&](std::size_t i, const Run& run, std::span<const Seen> seen) {
        for (std::size_t k = 0; k < run.data.size(); ++k) {
            data[i * n_data + run.data[k]] = noisy(run.data[k], points.subspan(i * n, n), seen[k], seeds[i]);
        }
    };
    if (problem_.model().is_spatial) {
        std::vector<Study> studies;
        for (const Run& run : runs_) {
            studies.push_back(study_of(run, points));
        }
        // One tissue is too small to share among threads; many of them are not.
        solvers::for_each_member(n_points * runs_.size(), threads, [&](std::size_t task) {
            const std::size_t i = task / runs_.size(), r = task % runs_.size();
            const std::uint64_t chance = solvers::random_bits(seeds[i], tissue_chance, r, 0);
            const Study& study = studies[r];
            keep(i, runs_[r], live(runs_[r], study, study.size() == 1 ? 0 : i, chance));
        });
    } else {
        for (const Run& run : runs_) {
            const auto seen = solve(run, points, threads);
            for (std::size_t i = 0; i < n_points; ++i) {
                keep(i, run, std::span(seen).subspan(i * run.data.size(), run.data.size()));
            }
        }
    }
    for (std::size_t i = 0; i < n_points; ++i) {
        order(data.subspan(i * n_data, n_data));
    }
}

} // namespace osteoflare::scenarios
