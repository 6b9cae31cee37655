#pragma once

#include "output/descriptor.hpp"
#include "output/file_error.hpp"

#include <filesystem>
#include <string_view>

namespace osteoflare::output {

/// The file PATH.part, which takes the name PATH once it is complete and vanishes otherwise.
///
/// It is locked as long as this object lives, so that a second run sees whether PATH.part is being written (an error)
/// or was left by a run that was killed (it is replaced). Every failure is a FileError.
class PartFile {
public:
    /// Creates PATH.part, empty. Throws before anything is created if `path` exists and `overwrite` is false, or is no
    /// regular file, or if its folder does not exist or takes no files.
    PartFile(std::filesystem::path path, bool overwrite);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    const std::filesystem::path& path() const { return path_; }
    const std::filesystem::path& part() const { return part_; }
    int descriptor() const { return descriptor_.number(); }

    /// Appends bytes at the descriptor's position.
    void append(std::string_view bytes);

    /// Waits until the content is on the disk.
    void sync() const;

    /// Syncs, then gives the file its name. If another file has taken the name since and
    /// `overwrite` is false, PATH.part stays, complete: hours of computing may be in it.
    void take_name();

private:
    std::filesystem::path path_, part_;
    bool overwrite_;
    bool unfinished_ = true;
    Descriptor descriptor_;
};

} // namespace osteoflare::output
