#include "output/part_file.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/scenario_options.hpp"
#include "scenarios/patient_page/patient_page.hpp"
#include "scenarios/patient_page/story.hpp"
#include "scenarios/reading/input_error.hpp"
#include "scenarios/reading/library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace osteoflare::cli {
namespace {

namespace patients = scenarios::patients;
using solvers::lanes::LaneStatus;

struct PatientOptions {
    std::string trial, output;
    std::optional<std::uint64_t> child;
    bool force = false;
};

std::uint64_t child_of(const PatientOptions& options, const patients::Trial& trial)
{
    const std::uint64_t number = options.child ? *options.child : patients::chosen_child(trial);
    if (options.child && number >= trial.cohort.n_children) {
        throw scenarios::InputError(
            {"--child", 1, 1},
            {fmt::format("there is no child {}", number),
             fmt::format("'{}' draws {} children, who are counted from 0", trial.name, trial.cohort.n_children),
             fmt::format("choose one from 0 to {}", trial.cohort.n_children - 1)});
    }
    return number;
}

int code_of(const patients::Life& life)
{
    if (!life.is_complete()) {
        return numerical_failure;
    }
    const bool all = std::ranges::all_of(
        life.arms, [](const patients::Followed& arm) { return arm.status == LaneStatus::reached_end; });
    return all ? fine : partly_failed;
}

void tell(const patients::Trial& trial, const patients::Life& life)
{
    fmt::print("Child {} of {}\n", life.child.number, trial.title);
    fmt::print("  {}\n", fmt::join(patients::childhood_in_words(trial, life), "\n  "));
    for (std::size_t arm = 0; arm < life.arms.size(); ++arm) {
        fmt::print("{}\n  {}\n", trial.arms[arm].name, fmt::join(patients::arm_in_words(trial, life, arm), "\n  "));
    }
}

} // namespace

void add_patient(CLI::App& program, int& exit_code)
{
    auto options = std::make_shared<PatientOptions>();
    CLI::App* verb = program.add_subcommand("patient", "tell the story of one child of a trial, on one HTML page");
    verb->add_option("TRIAL", options->trial, "a trial file, or a name from: osteoflare list trials")->required();
    verb->add_option("--child", options->child,
                     "its number, from 0; the one that the file names, or the first who is diagnosed, if left out")
        ->type_name("NUMBER");
    verb->add_option("-o,--output", options->output, "page; results/NAME.child_NUMBER.html if left out")
        ->type_name("FILE");
    verb->add_flag("--force", options->force, "overwrite an existing page");
    verb->footer("A virtual child; for research and teaching, never for the care of a person.\n"
                 "The page needs no network and no server: open it with a double click, send it, print it.\n"
                 "Example: osteoflare patient bisphosphonate_or_tnf");
    verb->callback([options, &exit_code] {
        const auto library = scenarios::read_library(scenarios::library_folder());
        const auto file = patients::find_trial(options->trial, library);
        const auto trial = patients::read_trial(file, library);
        const std::uint64_t number = child_of(*options, trial);
        const auto page = output_path(options->output, trial.name, fmt::format(".child_{}.html", number));
        require_another_file(page, file);
        output::PartFile writing(page, options->force); // a taken name is told before any work
        const patients::Life life = patients::live(trial, number);
        writing.append(patients::patient_page(trial, life));
        writing.take_name();
        tell(trial, life);
        fmt::print("page in {}; open it in a browser\n", page.string());
        exit_code = code_of(life);
    });
}

} // namespace osteoflare::cli
