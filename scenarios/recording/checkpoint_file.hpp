#pragma once

#include "output/checksum.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

/// The state of a long computation in a file beside its results, from which a killed one goes on.
namespace osteoflare::scenarios {

/// FILE.checkpoint.
std::filesystem::path checkpoint_of(const std::filesystem::path& results);

/// Whether a computation goes on from a checkpoint: there is one, and it is to be resumed. Removes what a writer that
/// was killed left of another. Throws output::FileError if there is one that nobody asked to resume or to overwrite.
bool goes_on_from(const std::filesystem::path& checkpoint, bool resume, bool overwrite);

/// Replaces the checkpoint, whole or not at all. `study` says what the state belongs to. Throws output::FileError.
void write_checkpoint(const std::filesystem::path& path, const output::Digest& study, std::span<const std::byte> state);

/// The state that was written. Throws output::FileError for a file that cannot be read, is damaged or of another study.
std::vector<std::byte> read_checkpoint(const std::filesystem::path& path, const output::Digest& study);

/// Says that a checkpoint is damaged: its checksum fits, its content does not.
[[noreturn]] void refuse_checkpoint(const std::filesystem::path& path, const std::string& why);

} // namespace osteoflare::scenarios
