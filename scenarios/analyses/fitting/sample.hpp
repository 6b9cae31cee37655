#pragma once

#include "output/figures/figure.hpp"
#include "output/results_reader.hpp"
#include "output/results_writer.hpp"
#include "scenarios/analyses/fitting/posterior.hpp"
#include "solvers/sampling/diagnostics.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

struct SampleOptions {
    std::size_t chains = 4;
    std::size_t walkers = 0; ///< of each chain; 0: three for each parameter, but enough
    std::size_t steps = 2000;
    std::optional<std::size_t> warm_up; ///< none: until the chains agree, see below
    std::size_t thin = 10;              ///< every so many steps are kept
    std::uint64_t seed = 1;
    std::size_t threads = 0; ///< 0: as many as the machine has
    std::filesystem::path file;
    bool overwrite = false, resume = false;
    double seconds_between_checkpoints = 20;
    std::function<solvers::fitting::Maximum()> find_best;     ///< asked unless there is something to go on with
    std::function<void(const std::string&)> remark = nullptr; ///< told what a person should know, a line each
};

/// Draws of a posterior.
struct Sample {
    solvers::fitting::Maximum best; ///< around which the walkers started
    std::uint64_t warm_up = 0;      ///< steps before the first that counts
    bool is_warm = false;
    solvers::sampling::Walkers walkers; ///< where they are
    std::vector<double> draws;          ///< (draw, chain, walker, parameter), on the scale of the search
    std::vector<double> log_posteriors; ///< (draw, chain, walker)

    std::size_t n_draws() const { return log_posteriors.size() / walkers.log_densities.size(); }
    /// One parameter of all draws, (draw, chain, walker).
    std::vector<double> column(std::size_t parameter) const;
    solvers::sampling::Diagnosis diagnose(const std::vector<double>& column) const;
};

/// Samples a posterior and records it (docs/reference/file_format.md). Meanwhile FILE.checkpoint holds what is needed
/// to go on: a chain that was killed and resumed gives the bytes of an unbroken one, whatever the number of threads.
///
/// Unless it is told how long to warm up, it looks after 200, 400, 800… steps whether R-hat over the second half of
/// them is below 1.05 for all parameters and the posterior, at most until `steps`. Throws output::FileError, before any
/// work if the file cannot be made, and InputError.
Sample record_sample(const Likelihood& likelihood, const SampleOptions& options);

/// The walkers of each chain that the options ask for. Throws InputError if they are odd or too few.
std::size_t walkers_of(const SampleOptions& options, std::size_t n_parameters);

/// Throws InputError if so many steps, of which every thin-th is kept, are too few draws.
void require_enough_draws(std::size_t steps, std::size_t thin);

/// What the draws tell of one parameter.
struct Marginal {
    double mean = 0, median = 0, low = 0, high = 0; ///< in its unit; the ends of the middle 95 %
    solvers::sampling::Diagnosis diagnosis;
};
std::vector<Marginal> marginals(const Likelihood& likelihood, const Sample& sample);

/// "converged", or what is not and about how many steps more are needed.
std::string verdict(const Likelihood& likelihood, const std::vector<Marginal>& marginals, std::size_t steps);

void write_sample(output::ResultsWriter& file, const Likelihood& likelihood, const Sample& sample,
                  const SampleOptions& options);

/// The picture of a sample: marginal densities with their priors, the course of the posterior, and the parameters that
/// go together most.
output::Figure sample_figure(const output::ResultsReader& file);

} // namespace osteoflare::scenarios
