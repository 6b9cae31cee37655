#pragma once

#include "scenarios/reading/library.hpp"

namespace osteoflare::tests {

/// The library of this source folder, or the one that the environment names: read once.
inline const scenarios::Library& library()
{
    static const scenarios::Library read = scenarios::read_library(scenarios::library_folder());
    return read;
}

} // namespace osteoflare::tests
