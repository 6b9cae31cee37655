#pragma once

#include "output/results_writer.hpp"
#include "scenarios/analyses/sensitivity/global_sensitivity.hpp"
#include "scenarios/record.hpp"

#include <filesystem>

namespace osteoflare::scenarios {

/// Writes runs and indices into a results file (docs/reference/file_format.md): equal plans give equal bytes, however
/// often the design was made larger on the way. Throws output::FileError.
void write_global_sensitivity(output::ResultsWriter& file, const GlobalPlan& plan, const GlobalRuns& runs,
                              const std::vector<ResponseAnalysis>& analyses);

/// The runs that a results file holds. Throws output::FileError if it is of another study, method, program or choice of
/// responses, or if it has more rows than are wanted.
GlobalRuns read_global_runs(const std::filesystem::path& file, const GlobalPlan& plan);

struct RecordedSensitivity {
    GlobalRuns runs;
    std::vector<ResponseAnalysis> analyses;
    std::size_t n_earlier = 0; ///< runs that the file held already
};

/// Runs, analyses and records; with `options.resume`, runs that the file holds are not made again. Throws
/// output::FileError, before any work if the file is not to be written.
RecordedSensitivity record_global_sensitivity(const GlobalPlan& plan, const RecordOptions& options,
                                              const Progress& progress);

} // namespace osteoflare::scenarios
