#include "scenarios/analyses/thresholds/thresholds.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/scenario_options.hpp"

#include <fmt/format.h>

#include <memory>

namespace osteoflare::cli {
namespace {

struct ThresholdsOptions {
    ScenarioOptions scenario;
    std::string output;
    std::size_t threads = 0;
    bool force = false;
};

int find(const ThresholdsOptions& options)
{
    scenarios::Scenario scenario = options.scenario.read(scenarios::read_library(scenarios::library_folder()));
    scenarios::require_threshold(scenario, options.scenario.scenario);
    const scenarios::Study study(std::move(scenario));
    const auto file = output_path(options.output, study.scenario().name, ".thresholds.h5");
    const Interruptible interruptible(file, std::nullopt);
    const auto found = scenarios::record_thresholds(study, file, options.force, options.threads);
    fmt::print("{}\n", study.scenario().title);
    if (!study.scenario().question.empty()) {
        fmt::print("{}\n", study.scenario().question);
    }
    for (const std::string& line : scenarios::describe(study, found)) {
        fmt::print("  {}\n", line);
    }
    fmt::print("results in {}\n", file.string());
    return found.n_failed == 0 ? fine : found.n_failed == found.n_runs ? numerical_failure : partly_failed;
}

} // namespace

void add_thresholds(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<ThresholdsOptions>();
    CLI::App* verb = program.add_subcommand("thresholds", "find where an outcome turns when one quantity is moved");
    options->scenario.add_to(*verb);
    verb->add_option("-o,--output", options->output, "results file; results/NAME.thresholds.h5 if left out")
        ->type_name("FILE");
    verb->add_option("--threads", options->threads, "threads; all of the machine's if left out")
        ->check(CLI::Range(1, 4096));
    verb->add_flag("--force", options->force, "overwrite an existing results file");
    verb->footer("The scenario's [threshold] says what is moved and what is asked; with a [sweep], in each of its "
                 "members.\nExample: osteoflare thresholds smallest_injury");
    verb->callback([options, &exit_code] { exit_code = find(*options); });
}

} // namespace osteoflare::cli
