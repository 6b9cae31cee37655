#include "output/figures/figure.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/scenario_options.hpp"
#include "scenarios/exporting/latex.hpp"
#include "scenarios/exporting/sbml.hpp"

#include <fmt/format.h>

#include <memory>

namespace osteoflare::cli {

void add_export(CLI::App& program, int& /*exit_code*/)
{
    struct ExportOptions {
        ScenarioOptions scenario{.scenario = {}, .overrides = {}, .with_models = true};
        bool sbml = false, latex = false, force = false;
        std::string output;
    };
    auto options = std::make_shared<ExportOptions>();
    CLI::App* verb = program.add_subcommand("export", "write a model, or one animal of a scenario, as SBML or LaTeX");
    options->scenario.add_to(*verb);
    CLI::Option_group* form = verb->add_option_group("form");
    form->add_flag("--sbml", options->sbml, "as SBML Level 3, for other simulators");
    form->add_flag("--latex", options->latex, "as a document for LaTeX, for people");
    form->require_option(1);
    verb->add_option("-o,--output", options->output, "file; standard output if left out")->type_name("FILE");
    verb->add_flag("--force", options->force, "overwrite an existing file");
    verb->footer("A sweep in the scenario is left aside.\n"
                 "Example: osteoflare export niche --genotype cmo --sbml -o cmo.xml");
    verb->callback([options] {
        const auto library = scenarios::read_library(scenarios::library_folder());
        const auto subject = scenarios::subject_of(options->scenario.read(library));
        const std::string text = options->sbml ? scenarios::sbml(subject) : scenarios::latex_document(subject);
        if (options->output.empty()) {
            fmt::print("{}", text);
        } else {
            output::write_text(options->output, text, options->force);
            fmt::print("{} in {}\n", options->sbml ? "SBML" : "LaTeX", options->output);
        }
    });
}

} // namespace osteoflare::cli
