#pragma once

#include <filesystem>

namespace osteoflare::output {

/// Bytes of memory that this process can still have: what the machine has free, or less where the process or its group
/// (a container, a batch system's job) may have less. Infinite where nobody says.
double free_memory();

/// Bytes free on the disk of a folder, or of the nearest one above it that exists. Infinite where nobody says.
double free_disk(const std::filesystem::path& folder);

} // namespace osteoflare::output
