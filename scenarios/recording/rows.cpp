#include "scenarios/recording/rows.hpp"

#include "output/checksum.hpp"
#include "output/shards/shard_file.hpp"
#include "scenarios/recording/compute.hpp"
#include "solvers/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace osteoflare::scenarios {
namespace {

/// Rows, and how they are cut.
class Blocks {
public:
    explicit Blocks(const Rows& rows)
        : rows_(rows), study_(output::checksum(rows.study)), values_(rows.n_members * rows.row)
    {
    }

    std::size_t count() const { return (rows_.n_members + rows_.block_members - 1) / rows_.block_members; }
    std::size_t first(std::size_t block) const { return block * rows_.block_members; }
    std::size_t last(std::size_t block) const { return std::min(first(block) + rows_.block_members, rows_.n_members); }
    std::size_t size(std::size_t block) const { return last(block) - first(block); }

    output::ShardHeader header(std::size_t block) const
    {
        return {.study = study_,
                .block = block,
                .first = first(block),
                .n_members = size(block),
                .payload = size(block) * rows_.row * sizeof(double)};
    }
    std::span<double> row(std::size_t member) { return std::span(values_).subspan(member * rows_.row, rows_.row); }
    std::span<std::byte> bytes(std::size_t block)
    {
        return std::as_writable_bytes(std::span(values_).subspan(first(block) * rows_.row, size(block) * rows_.row));
    }
    std::size_t n_failed(std::size_t block)
    {
        std::size_t failed = 0;
        for (std::size_t member = first(block); member < last(block); ++member) {
            failed += row(member).front() != 0 ? 1 : 0;
        }
        return failed;
    }
    std::vector<double> take() { return std::move(values_); }

private:
    const Rows& rows_;
    output::Digest study_;
    std::vector<double> values_;
};

void read_shard(const std::filesystem::path& path, std::span<std::byte> to)
{
    std::ifstream file(path, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(output::shard_header_bytes));
    if (!file.read(reinterpret_cast<char*>(to.data()), static_cast<std::streamsize>(to.size()))) {
        throw output::FileError(path, "cannot be read", "it ends early", "see that nobody else writes there");
    }
}

/// Takes over the shards that are whole; returns the blocks that have none.
std::vector<std::size_t> take_over(Blocks& blocks, const output::ShardFolder& folder, const RecordOptions& options)
{
    const auto shards = folder.shards();
    std::vector<std::size_t> missing;
    for (std::size_t block = 0; block < blocks.count(); ++block) {
        const auto shard = shards.find(block);
        if (shard == shards.end()) {
            missing.push_back(block);
            continue;
        }
        const auto problem = output::check_shard(shard->second, blocks.header(block));
        if (!problem) {
            read_shard(shard->second, blocks.bytes(block));
            continue;
        }
        if (problem->foreign) {
            throw output::FileError(shard->second, "cannot be used", problem->why,
                                    "move it away, or start afresh with --force");
        }
        missing.push_back(block);
        if (options.remark) {
            options.remark(fmt::format("{}: is damaged ({}); its {} members are computed again", shard->second.string(),
                                       problem->why, blocks.size(block)));
        }
    }
    return missing;
}

} // namespace

output::Existing existing_shards(const RecordOptions& options)
{
    using output::Existing;
    return options.resume ? Existing::resume : options.overwrite ? Existing::replace : Existing::refuse;
}

void mend_study(output::ShardFolder& folder, const RecordOptions& options)
{
    if (const auto damaged = folder.damaged_study()) {
        folder.mend_study();
        if (options.remark) {
            options.remark(
                fmt::format("{}: is damaged (its checksum does not match); it is written again", damaged->string()));
        }
    }
}

std::vector<double> compute_rows(const Rows& rows, const std::filesystem::path& folder, const RecordOptions& options,
                                 const Progress& progress)
{
    output::ShardFolder shards(folder, rows.study, existing_shards(options));
    Blocks blocks(rows);
    const auto missing = take_over(blocks, shards, options);
    mend_study(shards, options);
    std::size_t there = rows.n_members, failed = 0;
    for (const std::size_t block : missing) {
        there -= blocks.size(block);
    }
    for (std::size_t block = 0; block < blocks.count(); ++block) {
        failed += std::ranges::binary_search(missing, block) ? 0 : blocks.n_failed(block);
    }
    if (there > 0 && options.remark) {
        options.remark(fmt::format("{}: {} of {} members are there (their shards are whole); going on with the others",
                                   folder.string(), there, rows.n_members));
    }
    Tally tally(progress, there, failed);
    solvers::for_each_member(missing.size(), options.threads, [&](std::size_t i) {
        const std::size_t block = missing[i];
        for (std::size_t member = blocks.first(block); member < blocks.last(block); ++member) {
            rows.compute(member, blocks.row(member));
        }
        output::OpenShard shard(folder, blocks.header(block));
        shard.append(blocks.bytes(block));
        shard.close();
        tally.add(blocks.size(block), blocks.n_failed(block));
    });
    return blocks.take();
}

} // namespace osteoflare::scenarios
