#pragma once

#include "scenarios/reading/input_error.hpp"

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// TOML with good manners: every key is asked for by name, what was not asked for is unknown, and every complaint knows
/// its line and column.
namespace osteoflare::scenarios {

/// Parses text; throws InputError at the place of a syntax error.
toml::table parse_toml(const std::string& text, const std::string& file);

/// A value that stands somewhere in a file.
class TomlValue {
public:
    TomlValue(const toml::node& node, std::string file, std::string path);

    /// Without control characters but tabs and line breaks.
    std::string text() const;
    /// A text that can be part of a name in results: without control characters and slashes.
    std::string name() const;
    bool boolean() const;
    std::int64_t whole_number(std::int64_t low, std::int64_t high) const;
    /// A number in `own_unit`, or a text with a unit.
    double quantity(std::string_view own_unit) const;
    std::vector<TomlValue> list() const;
    bool is_table() const { return node_->is_table(); }
    bool is_list() const { return node_->is_array(); }
    bool is_text() const { return node_->is_string(); }
    class TomlTable table() const;

    Place place() const;
    const std::string& path() const { return path_; }
    [[noreturn]] void fail(const Problem& problem) const;

private:
    const toml::node* node_;
    std::string file_, path_;
};

/// A table that is being read.
class TomlTable {
public:
    /// `whole` is what the table is when it has no path, for complaints.
    TomlTable(const toml::table& table, std::string file, std::string path = "", std::string whole = "a scenario");

    std::optional<TomlValue> find(std::string_view key);
    TomlValue require(std::string_view key);
    std::optional<std::string> text(std::string_view key);
    std::optional<std::string> name(std::string_view key);
    /// The tables of an array of tables, or none.
    std::vector<TomlTable> tables(std::string_view key);
    /// All keys, in the order of the file, each counted as asked for.
    std::vector<std::pair<std::string, TomlValue>> entries();

    /// Reads the key `format` of a file, which may be absent; complains about one that only a later Osteoflare knows.
    void check_format();
    /// Complains about the first key that nobody asked for.
    void done() const;

    Place place() const;
    Place place_of(std::string_view key) const;
    [[noreturn]] void fail(const Problem& problem) const;

private:
    std::string path_of(std::string_view key) const;

    const toml::table* table_;
    std::string file_, path_, whole_;
    std::vector<std::string> asked_;
};

} // namespace osteoflare::scenarios
