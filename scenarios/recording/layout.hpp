#pragma once

#include "output/checksum.hpp"
#include "output/results_writer.hpp"
#include "output/shards/shard_file.hpp"
#include "scenarios/run.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// What a results file keeps of every member, in which order, and how a study is cut into blocks.
namespace osteoflare::scenarios {

/// A variable over members.
struct Column {
    enum class From {
        course,
        summary,
        last_state,
        status,
        steps,
        rejected,
        time_reached,
        genotype,
        replicate,
        axis,
        setting
    };

    std::string name; ///< in the file
    From from = From::course;
    std::size_t index = 0; ///< of the course, the summary, the species, the axis or the setting
    output::Element element = output::Element::float64;
    std::size_t row = 1; ///< values per member
    output::Labels labels;

    std::size_t element_bytes() const;
    std::size_t member_bytes() const { return row * element_bytes(); }
};

/// A study's output and how it is cut: a function of the study alone, whoever computes it.
struct Layout {
    std::vector<Column> columns;          ///< in the order of the file
    std::vector<double> times;            ///< of the time courses; none if only summaries are kept
    std::vector<std::string> choices;     ///< names of the genotypes that members may have
    std::vector<std::uint32_t> choice_of; ///< (genotype): index into choices
    std::size_t member_bytes = 0;         ///< of all columns together
    std::size_t n_members = 0, block_members = 0, n_blocks = 0;
    output::Digest study{}; ///< of everything that the values depend on

    std::size_t first(std::size_t block) const { return block * block_members; }
    std::size_t last(std::size_t block) const { return std::min(first(block) + block_members, n_members); }
    /// How the shard of a block begins.
    output::ShardHeader header(std::size_t block) const;
};

Layout layout_of(const Study& study);

/// Hands over a block's values as they stand in a shard: column after column, each (member, value), in pieces.
void encode(const Study& study, const Layout& layout, const Block& block,
            const std::function<void(std::span<const std::byte>)>& take);

} // namespace osteoflare::scenarios
