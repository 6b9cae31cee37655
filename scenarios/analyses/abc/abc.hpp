#pragma once

#include "output/figures/figure.hpp"
#include "output/results_reader.hpp"
#include "output/results_writer.hpp"
#include "scenarios/analyses/abc/data_simulator.hpp"
#include "solvers/sampling/abc_smc.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

/// Draws of a posterior by comparing simulated data with measured ones.
namespace osteoflare::scenarios {

struct AbcRecordOptions {
    solvers::sampling::AbcOptions settings;
    std::size_t threads = 0; ///< 0: as many as the machine has
    std::filesystem::path file;
    bool overwrite = false, resume = false;
    double seconds_between_checkpoints = 20;
    std::function<void(const std::string&)> remark = nullptr; ///< told what a person should know, a line each
};

/// The prior of the posterior (scenarios/analyses/fitting/posterior.hpp), to be drawn from: even between the bounds on
/// the scale of the search, times the stated priors.
solvers::sampling::AbcPrior abc_prior(const FitProblem& problem);

/// Samples by ABC-SMC and records all rounds (docs/reference/file_format.md). Meanwhile FILE.checkpoint holds what is
/// needed to go on: what was killed and resumed gives the bytes of an unbroken run, whatever the number of threads.
/// Throws output::FileError, before any work if the file cannot be made, and InputError if next to no draw of the prior
/// can be simulated.
solvers::sampling::AbcState record_abc(const DataSimulator& simulator, const AbcRecordOptions& options);

/// Throws InputError if so many particles are too few for the parameters.
void require_enough_particles(std::size_t particles, std::size_t n_parameters);

/// What a round tells of one parameter, in its unit; `low` and `high` are the ends of the middle 95 %.
struct AbcMarginal {
    double mean = 0, median = 0, low = 0, high = 0;
};
std::vector<AbcMarginal> marginals(const FitProblem& problem, const solvers::sampling::AbcRound& round);

/// Why there are no more rounds, and how much the last one still narrowed the intervals.
std::string verdict(const FitProblem& problem, const solvers::sampling::AbcState& state);

void write_abc(output::ResultsWriter& file, const DataSimulator& simulator, const solvers::sampling::AbcState& state,
               const AbcRecordOptions& options);

/// The picture: each parameter's density from the prior to the last round, the tolerance, and pairs that go together.
output::Figure abc_figure(const output::ResultsReader& file);

} // namespace osteoflare::scenarios
