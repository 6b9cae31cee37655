#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace osteoflare::output {

/// SHA-256 of a text, as 64 hexadecimal digits.
std::string sha256(std::string_view text);

/// Name and version of each library that takes part in the numbers or the file.
struct LibraryVersion {
    std::string name, version;
};

/// The libraries that `output` itself uses.
std::vector<LibraryVersion> output_libraries();

} // namespace osteoflare::output
