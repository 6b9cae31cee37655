#pragma once

#include <string>
#include <utility>
#include <vector>

namespace osteoflare::solvers {

/// Name and version of each library that takes part in the numbers.
std::vector<std::pair<std::string, std::string>> libraries();

} // namespace osteoflare::solvers
