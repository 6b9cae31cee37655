#pragma once

#include "scenarios/reading/input_error.hpp"

#include <optional>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// One line of a data table: what somebody measured. Values are in the unit in which the observable is measured.
struct Measurement {
    std::string experiment, group, observable;
    double time = 0;             ///< [d]
    std::optional<double> since; ///< [d], the inspection before, at which those that are counted were not ill
    std::optional<double> value; ///< none for one that is only known to lie below the detection limit
    std::optional<double> error; ///< of the value, a standard deviation, not negative
    std::optional<double> n;     ///< replicates behind the value, or animals looked at; whole and at least 1
    std::optional<double> detection_limit;
    // Where the cells stand, for complaints.
    Place experiment_place, observable_place, time_place, since_place, value_place, error_place;
};

/// A comma-separated table with a header: experiment, group or animal (optional), time [UNIT], observable, value,
/// since [UNIT], error, n and detection_limit (each optional). Columns stand in any order; lines that begin with # are
/// skipped.
struct DataTable {
    std::string file, text; ///< verbatim
    std::vector<Measurement> rows;
};

/// Reads a table; `file` is used in messages. Throws InputError with line and column of the first problem.
DataTable parse_data_table(const std::string& text, const std::string& file);

} // namespace osteoflare::scenarios
