#include "solvers/fields/diffusion.hpp"
#include "tests/benchmarks/measure.hpp"
#include "tests/benchmarks/report.hpp"
#include "tests/benchmarks/tissue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <thread>

namespace osteoflare::benchmarks {
namespace {

using solvers::fields::Diffusion;
using solvers::fields::Grid;

/// The peers' field: 10 um^2/s, a decay of 0.02/min, steps of 0.01 min, ten between two looks of the agents.
constexpr double diffusion_constant = 600, decay = 0.02, step = 0.01;
constexpr std::size_t steps_together = 10;

Diffusion make_fields(const Grid& grid, std::size_t n_substances)
{
    std::vector<solvers::fields::Substance> substances;
    for (std::size_t i = 0; i < n_substances; ++i) {
        substances.push_back({fmt::format("substance {}", i + 1), diffusion_constant, decay});
    }
    Diffusion fields(grid, std::move(substances), step);
    for (std::size_t i = 0; i < n_substances; ++i) {
        fields.sources(i)[fields.offset(grid.nx / 2, grid.ny / 2, grid.nz / 2)] = 1;
    }
    return fields;
}

/// CPU time of one step [s].
double seconds_per_step(Diffusion& fields, bool quick)
{
    const std::size_t rounds = std::max<std::size_t>(1, (quick ? 100'000 : 20'000'000) / fields.grid().n_voxels() / 10);
    const double seconds = seconds_of([&] {
        for (std::size_t i = 0; i < rounds; ++i) {
            fields.advance(steps_together);
        }
    });
    return seconds / static_cast<double>(rounds * steps_together);
}

/// a = b + 3 c over arrays that no cache holds: bytes that the loop names, per second [GB/s].
double triad_rate(bool quick)
{
    const std::size_t n = quick ? 100'000 : 8'000'000;
    std::vector<double> a(n), b(n, 1.0), c(n, 2.0);
    double best = 0;
    for (int repeat = 0; repeat < (quick ? 1 : 5); ++repeat) {
        const double seconds = seconds_of([&] {
            for (std::size_t i = 0; i < n; ++i) {
                a[i] = b[i] + 3 * c[i];
            }
        });
        best = std::max(best, 24 * static_cast<double>(n) / seconds * 1e-9);
    }
    return a[n / 2] == 7 ? best : 0;
}

/// How many times faster by the clock two threads are than one; nothing where there are no two.
std::optional<double> two_threads(const std::function<void(std::size_t n_threads)>& work, bool quick)
{
    if (std::thread::hardware_concurrency() < 2) {
        return {};
    }
    const auto seconds = [&](std::size_t n_threads) {
        work(n_threads);
        const double begin = wall_seconds();
        for (int i = 0; i < (quick ? 1 : 20); ++i) {
            work(n_threads);
        }
        return wall_seconds() - begin;
    };
    // The least of each, in turns: what a neighbour on either core takes away is not the program's.
    double alone = std::numeric_limits<double>::infinity(), together = alone;
    for (int repeat = 0; repeat < (quick ? 1 : 15); ++repeat) {
        alone = std::min(alone, seconds(1));
        together = std::min(together, seconds(2));
    }
    return alone / together;
}

void measure_fields(const Settings& settings, Report& report)
{
    report.table +=
        fmt::format("diffusion and decay, steps of {} min, {} at once\n{}\n\n{:<34}{:>20}{:>18}{:>16}\n", step,
                    steps_together, circumstances(), "", "ns/voxel/substance", "GB/s", "of the triad");
    struct Case {
        const char* key;
        Grid grid;
        std::size_t n_substances;
    };
    const Case cases[] = {{"diffusion", {50, 50, 10, 20}, 5},
                          {"diffusion.slice", {50, 1, 10, 20}, 14},
                          {"diffusion.large", {100, 100, settings.quick ? 4U : 100U, 20}, 8}};
    {
        const Pinned pinned(settings.core);
        std::vector<double> triads;
        std::vector<double> seconds[std::size(cases)];
        std::vector<Diffusion> fields;
        for (const Case& one : cases) {
            fields.push_back(make_fields(one.grid, one.n_substances));
        }
        for (std::size_t repeat = 0; repeat < (settings.quick ? 1 : settings.repeats); ++repeat) {
            triads.push_back(triad_rate(settings.quick));
            for (std::size_t i = 0; i < std::size(cases); ++i) {
                seconds[i].push_back(seconds_per_step(fields[i], settings.quick));
            }
        }
        const double triad = median(triads);
        report.add("triad.gb_per_s", triad);
        for (std::size_t i = 0; i < std::size(cases); ++i) {
            const Grid& grid = cases[i].grid;
            const auto numbers = static_cast<double>(grid.n_voxels() * cases[i].n_substances);
            // Of two steps: values read and written in the planes and along z, sources read.
            const double bytes = numbers * (4 * 8 + 8) / 2;
            const double ns = median(seconds[i]) / numbers * 1e9, rate = bytes / median(seconds[i]) * 1e-9;
            report.add(fmt::format("{}.ns_per_voxel_substrate", cases[i].key), ns);
            report.add(fmt::format("{}.triad_fraction", cases[i].key), rate / triad);
            report.table += fmt::format(
                "{:<34}{:>20.3f}{:>18.1f}{:>15.0f}%\n",
                fmt::format("{} x {} x {} voxels, {} substances", grid.nx, grid.ny, grid.nz, cases[i].n_substances), ns,
                rate, 100 * rate / triad);
        }
        report.table += fmt::format("triad on one core: {:.1f} GB/s\n", triad);
    }
    for (const Case& one : cases) {
        Diffusion fields = make_fields(one.grid, one.n_substances);
        const auto steps = [&](std::size_t n_threads) { fields.advance(steps_together, n_threads); };
        if (const auto ratio = two_threads(steps, settings.quick)) {
            report.add(fmt::format("{}.x_two_threads", one.key), *ratio);
            report.table += fmt::format("{} substances on {} voxels: two threads {:.2f} times one, by the clock\n",
                                        one.n_substances, one.grid.n_voxels(), *ratio);
        }
    }
}

void measure_tissues(const Settings& settings, Report& report)
{
    report.table +=
        fmt::format("\n{} minutes of agents that walk, push and secrete, ten steps of the fields in each\n\n",
                    Tissue::minutes_per_step);
    report.table += fmt::format("{:<18}{:>14}{:>16}{:>20}{:>18}{:>14}\n", "agents", "neighbours", "s per minute",
                                "ns of it per agent", "bytes per agent", "two threads");
    const std::size_t steps_per_minute = static_cast<std::size_t>(std::lround(1 / Tissue::minutes_per_step)),
                      n_steps = settings.quick ? 1 : steps_per_minute;
    std::vector<double> secretion;
    for (const std::size_t n_agents : {10'000U, 50'000U, 100'000U}) {
        Tissue tissue(n_agents);
        std::vector<double> minutes;
        {
            const Pinned pinned(settings.core);
            tissue.go(n_steps, 1); // until neighbours have made room for each other
            for (std::size_t repeat = 0; repeat < (settings.quick ? 1 : settings.repeats); ++repeat) {
                const double seconds = seconds_of([&] { tissue.go(n_steps, 1); });
                minutes.push_back(seconds * static_cast<double>(steps_per_minute) / static_cast<double>(n_steps));
                const double of_one = seconds_of([&] { tissue.sense_and_secrete(1); });
                secretion.push_back(of_one / static_cast<double>(n_agents) * 1e9);
            }
        }
        const std::string key = fmt::format("agents.{}", n_agents);
        const double minute = median(minutes), bytes = tissue.bytes_per_agent();
        report.add(key + ".seconds_per_minute", minute);
        report.add(key + ".bytes_per_agent", bytes);
        const auto one_step = [&](std::size_t n_threads) { tissue.go(1, n_threads); };
        const auto ratio = two_threads(one_step, settings.quick);
        if (ratio) {
            report.add(key + ".x_two_threads", *ratio);
        }
        report.table += fmt::format("{:<18}{:>14.1f}{:>16.4f}{:>20.0f}{:>18.0f}{:>14}\n", n_agents, tissue.neighbours(),
                                    minute, minute / static_cast<double>(n_agents * steps_per_minute) * 1e9, bytes,
                                    ratio ? fmt::format("x {:.2f}", *ratio) : "-");
    }
    report.add("secretion.ns_per_agent_step", median(secretion));
    report.table += fmt::format("sensing and secretion: {:.1f} ns per agent and step\n", median(secretion));
}

} // namespace

Report measure_agents(const Settings& settings)
{
    Report report;
    measure_fields(settings, report);
    measure_tissues(settings, report);
    return report;
}

} // namespace osteoflare::benchmarks
