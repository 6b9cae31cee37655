#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/note.hpp"
#include "scenarios/cli/progress.hpp"
#include "scenarios/cli/scenario_options.hpp"
#include "scenarios/record.hpp"
#include "scenarios/recording/checkpoint_file.hpp"
#include "scenarios/recording/team.hpp"
#include "scenarios/spatial/record_tissue.hpp"
#include "scenarios/words.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>

namespace osteoflare::cli {
namespace {

namespace fs = std::filesystem;

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

    scenarios::RecordOptions record_options(const fs::path& file) const
    {
        return {.file = file, .overwrite = force, .threads = threads, .remark = [](const std::string& text) {
                    note("{}\n", text);
                }};
    }
};

struct SweepOptions : StudyOptions {
    bool resume = false;
    std::string part;

    void add_to(CLI::App& verb)
    {
        StudyOptions::add_to(verb);
        verb.add_option("--seed", scenario.overrides.seed, "another seed for the members' draw")
            ->type_name("NUMBER")
            ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
        verb.add_flag("--resume", resume, "go on with what an interrupted sweep left");
        verb.add_option("--part", part, "compute only part K of N, for osteoflare merge")->type_name("K/N");
    }
};

int exit_code_of(std::size_t n_failed, std::size_t n_members)
{
    return n_failed == 0 ? fine : n_failed == n_members ? numerical_failure : partly_failed;
}

int tell(const scenarios::Study& study, const scenarios::Outcomes& outcomes, const fs::path& file)
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

scenarios::Part read_part(const std::string& text)
{
    constexpr std::size_t most_parts = 1'000'000;
    scenarios::Part part{0, 0};
    const char* end = text.data() + text.size();
    const auto number = std::from_chars(text.data(), end, part.number);
    if (number.ec == std::errc() && number.ptr != end && *number.ptr == '/') {
        const auto count = std::from_chars(number.ptr + 1, end, part.count);
        part.count = count.ec == std::errc() && count.ptr == end ? part.count : 0;
    }
    if (part.number < 1 || part.number > part.count || part.count > most_parts) {
        throw scenarios::InputError({"--part", 1, 1},
                                    {fmt::format("'{}' is no part", text), "a part is K/N, with K from 1 to N",
                                     "write for example --part 3/16"});
    }
    return part;
}

int sweep_part(const SweepOptions& options, const scenarios::Part& part, const scenarios::Study& study,
               const fs::path& file)
{
    auto record_options = options.record_options(file);
    record_options.resume = options.resume;
    const Interruptible interruptible(file, scenarios::shards_of(file));
    const auto outcome =
        scenarios::record_part(study, part, record_options, progress_bar(scenarios::members_of(study, part)));
    const std::size_t n_members = outcome.last - outcome.first;
    fmt::print("{}\n  part {} of {}: {} of {} members, {} failed\nshards in {}\n", study.scenario().title, part.number,
               part.count, n_members, study.size(), outcome.n_failed, outcome.folder.string());
    fmt::print("when all parts are there: osteoflare merge {}\n", file.string());
    return n_members == 0 ? fine : exit_code_of(outcome.n_failed, n_members);
}

scenarios::Study read_study(const SweepOptions& options)
{
    scenarios::Scenario scenario = options.scenario.read(scenarios::read_library(scenarios::library_folder()));
    scenarios::require_sweep(scenario, options.scenario.scenario);
    return scenarios::Study(std::move(scenario));
}

scenarios::RecordOptions sweep_options(const SweepOptions& options, const fs::path& file, const scenarios::Team& team)
{
    auto record_options = options.record_options(file);
    record_options.resume = options.resume;
    if (team.size() > 1 && options.threads == 0) {
        record_options.threads = 1; // the launcher has shared the cores out
    }
    return record_options;
}

/// A process beside the first one: what goes wrong for all is said by that one, and its exit code counts.
void help_sweep(const SweepOptions& options, scenarios::Team& team)
{
    std::optional<scenarios::Study> study;
    fs::path file;
    try {
        study.emplace(read_study(options));
        file = output_path(options.output, study->scenario().name, ".h5");
    } catch (const std::exception&) {
        return;
    }
    try {
        scenarios::help_record(*study, sweep_options(options, file, team), team);
    } catch (const std::exception& error) {
        note("{}\n", error.what());
        team.give_up(file_trouble);
    }
}

int sweep(const SweepOptions& options)
{
    scenarios::Team team;
    if (team.rank() > 0) {
        help_sweep(options, team);
        return fine;
    }
    if (team.size() > 1 && !options.part.empty()) {
        throw scenarios::InputError({"--part", 1, 1}, {"a part for several processes",
                                                       fmt::format("{} were started at once", team.size()),
                                                       "start one, or leave --part out"});
    }
    const auto part = options.part.empty() ? std::nullopt : std::optional(read_part(options.part));
    const scenarios::Study study = read_study(options);
    const auto file = output_path(options.output, study.scenario().name, ".h5");
    if (part) {
        return sweep_part(options, *part, study, file);
    }
    const Interruptible interruptible(file, scenarios::leaves_shards(study) ? std::optional(scenarios::shards_of(file))
                                                                            : std::nullopt);
    const auto record_options = sweep_options(options, file, team);
    return tell(study, scenarios::record_study(study, record_options, progress_bar(study.size()), team), file);
}

} // namespace

