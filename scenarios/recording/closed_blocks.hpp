#pragma once

#include "scenarios/record.hpp"
#include "scenarios/recording/layout.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

namespace osteoflare::scenarios {

/// The finished blocks of a study: in shards, or, of a study that is one block, in memory.
class ClosedBlocks {
public:
    ClosedBlocks(const Layout& layout, std::map<std::uint64_t, std::filesystem::path> shards);
    ClosedBlocks(const Layout& layout, std::vector<std::byte> only_block);
    /// Of an unfinished study: `absent` makes up the values of blocks that have no shard.
    ClosedBlocks(const Layout& layout, std::map<std::uint64_t, std::filesystem::path> shards,
                 std::function<std::vector<std::byte>(std::size_t block)> absent);

    /// Values of a column from element `first` on, over all blocks, as many as fit into `to`; from any thread.
    /// Throws output::FileError if a shard cannot be read.
    void fill(std::size_t column, std::uint64_t first, std::span<std::byte> to) const;

private:
    void read(std::size_t block, std::uint64_t position, std::span<std::byte> to) const;

    const Layout& layout_;
    std::vector<std::uint64_t> bytes_before_; ///< (column): bytes per member of the columns before it
    std::map<std::uint64_t, std::filesystem::path> shards_;
    std::vector<std::byte> only_block_;
    std::function<std::vector<std::byte>(std::size_t block)> absent_;
    mutable std::map<std::size_t, std::vector<std::byte>> made_up_; ///< (block)
    std::size_t most_open_ = 0;
    mutable std::mutex mutex_;
    mutable std::map<std::uint64_t, output::Descriptor> open_;
};

} // namespace osteoflare::scenarios
