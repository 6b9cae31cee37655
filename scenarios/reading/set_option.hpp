#pragma once

#include "scenarios/reading/toml_table.hpp"

namespace osteoflare::scenarios {

/// "il10_competence = 0.8", as the command line takes it with --set.
class SetOption {
public:
    /// Throws InputError, at the option, unless there are a name and a value.
    explicit SetOption(const std::string& written);

    const std::string& name() const { return name_; }
    /// As it is written, without spaces around it: "0.8".
    const std::string& text() const { return text_; }
    /// The value, to be read as one in a file is. Lives as long as the option.
    TomlValue value() const;

private:
    std::string name_, text_;
    toml::table table_;
};

} // namespace osteoflare::scenarios
