#include "scenarios/analyses/sensitivity/local_sensitivity.hpp"
#include "scenarios/analyses/sensitivity/sensitivity_file.hpp"
#include "scenarios/analyses/sensitivity/sensitivity_words.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/progress.hpp"
#include "scenarios/cli/scenario_options.hpp"

#include <fmt/format.h>

#include <limits>
#include <memory>

namespace osteoflare::cli {
namespace {

struct SensitivityOptions {
    ScenarioOptions scenario;
    std::string output, method = "sobol";
    std::size_t size = 0, threads = 0;
    double error = 0; ///< in %; 0: not given
    std::vector<std::string> of;
    std::vector<double> at;
    bool resume = false, force = false;
};

void tell_title(const scenarios::Scenario& scenario)
{
    fmt::print("{}\n", scenario.title);
    if (!scenario.question.empty()) {
        fmt::print("{}\n", scenario.question);
    }
}

/// What has no meaning under a method is refused, not ignored.
void check_options(const SensitivityOptions& options)
{
    const auto refuse = [&](bool is_given, const char* option, const char* why) {
        if (is_given) {
            throw scenarios::InputError(
                {option, 1, 1}, {fmt::format("{} with --method {}", option, options.method), why, "leave it out"});
        }
    };
    const bool is_local = options.method == "local";
    const char* no_design = "it looks at one animal and draws nothing";
    refuse(is_local && options.size > 0, "--size", no_design);
    refuse(is_local && options.scenario.overrides.seed, "--seed", no_design);
    refuse(is_local && options.resume, "--resume", no_design);
    refuse(is_local && options.threads > 0, "--threads", "it is one run");
    refuse(!is_local && !options.at.empty(), "--at", "all recorded times are analysed");
    refuse(!is_local && options.error > 0, "--error", "it says what varies, not what was measured");
}

int print_local(const SensitivityOptions& options, scenarios::Scenario scenario)
{
    scenarios::LocalOptions local{.of = options.of, .at = options.at};
    local.relative_error = options.error > 0 ? options.error / 100 : local.relative_error;
    const auto plan = scenarios::plan_local_sensitivity(std::move(scenario), local);
    const auto file = output_path(options.output, plan.scenario.name, ".sensitivity.h5");
    const Interruptible interruptible(file, std::nullopt);
    const auto analysis = scenarios::analyse(plan);
    scenarios::write_local_sensitivity(file, options.force, plan, analysis);
    tell_title(plan.scenario);
    for (const std::string& line : scenarios::describe(plan, analysis)) {
        fmt::print("{}\n", line);
    }
    fmt::print("results in {}\n", file.string());
    return analysis.report ? fine : numerical_failure;
}

int print_global(const SensitivityOptions& options, scenarios::Scenario scenario)
{
    const auto method = options.method == "sobol" ? scenarios::GlobalMethod::sobol : scenarios::GlobalMethod::morris;
    const auto plan = scenarios::plan_global_sensitivity(std::move(scenario), method, options.size, options.of);
    const auto file = output_path(options.output, plan.scenario.name, ".sensitivity.h5");
    const Interruptible interruptible(file, std::nullopt);
    const std::size_t n_members = plan.n_rows * plan.points_per_row();
    const auto [runs, analyses, before] = scenarios::record_global_sensitivity(
        plan, {.file = file, .overwrite = options.force, .threads = options.threads, .resume = options.resume},
        progress_bar(n_members));
    tell_title(plan.scenario);
    if (before > 0) {
        fmt::print("{} of the runs were there already\n", before);
    }
    for (const std::string& line : scenarios::describe(plan, runs, analyses)) {
        fmt::print("{}\n", line);
    }
    fmt::print("results in {}\n", file.string());
    const std::size_t n_failed = runs.n_failed();
    return n_failed == 0 ? fine : n_failed == n_members ? numerical_failure : partly_failed;
}

} // namespace

void add_sensitivity(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<SensitivityOptions>();
    CLI::App* verb = program.add_subcommand("sensitivity", "which of the varied quantities matter for the outcome");
    options->scenario.add_to(*verb);
    verb->add_option("-o,--output", options->output, "results file; results/NAME.sensitivity.h5 if left out")
        ->type_name("FILE");
    verb->add_option("--method", options->method,
                     "sobol: shares of the variance; morris: a quick look at many factors; local: small changes of one "
                     "animal, and what data of it can tell")
        ->capture_default_str()
        ->type_name("METHOD")
        ->check(CLI::IsMember({"sobol", "morris", "local"}));
    verb->add_option("--size", options->size, "rows of the design; the size of [sweep] if left out")
        ->type_name("NUMBER")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}));
    verb->add_option("--of", options->of,
                     "summaries, species, read-outs or fluxes to analyse, separated by commas; all summaries and what "
                     "[output] records if left out")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("NAMES");
    verb->add_option("--at", options->at,
                     "local: days of the data, separated by commas; the scenario's output times if left out")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("DAYS");
    verb->add_option("--error", options->error, "local: relative error of each datum in %; 10 if left out")
        ->type_name("PERCENT")
        ->check(CLI::Range(1e-6, 1e6));
    verb->add_option("--seed", options->scenario.overrides.seed, "another seed for the design")
        ->type_name("NUMBER")
        ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
    verb->add_option("--threads", options->threads, "threads; all of the machine's if left out")
        ->check(CLI::Range(1, 4096));
    verb->add_flag("--resume", options->resume, "go on with an earlier results file: only rows that it lacks are run");
    verb->add_flag("--force", options->force, "overwrite an existing results file");
    verb->footer("Factors and their distributions are those of the scenario's [sweep]; local takes [sensitivities]\n"
                 "if there is one.\n"
                 "Example: osteoflare sensitivity what_matters --of onset,bone --size 1024");
    verb->callback([options, &exit_code] {
        check_options(*options);
        auto scenario = options->scenario.read(scenarios::read_library(scenarios::library_folder()));
        exit_code = options->method == "local" ? print_local(*options, std::move(scenario))
                                               : print_global(*options, std::move(scenario));
    });
}

} // namespace osteoflare::cli
