#pragma once

#include "scenarios/schedule.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Drugs as they are prescribed: courses, rules that switch them, and the doses that follow. Nothing here knows what a
/// drug does.
namespace osteoflare::scenarios::dosing {

/// How a drug gets into the body.
enum class Route { oral, subcutaneous, intravenous };

constexpr std::string_view text(Route route)
{
    switch (route) {
    case Route::oral: return "by mouth";
    case Route::subcutaneous: return "under the skin";
    case Route::intravenous: return "into a vein";
    }
    return "";
}

/// A drug as the model that knows it describes it.
struct Drug {
    std::string name;
    std::string dose_unit = "mg/kg"; ///< of a dose that is written without one: "mg/kg" or "mg"
    std::vector<Route> routes;       ///< that are possible, the usual one first; at least one
    std::string only_in_people;      ///< not empty: why it cannot be given to a mouse
    std::string instead;             ///< what a mouse gets instead; may be empty
};

/// A number that a rule may ask for, with the values that it can have at all.
struct Readout {
    std::string name, unit;
    double low = 0, high = 0;
};

/// A dose as it is prescribed.
struct Amount {
    double value = 0;   ///< [mg/kg] or [mg]
    bool per_kg = true; ///< [mg/kg]
};

/// The end of a course, over which doses fall.
struct Taper {
    Tick over = 0;             ///< before the end of the course
    std::vector<double> steps; ///< shares of the full dose, one after the other, of equal length; without any, the
                               ///< share falls on a straight line from 1 to 0 at the end of the course
};

/// One drug, given again and again. Doses come at start + c*cycle_every + d*every, for each cycle c and each dose d of
/// it, and none at `end` or later.
struct Course {
    std::string name;              ///< by which a rule refers to it
    std::size_t drug = 0;          ///< index
    Amount dose;                   ///< the full one
    std::optional<double> at_most; ///< of one dose [mg]
    Route route = Route::oral;
    Tick start = 0, end = 0;
    Tick every = 1;          ///< between doses
    std::size_t n_doses = 1; ///< of a cycle
    Tick cycle_every = 0;    ///< between the starts of cycles; of one cycle, without meaning
    std::size_t n_cycles = 1;
    Tick infusion = 0; ///< length of each dose; 0 if it is given at once
    std::optional<Taper> taper;
    double adherence = 1;                  ///< share of doses that is taken
    std::optional<std::size_t> started_by; ///< the rule that it waits for
    Place place;
};

enum class Comparison { at_least, above, at_most, below };

constexpr std::string_view text(Comparison comparison)
{
    switch (comparison) {
    case Comparison::at_least: return ">=";
    case Comparison::above: return ">";
    case Comparison::at_most: return "<=";
    case Comparison::below: return "<";
    }
    return "";
}

/// A switch that is decided while the patient lives: at a moment, a read-out is held against a level.
struct Rule {
    std::size_t readout = 0; ///< index
    Comparison comparison = Comparison::at_least;
    double level = 0; ///< in the read-out's unit
    Tick at = 0;
    std::vector<std::size_t> stop, start; ///< courses
    Place place;
};

/// Everything that is prescribed to one patient, with rules in the order of their moments.
struct Plan {
    std::vector<Course> courses;
    std::vector<Rule> rules;
};

/// One dose of one patient.
struct Dose {
    Tick at = 0;
    std::size_t drug = 0;   ///< index
    std::size_t course = 0; ///< index
    std::size_t number = 1; ///< within its course, from 1
    double per_kg = 0;      ///< [mg/kg]
    double mg = 0;          ///< [mg]
    Tick infusion = 0;      ///< how long it runs; 0 if it is given at once
    Route route = Route::oral;
    bool taken = true; ///< or missed

    bool operator==(const Dose&) const = default;
};

/// More doses than this are a slip of the pen: thirty years of three a day are 33 000.
inline constexpr std::size_t most_doses = 1'000'000;
/// Each course is held against each; which rules have fired is kept in 32 bits.
inline constexpr std::size_t most_courses = 1000, most_rules = 32;

} // namespace osteoflare::scenarios::dosing
