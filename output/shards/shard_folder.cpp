#include "output/shards/shard_folder.hpp"

#include "output/seal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

namespace osteoflare::output {
namespace fs = std::filesystem;
namespace {

FileError busy(const fs::path& folder)
{
    return FileError(folder, "is in use", "another run is computing or merging these shards",
                     "wait for it to end or choose another name with -o");
}

FileError unusable(const fs::path& folder, const std::string& why)
{
    return FileError(folder, "cannot be used", why, "choose another name with -o");
}

/// The number in "00000003.shard".
std::optional<std::uint64_t> shard_number(const fs::path& path)
{
    const std::string stem = path.stem().string();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
    const bool whole = error == std::errc() && end == stem.data() + stem.size() && stem.size() >= 8;
    return whole && path.extension() == ".shard" ? std::optional(number) : std::nullopt;
}

/// Of a folder that is not there: none. One that cannot be looked at is not taken for an empty one, which may go.
std::vector<fs::path> entries(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        found.push_back(entry->path());
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        throw FileError(folder, "cannot be looked at", error.message(), "check the disk and its permissions");
    }
    std::ranges::sort(found);
    return found;
}

std::string sealed(std::string_view study)
{
    const Digest digest = checksum(study);
    return std::string(study) + seal_line(std::span(&digest, 1));
}

std::string read_all(const fs::path& path, int descriptor)
{
    std::string text(static_cast<std::size_t>(file_size(descriptor).value_or(0)), '\0');
    if (!read_at(descriptor, 0, std::as_writable_bytes(std::span(text)))) {
        throw FileError(path, "cannot be read", system_reason(errno), "check the disk, then run again");
    }
    return text;
}

/// Opens the folder's `study` and locks it.
Descriptor take(const fs::path& folder, int flags)
{
    Descriptor file(::open((folder / "study").c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | flags, 0666));
    if (file.number() < 0) {
        throw unusable(folder, (folder / "study").string() + ": " + system_reason(errno));
    }
    struct stat status {};
    // Whoever has removed it meanwhile makes the folder anew.
    if (!lock(file.number()) || (::fstat(file.number(), &status) == 0 && status.st_nlink == 0)) {
        throw busy(folder);
    }
    return file;
}

/// Whether nothing is in a folder but what we put there: what a person keeps in it is never removed.
bool is_ours(const fs::path& folder)
{
    return std::ranges::all_of(entries(folder), [](const fs::path& entry) {
        return fs::is_directory(entry)
                   ? is_ours(entry)
                   : entry.filename() == "study" || entry.extension() == ".part" || shard_number(entry).has_value();
    });
}

/// Whether there are closed shards, here or in a folder below.
bool holds_shards(const fs::path& folder)
{
    return std::ranges::any_of(entries(folder), [](const fs::path& entry) {
        return shard_number(entry).has_value() || (fs::is_directory(entry) && holds_shards(entry));
    });
}

/// Throws if somebody is at work in the folder or in one below it, or if it is no folder of shards. Nobody begins to as
/// long as what is returned lives.
[[nodiscard]] std::vector<Descriptor> keep_idle(const fs::path& folder)
{
    if (!fs::is_directory(folder)) {
        throw unusable(folder, "there is something else of that name");
    }
    if (!is_ours(folder)) {
        throw unusable(folder, "it holds other things than shards");
    }
    auto folders = folders_below(folder);
    folders.push_back(folder);
    std::vector<Descriptor> locks;
    for (const fs::path& one : folders) {
        if (fs::exists(one / "study")) {
            locks.push_back(take(one, 0));
        }
    }
    return locks;
}

} // namespace

std::vector<fs::path> folders_below(const fs::path& folder)
{
    std::vector<fs::path> found;
    for (const fs::path& entry : entries(folder)) {
        if (fs::is_directory(entry)) {
            found.push_back(entry);
        }
    }
    return found;
}

void clear_shards(const fs::path& folder, bool replace)
{
    if (!fs::exists(folder)) {
        return;
    }
    const auto locks = keep_idle(folder);
    if (!replace && holds_shards(folder) && !fs::exists(folder / "study")) {
        throw FileError(folder, "exists already", "it holds parts of a sweep",
                        "put them together with osteoflare merge, or start afresh with --force");
    }
    if (!replace && holds_shards(folder)) {
        throw FileError(folder, "exists already", "a run that was interrupted left finished shards in it",
                        "continue it with --resume, or start afresh with --force");
    }
    remove_shards(folder);
}

void remove_shards(const fs::path& folder)
{
    std::error_code error;
    fs::remove_all(folder, error);
    if (error) {
        throw FileError(folder, "cannot be removed", error.message(), "remove it by hand");
    }
}

void drop_shards(const fs::path& folder, const std::function<void(const std::string&)>& remark)
{
    try {
        remove_shards(folder);
    } catch (const FileError& error) {
        if (remark) {
            remark(error.what());
        }
    }
}

ShardFolder::ShardFolder(fs::path path, std::string_view study, Existing existing)
    : path_(std::move(path)), study_(study)
{
    std::error_code error;
    if (existing == Existing::resume && fs::exists(path_)) {
        (void)keep_idle(path_);
    } else {
        clear_shards(path_, existing == Existing::replace);
    }
    fs::create_directories(path_, error);
    if (error) {
        throw unusable(path_, error.message());
    }
    if (!folders_below(path_).empty()) {
        throw FileError(path_, "cannot be continued", "it holds parts of a sweep",
                        "compute them with --part and put them together with osteoflare merge, or start afresh with "
                        "--force");
    }
    lock_ = take(path_, O_CREAT);
    const bool is_new = shards().empty(); // what stands there without shards protects nothing
    if (is_new) {
        mend_study();
    } else if (check_seal(lock_.number()) != Seal::intact) {
        damaged_study_ = path_ / "study";
    } else if (read_all(path_ / "study", lock_.number()) != sealed(study_)) {
        throw FileError(path_, "cannot be continued",
                        "its shards belong to another study: scenario, changes, library or program differ",
                        "choose another name with -o, or start afresh with --force");
    }
    for (const fs::path& entry : entries(path_)) {
        if (entry.extension() == ".part") {
            fs::remove(entry, error);
        }
    }
}

ShardFolder::ShardFolder(fs::path path) : path_(std::move(path)), lock_(take(path_, 0))
{
    if (check_seal(lock_.number()) != Seal::intact) {
        throw FileError(path_ / "study", "is damaged", "its checksum does not match",
                        "compute one of its parts again with --resume, which mends it");
    }
    study_ = read_all(path_ / "study", lock_.number());
    study_.resize(study_.rfind('\n', study_.size() - 2)); // the seal is the last line
}

void ShardFolder::mend_study()
{
    const std::string text = sealed(study_);
    if (::ftruncate(lock_.number(), 0) != 0 || !write_at(lock_.number(), 0, std::as_bytes(std::span(text)))
        || ::fsync(lock_.number()) != 0) {
        const std::string reason = system_reason(errno);
        throw FileError(path_ / "study", "cannot be written", reason, write_advice(reason));
    }
    damaged_study_.reset();
}

std::map<std::uint64_t, fs::path> ShardFolder::shards() const
{
    std::map<std::uint64_t, fs::path> found;
    for (const fs::path& entry : entries(path_)) {
        if (const auto number = shard_number(entry)) {
            found[*number] = entry;
        }
    }
    return found;
}

} // namespace osteoflare::output
