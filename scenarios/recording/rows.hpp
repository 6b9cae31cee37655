#pragma once

#include "output/shards/shard_folder.hpp"
#include "scenarios/record.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// A row of numbers for each of many members, which takes long to compute.
struct Rows {
    std::string study;                  ///< all that the numbers depend on, in words: equal words, equal numbers
    std::size_t n_members = 0, row = 0; ///< numbers of a row
    std::size_t block_members = 1;      ///< that share a shard: as many as a kill may cost, per thread
    /// Fills a member's row; from any thread. The first number says how it ended: 0 if it is complete.
    std::function<void(std::size_t member, std::span<double> row)> compute;
};

/// All rows, (member, number): computed by `options.threads`, and left in shards in `folder` on the way, from which a
/// run with `options.resume` goes on. The shards stay there. Throws output::FileError.
std::vector<double> compute_rows(const Rows& rows, const std::filesystem::path& folder, const RecordOptions& options,
                                 const Progress& progress);

/// What is to become of shards that are there already.
output::Existing existing_shards(const RecordOptions& options);
/// Once every shard is known to be the folder's: writes its `study` anew if that is damaged, and tells of it.
void mend_study(output::ShardFolder& folder, const RecordOptions& options);

} // namespace osteoflare::scenarios
