#include "scenarios/reading/toml_table.hpp"

#include "output/text.hpp"
#include "scenarios/reading/toml_depth.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace osteoflare::scenarios {
namespace {

Place place_at(const toml::source_region& source, const std::string& file)
{
    return {file, std::max<std::size_t>(source.begin.line, 1), std::max<std::size_t>(source.begin.column, 1)};
}

std::string kind_of(const toml::node& node)
{
    switch (node.type()) {
    case toml::node_type::string: return "a text";
    case toml::node_type::integer:
    case toml::node_type::floating_point: return "a number";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::array: return "a list";
    case toml::node_type::table: return "a table";
    default: return "a date or time";
    }
}

} // namespace

toml::table parse_toml(const std::string& text, const std::string& file)
{
    if (DeepKey key; find_deep_key(text, key)) {
        throw InputError({file, key.line, key.column},
                         {fmt::format("a key with more than {} parts", most_key_parts),
                          "each dot is a table in a table", "no key here needs more than four"});
    }
    try {
        return toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        throw InputError(place_at(error.source(), file),
                         {"this is not TOML", std::string(error.description()),
                          "texts need quotes, lists square brackets, and a key may stand once"});
    }
}

TomlValue::TomlValue(const toml::node& node, std::string file, std::string path)
    : node_(&node), file_(std::move(file)), path_(std::move(path))
{
}

Place TomlValue::place() const
{
    return place_at(node_->source(), file_);
}

void TomlValue::fail(const Problem& problem) const
{
    throw InputError(place(), problem);
}

