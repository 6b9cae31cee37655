#include "scenarios/reading/units.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <locale>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace osteoflare::scenarios {

namespace {

/// A unit as a ratio of two whole numbers where there are such numbers, so that 8 nM is 8000 pM to the last bit.
struct Ratio {
    double up = 1, down = 1;
    Dimension dimension{};
};

struct Named {
    std::string_view name;
    Ratio unit;
    bool takes_prefix = false;
};

struct Prefix {
    std::string_view name;
    double down;
};

constexpr Dimension time{1}, amount{0, 1}, molecules{0, 0, 1}, cells{0, 0, 0, 1}, volume{0, 0, 0, 0, 1},
    length{0, 0, 0, 0, 0, 1}, mass{0, 0, 0, 0, 0, 0, 1}, weight{0, 0, 0, 0, 0, 0, 0, 1}, molarity{0, 1, 0, 0, -1};

/// The words for a base quantity above and below a fraction's line, in the order of Dimension.
struct BaseQuantity {
    std::string_view above, below;
};
constexpr BaseQuantity base_quantities[] = {
    {"a time", "time"},     {"an amount", "amount"}, {"molecules", "molecule"}, {"cells", "cell"},
    {"a volume", "volume"}, {"a length", "length"},  {"a mass", "mass"},        {"a body weight", "body weight"},
};

// clang-format off
constexpr Named units[] = {
    {"1", {}}, {"%", {1, 100}},
    {"s", {1, 86400, time}}, {"second", {1, 86400, time}}, {"seconds", {1, 86400, time}},
    {"min", {1, 1440, time}}, {"minute", {1, 1440, time}}, {"minutes", {1, 1440, time}},
    {"h", {1, 24, time}}, {"hour", {1, 24, time}}, {"hours", {1, 24, time}},
    {"d", {1, 1, time}}, {"day", {1, 1, time}}, {"days", {1, 1, time}},
    {"week", {7, 1, time}}, {"weeks", {7, 1, time}},
    {"month", {30.4375, 1, time}}, {"months", {30.4375, 1, time}},
    {"y", {365.25, 1, time}}, {"year", {365.25, 1, time}}, {"years", {365.25, 1, time}},
    {"M", {1e6, 1, molarity}, true}, {"mol", {1e12, 1, amount}, true}, {"L", {1e6, 1, volume}, true}, {"m", {1e6, 1, length}, true},
    {"molecule", {1, 1, molecules}}, {"molecules", {1, 1, molecules}},
    {"cell", {1, 1, cells}}, {"cells", {1, 1, cells}},
    {"g", {1000, 1, mass}, true}, {"kg", {1, 1, weight}},
};
// The micro sign and the Greek letter look alike.
constexpr Prefix prefixes[] = {
    {"m", 1e3}, {"u", 1e6}, {"\u00b5", 1e6}, {"\u03bc", 1e6}, {"n", 1e9}, {"p", 1e12}, {"f", 1e15},
};
// clang-format on

std::string quoted(std::string_view text)
{
    return "'" + std::string(text) + "'";
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == text.npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<Ratio> find(std::string_view name)
{
    for (const Named& known : units) {
        if (name == known.name) {
            return known.unit;
        }
        for (const Prefix& prefix : prefixes) {
            if (known.takes_prefix && name.starts_with(prefix.name) && name.substr(prefix.name.size()) == known.name) {
                // Both are powers of ten: what they share cancels.
                const double shared = std::min(known.unit.up, prefix.down);
                return Ratio{known.unit.up / shared, prefix.down / shared, known.unit.dimension};
            }
        }
    }
    return {};
}

std::vector<std::string> all_names()
{
    std::vector<std::string> names;
    for (const Named& known : units) {
        names.emplace_back(known.name);
        for (const Prefix& prefix : prefixes) {
            if (known.takes_prefix) {
                names.push_back(std::string(prefix.name) + std::string(known.name));
            }
        }
    }
    return names;
}

UnitError unknown(std::string_view name)
{
    return {{name.empty() ? "a unit is missing" : "unknown unit " + quoted(name),
             "expected units joined by * and /, such as cell/uL/d",
             suggest_name(name, all_names(),
                          "known are s, min, h, d, week, month, year, M, mol, L, m, molecule, cell, g, kg, 1, %")}};
}

/// A whole number from -9 to 9, not 0.
std::optional<int> parse_power(std::string_view text)
{
    const bool negative = text.starts_with('-');
    text.remove_prefix(negative ? 1 : 0);
    if (text.size() != 1 || text[0] < '1' || text[0] > '9') {
        return {};
    }
    return negative ? '0' - text[0] : text[0] - '0';
}

/// A named unit with or without a power, such as uL^2.
Ratio parse_factor(std::string_view text)
{
    const std::size_t hat = text.find('^');
    const std::optional<Ratio> unit = find(trimmed(text.substr(0, hat)));
    const std::optional<int> power = hat == text.npos ? 1 : parse_power(trimmed(text.substr(hat + 1)));
    if (!unit || !power) {
        throw unknown(trimmed(text));
    }
    Ratio result;
    for (int i = 0; i < std::abs(*power); ++i) {
        result.up *= unit->up;
        result.down *= unit->down;
    }
    if (*power < 0) {
        std::swap(result.up, result.down);
    }
    for (std::size_t i = 0; i < result.dimension.size(); ++i) {
        result.dimension[i] = *power * unit->dimension[i];
    }
    return result;
}

/// Factors from left to right; a slash divides by the one factor after it.
Ratio parse_ratio(std::string_view text)
{
    Ratio product;
    bool divide = false;
    while (true) {
        const std::size_t end = std::min(text.find_first_of("*/"), text.size());
        Ratio factor = parse_factor(text.substr(0, end));
        if (divide) {
            std::swap(factor.up, factor.down);
        }
        product.up *= factor.up;
        product.down *= factor.down;
        for (std::size_t i = 0; i < product.dimension.size(); ++i) {
            product.dimension[i] += divide ? -factor.dimension[i] : factor.dimension[i];
        }
        text.remove_prefix(end);
        if (text.empty()) {
            return product;
        }
        divide = text.front() == '/';
        text.remove_prefix(1);
    }
}

/// "a time", "an amount per volume", "cells per time and volume", "a plain number".
std::string in_words(const Dimension& dimension)
{
    std::string above, below;
    for (std::size_t i = 0; i < dimension.size(); ++i) {
        const int power = std::abs(dimension[i]);
        const std::string raised = power > 1 ? std::string("^").append(std::to_string(power)) : "";
        if (dimension[i] > 0) {
            above += (above.empty() ? "" : " times ") + std::string(base_quantities[i].above) + raised;
        } else if (dimension[i] < 0) {
            below += (below.empty() ? " per " : " and ") + std::string(base_quantities[i].below) + raised;
        }
    }
    if (above.empty()) {
        above = below.empty() ? "a plain number" : "a number";
    }
    return above + below;
}

/// How many letters at the front of `text` spell a decimal number. Words such as "inf" spell none.
std::size_t numeral_length(std::string_view text)
{
    std::size_t at = 0;
    const auto skip = [&](std::string_view letters, std::size_t at_most) {
        const std::size_t first = at;
        while (at < text.size() && at - first < at_most && letters.find(text[at]) != letters.npos) {
            ++at;
        }
        return at - first;
    };
    constexpr std::string_view decimals = "0123456789";
    skip("+-", 1);
    std::size_t digits = skip(decimals, text.npos);
    if (skip(".", 1) > 0) {
        digits += skip(decimals, text.npos);
    }
    if (digits == 0) {
        return 0;
    }
    const std::size_t mantissa = at;
    const bool exponent = skip("eE", 1) > 0 && (skip("+-", 1), skip(decimals, text.npos)) > 0;
    return exponent ? at : mantissa;
}

/// The nearest double whatever the user's locale; infinity for what is too large.
double to_number(std::string_view numeral)
{
    std::istringstream stream{std::string(numeral)};
    stream.imbue(std::locale::classic());
    double number = 0;
    const bool overflow = !(stream >> number) && std::fabs(number) > 1;
    return overflow ? std::numeric_limits<double>::infinity() : number;
}

} // namespace

Unit parse_unit(std::string_view text)
{
    const Ratio unit = parse_ratio(text);
    return {unit.up / unit.down, unit.dimension};
}

double parse_quantity(std::string_view text, std::string_view own_unit)
{
    const Ratio own = parse_ratio(own_unit);
    const std::string expected = "expected " + in_words(own.dimension) + " such as " + std::string(own_unit);
    text = trimmed(text);

    const std::size_t numeral = numeral_length(text);
    if (numeral == 0) {
        throw UnitError{{quoted(text) + " is not a number", expected, "write a number, or a number and its unit"}};
    }
    const double number = to_number(text.substr(0, numeral));
    const std::string_view written = trimmed(text.substr(numeral));

    Ratio unit = own;
    if (!written.empty()) {
        try {
            // "0.5/d" is 0.5 times 1/d
            unit = parse_ratio(std::string(written.front() == '/' ? "1" : "").append(written));
        } catch (UnitError& error) {
            error.problem.why = expected;
            throw;
        }
    }
    if (unit.dimension != own.dimension) {
        throw UnitError{
            {quoted(text) + " has the wrong dimension", expected, quoted(written) + " is " + in_words(unit.dimension)}};
    }
    // Dividing by a whole number rounds once; multiplying by its inverse would round twice.
    const double up = unit.up * own.down, down = unit.down * own.up;
    const double value = up < down ? number / (down / up) : number * (up / down);
    if (!std::isfinite(value)) {
        throw UnitError{{quoted(text) + " is not finite", expected, "write a smaller number"}};
    }
    return value;
}

std::string unit_suffix(std::string_view unit)
{
    return unit.empty() || unit == "1" ? "" : std::string(" ").append(unit);
}

} // namespace osteoflare::scenarios
