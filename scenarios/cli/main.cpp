#include "output/file_error.hpp"
#include "scenarios/build_info.hpp"
#include "scenarios/catalogue.hpp"
#include "scenarios/cli/commands.hpp"
#include "scenarios/cli/note.hpp"
#include "scenarios/reading/input_error.hpp"
#include "solvers/lanes/engines.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

using namespace osteoflare;

namespace {

/// Where one of the standard streams is closed, the next file that is opened would take its place, and messages would
/// be written into results.
void fill_standard_streams()
{
    int file = -1;
    do {
        file = ::open("/dev/null", O_RDWR);
    } while (file >= 0 && file <= STDERR_FILENO);
    if (file >= 0) {
        ::close(file);
    }
}

int unwritten_output(const std::string& why)
{
    cli::note("standard output: cannot be written ({}); direct it to another place\n", why);
    return cli::file_trouble;
}

int run(int argc, char** argv)
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
        cli::note("{}\n", error.what());
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
            cli::note("command line:1:1: no verb (osteoflare needs to know what to do); begin with osteoflare list "
                      "scenarios, or see osteoflare --help\n");
            return cli::wrong_input;
        }
        if (first[0] == '-') {
            cli::note("command line:1:1: unknown option '{}' (options stand after a verb); see osteoflare --help\n",
                      first);
            return cli::wrong_input;
        }
        if (std::ranges::find(verbs, first) == verbs.end()) {
            cli::note("command line:1:1: unknown verb '{}' (osteoflare cannot do it); {}\n", first,
                      scenarios::suggest_name(first, verbs, "see osteoflare --help"));
            return cli::wrong_input;
        }
        cli::note("command line:1:1: {} (osteoflare does not understand it); see osteoflare --help\n", error.what());
        return cli::wrong_input;
    } catch (const scenarios::InputError& error) {
        cli::note("{}\n", error.what());
        return cli::wrong_input;
    } catch (const output::FileError& error) {
        cli::note("{}\n", error.what());
        return cli::file_trouble;
    } catch (const std::filesystem::filesystem_error& error) {
        cli::note("{}: cannot be reached ({}); check its name and its permissions\n", error.path1().string(),
                  error.code().message());
        return cli::file_trouble;
    } catch (const std::bad_alloc&) {
        cli::note("osteoflare: out of memory (the study is too large for this machine); choose fewer members, "
                  "variables or output times\n");
        return cli::numerical_failure;
    } catch (const std::system_error& error) {
        if (std::ferror(stdout) != 0) {
            return unwritten_output(error.code().message());
        }
        cli::note("osteoflare: {} (the machine refuses it); try again later, or with fewer --threads\n", error.what());
        return cli::numerical_failure;
    } catch (const std::exception& error) {
        cli::note("osteoflare: {} (this should not happen); please report it\n", error.what());
        return cli::numerical_failure;
    }
}

} // namespace

int main(int argc, char** argv)
{
    fill_standard_streams();
    const int exit_code = run(argc, argv);
    errno = EIO; // of an earlier failure nobody knows the reason
    const bool is_written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    return is_written || exit_code != cli::fine ? exit_code : unwritten_output(std::generic_category().message(errno));
}
