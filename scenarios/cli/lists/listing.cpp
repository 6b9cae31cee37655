#include "scenarios/cli/lists/listing.hpp"

#include "output/text.hpp"
#include "scenarios/cli/note.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace osteoflare::cli {
namespace {

void print_plain(const Listing& listing)
{
    std::vector<std::size_t> widths(listing.columns.size());
    for (std::size_t c = 0; c < widths.size(); ++c) {
        widths[c] = listing.columns[c].size();
        for (const auto& row : listing.rows) {
            widths[c] = std::max(widths[c], row[c].size());
        }
    }
    const auto print = [&](const std::vector<std::string>& row) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            line += c + 1 == row.size() ? row[c] : fmt::format("{:<{}}  ", row[c], widths[c]);
        }
        fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
    };
    print(listing.columns);
    for (const auto& row : listing.rows) {
        print(row);
    }
}

void print_markdown(const Listing& listing)
{
    fmt::print("| {} |\n|{}\n", fmt::join(listing.columns, " | "), [&] {
        std::string line;
        for (std::size_t c = 0; c < listing.columns.size(); ++c) {
            line += " --- |";
        }
        return line;
    }());
    for (auto row : listing.rows) {
        row[0] = fmt::format("`{}`", row[0]);
        fmt::print("| {} |\n", fmt::join(row, " | "));
    }
}

toml::table sources_of(const std::vector<scenarios::dosing::Source>& sources)
{
    toml::table all;
    for (const auto& source : sources) {
        all.insert(source.key, toml::table{{"from", source.from}, {"grade", source.grade}});
    }
    return all;
}

void print_json(const Listing& listing)
{
    toml::array rows;
    for (std::size_t r = 0; r < listing.rows.size(); ++r) {
        const auto& row = listing.rows[r];
        toml::table object;
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (std::ranges::find(listing.numbers, listing.columns[c]) != listing.numbers.end()) {
                object.insert(listing.columns[c], std::stod(row[c]));
            } else {
                object.insert(listing.columns[c], row[c]);
            }
        }
        if (!listing.sources.empty()) {
            object.insert("sources", sources_of(listing.sources[r]));
        }
        rows.push_back(object);
    }
    std::cout << toml::json_formatter{rows} << '\n';
}

} // namespace

void print(const Listing& listing, Form form)
{
    Listing in_lines = listing; // a row is a line, whatever its texts hold
    for (auto& row : in_lines.rows) {
        std::ranges::transform(row, row.begin(), output::printable);
    }
    switch (form) {
    case Form::plain: print_plain(in_lines); break;
    case Form::markdown: print_markdown(in_lines); break;
    case Form::json: print_json(listing); break;
    }
    if (listing.of_patients && form == Form::json) {
        note("{}\n", not_for_care);
    } else if (listing.of_patients) {
        fmt::print("\n{}\n", not_for_care);
    }
}

} // namespace osteoflare::cli
