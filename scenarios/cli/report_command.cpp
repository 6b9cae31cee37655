#include "output/figures/figure.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/scenario_options.hpp"
#include "scenarios/reading/library.hpp"
#include "scenarios/reporting/report.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

namespace osteoflare::cli {

void add_report(CLI::App& program, int& /*exit_code*/)
{
    struct ReportOptions {
        std::vector<std::string> files;
        std::string output;
        bool force = false;
    };
    auto options = std::make_shared<ReportOptions>();
    CLI::App* verb = program.add_subcommand("report", "explain results files on one HTML page");
    verb->add_option("FILE", options->files, "results files; several are compared")->required();
    verb->add_option("-o,--output", options->output, "page; the first FILE with the ending .html if left out")
        ->type_name("FILE");
    verb->add_flag("--force", options->force, "overwrite an existing page");
    verb->footer("The page needs no network and no server: open it with a double click, send it, print it.\n"
                 "Example: osteoflare report results/quickstart.h5");
    verb->callback([options] {
        const std::vector<std::filesystem::path> files(options->files.begin(), options->files.end());
        const auto page = options->output.empty() ? std::filesystem::path(files.front()).replace_extension(".html")
                                                  : std::filesystem::path(options->output);
        for (const auto& file : files) {
            require_another_file(page, file);
        }
        const auto library = scenarios::read_library(scenarios::library_folder());
        output::write_text(page, scenarios::report(files, library), options->force);
        fmt::print("report in {}\n", page.string());
    });
}

} // namespace osteoflare::cli
