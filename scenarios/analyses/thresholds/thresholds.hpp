#pragma once

#include "output/results_writer.hpp"
#include "scenarios/study.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

/// Where an outcome turns: the smallest injury, the latest start of a treatment, the least dose.
namespace osteoflare::scenarios {

/// A place where the outcome turns: it is one thing at `low` and the other at `high`, which are no farther apart than
/// the plan's resolution unless runs between them failed.
struct Turning {
    std::size_t member = 0; ///< of the study
    double low = 0, high = 0;
    bool becomes_true = false; ///< on the way up
};

enum class Answer : unsigned char { no, yes, failed };

struct Thresholds {
    std::vector<double> scan;      ///< places that were looked at in every member, ascending
    std::vector<double> values;    ///< (member, scan): of the outcome's number; NaN if it never came or the run failed
    std::vector<Answer> answers;   ///< (member, scan)
    std::vector<Turning> turnings; ///< sorted by member and place
    std::size_t n_runs = 0, n_failed = 0;

    Answer answer(std::size_t member, std::size_t place) const { return answers[member * scan.size() + place]; }
};

/// Looks for all turnings of the scenario's threshold plan in each member of its study (one without a sweep): at 33
/// places over the range, then by sections between neighbours that differ. Two turnings between neighbouring places
/// that undo each other are not seen. The same numbers whatever the threads.
Thresholds find_thresholds(const Study& study, std::size_t threads);

/// What was found, a line per member; of many members some.
std::vector<std::string> describe(const Study& study, const Thresholds& found);

/// Throws InputError for a scenario that does not say what to look for; `asked` is what it was asked for as.
void require_threshold(const Scenario& scenario, const std::string& asked);

/// Finds them and records them in a file, which is refused before any work if it cannot be made. Throws
/// output::FileError.
Thresholds record_thresholds(const Study& study, const std::filesystem::path& path, bool overwrite,
                             std::size_t threads);

/// Writes and finishes a results file. Throws output::FileError.
void record_thresholds(const Study& study, const Thresholds& found, output::ResultsWriter& file);

} // namespace osteoflare::scenarios
