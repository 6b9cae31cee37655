#include "scenarios/dosing/prescription.hpp"
#include "scenarios/reading/library_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios::dosing {
namespace {

/// The keys of a regimen that hold numbers.
const std::vector<std::string> numbers = {"dose",     "at_most",  "every",  "doses",
                                          "duration", "infusion", "cycles", "taper"};

std::vector<Source> read_sources(TomlTable table)
{
    std::vector<Source> sources;
    for (const auto& [key, value] : table.entries()) {
        TomlTable entry = value.table();
        Source source{key, entry.require("from").text(), ""};
        const TomlValue grade = entry.require("grade");
        source.grade = grade.text();
        if (std::ranges::find(grades, source.grade) == grades.end()) {
            grade.fail({fmt::format("unknown grade '{}'", source.grade), "it says how firmly a number is known",
                        suggest_name(source.grade, grades, "")});
        }
        entry.done();
        sources.push_back(std::move(source));
    }
    return sources;
}

Regimen read_regimen(const std::string& name, TomlTable table)
{
    Regimen regimen;
    regimen.name = name;
    regimen.place = table.place();
    regimen.title = table.text("title").value_or(name);
    Prescription base;
    base.drug = table.require("drug").text();
    regimen.prescription = read_prescription(table, std::move(base), nullptr);
    if (const auto until = table.find("until")) {
        until->fail({"a regimen with an end of its own", "it does not know when it begins", "give a duration"});
    }
    for (const char* key : {"dose", "route"}) {
        (void)table.require(key);
    }
    regimen.sources = read_sources(table.require("sources").table());
    for (const std::string& key : numbers) {
        const bool has_source = std::ranges::find(regimen.sources, key, &Source::key) != regimen.sources.end();
        if (const auto value = table.find(key); value && !has_source) {
            value->fail({fmt::format("'{}' has no source", value->path()), "every number says where it comes from",
                         fmt::format("add sources.{} = {{ from = \"…\", grade = \"…\" }}", key)});
        } else if (!value && has_source) {
            table.fail({fmt::format("a source for '{}'", key), "the regimen has no such number", "remove it"});
        }
    }
    table.done();
    return regimen;
}

} // namespace

std::vector<Regimen> parse_regimens(const std::string& text, const std::string& file)
{
    const toml::table parsed = parse_toml(text, file);
    TomlTable root(parsed, file, "", "a file of regimens");
    std::vector<Regimen> regimens;
    for (const auto& [name, value] : root.require("regimen").table().entries()) {
        regimens.push_back(read_regimen(name, value.table()));
    }
    root.done();
    return regimens;
}

std::vector<Regimen> read_regimens(const std::filesystem::path& file)
{
    return parse_regimens(read_text(file), file.string());
}

std::filesystem::path regimens_of(const std::filesystem::path& library_folder)
{
    return library_folder / "treatments" / "patient_regimens.toml";
}

} // namespace osteoflare::scenarios::dosing
