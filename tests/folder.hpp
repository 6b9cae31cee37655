#pragma once

#include "catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace osteoflare::tests {

/// A folder of its own for one test, gone after it.
struct Folder {
    std::filesystem::path path;
    Folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "osteoflare-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

} // namespace osteoflare::tests
