#pragma once

#include "model/agents/behaviours.hpp"
#include "scenarios/run.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

class Team;

/// What is kept in memory of a study that was run: counts over all members, and the summaries of the first ones, so
/// that memory has a bound.
struct Outcomes {
    static constexpr std::size_t most_described = 1'000'000;

    std::size_t n_members = 0, n_failed = 0;
    std::size_t first_failed = 0;     ///< member, if any failed
    solvers::RunReport first_failure; ///< its status and time
    std::size_t n_described = 0;      ///< members of the lists below: the first ones, at most most_described
    std::vector<std::string> genotype_names;
    std::vector<std::uint32_t> genotypes; ///< (member): index into genotype_names
    std::vector<std::uint8_t> complete;   ///< (member): 1 if it reached its end
    std::vector<double> summaries;        ///< (summary, member); NaN throughout for a member that failed

    double summary(std::size_t index, std::size_t member) const { return summaries[index * n_described + member]; }
};

/// One of several computations that make up a sweep.
struct Part {
    std::size_t number = 1, count = 1; ///< from 1
};

/// How far a run of a tissue is.
struct TissueMoment {
    double day = 0, begin = 0, end = 0;                           ///< of this run of the program [d]
    std::array<std::size_t, model::agents::n_cell_kinds> cells{}; ///< by kind
};

struct RecordOptions {
    std::filesystem::path file;
    bool overwrite = false;  ///< replaces an existing file, and what an interrupted run left unless that is resumed
    std::size_t threads = 0; ///< 0: as many as the machine has
    bool resume = false;     ///< goes on with what an interrupted run left
    double seconds_between_checkpoints = 20;                  ///< of a spatial run: as much as a kill may cost
    std::function<void(const std::string&)> remark = nullptr; ///< told what a person should know, a line each
    std::function<void(const TissueMoment&)> watch = nullptr; ///< told after each step of a spatial run
};

/// Throws InputError if a single run, whose sweep is left aside, has no use for a seed, or cannot be gone on with.
void require_run(const Scenario& scenario, bool is_seeded, bool resume);
/// Throws InputError for a scenario without a sweep; `asked` is what it was asked for as.
void require_sweep(const Scenario& scenario, const std::string& asked);

/// Called now and then with the number of members done and failed, from one thread at a time; first with those that an
/// earlier run has done.
using Progress = std::function<void(std::size_t done, std::size_t failed)>;

/// Runs every member of a study and writes nothing.
Outcomes run_study(const Study& study, std::size_t threads, const Progress& progress);

/// The same, recorded in a results file (docs/reference/file_format.md). Equal studies give equal bytes, whatever
/// threads, processes and interruptions there were. A study of more than one block leaves finished blocks as shards in
/// FILE.shards/ meanwhile. Throws output::FileError, before any work if the file cannot be made.
Outcomes record_study(const Study& study, const RecordOptions& options, const Progress& progress);
/// The same by a team of processes, of which this is the first.
Outcomes record_study(const Study& study, const RecordOptions& options, const Progress& progress, Team& team);
/// What the others do.
void help_record(const Study& study, const RecordOptions& options, Team& team);

/// Whether recording this study leaves shards on the way: not if it is one block.
bool leaves_shards(const Study& study);

std::size_t members_of(const Study& study, const Part& part);

/// What came out of one part of a sweep.
struct PartOutcome {
    std::filesystem::path folder;
    std::size_t first = 0, last = 0; ///< its members
    std::size_t n_failed = 0;
};
/// Computes one part of a study and leaves its shards in FILE.shards/part-NN-of-NN/.
PartOutcome record_part(const Study& study, const Part& part, const RecordOptions& options, const Progress& progress);

/// The folder of a results file's shards.
std::filesystem::path shards_of(const std::filesystem::path& file);
/// The scenario that the shards of a results file belong to.
Scenario scenario_of_shards(const std::filesystem::path& file, const Library& library);
/// Puts the shards of all parts together. Throws output::FileError, which names every shard that is missing, there
/// twice, damaged or of another study.
Outcomes merge_study(const Study& study, const RecordOptions& options);

/// How far a study is that left shards and no results file.
struct Unfinished {
    std::size_t n_members = 0, n_run = 0;
    std::vector<std::string> troubles; ///< shards that are damaged or of another study, each in words
};
/// Puts those shards of `results` that are whole into another results file, `options.file`; members that nobody has run
/// yet have the status `not_run` there, and NaN. Throws output::FileError, also while somebody computes them.
Unfinished gather_unfinished(const Study& study, const std::filesystem::path& results, const RecordOptions& options);

} // namespace osteoflare::scenarios
