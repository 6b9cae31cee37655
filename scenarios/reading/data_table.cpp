#include "scenarios/reading/data_table.hpp"

#include "scenarios/reading/csv.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

enum class Column { experiment, group, time, since, observable, value, error, n, detection_limit };

const std::vector<std::pair<std::string, Column>>& known_columns()
{
    static const std::vector<std::pair<std::string, Column>> known = {
        {"experiment", Column::experiment},
        {"group", Column::group},
        {"animal", Column::group},
        {"time", Column::time},
        {"since", Column::since},
        {"observable", Column::observable},
        {"value", Column::value},
        {"error", Column::error},
        {"n", Column::n},
        {"detection_limit", Column::detection_limit},
    };
    return known;
}

/// What stands in which column, and the units of moments.
struct Header {
    std::vector<Column> columns;
    std::string time_unit, since_unit;
};

Header read_header(const std::vector<Cell>& cells)
{
    Header header;
    for (const Cell& cell : cells) {
        const auto bracket = std::min(cell.text.find('['), cell.text.size());
        const std::string name = trimmed(cell.text.substr(0, bracket));
        const auto found = std::ranges::find(known_columns(), name, &std::pair<std::string, Column>::first);
        if (found == known_columns().end()) {
            cell.fail(
                {fmt::format("unknown column '{}'", cell.text), "a data table has no such column",
                 suggest_name(name, keys_of(known_columns()),
                              "there are experiment, group or animal, time [UNIT], since [UNIT], observable, value, "
                              "error, n and detection_limit")});
        }
        if (std::ranges::find(header.columns, found->second) != header.columns.end()) {
            cell.fail({fmt::format("a second column '{}'", name), "once is enough", "remove one"});
        }
        header.columns.push_back(found->second);
        if (found->second == Column::time || found->second == Column::since) {
            const auto close = cell.text.find(']', bracket);
            if (close == std::string::npos) {
                cell.fail({"times without a unit", "days and weeks look alike",
                           fmt::format("write {} [d] in the header", name)});
            }
            std::string& unit = found->second == Column::time ? header.time_unit : header.since_unit;
            unit = trimmed(cell.text.substr(bracket + 1, close - bracket - 1));
            try {
                (void)parse_quantity("1 " + unit, "d");
            } catch (const UnitError& error) {
                cell.fail({fmt::format("times in '{}': {}", unit, error.problem.what), error.problem.why,
                           error.problem.suggestion});
            }
        } else if (bracket < cell.text.size()) {
            cell.fail({fmt::format("a unit for '{}'", name), "its unit depends on the observable",
                       "write it in the problem file, as unit = \"…\" of the observable"});
        }
    }
    for (const auto& [name, column] : known_columns()) {
        const bool needed = column == Column::experiment || column == Column::time || column == Column::observable
                            || column == Column::value;
        if (needed && std::ranges::find(header.columns, column) == header.columns.end()) {
            cells.front().fail({fmt::format("there is no column '{}'", name), "no measurement can do without it",
                                "add it; the header is the first line"});
        }
    }
    return header;
}

double number(const Cell& cell, const std::string& own_unit)
{
    try {
        return parse_quantity(cell.text, own_unit);
    } catch (const UnitError& error) {
        cell.fail({error.problem.what, error.problem.why, error.problem.suggestion});
    }
}

/// A moment [d]: a bare number is in the header's unit; a cell may name another one.
double moment(const Cell& cell, const std::string& unit)
{
    return number(cell, unit) * parse_quantity("1 " + unit, "d");
}

std::optional<double> optional_number(const Cell& cell)
{
    return cell.text.empty() ? std::nullopt : std::optional(number(cell, "1"));
}

void read_cell(const Cell& cell, Column column, const Header& header, Measurement& row)
{
    const auto name_of = [&](const char* what) {
        if (cell.text.empty()) {
            cell.fail({fmt::format("no {}", what), "a measurement needs one", "fill the cell"});
        }
        return cell.text;
    };
    switch (column) {
    case Column::experiment:
        row.experiment = name_of("experiment");
        row.experiment_place = cell.place;
        break;
    case Column::group: row.group = cell.text; break;
    case Column::observable:
        row.observable = name_of("observable");
        row.observable_place = cell.place;
        break;
    case Column::time:
        row.time = moment(cell, header.time_unit);
        row.time_place = cell.place;
        break;
    case Column::since:
        row.since = cell.text.empty() ? std::nullopt : std::optional(moment(cell, header.since_unit));
        row.since_place = cell.place;
        break;
    case Column::value:
        row.value = optional_number(cell);
        row.value_place = cell.place;
        break;
    case Column::error:
        row.error = optional_number(cell);
        row.error_place = cell.place;
        if (row.error && *row.error <= 0) {
            cell.fail({fmt::format("an error of {:g}", *row.error), "an error is a standard deviation, above 0",
                       "give its size, or leave the cell empty"});
        }
        break;
    case Column::n:
        row.n = optional_number(cell);
        if (row.n && (*row.n < 1 || *row.n != std::floor(*row.n))) {
            cell.fail(
                {fmt::format("n = {:g}", *row.n), "it counts replicates or animals", "give a whole number above 0"});
        }
        break;
    case Column::detection_limit: row.detection_limit = optional_number(cell); break;
    }
}

} // namespace

DataTable parse_data_table(const std::string& text, const std::string& file)
{
    DataTable table{file, text, {}};
    std::optional<Header> header;
    const auto lines = read_cells(text, file);
    for (const std::vector<Cell>& cells : lines) {
        if (!header) {
            header = read_header(cells);
            continue;
        }
        const Place place{file, cells.front().place.line, 1};
        if (cells.size() != header->columns.size()) {
            throw InputError(place, {fmt::format("{} cells in this line", cells.size()),
                                     fmt::format("the header has {} columns", header->columns.size()),
                                     "leave a cell empty, but keep its comma"});
        }
        Measurement row;
        for (std::size_t c = 0; c < cells.size(); ++c) {
            read_cell(cells[c], header->columns[c], *header, row);
        }
        if (!row.value && !row.detection_limit) {
            throw InputError(row.value_place, {"no value", "without a detection limit nothing is known",
                                               "give a value, or the limit below which it lies"});
        }
        table.rows.push_back(std::move(row));
    }
    if (table.rows.empty()) {
        throw InputError({file, header ? lines.front().front().place.line : 1, 1},
                         {"there are no data", header ? "only a header" : "the file is empty",
                          "write one measurement in each line"});
    }
    return table;
}

} // namespace osteoflare::scenarios
