#include "scenarios/analyses/steady/continuation.hpp"
#include "scenarios/analyses/steady/end_system.hpp"
#include "scenarios/analyses/steady/steady.hpp"
#include "scenarios/analyses/steady/steady_results.hpp"
#include "scenarios/analyses/steady/steady_words.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/note.hpp"
#include "scenarios/cli/scenario_options.hpp"

#include <fmt/format.h>

#include <memory>

namespace osteoflare::cli {
namespace {

namespace fs = std::filesystem;

struct AnalysisOptions {
    ScenarioOptions scenario;
    std::string output;
    std::size_t threads = 0, starts = scenarios::StartDesign{}.size;
    bool force = false;

    void add_to(CLI::App& verb, const std::string& ending)
    {
        scenario.add_to(verb);
        verb.add_option("-o,--output", output, fmt::format("results file; results/NAME{} if left out", ending))
            ->type_name("FILE");
        verb.add_option("--threads", threads, "threads; all of the machine's if left out")->check(CLI::Range(1, 4096));
        verb.add_flag("--force", force, "overwrite an existing results file");
    }
    scenarios::Scenario read() const { return scenario.read(scenarios::read_library(scenarios::library_folder())); }
};

void tell(const scenarios::Scenario& scenario, const std::vector<std::string>& lines, const fs::path& file)
{
    fmt::print("{}\n", scenario.title);
    if (!scenario.question.empty()) {
        fmt::print("{}\n", scenario.question);
    }
    for (const std::string& line : lines) {
        fmt::print("  {}\n", line);
    }
    fmt::print("results in {}\n", file.string());
}

int steady(const AnalysisOptions& options)
{
    const scenarios::Scenario scenario = options.read();
    const fs::path file = output_path(options.output, scenario.name, ".steady.h5");
    const Interruptible interruptible(file, std::nullopt);
    const auto found =
        scenarios::record_steady(scenario, {.size = options.starts}, options.threads, file, options.force);
    tell(scenario, scenarios::describe(scenario, scenarios::settings_at_end(scenario), found), file);
    return found.states.empty() ? numerical_failure : found.n_failed > 0 ? partly_failed : fine;
}

int continue_branches(const AnalysisOptions& options)
{
    const scenarios::Scenario scenario = options.read();
    scenarios::require_continuation(scenario, options.scenario.scenario);
    const fs::path file = output_path(options.output, scenario.name, ".continue.h5");
    const Interruptible interruptible(file, std::nullopt);
    const auto result = scenarios::record_continuation(scenario, options.threads, file, options.force);
    if (result.branches.empty()) {
        note("{}\n", scenarios::no_branch(scenario, result));
        return numerical_failure;
    }
    tell(scenario, scenarios::describe(scenario, result), file);
    return result.n_failed + result.n_lost > 0 ? partly_failed : fine;
}

} // namespace

void add_steady(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<AnalysisOptions>();
    CLI::App* verb = program.add_subcommand("steady", "find the steady states of a scenario, stable and unstable");
    options->add_to(*verb, ".steady.h5");
    verb->add_option("--starts", options->starts, "starts that are followed in each round; 64 if left out")
        ->check(CLI::Range(1, 1'000'000));
    verb->footer("Everything stays as it is at the end of the run: events and treatments that last, and an adult.\n"
                 "Example: osteoflare steady injury_with_weak_il10");
    verb->callback([options, &exit_code] { exit_code = steady(*options); });
}

void add_continue(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<AnalysisOptions>();
    CLI::App* verb = program.add_subcommand("continue", "follow steady states as a parameter moves, or map two");
    options->add_to(*verb, ".continue.h5");
    verb->footer("The scenario's [continue] says which parameters, and from where to where.\n"
                 "Example: osteoflare continue il10_il1b_map");
    verb->callback([options, &exit_code] { exit_code = continue_branches(*options); });
}

} // namespace osteoflare::cli
