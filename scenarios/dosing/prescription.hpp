#pragma once

#include "scenarios/dosing/course.hpp"
#include "scenarios/reading/toml_table.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What a file says of a course, and regimens: prescriptions that have a name.
namespace osteoflare::scenarios::dosing {

struct Cycles {
    Tick every = 0;
    std::optional<std::size_t> number; ///< without one, to the end of the course
};

/// What is written of a course; what is not written is empty.
struct Prescription {
    std::string drug;
    std::optional<Amount> dose;
    std::optional<double> at_most; ///< [mg]
    std::optional<Route> route;
    std::optional<Tick> every, duration, infusion;
    std::optional<std::size_t> doses; ///< of a cycle, if there are cycles
    std::optional<Cycles> cycles;
    std::optional<Taper> taper;
    std::optional<double> adherence;
};

/// Where one number of a regimen comes from.
struct Source {
    std::string key, from;
    std::string grade; ///< one of `grades`
};

/// How firmly a number is known.
inline const std::vector<std::string> grades = {"read",          "secondary", "recalled, high", "recalled, medium",
                                                "recalled, low", "assumed",   "calibrated"};

/// A prescription with a name.
struct Regimen {
    std::string name, title;
    Prescription prescription;
    std::vector<Source> sources; ///< of each of its numbers
    Place place;
};

/// A moment or a length of time, to the second.
Tick read_time(const TomlValue& value);

/// A length of time of at least a second.
Tick read_length(const TomlValue& value);

/// A dose above 0: with a unit, or in that of the drug if there is one.
Amount read_amount(const TomlValue& value, const Drug* drug);

/// Reads the keys of a prescription on top of `base`: a key that is written replaces the one of the base, and a length
/// that is written (until, duration or doses) replaces the base's. `drug` gives the unit of a bare dose; may be null.
Prescription read_prescription(TomlTable& table, Prescription base, const Drug* drug);

/// Reads the tables [regimen.NAME] of a file of the library. Throws InputError, also where a number lacks its source,
/// or output::FileError.
std::vector<Regimen> read_regimens(const std::filesystem::path& file);
std::vector<Regimen> parse_regimens(const std::string& text, const std::string& file);

/// Where the library keeps the regimens of patients.
std::filesystem::path regimens_of(const std::filesystem::path& library_folder);

} // namespace osteoflare::scenarios::dosing
