#pragma once

#include <string_view>

/// What this build is made of; the values are filled in by CMake.
namespace osteoflare::build {

extern const std::string_view version, commit, compiler, instruction_set;
extern const std::string_view model_hash; ///< SHA-256 over the sources of model/
extern const bool dirty;                  ///< the sources differed from the commit

} // namespace osteoflare::build
