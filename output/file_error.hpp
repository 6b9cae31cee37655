#pragma once

#include "output/text.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>

namespace osteoflare::output {

/// A file that cannot be read or written. The text reads `<file>: <what> (<why>); <suggestion>`.
struct FileError : std::runtime_error {
    using std::runtime_error::runtime_error;

    FileError(const std::filesystem::path& file, const std::string& what, const std::string& why,
              const std::string& suggestion)
        : std::runtime_error(printable(file.string() + ": " + what + " (" + why + "); " + suggestion))
    {
    }
};

} // namespace osteoflare::output
