#pragma once

#include "output/file_error.hpp"

#include <string>

namespace osteoflare::output {

/// What gnuplot prints when it runs `script`, as a child process without a shell and without the user's settings.
/// Throws FileError if gnuplot is missing or fails.
std::string run_gnuplot(const std::string& script);

} // namespace osteoflare::output
