#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/scenario_options.hpp"
#include "scenarios/figures.hpp"
#include "scenarios/phenotypes.hpp"
#include "scenarios/reading/units.hpp"
#include "scenarios/recording/layout.hpp"
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

void print_check(const scenarios::Scenario& scenario)
{
    const scenarios::Study study(scenario);
    fmt::print("{}\n", scenario.title);
    if (!scenario.question.empty()) {
        fmt::print("question   {}\n", scenario.question);
    }
    fmt::print("model      {}: {}\n", scenario.model->name, scenario.model->title);
    const auto member = study.member(0);
    if (!scenario.genotypes.empty()) {
        const auto& genotype = scenario.genotypes[member.genotype];
        fmt::print("genotype   {}: {}{}\n", genotype.name, genotype.title, study.size() > 1 ? " (member 0)" : "");
    }
    for (std::size_t i = 0; i < member.settings.size(); ++i) {
        const auto& entry = scenario.model->settings[i];
        if (member.settings[i] != entry.value) {
            fmt::print("differs    {} = {:g}{} (default {:g}, {})\n", entry.name, member.settings[i],
                       scenarios::unit_suffix(entry.unit), entry.value, text(entry.origin));
        }
    }
    if (scenario.tissue) {
        const auto& plan = *scenario.tissue;
        const auto grid = plan.grid();
        fmt::print("box        {:g} x {:g} x {:g} um, {} x {} x {} voxels of {:g} um, bone {:g} um high\n", plan.width,
                   plan.depth, plan.height, grid.nx, grid.ny, grid.nz, plan.voxel, plan.bone_height);
        fmt::print("steps      {} s for cells, {} s for fields; seed {}\n", plan.step, plan.field_step,
                   scenario.sweep ? scenario.sweep->seed : plan.seed);
        if (scenario.output.snapshots > 0) {
            // Ten fields and two surfaces of four bytes; cells are few in comparison.
            const scenarios::Tick span = scenario.end - scenario.start, every = scenario.output.snapshots;
            const scenarios::Tick n = 1 + (span + every - 1) / every; // the end is always among them
            const double bytes = 4.0 * static_cast<double>(10 * grid.n_voxels() + 2 * grid.nx * grid.ny);
            fmt::print("snapshots  {}, every {:g} d, about {:.1f} MB and the cells, of a run (a sweep keeps none)\n", n,
                       scenarios::to_days(scenario.output.snapshots), 1e-6 * bytes * static_cast<double>(n));
        }
    }
    fmt::print("schedule{}\n", study.size() > 1 ? " of member 0" : "");
    for (const std::string& line : scenarios::describe_schedule(scenario, member)) {
        fmt::print("  {}\n", line);
    }
    const auto columns = scenarios::column_descriptions(scenario);
    const scenarios::Layout layout = scenarios::layout_of(study);
    if (scenario.output.courses) {
        fmt::print("output     {} variable(s) at {} times, every {:g} d{}\n", columns.size(), layout.times.size(),
                   scenarios::to_days(scenario.output.every),
                   scenario.output.single_precision ? ", in single precision" : "");
    } else {
        fmt::print("output     summaries only\n");
    }
    if (const auto& plan = scenario.sensitivities; !plan.to.empty()) {
        fmt::print("with       derivatives of {} variable(s) by {} quantities\n",
                   plan.species.size() + plan.readouts.size(), plan.to.size());
    }
    if (const auto& plan = scenario.continuation) {
        fmt::print("continues  {} from {:g} to {:g}{}\n", plan->first.name, plan->first.from, plan->first.to,
                   plan->second ? fmt::format(", by {} from {:g} to {:g}", plan->second->name, plan->second->from,
                                              plan->second->to)
                                : "");
    }
    for (const auto& axis : study.axes()) {
        fmt::print("varies     {}{}\n", axis.name,
                   axis.unit.empty() || axis.unit == "1" ? "" : fmt::format(" [{}]", axis.unit));
    }
    if (const auto& plan = scenario.threshold) {
        const auto& range = std::get<scenarios::Uniform>(plan->axis.spread);
        fmt::print("threshold  {} from {:g} to {:g}{}: where does {} come to lie {} {:g}{}?\n", plan->axis.name,
                   range.from, range.to, scenarios::unit_suffix(plan->axis.unit), plan->outcome.name,
                   plan->outcome.above ? "above" : "below", plan->outcome.level,
                   scenarios::unit_suffix(plan->outcome.unit));
    }
    fmt::print("members    {}, about {:.1f} MB of results\n", study.size(),
               1e-6 * static_cast<double>(study.size()) * static_cast<double>(layout.member_bytes));
    if (layout.n_blocks > 1) {
        fmt::print("shards     {} of {} members\n", layout.n_blocks, layout.block_members);
    }
    fmt::print("The scenario is fine.\n");
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
    CLI::App* verb = program.add_subcommand("check", "validate a scenario and print its expanded schedule");
    options->add_to(*verb);
    verb->footer("Example: osteoflare check my_scenario.toml");
    verb->callback([options] { print_check(options->read(scenarios::read_library(scenarios::library_folder()))); });
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
    verb->add_option("--variables", options->variables, "time courses to draw, separated by commas")
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
        output::write_text(picture,
                           output::svg(scenarios::figure_of(reader, file.filename().string(), options->variables)),
                           options->force);
        fmt::print("picture in {}\n", picture.string());
    });
}

} // namespace osteoflare::cli
