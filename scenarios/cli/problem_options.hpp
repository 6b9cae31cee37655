#pragma once

#include "scenarios/analyses/fitting/fit.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace osteoflare::cli {

/// What `fit`, `profile` and `sample` ask for alike: a problem, how it is fitted, and where results go.
struct ProblemOptions {
    std::string verb; ///< names the results file
    std::string problem, output;
    std::size_t starts = 50, threads = 0;
    std::int64_t seed = 1;
    bool force = false;

    /// Returns the option --seed, for what it may exclude.
    CLI::Option* add_to(CLI::App& app);
    /// A problem file, or a name from: osteoflare list problems.
    scenarios::FitProblem read() const;
    /// Where results of this problem go.
    std::filesystem::path file(const scenarios::FitProblem& problem) const;
    scenarios::FitOptions fit_options() const;
};

/// The same where a fit may have been made before.
struct FittedProblemOptions : ProblemOptions {
    std::string fit; ///< its results file, or empty

    /// Returns the option --seed.
    CLI::Option* add_to(CLI::App& app);
    /// From the file, or fitted now.
    solvers::fitting::Maximum best(const scenarios::Likelihood& likelihood) const;
};

/// "name [unit]" of each parameter.
std::vector<std::string> headings(const scenarios::FitProblem& problem);

} // namespace osteoflare::cli
