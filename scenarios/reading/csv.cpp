#include "scenarios/reading/csv.hpp"

#include "output/text.hpp"

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

constexpr std::size_t most_cells = 2'000'000; // of a table: a quarter of a gigabyte of them

/// `room` is how many cells there may still be.
std::vector<Cell> cells_of(const std::string& line, const Place& at, std::size_t room)
{
    std::vector<Cell> cells;
    std::size_t i = 0;
    while (true) {
        Cell cell{"", {at.file, at.line, i + 1}};
        if (cells.size() == room) {
            cell.fail({"the table is too large", "there is room for 2 million cells", "keep of it what is needed"});
        }
        const auto first = std::min(line.find_first_not_of(" \t", i), line.size());
        if (first < line.size() && line[first] == '"') {
            for (i = first + 1; i < line.size() && (line[i] != '"' || line.substr(i, 2) == "\"\""); ++i) {
                cell.text += line[i];
                i += line[i] == '"' ? 1U : 0U;
            }
            if (i >= line.size()) {
                cell.fail({"a quote is not closed", "the cell has no end", "close it on the same line"});
            }
            i = line.find_first_not_of(" \t\r", i + 1);
            if (i != std::string::npos && line[i] != ',') {
                cell.fail({"text after a closing quote", "a cell in quotes ends there",
                           "put the whole cell in quotes, and write a quote within twice"});
            }
        } else {
            const auto comma = line.find(',', i);
            cell.text = trimmed(line.substr(i, comma == std::string::npos ? comma : comma - i));
            i = comma;
        }
        cells.push_back(std::move(cell));
        if (i == std::string::npos || i >= line.size()) {
            return cells;
        }
        ++i;
    }
}

void check_text(std::string line, const Place& place)
{
    std::ranges::replace_if(
        line, [](char c) { return c == '\r' || c == '\t'; }, ' ');
    if (line != output::printable(line)) {
        throw InputError(place, {"this line is no text", "it is not UTF-8, or holds a control character",
                                 "save the table as UTF-8"});
    }
}

} // namespace

std::string trimmed(const std::string& text)
{
    const char* blank = " \t\r";
    const auto first = text.find_first_not_of(blank);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::vector<std::vector<Cell>> read_cells(const std::string& text, const std::string& file)
{
    std::vector<std::vector<Cell>> lines;
    std::size_t line_number = 0, room = most_cells;
    const std::size_t begin = text.starts_with("\xEF\xBB\xBF") ? 3 : 0; // a mark that some programs put first
    for (std::size_t from = begin; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        const std::string line = text.substr(from, end - from);
        from = end + 1;
        ++line_number;
        check_text(line, {file, line_number, 1});
        if (!trimmed(line).empty() && line.front() != '#') {
            lines.push_back(cells_of(line, {file, line_number, 1}, room));
            room -= lines.back().size();
        }
    }
    return lines;
}

} // namespace osteoflare::scenarios
