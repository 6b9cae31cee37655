#include "scenarios/cli/sample_by_abc.hpp"

#include "scenarios/analyses/abc/abc.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/note.hpp"
#include "scenarios/recording/checkpoint_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace osteoflare::cli {
namespace {

scenarios::AbcRecordOptions settings_of(const AbcCommandOptions& options, const AbcRun& run, std::size_t n_parameters)
{
    scenarios::require_enough_particles(options.particles, n_parameters);
    constexpr double percent = 100;
    scenarios::AbcRecordOptions settings;
    settings.settings = {.particles = options.particles,
                         .rounds = options.rounds,
                         .tolerance = options.tolerance,
                         .least_accepted = options.least_accepted / percent,
                         .seed = run.seed};
    settings.threads = run.threads;
    settings.file = run.file;
    settings.overwrite = run.force;
    settings.resume = run.resume;
    settings.seconds_between_checkpoints = run.checkpoint;
    settings.remark = [](const std::string& text) { note("{}\n", text); };
    return settings;
}

void print_marginals(const scenarios::FitProblem& problem, const std::vector<scenarios::AbcMarginal>& all)
{
    const auto names = headings(problem);
    const std::size_t width = std::max<std::size_t>(9, std::ranges::max_element(names, {}, &std::string::size)->size());
    fmt::print("  {:<{}} {:>11} {:>11}  {}\n", "parameter", width, "mean", "median", "95 % interval");
    for (std::size_t p = 0; p < all.size(); ++p) {
        fmt::print("  {:<{}} {:>11.4g} {:>11.4g}  {:.4g} to {:.4g}\n", names[p], width, all[p].mean, all[p].median,
                   all[p].low, all[p].high);
    }
}

} // namespace

void AbcCommandOptions::add_to(CLI::App& app)
{
    app.add_option("--particles", particles, "ABC: sets of parameters in each round; 500 if left out")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
        ->type_name("N");
    app.add_option("--rounds", rounds, "ABC: rounds at most, with that of the prior; 20 if left out")
        ->check(CLI::Range(1, 1000))
        ->type_name("N");
    app.add_option("--tolerance", tolerance, "ABC: distance that is small enough; 0, never, if left out")
        ->check(CLI::Range(0.0, 1e9))
        ->type_name("X");
    app.add_option("--least-accepted", least_accepted,
                   "ABC: a round that accepts a smaller share is the last; 2 % if left out")
        ->check(CLI::Range(0.01, 100.0))
        ->type_name("PERCENT");
}

const std::vector<std::string>& AbcCommandOptions::names()
{
    static const std::vector<std::string> all = {"--particles", "--rounds", "--tolerance", "--least-accepted"};
    return all;
}

int sample_by_abc(scenarios::FitProblem asked, const AbcCommandOptions& options, const AbcRun& run)
{
    const auto settings = settings_of(options, run, asked.parameters.size());
    const scenarios::DataSimulator simulator(std::move(asked));
    const auto& problem = simulator.problem();
    const Interruptible interruptible(settings.file, scenarios::checkpoint_of(settings.file));
    const auto state = scenarios::record_abc(simulator, settings);
    const auto& last = state.rounds.back();
    std::uint64_t simulated = state.current.n_simulated, failed = state.current.n_failed;
    for (const auto& round : state.rounds) {
        simulated += round.n_simulated;
        failed += round.n_failed;
    }
    fmt::print("{}\n", problem.title);
    fmt::print("  ABC-SMC: {} round{} of {} particles, {} simulations{}; ESS {:.0f} at the end\n", state.rounds.size(),
               state.rounds.size() == 1 ? "" : "s", options.particles, simulated,
               failed > 0 ? fmt::format(", of which {} could not be compared", failed) : "", last.effective_size());
    print_marginals(problem, scenarios::marginals(problem, last));
    if (std::isfinite(last.tolerance)) {
        fmt::print("  accepted within {:.3g} usual deviations under the prior: intervals are wider than the exact "
                   "posterior's\n",
                   last.tolerance);
    }
    fmt::print("  {}\n", scenarios::verdict(problem, state));
    fmt::print("results in {}\n", settings.file.string());
    return fine;
}

} // namespace osteoflare::cli