void add_run(CLI::App& program, int& exit_code)
{
    struct RunOptions : StudyOptions {
        bool resume = false;
        double checkpoint = scenarios::RecordOptions{}.seconds_between_checkpoints;
    };
    auto options = std::make_shared<RunOptions>();
    CLI::App* verb = program.add_subcommand("run", "run one scenario and record its course");
    options->add_to(*verb);
    verb->add_option("--seed", options->scenario.overrides.seed, "another seed, where chance plays a part (agents)")
        ->type_name("NUMBER")
        ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
    verb->add_flag("--resume", options->resume, "go on with a run of agents that was interrupted");
    verb->add_option("--checkpoint", options->checkpoint,
                     "seconds between checkpoints of a run of agents: what a kill may cost")
        ->capture_default_str()
        ->type_name("SECONDS")
        ->check([](const std::string& text) {
            const double seconds = std::strtod(text.c_str(), nullptr);
            return seconds >= 0 && seconds <= 86400 ? std::string()
                                                    : fmt::format("{} is no time from 0 to 86400 s", text);
        });
    verb->footer("A sweep in the scenario is left aside.\nExample: osteoflare run anakinra_after_onset --set "
                 "il10_competence=0.8");
    verb->callback([options, &exit_code] {
        scenarios::Scenario scenario = options->scenario.read(scenarios::read_library(scenarios::library_folder()));
        scenarios::require_run(scenario, options->scenario.overrides.seed.has_value(), options->resume);
        scenario.sweep.reset();
        const scenarios::Study study(std::move(scenario));
        const auto file = output_path(options->output, study.scenario().name, ".h5");
        auto record_options = options->record_options(file);
        record_options.resume = options->resume;
        record_options.seconds_between_checkpoints = options->checkpoint;
        std::optional<fs::path> left;
        if (study.scenario().tissue) {
            left = scenarios::checkpoint_of(file);
            record_options.watch = tissue_progress();
        }
        const Interruptible interruptible(file, left);
        exit_code = tell(study, scenarios::record_study(study, record_options, nullptr), file);
    });
}

void add_sweep(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<SweepOptions>();
    CLI::App* verb = program.add_subcommand("sweep", "run every member of a scenario's sweep, in parallel");
    options->add_to(*verb);
    verb->footer("Example: osteoflare sweep cohort --threads 2 --seed 7 -o results/cohort_seed_7.h5");
    verb->callback([options, &exit_code] { exit_code = sweep(*options); });
}

void add_merge(CLI::App& program, int& exit_code)
{
    struct MergeOptions {
        std::string file;
        std::size_t threads = 0;
        bool force = false;
    };
    auto options = std::make_shared<MergeOptions>();
    CLI::App* verb = program.add_subcommand("merge", "put the parts of a sweep together");
    verb->add_option("FILE", options->file, "the results file to be; its parts are in FILE.shards/")->required();
    verb->add_option("--threads", options->threads, "threads; all of the machine's if left out")
        ->check(CLI::Range(1, 4096));
    verb->add_flag("--force", options->force, "overwrite an existing results file");
    verb->footer("Example: osteoflare merge results/cohort.h5");
    verb->callback([options, &exit_code] {
        const scenarios::Study study(
            scenarios::scenario_of_shards(options->file, scenarios::read_library(scenarios::library_folder())));
        const Interruptible interruptible(options->file, std::nullopt);
        const auto outcomes =
            scenarios::merge_study(study, {.file = options->file,
                                           .overwrite = options->force,
                                           .threads = options->threads,
                                           .remark = [](const std::string& text) { note("{}\n", text); }});
        exit_code = tell(study, outcomes, options->file);
    });
}

} // namespace osteoflare::cli
