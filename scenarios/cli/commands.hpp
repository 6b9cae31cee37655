#pragma once

#include <CLI/CLI.hpp>

/// The verbs of the command line. Each adds itself to the program and leaves its exit code in `exit_code`.
namespace osteoflare::cli {

/// Exit codes, also in docs/reference/command_line.md.
enum ExitCode { fine = 0, wrong_input = 2, numerical_failure = 3, partly_failed = 4, file_trouble = 5 };

void add_run(CLI::App& program, int& exit_code);
void add_sweep(CLI::App& program, int& exit_code);
void add_merge(CLI::App& program, int& exit_code);
void add_phenotypes(CLI::App& program, int& exit_code);
void add_list(CLI::App& program, int& exit_code);
void add_show(CLI::App& program, int& exit_code);
void add_check(CLI::App& program, int& exit_code);
void add_steady(CLI::App& program, int& exit_code);
void add_continue(CLI::App& program, int& exit_code);
void add_plot(CLI::App& program, int& exit_code);
void add_film(CLI::App& program, int& exit_code);
void add_report(CLI::App& program, int& exit_code);
void add_thresholds(CLI::App& program, int& exit_code);
void add_sensitivity(CLI::App& program, int& exit_code);
void add_fit(CLI::App& program, int& exit_code);
void add_profile(CLI::App& program, int& exit_code);
void add_sample(CLI::App& program, int& exit_code);
void add_predict(CLI::App& program, int& exit_code);
void add_cohort(CLI::App& program, int& exit_code);
void add_trial(CLI::App& program, int& exit_code);
void add_patient(CLI::App& program, int& exit_code);
void add_export(CLI::App& program, int& exit_code);

} // namespace osteoflare::cli
