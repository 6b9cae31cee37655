#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/scenario_options.hpp"
#include "scenarios/figures.hpp"
#include "scenarios/patients/trial.hpp"
#include "scenarios/phenotypes.hpp"
#include "scenarios/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace osteoflare::cli {
namespace {

int print_phenotypes(std::size_t threads)
{
    const auto library = scenarios::read_library(scenarios::library_folder());
    const auto rows = scenarios::compare_phenotypes(library, threads);
    fmt::print(
        "Firmness: A read in a primary abstract, B recalled with high confidence, C inferred, D unknown.\n"
        "Only A and B are firm; a D row is a prediction. Swelling and bone are those at the end of the run.\n\n");
    fmt::print("{:>4}  {:<32} {:<12} {:>7} {:>9} {:>6}  {}\n", "row", "animal", "firmness", "onset", "swelling", "bone",
               "verdict");
    std::size_t firm = 0, agree = 0, failed = 0, predictions = 0;
    for (const auto& row : rows) {
        const auto& p = row.prediction;
        const std::string onset = std::isnan(p.onset) ? "never" : fmt::format("{:.1f} d", p.onset);
        if (row.refused) {
            fmt::print("{:>4}  {:<32} {:<12} {:>7} {:>9} {:>6}  {}\n", row.row, row.name, row.observed.firmness, "-",
                       "-", "-", scenarios::words(row));
        } else {
            fmt::print("{:>4}  {:<32} {:<12} {:>7} {:>9.3f} {:>6.3f}  {}\n", row.row, row.name, row.observed.firmness,
                       onset, p.final_swelling, p.final_bone, scenarios::words(row));
        }
        fmt::print("      observed: {}{}\n", row.observed.text,
                   row.observed.source.empty() ? "" : fmt::format(" [{}]", row.observed.source));
        using scenarios::Verdict;
        agree += row.verdict == Verdict::as_observed ? 1 : 0;
        firm += row.verdict == Verdict::as_observed || row.verdict == Verdict::not_as_observed ? 1 : 0;
        failed += row.verdict == Verdict::failed ? 1 : 0;
        predictions += row.verdict == Verdict::prediction ? 1 : 0;
    }
    fmt::print("\n{} of {} rows with firm observations come out as observed; {} rows are predictions.\n", agree, firm,
               predictions);
    if (failed > 0) {
        return failed == rows.size() ? numerical_failure : partly_failed;
    }
    return fine;
}

std::vector<std::string> check_trial(const ScenarioOptions& options, const scenarios::Library& library)
{
    namespace patients = scenarios::patients;
    patients::TrialOverrides overrides;
    overrides.set = options.overrides.set;
    return patients::describe_check(
        patients::read_trial(patients::find_trial(options.scenario, library), library, overrides));
}

} // namespace

void add_phenotypes(CLI::App& program, int& exit_code)
{
    auto threads = std::make_shared<std::size_t>(0);
    CLI::App* verb = program.add_subcommand("phenotypes", "hold the model against what was seen in animals");
    verb->add_option("--threads", *threads, "threads; all of the machine's if left out")->check(CLI::Range(1, 4096));
    verb->footer("Example: osteoflare phenotypes");
    verb->callback([threads, &exit_code] { exit_code = print_phenotypes(*threads); });
}

void add_check(CLI::App& program, int& /*exit_code*/)
{
    auto options = std::make_shared<ScenarioOptions>();
    CLI::App* verb = program.add_subcommand("check", "validate a scenario or a trial and print its expanded schedule");
    options->add_to(*verb);
    verb->footer("Example: osteoflare check my_scenario.toml");
    verb->callback([options] {
        const auto library = scenarios::read_library(scenarios::library_folder());
        const auto lines = scenarios::patients::is_trial(options->scenario, library)
                               ? check_trial(*options, library)
                               : scenarios::describe_check(options->read(library));
        for (const std::string& line : lines) {
            fmt::print("{}\n", line);
        }
    });
}

void add_plot(CLI::App& program, int& /*exit_code*/)
{
    struct PlotOptions {
        std::string file, output;
        std::vector<std::string> variables;
        bool force = false;
    };
    auto options = std::make_shared<PlotOptions>();
    CLI::App* verb = program.add_subcommand("plot", "draw a results file as SVG");
    verb->add_option("FILE", options->file, "a results file")->required();
    verb->add_option("-o,--output", options->output, "picture; FILE with the ending .svg if left out")
        ->type_name("FILE");
    verb->add_option("--variables", options->variables,
                     "time courses to draw, separated by commas; of a trial: survival, courses, swimmers, children")
        ->delimiter(',')
        ->type_name("NAMES");
    verb->add_flag("--force", options->force, "overwrite an existing picture");
    verb->footer("One line per animal; for many of a genotype the median, a 5-95 % band and incidence.\n"
                 "Example: osteoflare plot results/quickstart.h5 --variables swelling,bone");
    verb->callback([options] {
        const std::filesystem::path file = options->file;
        const auto picture = options->output.empty() ? std::filesystem::path(file).replace_extension(".svg")
                                                     : std::filesystem::path(options->output);
        const output::ResultsReader reader(file);
        require_another_file(picture, file);
        output::write_text(picture,
                           output::svg(scenarios::figure_of(reader, file.filename().string(), options->variables)),
                           options->force);
        fmt::print("picture in {}\n", picture.string());
    });
}

} // namespace osteoflare::cli
