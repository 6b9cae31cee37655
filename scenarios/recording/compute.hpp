#pragma once

#include "output/results_in_memory.hpp"
#include "scenarios/record.hpp"
#include "scenarios/recording/layout.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace osteoflare::scenarios {

/// Blocks that wait to be computed; from any thread.
class BlockQueue {
public:
    explicit BlockQueue(std::vector<std::size_t> blocks) : blocks_(std::move(blocks)) {}

    std::optional<std::size_t> next()
    {
        const std::size_t taken = next_++;
        return taken < blocks_.size() ? std::optional(blocks_[taken]) : std::nullopt;
    }

private:
    std::vector<std::size_t> blocks_;
    std::atomic<std::size_t> next_ = 0;
};

/// Counts members and passes the counts on, one call at a time.
class Tally {
public:
    Tally(const Progress& progress, std::size_t done, std::size_t failed);

    void add(std::size_t done, std::size_t failed);
    std::size_t failed() const { return failed_; }

private:
    const Progress& progress_;
    std::mutex mutex_;
    std::size_t done_, failed_;
};

/// Takes blocks from `next` until there are none, on `threads` threads, and leaves each as a closed shard in `folder`.
/// Tells `done` of each block. Throws output::FileError when the disk is full or the like; shards that are complete are
/// closed nevertheless.
void compute_shards(const Study& study, const Layout& layout, const std::filesystem::path& folder, std::size_t threads,
                    const std::function<std::optional<std::size_t>()>& next,
                    const std::function<void(const Block&)>& done);

/// Runs every member of a study and keeps in memory what a results file would hold; its values are the same bits.
/// `results` is empty before. Returns the number of failed members.
std::size_t run_in_memory(const Study& study, std::size_t threads, const Progress& progress,
                          output::ResultsInMemory& results);

/// How the members of a study ended, in words: the attribute `status` of its results.
std::string status_of(std::size_t n_failed, std::size_t n_members);

/// Members of a block that did not reach their end.
std::size_t count_failed(const Block& block);

} // namespace osteoflare::scenarios
