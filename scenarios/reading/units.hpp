#pragma once

#include "scenarios/reading/input_error.hpp"

#include <array>
#include <string>
#include <string_view>

/// Units at the edge: text from a user becomes a number in a quantity's own unit, exactly once.
namespace osteoflare::scenarios {

/// Exponents of the base quantities: time, amount, molecules, cells, volume, length, mass, body weight.
/// Volume and length stay apart, too: nothing here needs a cubed length.
/// Molecules and amount stay apart, so that a forgotten Avogadro constant is a wrong dimension. So do a drug's mass and
/// a body's weight: mg/kg is no plain number, and a dose that was not divided by the weight is a wrong dimension.
using Dimension = std::array<int, 8>;

/// A unit as a multiple of the internal units: d, pmol, molecule, cell, uL, um, mg, kg.
struct Unit {
    double scale = 1;
    Dimension dimension{};
};

/// A problem with a unit or a number, without a place; the reader adds the place.
struct UnitError {
    Problem problem;
};

/// Reads "1", "%", "d", "nM", "cell/uL/d", "1/pM/d", "molecule/cell/s", "pM*uL*s/molecule/d", "uL^2". A slash divides
/// by the one factor after it. Knows s min h d week (and plurals and words: "day", "days", "weeks", "hours"), month
/// (30.4375 d), y and year (365.25 d); M with prefixes m u µ n p f; mol with the same prefixes; L with m u µ n p f;
/// molecule(s), cell(s); m with the same prefixes; g with the same prefixes for the mass of a drug, kg for the weight
/// of a body. Throws UnitError for anything else.
Unit parse_unit(std::string_view text);

/// Reads "75 d", "8 nM", "-3", "50 %", "1e3 cells/mL" and gives the value in `own_unit`. A bare number is in
/// `own_unit`. Throws UnitError: not a number, not finite, unknown unit (with the nearest), wrong dimension (naming
/// both).
double parse_quantity(std::string_view text, std::string_view own_unit);

/// " pM", or nothing for a plain number: what follows a printed value.
std::string unit_suffix(std::string_view unit);

} // namespace osteoflare::scenarios
