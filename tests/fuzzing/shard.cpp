#include "output/shards/shard_file.hpp"

#include "fuzzing/targets.hpp"

#include <cstring>

namespace osteoflare::fuzzing {

/// The input is what is expected of a shard, and a shard. One that is found whole must be what was expected.
void read_shard(Bytes input)
{
    output::ShardHeader expected;
    const auto take = [&](auto& field) {
        const std::size_t n = std::min(sizeof field, input.size());
        std::memcpy(&field, input.data(), n);
        input.remove_prefix(n);
    };
    take(expected.study);
    take(expected.block);
    take(expected.first);
    take(expected.n_members);
    take(expected.payload);
    const FileOf file(input);
    const auto problem = output::check_shard(file.path(), expected);
    const std::size_t whole = output::shard_header_bytes + expected.payload + sizeof(output::Digest);
    if (problem ? problem->why.empty() : input.size() != whole) {
        throw std::logic_error("a shard of another size was found whole, or one refused without a word");
    }
}

} // namespace osteoflare::fuzzing
