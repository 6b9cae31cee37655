#pragma once

#include <filesystem>
#include <optional>

namespace osteoflare::cli {

/// While this lives, Ctrl-C and a request to terminate end the program at once, with 128 plus the signal's number and a
/// line that says what is left and how to go on with it.
class Interruptible {
public:
    /// `left`: where finished work stands, if anywhere.
    Interruptible(const std::filesystem::path& file, const std::optional<std::filesystem::path>& left);
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;
};

} // namespace osteoflare::cli
