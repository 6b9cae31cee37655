#pragma once

#include "scenarios/reading/input_error.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// A cell of a comma-separated table, and where it stands.
struct Cell {
    std::string text; ///< without quotes and blanks around it
    Place place;

    [[noreturn]] void fail(const Problem& problem) const { throw InputError(place, problem); }
};

/// Without blanks at both ends.
std::string trimmed(const std::string& text);

/// The cells of each line, empty lines and those that begin with # left out. A cell in double quotes may hold commas,
/// and quotes written twice. `file` is used in messages. Throws InputError for a quote that is not closed.
std::vector<std::vector<Cell>> read_cells(const std::string& text, const std::string& file);

} // namespace osteoflare::scenarios
