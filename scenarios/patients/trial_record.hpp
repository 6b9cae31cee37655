#pragma once

#include "scenarios/patients/trial_results.hpp"
#include "scenarios/record.hpp"

namespace osteoflare::output {
class ResultsWriter;
}

namespace osteoflare::scenarios::patients {

/// Children are followed until they are diagnosed, then patients under each arm.
struct TrialProgress {
    std::function<Progress(std::size_t n_children)> children = nullptr; ///< told how many there are
    std::function<Progress(std::size_t n_patients)> patients = nullptr;
};

/// Follows the children of a trial until they are diagnosed, and records how they came to be known in a results file
/// (docs/reference/file_format.md). Equal trials give equal bytes, whatever threads and interruptions there were; what
/// is finished stands in FILE.shards/ meanwhile. A child that fails is data. Throws output::FileError.
TrialResults record_cohort(const Trial& trial, const RecordOptions& options, const TrialProgress& progress = {});

/// The same, and then follows those who were diagnosed under each arm. Throws InputError, and leaves no file, if nobody
/// was diagnosed or the trial has no arms.
TrialResults record_trial(const Trial& trial, const RecordOptions& options, const TrialProgress& progress = {});

/// Writes all of a results file but its end.
void write_trial_results(output::ResultsWriter& file, const Trial& trial, const TrialResults& results);

/// Children, and patients under some arm, whose run failed.
std::size_t count_failed(const TrialResults& results);

} // namespace osteoflare::scenarios::patients
