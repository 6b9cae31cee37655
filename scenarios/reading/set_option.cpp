#include "scenarios/reading/set_option.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

const std::string option = "--set";

std::string trimmed(std::string text)
{
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

} // namespace

SetOption::SetOption(const std::string& written)
{
    const std::size_t equals = written.find('=');
    name_ = trimmed(written.substr(0, equals));
    text_ = equals == std::string::npos ? "" : trimmed(written.substr(equals + 1));
    if (name_.empty() || text_.empty() || text_.find_first_of("'\n") != std::string::npos) {
        throw InputError({option, 1, 1},
                         {fmt::format("'{}' is no assignment", written), "a name and a value are needed",
                          "write for example --set il10_competence=0.8"});
    }
    const bool bare = name_.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    table_ = parse_toml(fmt::format("{}='{}'", bare ? name_ : "unknown", text_), option);
}

TomlValue SetOption::value() const
{
    return TomlTable(table_, option).entries().front().second;
}

} // namespace osteoflare::scenarios
