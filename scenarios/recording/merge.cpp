#include "output/shards/shard_folder.hpp"
#include "scenarios/recording/assemble.hpp"
#include "scenarios/recording/identity.hpp"
#include "solvers/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <list>
#include <optional>

namespace osteoflare::scenarios {
namespace {

namespace fs = std::filesystem;
using output::FileError;
using output::ShardFolder;

/// Every folder in which there are shards of this file.
std::vector<fs::path> folders_of(const fs::path& whole)
{
    auto folders = output::folders_below(whole);
    folders.insert(folders.begin(), whole);
    std::erase_if(folders, [](const fs::path& folder) { return !fs::exists(folder / "study"); });
    if (folders.empty()) {
        throw FileError(whole, "cannot be merged", "there are no shards",
                        "give the name of the results file whose parts were computed");
    }
    return folders;
}

/// "a, b, c and 7 more"
std::string listed(const std::vector<std::string>& names)
{
    constexpr std::size_t most = 12;
    std::string list;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
        list += (i > 0 ? ", " : "") + names[i];
    }
    return list + (names.size() > most ? fmt::format(" and {} more", names.size() - most) : "");
}

void refuse(const fs::path& whole, const char* what, const std::vector<std::string>& names, const char* advice)
{
    if (!names.empty()) {
        throw FileError(whole, "cannot be merged", fmt::format("{}: {}", what, listed(names)), advice);
    }
}

/// The shards of a study: the only one of each block, and in words what is foreign, damaged, there twice, or missing.
struct Found {
    std::map<std::uint64_t, fs::path> whole;
    std::vector<std::string> foreign, damaged, doubled, missing;
};

Found find_shards(const std::list<ShardFolder>& folders, const Layout& layout, std::size_t threads)
{
    std::vector<std::pair<std::uint64_t, fs::path>> all;
    for (const ShardFolder& folder : folders) {
        for (const auto& shard : folder.shards()) {
            all.push_back(shard);
        }
    }
    std::ranges::stable_sort(all, {}, [](const auto& shard) { return shard.first; });
    std::vector<std::optional<output::ShardProblem>> problems(all.size());
    solvers::for_each_member(all.size(), threads, [&](std::size_t i) {
        problems[i] = output::check_shard(all[i].second, layout.header(all[i].first));
    });
    Found found;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& [block, path] = all[i];
        if (problems[i]) {
            auto& list = problems[i]->foreign ? found.foreign : found.damaged;
            list.push_back(fmt::format("{}, {}", path.string(), problems[i]->why));
        } else if (const auto [first, is_new] = found.whole.emplace(block, path); !is_new) {
            found.doubled.push_back(fmt::format("{} and {}", first->second.string(), path.string()));
        }
    }
    for (std::size_t block = 0; block < layout.n_blocks; ++block) {
        if (!found.whole.contains(block)) {
            found.missing.push_back(fmt::format("{} (members {} to {})", output::shard_name(block), layout.first(block),
                                                layout.last(block) - 1));
        }
    }
    return found;
}

/// The shards of a finished study; refuses any other.
std::map<std::uint64_t, fs::path> only_shards(const fs::path& whole, const std::list<ShardFolder>& folders,
                                              const Layout& layout, std::size_t threads)
{
    Found found = find_shards(folders, layout, threads);
    refuse(whole, "foreign", found.foreign, "move them away, or merge with the program and library that made them");
    refuse(whole, "damaged", found.damaged,
           "compute their parts again with --resume, which keeps the shards that are whole");
    refuse(whole, "there twice", found.doubled, "remove the parts that do not belong to this division");
    refuse(whole, "missing", found.missing, "compute their parts, with --resume where they were interrupted");
    return std::move(found.whole);
}

std::list<ShardFolder> opened(const std::vector<fs::path>& paths)
{
    std::list<ShardFolder> folders; // locked: nobody computes in them meanwhile
    for (const fs::path& path : paths) {
        folders.emplace_back(path);
    }
    return folders;
}

/// The values of members that nobody has run.
std::vector<std::byte> not_run(const Study& study, const Layout& layout, std::size_t block)
{
    const std::size_t first = layout.first(block), size = layout.last(block) - first;
    Block absent = empty_block(study.scenario(), layout.times.size(), first, size);
    for (solvers::RunReport& report : absent.reports) {
        report.status = solvers::RunStatus::not_run;
    }
    std::ranges::fill(absent.last_states, std::numeric_limits<double>::quiet_NaN());
    std::vector<std::byte> bytes;
    encode(study, layout, absent,
           [&](std::span<const std::byte> piece) { bytes.insert(bytes.end(), piece.begin(), piece.end()); });
    return bytes;
}

} // namespace

fs::path shards_of(const fs::path& file)
{
    return {file.native() + ".shards"};
}

Scenario scenario_of_shards(const fs::path& file, const Library& library)
{
    const fs::path folder = folders_of(shards_of(file)).front();
    return scenario_of(read_note(ShardFolder(folder).study(), folder / "study"), library);
}

Outcomes merge_study(const Study& study, const RecordOptions& options)
{
    const fs::path whole = shards_of(options.file);
    const Layout layout = layout_of(study);
    output::ResultsWriter file(options.file, options.overwrite);
    const auto folders = opened(folders_of(whole));
    const auto shards = only_shards(whole, folders, layout, options.threads);
    const Outcomes outcomes = assemble(study, layout, ClosedBlocks(layout, shards), file, options.threads);
    output::drop_shards(whole, options.remark);
    return outcomes;
}

Unfinished gather_unfinished(const Study& study, const fs::path& results, const RecordOptions& options)
{
    const fs::path whole = shards_of(results);
    const Layout layout = layout_of(study);
    const auto folders = opened(folders_of(whole));
    Found found = find_shards(folders, layout, options.threads);
    Unfinished unfinished;
    unfinished.n_members = layout.n_members;
    for (const auto& [block, path] : found.whole) {
        unfinished.n_run += layout.last(block) - layout.first(block);
    }
    unfinished.troubles = std::move(found.damaged);
    unfinished.troubles.insert(unfinished.troubles.end(), found.foreign.begin(), found.foreign.end());
    // What is made up stands in memory.
    constexpr std::size_t most_bytes = std::size_t{2} << 30U;
    if ((layout.n_members - unfinished.n_run) * layout.member_bytes > most_bytes) {
        throw FileError(whole, "cannot be shown", "too many of its members have not run yet",
                        "let it run on with --resume");
    }
    output::ResultsWriter file(options.file, options.overwrite);
    const ClosedBlocks blocks(layout, std::move(found.whole),
                              [&](std::size_t block) { return not_run(study, layout, block); });
    (void)assemble(study, layout, blocks, file, options.threads);
    return unfinished;
}

} // namespace osteoflare::scenarios
