#pragma once

#include <filesystem>

namespace osteoflare::cli {

/// While this lives, Ctrl-C and a request to terminate end the program at once, with 128 plus the signal's number and a
/// line that says what is left and how to go on with it. Closed shards stay as they are.
class Interruptible {
public:
    /// `leaves_shards`: whether finished work stands in the results file's folder of shards.
    Interruptible(const std::filesystem::path& file, bool leaves_shards);
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;
};

} // namespace osteoflare::cli
