#include "output/shards/shard_folder.hpp"
#include "scenarios/recording/assemble.hpp"
#include "scenarios/recording/identity.hpp"
#include "solvers/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
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

/// The only shard of every block; refuses what is foreign, damaged, there twice, or missing.
std::map<std::uint64_t, fs::path> only_shards(const fs::path& whole, const std::list<ShardFolder>& folders,
                                              const Layout& layout, std::size_t threads)
{
    std::vector<std::pair<std::uint64_t, fs::path>> found;
    for (const ShardFolder& folder : folders) {
        for (const auto& shard : folder.shards()) {
            found.push_back(shard);
        }
    }
    std::ranges::stable_sort(found, {}, [](const auto& shard) { return shard.first; });
    std::vector<std::optional<output::ShardProblem>> problems(found.size());
    solvers::for_each_member(found.size(), threads, [&](std::size_t i) {
        problems[i] = output::check_shard(found[i].second, layout.header(found[i].first));
    });
    std::vector<std::string> foreign, damaged, doubled, missing;
    std::map<std::uint64_t, fs::path> shards;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto& [block, path] = found[i];
        if (problems[i]) {
            auto& list = problems[i]->foreign ? foreign : damaged;
            list.push_back(fmt::format("{}, {}", path.string(), problems[i]->why));
        } else if (const auto [first, is_new] = shards.emplace(block, path); !is_new) {
            doubled.push_back(fmt::format("{} and {}", first->second.string(), path.string()));
        }
    }
    for (std::size_t block = 0; block < layout.n_blocks; ++block) {
        if (!shards.contains(block)) {
            missing.push_back(fmt::format("{} (members {} to {})", output::shard_name(block), layout.first(block),
                                          layout.last(block) - 1));
        }
    }
    refuse(whole, "foreign", foreign, "move them away, or merge with the program and library that made them");
    refuse(whole, "damaged", damaged, "compute their parts again with --resume, which keeps the shards that are whole");
    refuse(whole, "there twice", doubled, "remove the parts that do not belong to this division");
    refuse(whole, "missing", missing, "compute their parts, with --resume where they were interrupted");
    return shards;
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
    std::list<ShardFolder> folders; // locked: nobody computes in them meanwhile
    for (const fs::path& folder : folders_of(whole)) {
        folders.emplace_back(folder);
    }
    const auto shards = only_shards(whole, folders, layout, options.threads);
    const Outcomes outcomes = assemble(study, layout, ClosedBlocks(layout, shards), file, options.threads);
    output::remove_shards(whole);
    return outcomes;
}

} // namespace osteoflare::scenarios
