#include "scenarios/recording/closed_blocks.hpp"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

namespace osteoflare::scenarios {
namespace {

std::vector<std::uint64_t> bytes_before(const Layout& layout)
{
    std::vector<std::uint64_t> bytes = {0};
    for (const Column& column : layout.columns) {
        bytes.push_back(bytes.back() + column.member_bytes());
    }
    return bytes;
}

/// Half of the files that this process may have open; it raises that number as far as it may.
std::size_t most_open_files()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 64;
    }
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<std::size_t>(limit.rlim_cur / 2);
}

} // namespace

ClosedBlocks::ClosedBlocks(const Layout& layout, std::map<std::uint64_t, std::filesystem::path> shards)
    : layout_(layout), bytes_before_(bytes_before(layout)), shards_(std::move(shards)), most_open_(most_open_files())
{
}

ClosedBlocks::ClosedBlocks(const Layout& layout, std::vector<std::byte> only_block)
    : layout_(layout), bytes_before_(bytes_before(layout)), only_block_(std::move(only_block))
{
}

ClosedBlocks::ClosedBlocks(const Layout& layout, std::map<std::uint64_t, std::filesystem::path> shards,
                           std::function<std::vector<std::byte>(std::size_t block)> absent)
    : ClosedBlocks(layout, std::move(shards))
{
    absent_ = std::move(absent);
}

void ClosedBlocks::fill(std::size_t column, std::uint64_t first, std::span<std::byte> to) const
{
    const Column& about = layout_.columns[column];
    const std::size_t element_bytes = about.element_bytes();
    while (!to.empty()) {
        const std::size_t block = first / about.row / layout_.block_members;
        const std::uint64_t begin = layout_.first(block) * about.row, end = layout_.last(block) * about.row;
        const std::uint64_t n = std::min<std::uint64_t>(to.size() / element_bytes, end - first);
        const std::uint64_t n_members = layout_.last(block) - layout_.first(block);
        read(block, bytes_before_[column] * n_members + (first - begin) * element_bytes, to.first(n * element_bytes));
        to = to.subspan(n * element_bytes);
        first += n;
    }
}

void ClosedBlocks::read(std::size_t block, std::uint64_t position, std::span<std::byte> to) const
{
    if (!only_block_.empty()) {
        std::ranges::copy(std::span(only_block_).subspan(position, to.size()), to.begin());
        return;
    }
    if (absent_ && !shards_.contains(block)) {
        const std::scoped_lock lock(mutex_);
        auto known = made_up_.find(block);
        if (known == made_up_.end()) {
            known = made_up_.emplace(block, absent_(block)).first;
        }
        std::ranges::copy(std::span(known->second).subspan(position, to.size()), to.begin());
        return;
    }
    const auto& path = shards_.at(block);
    const auto open = [&] { return output::Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)); };
    output::Descriptor passing;
    int descriptor = -1;
    {
        const std::scoped_lock lock(mutex_);
        const auto known = open_.find(block);
        if (known != open_.end()) {
            descriptor = known->second.number();
        } else if (open_.size() < most_open_) {
            descriptor = open_.emplace(block, open()).first->second.number();
        }
    }
    if (descriptor < 0) {
        passing = open();
        descriptor = passing.number();
    }
    if (descriptor < 0 || !output::read_at(descriptor, static_cast<off_t>(output::shard_header_bytes + position), to)) {
        throw output::FileError(path, "cannot be read", errno == 0 ? "it is cut off" : output::system_reason(errno),
                                "run again with --resume, which checks all shards");
    }
}

} // namespace osteoflare::scenarios
