#pragma once

#include "scenarios/run.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <vector>

namespace osteoflare::scenarios {

/// What is kept in memory of a member that was run.
struct Outcome {
    std::size_t genotype = 0;
    solvers::RunReport report;
    std::vector<double> summaries; ///< NaN throughout for a member that failed
};

struct RecordOptions {
    std::filesystem::path file;
    bool overwrite = false;
    std::size_t threads = 0; ///< 0: as many as the machine has
};

/// Called now and then with the number of members done and failed, from one thread at a time.
using Progress = std::function<void(std::size_t done, std::size_t failed)>;

/// Runs every member of a study. The outcomes are in the order of members, whatever the threads did.
std::vector<Outcome> run_study(const Study& study, std::size_t threads, const Progress& progress);

/// The same, recorded in a results file (docs/reference/file_format.md). Equal studies give equal bytes.
/// Throws output::FileError, before any work if the file cannot be made.
std::vector<Outcome> record_study(const Study& study, const RecordOptions& options, const Progress& progress);

} // namespace osteoflare::scenarios
