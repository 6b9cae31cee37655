#pragma once

#include "scenarios/cli/problem_options.hpp"

namespace osteoflare::cli {

/// What `sample` asks for where it draws by ABC-SMC.
struct AbcCommandOptions {
    std::size_t particles = 500, rounds = 20;
    double tolerance = 0, least_accepted = 2; ///< the latter in percent

    void add_to(CLI::App& app);
    /// Names of these options, which mean nothing to chains.
    static const std::vector<std::string>& names();
};

struct AbcRun {
    std::size_t threads = 0;
    std::uint64_t seed = 1;
    std::filesystem::path file;
    bool force = false, resume = false;
    double checkpoint = 20;
};

/// Samples a problem and prints what came out. Returns the exit code.
int sample_by_abc(scenarios::FitProblem problem, const AbcCommandOptions& options, const AbcRun& run);

} // namespace osteoflare::cli
