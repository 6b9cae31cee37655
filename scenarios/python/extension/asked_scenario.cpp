#include "scenarios/python/extension/asked_scenario.hpp"

#include "scenarios/reading/library_tables.hpp"

#include <utility>

namespace osteoflare::python {

scenarios::Library library_at(const std::filesystem::path& folder)
{
    return scenarios::read_library(folder.empty() ? scenarios::library_folder() : folder);
}

AskedScenario ask(const std::string& source, bool is_text, const std::filesystem::path& library)
{
    const scenarios::Library known = library_at(library);
    AskedScenario asked;
    asked.library = library;
    asked.name = source;
    if (is_text) {
        asked.text = source;
        asked.name = asked.file = "scenario.toml";
    } else {
        const auto file = scenarios::find_scenario(source, known);
        if (!file) {
            throw scenarios::InputError({"from_toml", 1, 1}, scenarios::unknown_scenario(source, known));
        }
        asked.file = file->string();
        asked.text = scenarios::read_text(*file);
    }
    asked.scenario = scenarios::parse_scenario(asked.text, asked.file, known);
    return asked;
}

AskedScenario ask_again(const AskedScenario& asked, scenarios::Overrides overrides)
{
    AskedScenario again;
    again.library = asked.library;
    again.name = asked.name;
    again.text = asked.text;
    again.file = asked.file;
    again.scenario = scenarios::parse_scenario(asked.text, asked.file, library_at(asked.library), overrides);
    again.overrides = std::move(overrides);
    return again;
}

} // namespace osteoflare::python
