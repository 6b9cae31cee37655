#pragma once

#include "scenarios/scenario.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace osteoflare::python {

/// A scenario as Python holds it: what was asked for, so that it can be asked for again with other changes, and what
/// that came to. Never changes.
struct AskedScenario {
    std::filesystem::path library; ///< its folder
    std::string name;              ///< as which it was asked for: a name, a path, or that of a text
    std::string text, file;        ///< as it was read; `file` is used in messages
    scenarios::Overrides overrides;
    scenarios::Scenario scenario;
};

/// The library's folder: this one, or where the program finds it.
scenarios::Library library_at(const std::filesystem::path& folder);

/// Reads a file, a name in the library, or a text. Throws scenarios::InputError or output::FileError.
AskedScenario ask(const std::string& source, bool is_text, const std::filesystem::path& library);
/// The same text with these changes instead.
AskedScenario ask_again(const AskedScenario& asked, scenarios::Overrides overrides);

} // namespace osteoflare::python
