#pragma once

#include "scenarios/dosing/prescription.hpp"

#include <string>
#include <vector>

namespace osteoflare::cli {

/// What can be listed: rows of named texts and numbers, the first column being the name.
struct Listing {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> numbers = {};                            ///< the columns that are numbers in JSON
    std::vector<std::vector<scenarios::dosing::Source>> sources = {}; ///< (row): of its numbers; in JSON and by show
    bool of_patients = false;                                         ///< ends with what it must not be used for
};

enum class Form { plain, markdown, json };

/// Prints a list to standard output. JSON, in which there is no room for it, is told what it must not be used for on
/// standard error.
void print(const Listing& listing, Form form);

inline constexpr const char* not_for_care = "For research and teaching, never for the care of a person.";

} // namespace osteoflare::cli
