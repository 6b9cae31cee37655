#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/note.hpp"
#include "scenarios/cli/progress.hpp"
#include "scenarios/cli/scenario_options.hpp"
#include "scenarios/patients/outcomes.hpp"
#include "scenarios/patients/trial_record.hpp"

#include <fmt/format.h>

#include <limits>
#include <memory>

namespace osteoflare::cli {
namespace {

namespace patients = scenarios::patients;

struct TrialOptions {
    std::string trial, output, parameters;
    std::vector<std::string> set;
    std::int64_t seed = -1, draw = -1;
    std::size_t children = 0, threads = 0;
    bool force = false, resume = false;

    void add_to(CLI::App& verb)
    {
        verb.add_option("TRIAL", trial, "a trial file, or a name from: osteoflare list trials")->required();
        verb.add_option("-o,--output", output,
                        fmt::format("results file; results/NAME.{}.h5 if left out", verb.get_name()))
            ->type_name("FILE");
        verb.add_option("--set", set,
                        "change the population or the median child, e.g. --set il10_competence=1 (repeatable)")
            ->type_name("NAME=VALUE")
            ->allow_extra_args(false);
        CLI::Option* fitted =
            verb.add_option("--parameters", parameters,
                            "take the median child's parameters from a file of osteoflare fit or osteoflare sample")
                ->type_name("FILE");
        verb.add_option("--draw", draw, "of a sample, take this draw; the medians if left out")
            ->type_name("N")
            ->check(CLI::NonNegativeNumber)
            ->needs(fitted);
        verb.add_option("--children", children, "draw another number of children")
            ->type_name("N")
            ->check(CLI::Range(1, 10'000'000));
        verb.add_option("--seed", seed, "another seed for their draw")
            ->type_name("NUMBER")
            ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
        verb.add_option("--threads", threads, "threads; all of the machine's if left out")->check(CLI::Range(1, 4096));
        verb.add_flag("--resume", resume, "go on with what an interrupted run left");
        verb.add_flag("--force", force, "overwrite an existing results file");
    }

    patients::Trial read() const
    {
        patients::TrialOverrides overrides;
        overrides.set = set;
        if (!parameters.empty()) {
            overrides.fit_from(parameters, draw < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(draw)));
        }
        if (seed >= 0) {
            overrides.seed = static_cast<std::uint64_t>(seed);
        }
        if (children > 0) {
            overrides.n_children = children;
        }
        const auto library = scenarios::read_library(scenarios::library_folder());
        return patients::read_trial(patients::find_trial(trial, library), library, overrides);
    }
};

using Record = patients::TrialResults (*)(const patients::Trial&, const scenarios::RecordOptions&,
                                          const patients::TrialProgress&);

int run(const TrialOptions& options, const std::string& verb, Record record)
{
    const patients::Trial trial = options.read();
    for (const std::string& line : trial.notes) {
        note("{}\n", line);
    }
    const auto file = output_path(options.output, trial.name + "." + verb, ".h5");
    const Interruptible interruptible(file, scenarios::shards_of(file));
    scenarios::RecordOptions record_options;
    record_options.file = file;
    record_options.overwrite = options.force;
    record_options.threads = options.threads;
    record_options.resume = options.resume;
    record_options.remark = [](const std::string& text) { note("{}\n", text); };
    const auto results = record(trial, record_options, {.children = progress_bar, .patients = progress_bar});
    fmt::print("{}\n", trial.title);
    if (!trial.question.empty()) {
        fmt::print("{}\n", trial.question);
    }
    for (const std::string& line :
         results.is_trial() ? patients::describe_trial(results) : patients::describe_cohort(results)) {
        fmt::print("  {}\n", line);
    }
    fmt::print("results in {}\n", file.string());
    const std::size_t n_failed = patients::count_failed(results);
    return n_failed == 0                                                  ? fine
           : n_failed == results.children.size() + results.courses.size() ? numerical_failure
                                                                          : partly_failed;
}

void add(CLI::App& program, int& exit_code, const std::string& name, const char* meaning, const char* footer,
         Record record)
{
    auto options = std::make_shared<TrialOptions>();
    CLI::App* verb = program.add_subcommand(name, meaning);
    options->add_to(*verb);
    verb->footer(footer);
    verb->callback([options, &exit_code, name, record] { exit_code = run(*options, name, record); });
}

} // namespace

void add_cohort(CLI::App& program, int& exit_code)
{
    add(program, exit_code, "cohort", "draw children, and see who falls ill",
        "For research and teaching, never for the care of a person.\nExample: osteoflare cohort first_line --children "
        "500",
        patients::record_cohort);
}

void add_trial(CLI::App& program, int& exit_code)
{
    add(program, exit_code, "trial", "treat the same children in several ways",
        "For research and teaching, never for the care of a person.\nExample: osteoflare trial first_line --children "
        "500",
        patients::record_trial);
}

} // namespace osteoflare::cli
