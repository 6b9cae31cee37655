#pragma once

#include "scenarios/reading/csv.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Private to the sources that read a table of events.
namespace osteoflare::scenarios::dosing {

enum class Column { id, time, amount, evid, interval, further, rate, compartment, drug, missing_value, value };
inline constexpr std::size_t n_columns = 11;

inline constexpr std::array<std::pair<std::string_view, Column>, n_columns> columns{{
    {"ID", Column::id},
    {"TIME", Column::time},
    {"AMT", Column::amount},
    {"EVID", Column::evid},
    {"II", Column::interval},
    {"ADDL", Column::further},
    {"RATE", Column::rate},
    {"CMT", Column::compartment},
    {"DRUG", Column::drug},
    {"MDV", Column::missing_value},
    {"DV", Column::value},
}};

inline std::string_view name_of(Column column)
{
    return columns[static_cast<std::size_t>(column)].first;
}

/// What stands where, and in which unit.
struct Header {
    std::array<std::optional<std::size_t>, n_columns> position;
    std::string time_unit = "d", amount_unit = "mg";
    std::size_t n_cells = 0;

    bool has(Column column) const { return position[static_cast<std::size_t>(column)].has_value(); }
};

/// Reads the first line of a table. Complains about columns that are unknown, doubled, missing or in a wrong unit.
Header read_header(const std::vector<Cell>& cells, std::size_t n_drugs);

} // namespace osteoflare::scenarios::dosing
