#pragma once

#include "scenarios/exporting/xml.hpp"

#include <string>
#include <string_view>

namespace osteoflare::scenarios {

/// The identifier of a unit in SBML: "per_d" of "1/d". "dimensionless", which SBML knows, of "1".
std::string sbml_unit(std::string_view unit);

/// Writes the <unitDefinition> of a unit or, with `in_a_litre`, of what a litre of it holds, whose identifier has "_L"
/// behind it. Throws UnitError for a text that is no unit.
void write_unit_definition(XmlWriter& xml, std::string_view unit, bool in_a_litre);

/// Whether a quantity of this unit is a density: something per volume and not per time.
bool is_density(std::string_view unit);

} // namespace osteoflare::scenarios
