#pragma once

#include "output/descriptor.hpp"
#include "output/file_error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace osteoflare::output {

/// What to do about shards of an earlier run.
enum class Existing { refuse, resume, replace };

/// The folder in which a run leaves its shards, with a text `study`, sealed as results are, that says what they belong
/// to. The folder is locked as long as this object lives. Every failure is a FileError.
class ShardFolder {
public:
    /// Makes the folder, and those above it, or takes over what an earlier run left. Refused: a folder in which another
    /// run is at work; closed shards, unless `existing` says what to do with them; and, to go on from, a folder with
    /// another `study`. Shards that were not closed are removed. A damaged `study` is no reason to refuse shards, which
    /// say themselves what they belong to; it stays as it is until `mend_study`.
    ShardFolder(std::filesystem::path path, std::string_view study, Existing existing);
    ShardFolder(ShardFolder&&) noexcept = default;

    /// Opens and locks a folder that must exist, to read what is in it. Refused if its `study` is damaged.
    explicit ShardFolder(std::filesystem::path path);

    const std::filesystem::path& path() const { return path_; }
    /// What the shards belong to.
    const std::string& study() const { return study_; }
    /// The file `study`, if it is damaged.
    const std::optional<std::filesystem::path>& damaged_study() const { return damaged_study_; }
    /// Writes `study` anew. Only for whoever has seen that the shards are its own.
    void mend_study();
    /// The closed shards that are there, by the number in their name.
    std::map<std::uint64_t, std::filesystem::path> shards() const;

private:
    std::filesystem::path path_;
    std::string study_;
    std::optional<std::filesystem::path> damaged_study_;
    Descriptor lock_;
};

/// Makes way for new shards: removes a folder of shards, if there is one. Refused as above, if somebody is at work in
/// it or in a folder below it, or if it holds closed shards and `replace` is false.
void clear_shards(const std::filesystem::path& folder, bool replace);
/// Removes a folder of shards and those below it; locks on them end with their owners. Throws FileError.
void remove_shards(const std::filesystem::path& folder);
/// The same when the results are complete: what cannot be removed is no failure, and `remark` is told.
void drop_shards(const std::filesystem::path& folder, const std::function<void(const std::string&)>& remark);
/// Folders below this one that hold shards of their own, in alphabetic order.
std::vector<std::filesystem::path> folders_below(const std::filesystem::path& folder);

} // namespace osteoflare::output
