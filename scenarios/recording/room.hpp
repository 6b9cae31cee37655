#pragma once

#include "scenarios/reading/input_error.hpp"

#include <filesystem>
#include <string>

/// Whether there is room for what is asked, before any of it is taken.
namespace osteoflare::scenarios {

/// Throws InputError if `bytes` are more than this process can have; `sum` says in words how they come about.
void require_memory(double bytes, const std::string& sum, const Place& place, const std::string& suggestion);

/// Throws output::FileError if `bytes` are more than what is free on the disk of `file`, likewise.
void require_disk(double bytes, const std::string& sum, const std::filesystem::path& file,
                  const std::string& suggestion);

} // namespace osteoflare::scenarios
