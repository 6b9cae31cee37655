#include "output/results_reader.hpp"
#include "scenarios/analyses/fitting/prediction.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/progress.hpp"
#include "scenarios/cli/scenario_options.hpp"
#include "scenarios/record.hpp"

#include <fmt/format.h>

#include <memory>

namespace osteoflare::cli {
namespace {

struct PredictCommandOptions {
    ScenarioOptions scenario;
    std::string sample, output;
    std::size_t members = 200, threads = 0;
    bool force = false;
};

int run_predict(const PredictCommandOptions& options)
{
    auto scenario = options.scenario.read(scenarios::read_library(scenarios::library_folder()));
    const output::ResultsReader sample(options.sample);
    auto prediction = scenarios::predict_at_draws(sample, options.sample, std::move(scenario), options.members);
    const scenarios::Study study(std::move(prediction.scenario));
    const auto file = output_path(options.output, study.scenario().name + ".predict", ".h5");
    const Interruptible interruptible(file, std::nullopt);
    const auto outcomes = scenarios::record_study(
        study, {.file = file, .overwrite = options.force, .threads = options.threads}, progress_bar(study.size()));
    fmt::print("{}\n  {} of {} members reached their end\n", study.scenario().title,
               outcomes.n_members - outcomes.n_failed, outcomes.n_members);
    fmt::print("  draws of {}\n", fmt::join(prediction.set, ", "));
    if (!prediction.unused.empty()) {
        fmt::print("  not in this scenario: {}\n", fmt::join(prediction.unused, ", "));
    }
    fmt::print("results in {}\n", file.string());
    return outcomes.n_failed == 0 ? fine : outcomes.n_failed == outcomes.n_members ? numerical_failure : partly_failed;
}

} // namespace

void add_predict(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<PredictCommandOptions>();
    CLI::App* verb = program.add_subcommand("predict", "run a scenario at draws of a posterior");
    verb->add_option("FILE", options->sample, "the results file of osteoflare sample")->required();
    options->scenario.add_to(*verb);
    verb->add_option("--members", options->members, "draws that are run; 200 if left out")
        ->check(CLI::Range(1, 1'000'000))
        ->type_name("N");
    verb->add_option("-o,--output", options->output, "results file; results/SCENARIO.predict.h5 if left out")
        ->type_name("FILE");
    verb->add_option("--threads", options->threads, "threads; all of the machine's if left out")
        ->check(CLI::Range(1, 4096));
    verb->add_flag("--force", options->force, "overwrite an existing results file");
    verb->footer("A sweep in the scenario is left aside.\nExample: osteoflare predict results/paw_study.sample.h5 "
                 "anakinra_after_onset");
    verb->callback([options, &exit_code] { exit_code = run_predict(*options); });
}

} // namespace osteoflare::cli
