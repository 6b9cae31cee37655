#include "scenarios/exporting/units.hpp"

#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

/// Calls see(factor, power) for each factor of a unit's text, such as "uL" and -1.
void for_each_factor(std::string_view unit, auto&& see)
{
    bool divide = false;
    while (true) {
        const std::string_view factor = unit.substr(0, unit.find_first_of("*/"));
        const std::size_t hat = factor.find('^');
        const int power = hat == factor.npos ? 1 : std::stoi(std::string(factor.substr(hat + 1)));
        see(factor.substr(0, hat), divide ? -power : power);
        if (factor.size() == unit.size()) {
            return;
        }
        divide = unit[factor.size()] == '/';
        unit.remove_prefix(factor.size() + 1);
    }
}

/// SBML's own units, in the order of Dimension, and how many of them, as 10^scale times a number, one of ours is.
struct Base {
    std::string_view kind;
    int scale;
    double multiplier;
};
constexpr std::array<Base, 8> bases = {{
    {"second", 0, 86400},
    {"mole", -12, 1},
    {"item", 0, 1}, // molecules
    {"item", 0, 1}, // cells
    {"litre", -6, 1},
    {"metre", -6, 1},
    {"gram", -3, 1},
    {"kilogram", 0, 1},
}};

void write_unit(XmlWriter& xml, std::string_view kind, int exponent, int scale, double multiplier)
{
    xml.empty("unit", {{"kind", std::string(kind)},
                       {"exponent", fmt::format("{}", exponent)},
                       {"scale", fmt::format("{}", scale)},
                       {"multiplier", fmt::format("{:.12g}", multiplier)}});
}

} // namespace

std::string sbml_unit(std::string_view unit)
{
    if (unit == "1") {
        return "dimensionless";
    }
    std::string above, below;
    for_each_factor(unit, [&](std::string_view factor, int power) {
        if (factor == "1") {
            return;
        }
        std::string& side = power > 0 ? above : below;
        side += side.empty() ? "" : "_";
        side += power > 0 ? "" : "per_";
        side += factor == "%" ? "percent" : std::string(factor);
        side += std::abs(power) > 1 ? fmt::format("{}", std::abs(power)) : "";
    });
    return above + (above.empty() || below.empty() ? "" : "_") + below;
}

void write_unit_definition(XmlWriter& xml, std::string_view unit, bool in_a_litre)
{
    xml.open("unitDefinition", {{"id", sbml_unit(unit) + (in_a_litre ? "_L" : "")},
                                {"name", std::string(unit) + (in_a_litre ? "*L" : "")}});
    xml.open("listOfUnits");
    for_each_factor(unit, [&](std::string_view factor, int power) {
        const Unit parsed = parse_unit(factor);
        // What a factor is beyond our own units goes into its last base: the litre of pM, the second of s.
        double rest = parsed.scale;
        for (std::size_t i = parsed.dimension.size(); i-- > 0;) {
            const int exponent = parsed.dimension[i];
            if (exponent != 0) {
                const double multiplier = bases[i].multiplier * std::pow(rest, 1.0 / exponent);
                write_unit(xml, bases[i].kind, exponent * power, bases[i].scale, multiplier);
                rest = 1;
            }
        }
        if (rest != 1) {
            write_unit(xml, "dimensionless", power, 0, rest);
        }
    });
    if (in_a_litre) {
        write_unit(xml, "litre", 1, 0, 1);
    }
    xml.close();
    xml.close();
}

bool is_density(std::string_view unit)
{
    const Dimension dimension = parse_unit(unit).dimension;
    return dimension[4] == -1 && dimension[0] == 0;
}

} // namespace osteoflare::scenarios
