#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/progress.hpp"
#include "scenarios/cli/scenario_options.hpp"
#include "scenarios/record.hpp"
#include "scenarios/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace osteoflare::cli {
namespace {

struct StudyOptions {
    ScenarioOptions scenario;
    std::string output;
    std::size_t threads = 0;
    bool force = false;

    void add_to(CLI::App& verb)
    {
        scenario.add_to(verb);
        verb.add_option("-o,--output", output, "results file; results/NAME.h5 if left out")->type_name("FILE");
        verb.add_option("--threads", threads, "threads; all of the machine's if left out")->check(CLI::Range(1, 4096));
        verb.add_flag("--force", force, "overwrite an existing results file");
    }
};

int exit_code_of(std::size_t n_failed, std::size_t n_members)
{
    return n_failed == 0 ? fine : n_failed == n_members ? numerical_failure : partly_failed;
}

int tell(const scenarios::Study& study, const scenarios::Outcomes& outcomes, const std::filesystem::path& file)
{
    fmt::print("{}\n", study.scenario().title);
    if (!study.scenario().question.empty()) {
        fmt::print("{}\n", study.scenario().question);
    }
    for (const std::string& line : scenarios::describe(study, outcomes)) {
        fmt::print("  {}\n", line);
    }
    fmt::print("results in {}\n", file.string());
    return exit_code_of(outcomes.n_failed, outcomes.n_members);
}

int record(const StudyOptions& options, scenarios::Scenario scenario)
{
    const scenarios::Study study(std::move(scenario));
    const auto file = output_path(options.output, study.scenario().name, ".h5");
    const auto outcomes = scenarios::record_study(study, {file, options.force, options.threads, false, nullptr},
                                                  progress_bar(study.size()));
    return tell(study, outcomes, file);
}

} // namespace

void add_run(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<StudyOptions>();
    CLI::App* verb = program.add_subcommand("run", "run one scenario and record its course");
    options->add_to(*verb);
    verb->footer("A sweep in the scenario is left aside.\nExample: osteoflare run anakinra_after_onset --set "
                 "il10_competence=0.8");
    verb->callback([options, &exit_code] {
        scenarios::Scenario scenario = options->scenario.read(scenarios::read_library(scenarios::library_folder()));
        scenario.sweep.reset();
        exit_code = record(*options, std::move(scenario));
    });
}

void add_sweep(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<StudyOptions>();
    CLI::App* verb = program.add_subcommand("sweep", "run every member of a scenario's sweep, in parallel");
    options->add_to(*verb);
    verb->add_option("--seed", options->scenario.overrides.seed, "another seed for the members' draw")
        ->type_name("NUMBER")
        ->check(CLI::NonNegativeNumber);
    verb->footer("Example: osteoflare sweep cohort --threads 2 --seed 7 -o results/cohort_seed_7.h5");
    verb->callback([options, &exit_code] {
        scenarios::Scenario scenario = options->scenario.read(scenarios::read_library(scenarios::library_folder()));
        if (!scenario.sweep) {
            throw scenarios::InputError(
                {options->scenario.scenario, 1, 1},
                {"the scenario has no [sweep]", "there is nothing to vary", "add one, or use osteoflare run"});
        }
        exit_code = record(*options, std::move(scenario));
    });
}

} // namespace osteoflare::cli
