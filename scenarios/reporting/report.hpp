#pragma once

#include "scenarios/reading/library.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// One HTML page that explains results files, and compares them if they are several: what happened in words, time
/// courses, where fluxes come from, the animals that were looked at, solver, scenario, parameters with their origins,
/// provenance. Everything it needs stands in it. Throws output::FileError for what is no results file.
std::string report(const std::vector<std::filesystem::path>& files, const Library& library);

} // namespace osteoflare::scenarios
