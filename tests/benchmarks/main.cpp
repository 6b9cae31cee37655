// osteoflare-bench: measures the ensemble engine against stock solvers (docs/reference/benchmarks.md).
#include "tests/benchmarks/measure.hpp"
#include "tests/benchmarks/report.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

using namespace osteoflare::benchmarks;

namespace {

void deliver(const Report& report, bool as_json, const std::string& file)
{
    // Numbers asked for without a file are alone on standard output.
    const bool numbers_only = as_json && file.empty();
    fmt::print(numbers_only ? stderr : stdout, "{}", report.table);
    if (numbers_only) {
        fmt::print("{}", report.json());
    } else if (as_json) {
        std::ofstream stream(file);
        stream << report.json();
        stream.flush();
        if (!stream) {
            throw std::runtime_error(file + ": cannot be written; choose another place");
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App program{"Measures how fast Osteoflare computes ensembles, beside SUNDIALS CVODE and Boost.Odeint."};
    program.require_subcommand(1);
    Settings settings;
    std::string file;
    bool as_json = false;
    Report (*measure)(const Settings&) = nullptr;
    const auto verb = [&](const char* name, const char* what, Report (*function)(const Settings&)) {
        CLI::App* added = program.add_subcommand(name, what);
        added->add_flag("--quick", settings.quick, "few animals, once: to see that it works, not to measure");
        added->add_option("--repeats", settings.repeats, "interleaved repeats, of which medians are taken")
            ->check(CLI::Range(1, 1000))
            ->capture_default_str();
        added->add_option("--core", settings.core, "the core to measure on")
            ->check(CLI::Range(0, 1023))
            ->capture_default_str();
        added->add_option("--json", file, "write the numbers as one flat object, into a file if one is named")
            ->expected(0, 1)
            ->type_name("FILE")
            ->each([&](const std::string&) { as_json = true; });
        added->callback([&, added, function] {
            as_json = as_json || added->count("--json") > 0;
            measure = function;
        });
    };
    verb("ensemble", "this engine, CVODE and Odeint at equal achieved error", measure_ensemble);
    verb("sensitivity", "15 sensitivities of all states, beside plain runs and CVODES", measure_sensitivity);
    verb("output", "writing all states on top of computing them", measure_output);
    verb("agents", "diffusion beside the machine's memory, and agents that walk, push and secrete", measure_agents);
    verb("patients", "patient-years per second, and CVODE on the same system at equal achieved error",
         measure_patients);
    CLI11_PARSE(program, argc, argv);
    if (!machine_suffices()) {
        fmt::print(stderr, "osteoflare-bench: this processor has no AVX2 (the baselines are compiled for it); use a "
                           "machine that has\n");
        return 2;
    }
    try {
        deliver(measure(settings), as_json, file);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "osteoflare-bench: {}\n", error.what());
        return 1;
    }
}
