#include "output/file_error.hpp"
#include "scenarios/build_info.hpp"
#include "scenarios/catalogue.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/reading/input_error.hpp"
#include "solvers/lanes/engines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

using namespace osteoflare;

namespace osteoflare::cli { void add_patient(CLI::App& program, int& exit_code); }
int main(int argc, char** argv)
{
    CLI::App program{
        "Osteoflare simulates innate-immune bone inflammation: how an imbalance of IL-10 and IL-1beta tips a\n"
        "bone site into chronic non-bacterial osteomyelitis, wakes osteoclasts and costs bone."};
    program.footer("Begin with: osteoflare list scenarios");
    program.require_subcommand(1);
    program.set_version_flag("--version", fmt::format("osteoflare {} ({}{})", build::version, build::commit,
                                                      build::dirty ? ", with changes" : ""));
    int exit_code = cli::fine;
    cli::add_run(program, exit_code);
    cli::add_sweep(program, exit_code);
    cli::add_merge(program, exit_code);
    cli::add_phenotypes(program, exit_code);
    cli::add_list(program, exit_code);
    cli::add_show(program, exit_code);
    cli::add_check(program, exit_code);
    cli::add_steady(program, exit_code);
    cli::add_continue(program, exit_code);
    cli::add_plot(program, exit_code);
    cli::add_film(program, exit_code);
    cli::add_report(program, exit_code);
    cli::add_patient(program, exit_code);
    cli::add_thresholds(program, exit_code);
    cli::add_sensitivity(program, exit_code);
    cli::add_fit(program, exit_code);
    cli::add_profile(program, exit_code);
    cli::add_sample(program, exit_code);
    cli::add_predict(program, exit_code);
    cli::add_cohort(program, exit_code);
    cli::add_trial(program, exit_code);
    cli::add_export(program, exit_code);
    try {
        // A choice that this machine does not have is wrong input, before any work.
        (void)solvers::lanes::best_engine(scenarios::models().front().engines);
    } catch (const std::invalid_argument& error) {
        fmt::print(stderr, "{}\n", error.what());
        return cli::wrong_input;
    }
    try {
        program.parse(argc, argv);
        return exit_code;
    } catch (const CLI::Success& wish) {
        return program.exit(wish); // --help, --version
    } catch (const CLI::ParseError& error) {
        std::vector<std::string> verbs;
        for (const CLI::App* verb : program.get_subcommands(nullptr)) {
            verbs.push_back(verb->get_name());
        }
        const std::string first = argc > 1 ? argv[1] : "";
        if (first.empty()) {
            fmt::print(stderr,
                       "command line:1:1: no verb (osteoflare needs to know what to do); begin with osteoflare list "
                       "scenarios, or see osteoflare --help\n");
            return cli::wrong_input;
        }
        if (first[0] == '-') {
            fmt::print(stderr,
                       "command line:1:1: unknown option '{}' (options stand after a verb); see osteoflare --help\n",
                       first);
            return cli::wrong_input;
        }
        if (std::ranges::find(verbs, first) == verbs.end()) {
            fmt::print(stderr, "command line:1:1: unknown verb '{}' (osteoflare cannot do it); {}\n", first,
                       scenarios::suggest_name(first, verbs, "see osteoflare --help"));
            return cli::wrong_input;
        }
        fmt::print(stderr, "command line:1:1: {} (osteoflare does not understand it); see osteoflare --help\n",
                   error.what());
        return cli::wrong_input;
    } catch (const scenarios::InputError& error) {
        fmt::print(stderr, "{}\n", error.what());
        return cli::wrong_input;
    } catch (const output::FileError& error) {
        fmt::print(stderr, "{}\n", error.what());
        return cli::file_trouble;
    } catch (const std::bad_alloc&) {
        fmt::print(stderr, "osteoflare: out of memory (the study is too large for this machine); choose fewer members, "
                           "variables or output times\n");
        return cli::numerical_failure;
    } catch (const std::exception& error) {
        fmt::print(stderr, "osteoflare: {} (this should not happen); please report it\n", error.what());
        return cli::numerical_failure;
    }
}
