#include "output/results_reader.hpp"
#include "scenarios/analyses/fitting/prediction.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/note.hpp"
#include "scenarios/cli/progress.hpp"
#include "scenarios/cli/scenario_options.hpp"
#include "scenarios/file_contents.hpp"
#include "scenarios/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace osteoflare::cli {
namespace {

struct PredictCommandOptions {
    ScenarioOptions scenario;
    std::string sample, output;
    std::size_t members = 200, threads = 0;
    bool force = false, resume = false;
};

/// Median and range of each summary over the draws.
void print_summaries(const scenarios::Study& study, const scenarios::Outcomes& outcomes)
{
    const auto& summaries = study.scenario().model->summaries;
    std::vector<std::string> names;
    for (const model::Summary& summary : summaries) {
        names.push_back(summary.unit == "1" ? std::string(summary.name)
                                            : fmt::format("{} [{}]", summary.name, summary.unit));
    }
    const std::size_t width = std::ranges::max_element(names, {}, &std::string::size)->size();
    fmt::print("  {:<{}} {:>10}  95 % of the draws\n", "", width, "median");
    for (std::size_t s = 0; s < names.size(); ++s) {
        std::vector<double> values;
        for (std::size_t member = 0; member < outcomes.n_described; ++member) {
            if (const double value = outcomes.summary(s, member); !std::isnan(value)) {
                values.push_back(value);
            }
        }
        if (values.empty()) {
            fmt::print("  {:<{}} {:>10}\n", names[s], width, "never");
            continue;
        }
        std::ranges::sort(values);
        const bool is_partial = values.size() + outcomes.n_failed < outcomes.n_described;
        fmt::print("  {:<{}} {:>10.4g}  {:.4g} to {:.4g}{}\n", names[s], width, scenarios::quantile(values, 0.5),
                   scenarios::quantile(values, 0.025), scenarios::quantile(values, 0.975),
                   is_partial ? fmt::format(", where it happens: in {} draws", values.size()) : "");
    }
}

int run_predict(const PredictCommandOptions& options)
{
    auto scenario = options.scenario.read(scenarios::read_library(scenarios::library_folder()));
    const output::ResultsReader sample(options.sample);
    auto prediction = scenarios::predict_at_draws(sample, options.sample, std::move(scenario), options.members);
    const scenarios::Study study(std::move(prediction.scenario));
    const auto file = output_path(options.output, study.scenario().name + ".predict", ".h5");
    const Interruptible interruptible(file, scenarios::leaves_shards(study) ? std::optional(scenarios::shards_of(file))
                                                                            : std::nullopt);
    const auto outcomes = scenarios::record_study(study,
                                                  {.file = file,
                                                   .overwrite = options.force,
                                                   .threads = options.threads,
                                                   .resume = options.resume,
                                                   .remark = [](const std::string& text) { note("{}\n", text); }},
                                                  progress_bar(study.size()));
    fmt::print("{}\n  {} of {} members reached their end\n", study.scenario().title,
               outcomes.n_members - outcomes.n_failed, outcomes.n_members);
    fmt::print("  draws of {}\n", fmt::join(prediction.set, ", "));
    if (!prediction.unused.empty()) {
        fmt::print("  not in this scenario: {}\n", fmt::join(prediction.unused, ", "));
    }
    print_summaries(study, outcomes);
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
    verb->add_flag("--resume", options->resume, "go on with what an interrupted run of many members left");
    verb->add_flag("--force", options->force, "overwrite an existing results file");
    verb->footer("A sweep in the scenario is left aside.\nExample: osteoflare predict results/paw_study.sample.h5 "
                 "anakinra_after_onset");
    verb->callback([options, &exit_code] { exit_code = run_predict(*options); });
}

} // namespace osteoflare::cli
