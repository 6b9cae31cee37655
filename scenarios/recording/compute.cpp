#include "scenarios/recording/compute.hpp"

#include "scenarios/recording/metadata.hpp"
#include "solvers/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <memory>

namespace osteoflare::scenarios {
namespace {

/// Shards whose values are written and on their way to the disk. Each is closed some blocks later, when the disk has
/// most of it: so nobody waits for the disk, and a kill costs one block more per thread.
class Closing {
public:
    explicit Closing(std::size_t most) : most_(most) {}
    Closing(const Closing&) = delete;
    Closing& operator=(const Closing&) = delete;
    ~Closing()
    {
        for (const auto& shard : waiting_) { // something failed; what is complete may still be saved
            try {
                shard->close();
            } catch (const output::FileError&) { // the first failure is on its way already
            }
        }
    }

    void add(std::unique_ptr<output::OpenShard> shard)
    {
        shard->start_writing();
        std::unique_ptr<output::OpenShard> oldest;
        {
            const std::scoped_lock lock(mutex_);
            waiting_.push_back(std::move(shard));
            if (waiting_.size() > most_) {
                oldest = std::move(waiting_.front());
                waiting_.pop_front();
            }
        }
        if (oldest) {
            oldest->close();
        }
    }

    void close_all()
    {
        while (!waiting_.empty()) {
            const auto shard = std::move(waiting_.front());
            waiting_.pop_front();
            shard->close();
        }
    }

private:
    std::size_t most_;
    std::mutex mutex_;
    std::deque<std::unique_ptr<output::OpenShard>> waiting_;
};

} // namespace

Tally::Tally(const Progress& progress, std::size_t done, std::size_t failed)
    : progress_(progress), done_(done), failed_(failed)
{
    if (progress_) {
        progress_(done_, failed_);
    }
}

void Tally::add(std::size_t done, std::size_t failed)
{
    const std::scoped_lock lock(mutex_);
    done_ += done;
    failed_ += failed;
    if (progress_ && done > 0) {
        progress_(done_, failed_);
    }
}

void compute_shards(const Study& study, const Layout& layout, const std::filesystem::path& folder, std::size_t threads,
                    const std::function<std::optional<std::size_t>()>& next,
                    const std::function<void(const Block&)>& done)
{
    const std::size_t n_threads = std::min(solvers::thread_count(threads), layout.n_blocks);
    Closing closing(n_threads);
    solvers::for_each_member(n_threads, n_threads, [&](std::size_t) {
        while (const auto number = next()) {
            const Block block = run_block(study, layout.times, layout.first(*number), layout.last(*number));
            auto shard = std::make_unique<output::OpenShard>(folder, layout.header(*number));
            encode(study, layout, block, [&](std::span<const std::byte> values) { shard->append(values); });
            closing.add(std::move(shard));
            done(block);
        }
    });
    closing.close_all();
}

std::size_t run_in_memory(const Study& study, std::size_t threads, const Progress& progress,
                          output::ResultsInMemory& results)
{
    // Small enough to be shared out, and to be broken off between two of them; a member's result depends on it alone.
    constexpr std::size_t most_block_members = 256;
    const Layout layout = layout_of(study);
    write_metadata(results, study, layout);
    const std::size_t even = (layout.n_members - 1) / solvers::thread_count(threads) + 1;
    const std::size_t size = std::min({layout.block_members, most_block_members, even});
    const std::size_t n_blocks = (layout.n_members - 1) / size + 1;
    Tally tally(progress, 0, 0);
    solvers::for_each_member(n_blocks, std::min(solvers::thread_count(threads), n_blocks), [&](std::size_t i) {
        const std::size_t first = i * size, last = std::min(first + size, layout.n_members);
        const Block block = run_block(study, layout.times, first, last);
        std::size_t column = 0, begin = 0; // where the next piece goes: of the column, from this byte of the block's on
        encode(study, layout, block, [&](std::span<const std::byte> piece) {
            const auto bytes = [&] { return layout.columns[column].member_bytes(); };
            while (!piece.empty()) {
                const std::size_t n = std::min(piece.size(), block.size * bytes() - begin);
                std::ranges::copy(piece.first(n), results.values_of(column).data() + first * bytes() + begin);
                piece = piece.subspan(n);
                begin += n;
                if (begin == block.size * bytes()) {
                    ++column;
                    begin = 0;
                }
            }
        });
        tally.add(block.size, count_failed(block));
    });
    results.attribute({"status", status_of(tally.failed(), layout.n_members)});
    return tally.failed();
}

std::string status_of(std::size_t n_failed, std::size_t n_members)
{
    return n_failed == 0 ? std::string("complete") : fmt::format("{} of {} members failed", n_failed, n_members);
}

std::size_t count_failed(const Block& block)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(block.reports, [](const solvers::RunReport& report) { return !report; }));
}

} // namespace osteoflare::scenarios