std::string TomlValue::text() const
{
    const auto* value = node_->as_string();
    if (!value) {
        fail({fmt::format("'{}' is {}", path_, kind_of(*node_)), "a text is needed", "put it in quotes"});
    }
    std::string line = value->get();
    std::ranges::replace_if(
        line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    if (line != output::printable(line)) {
        fail({fmt::format("'{}' holds a control character", path_),
              "terminals would obey it, and results cannot hold each of them", "remove it"});
    }
    return value->get();
}

std::string TomlValue::name() const
{
    std::string name = text();
    if (name.empty() || name != output::printable(name) || name.find('/') != std::string::npos) {
        fail({fmt::format("'{}' is no name: '{}'", path_, name),
              "names in results have letters, and no slash or control character", "choose another"});
    }
    return name;
}

bool TomlValue::boolean() const
{
    if (const auto* value = node_->as_boolean()) {
        return value->get();
    }
    fail({fmt::format("'{}' is {}", path_, kind_of(*node_)), "true or false is needed", "write it without quotes"});
}

std::int64_t TomlValue::whole_number(std::int64_t low, std::int64_t high) const
{
    const auto* value = node_->as_integer();
    if (!value) {
        fail({fmt::format("'{}' is {}", path_, kind_of(*node_)), "a whole number is needed",
              "write it without quotes and without a point"});
    }
    if (value->get() < low || value->get() > high) {
        fail({fmt::format("'{}' is {}", path_, value->get()), fmt::format("it must lie from {} to {}", low, high),
              "choose a number within"});
    }
    return value->get();
}

double TomlValue::quantity(std::string_view own_unit) const
{
    if (const auto number = node_->is_number() ? node_->value<double>() : std::nullopt) {
        if (!std::isfinite(*number)) {
            fail({fmt::format("'{}' is not a finite number", path_), "nothing can be computed with it",
                  "give a number"});
        }
        return *number;
    }
    if (!node_->is_string()) {
        fail({fmt::format("'{}' is {}", path_, kind_of(*node_)), "a number or a text with a unit is needed",
              fmt::format("write for example {} = \"1 {}\"", path_, own_unit)});
    }
    try {
        return parse_quantity(text(), own_unit);
    } catch (const UnitError& error) {
        fail({fmt::format("'{}': {}", path_, error.problem.what), error.problem.why, error.problem.suggestion});
    }
}

std::vector<TomlValue> TomlValue::list() const
{
    const auto* array = node_->as_array();
    if (!array) {
        fail({fmt::format("'{}' is {}", path_, kind_of(*node_)), "a list is needed", "put it in square brackets"});
    }
    std::vector<TomlValue> values;
    for (const toml::node& node : *array) {
        values.emplace_back(node, file_, path_);
    }
    return values;
}

TomlTable TomlValue::table() const
{
    if (const auto* table = node_->as_table()) {
        return {*table, file_, path_};
    }
    fail({fmt::format("'{}' is {}", path_, kind_of(*node_)), "a table is needed",
          fmt::format("write [{}] or {} = {{ … }}", path_, path_)});
}

TomlTable::TomlTable(const toml::table& table, std::string file, std::string path, std::string whole)
    : table_(&table), file_(std::move(file)), path_(std::move(path)), whole_(std::move(whole))
{
}

std::string TomlTable::path_of(std::string_view key) const
{
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

Place TomlTable::place() const
{
    return place_at(table_->source(), file_);
}

Place TomlTable::place_of(std::string_view key) const
{
    for (const auto& [name, node] : *table_) {
        if (name.str() == key) {
            return place_at(name.source(), file_);
        }
    }
    return place();
}

void TomlTable::fail(const Problem& problem) const
{
    throw InputError(place(), problem);
}

std::optional<TomlValue> TomlTable::find(std::string_view key)
{
    asked_.emplace_back(key);
    const toml::node* node = table_->get(key);
    return node ? std::optional(TomlValue(*node, file_, path_of(key))) : std::nullopt;
}

TomlValue TomlTable::require(std::string_view key)
{
    if (auto value = find(key)) {
        return *value;
    }
    fail({fmt::format("'{}' is missing", path_of(key)), "nothing can be assumed for it", "add it"});
}

std::optional<std::string> TomlTable::text(std::string_view key)
{
    const auto value = find(key);
    return value ? std::optional(value->text()) : std::nullopt;
}

std::optional<std::string> TomlTable::name(std::string_view key)
{
    const auto value = find(key);
    return value ? std::optional(value->name()) : std::nullopt;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key)
{
    std::vector<TomlTable> result;
    if (const auto value = find(key)) {
        for (const TomlValue& item : value->list()) {
            result.push_back(item.table());
        }
    }
    return result;
}

std::vector<std::pair<std::string, TomlValue>> TomlTable::entries()
{
    // toml++ sorts keys; people mean the order in which they wrote.
    struct Entry {
        std::pair<std::size_t, std::size_t> place;
        std::string_view key;
        const toml::node* node;
    };
    std::vector<Entry> entries;
    for (const auto& [key, node] : *table_) {
        if (key.str() != output::printable(key.str())) {
            throw InputError(place_at(key.source(), file_), {fmt::format("a key '{}'", path_of(key.str())),
                                                             "there is a control character in it", "remove it"});
        }
        entries.push_back({{key.source().begin.line, key.source().begin.column}, key.str(), &node});
    }
    std::ranges::sort(entries, {}, &Entry::place);
    std::vector<std::pair<std::string, TomlValue>> result;
    for (const Entry& entry : entries) {
        asked_.emplace_back(entry.key);
        result.emplace_back(entry.key, TomlValue(*entry.node, file_, path_of(entry.key)));
    }
    return result;
}

void TomlTable::check_format()
{
    constexpr std::int64_t known = 1;
    const auto format = find("format");
    if (format && format->whole_number(1, INT64_MAX) > known) {
        format->fail({fmt::format("{} of format {}", whole_, format->whole_number(1, INT64_MAX)),
                      fmt::format("this Osteoflare knows formats up to {}", known), "update Osteoflare"});
    }
}

void TomlTable::done() const
{
    for (const auto& [key, node] : *table_) {
        if (std::ranges::find(asked_, key.str()) == asked_.end()) {
            throw InputError(place_at(key.source(), file_), {fmt::format("unknown key '{}'", path_of(key.str())),
                                                             path_.empty() ? fmt::format("{} has no such key", whole_)
                                                                           : fmt::format("[{}] has no such key", path_),
                                                             suggest_name(key.str(), asked_, "remove it")});
        }
    }
}

} // namespace osteoflare::scenarios
