#include "scenarios/reading/units.hpp"

#include "catch.hpp"

#include <cstdlib>
#include <limits>
#include <locale>
#include <string>
#include <vector>

using namespace osteoflare::scenarios;

namespace {

/// The problem that reading `text` as a quantity in `own_unit` meets.
Problem problem_with(const std::string& text, const std::string& own_unit)
{
    try {
        parse_quantity(text, own_unit);
    } catch (const UnitError& error) {
        return error.problem;
    }
    return {};
}

Problem problem_with_unit(const std::string& text)
{
    try {
        parse_unit(text);
    } catch (const UnitError& error) {
        return error.problem;
    }
    return {};
}

} // namespace

TEST_CASE("quantities arrive exactly in their own unit", "[scenarios][units]")
{
    // Exact equality: these conversions multiply or divide by one whole number and so round once, as the literal does.
    const auto [text, own_unit, value] = GENERATE(table<std::string, std::string, double>({
        {"11 weeks", "d", 77},
        {"1 week", "d", 7},
        {"36 h", "d", 1.5},
        {"90 min", "h", 1.5},
        {"43200 s", "d", 0.5},
        {"1 d", "s", 86400},
        {"1 minute", "s", 60},
        {"2 months", "d", 60.875},
        {"1 year", "d", 365.25},
        {"2 hours", "min", 120},
        {"3 days", "h", 72},
        {"30 seconds", "min", 0.5},
        {"8 nM", "pM", 8000},
        {"25 pM", "pM", 25},
        {"25 pM", "nM", 0.025},
        {"0.3 nM", "pM", 300},
        {"2 uM", "pM", 2e6},
        {"2 µM", "nM", 2000},
        {"2 μM", "nM", 2000},
        {"1 mM", "uM", 1000},
        {"1 M", "fM", 1e15},
        {"500 fM", "pM", 0.5},
        {"3 nmol/L", "pM", 3000},
        {"3 pmol/mL", "nM", 3},
        {"1 pmol/uL", "uM", 1},
        {"1e3 cells/mL", "cell/uL", 1},
        {"7 cells/nL", "cell/uL", 7000},
        {"1 cell/pL", "cell/fL", 1e-3},
        {"2.5e6 cells/L", "cell/uL", 2.5},
        {"12 cell/uL/h", "cell/uL/d", 288},
        {"50 %", "1", 0.5},
        {"7 %", "1", 0.07},
        {"0.07", "%", 0.07},
        {"0.5 1", "%", 50},
        {"2 1/h", "1/d", 48},
        {"48 1/d", "1/h", 2},
        {"0.5/d", "1/d", 0.5},
        {"0.5 / d", "1/d", 0.5},
        {"10 1/nM/h", "1/nM/d", 240},
        {"10 1/nM/d", "1/pM/d", 0.01},
        {"3 molecules/cell/min", "molecule/cell/s", 0.05},
        {"4 uL^2/cell^2", "uL^2/cell^2", 4},
        {"4 mL^-1", "1/mL", 4},
        {"0.015 g/kg", "mg/kg", 15},
        {"500 ug", "mg", 0.5},
        {"14 ug/mL", "mg/L", 14},
    }));
    CAPTURE(text, own_unit);
    CHECK(parse_quantity(text, own_unit) == value);
}

TEST_CASE("a bare number is in the quantity's own unit", "[scenarios][units]")
{
    CHECK(parse_quantity("75", "d") == 75);
    CHECK(parse_quantity("-3", "1") == -3);
    CHECK(parse_quantity("+3", "1") == 3);
    CHECK(parse_quantity(" .5 ", "pM") == 0.5);
    CHECK(parse_quantity("5.", "pM") == 5);
    CHECK(parse_quantity("5d", "h") == 120);
    CHECK(parse_quantity("\t1e3\n", "cell/uL") == 1000);
}

TEST_CASE("every decimal becomes the nearest double", "[scenarios][units]")
{
    const auto text = GENERATE(as<std::string>{}, "0.1", "1.42e-06", "6.02214076E+23", "1.7976931348623157e308",
                               "2.2250738585072014e-308", "0.1000000000000000055511151231257827021181583404541015625",
                               "9007199254740993", "8.41e21");
    CAPTURE(text);
    CHECK(parse_quantity(text, "pM") == std::strtod(text.c_str(), nullptr));
}

TEST_CASE("a decimal comma in the user's locale changes nothing", "[scenarios][units]")
{
    struct Comma : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
    const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Comma));
    const double value = parse_quantity("1234.5 d", "d");
    std::locale::global(before);
    CHECK(value == 1234.5);
}

TEST_CASE("units are multiples of d, pmol, molecule, cell, uL, um, mg and kg", "[scenarios][units]")
{
    const auto [text, scale, dimension] = GENERATE(table<std::string, double, Dimension>({
        {"1", 1, {0, 0, 0, 0, 0}},
        {"%", 0.01, {0, 0, 0, 0, 0}},
        {"d", 1, {1, 0, 0, 0, 0}},
        {"pM", 1e-6, {0, 1, 0, 0, -1}},
        {"mmol", 1e9, {0, 1, 0, 0, 0}},
        {"mL", 1e3, {0, 0, 0, 0, 1}},
        {"1/pM/d", 1e6, {-1, -1, 0, 0, 1}},
        {"cell/uL/d", 1, {-1, 0, 0, 1, -1}},
        {"molecule/cell/s", 86400, {-1, 0, 1, -1, 0}},
        {"pM*uL*s/molecule/d", 1e-6 / 86400, {0, 1, -1, 0, 0}},
        {"um^2/s", 86400, {-1, 0, 0, 0, 0, 2}},
        {"mm", 1e3, {0, 0, 0, 0, 0, 1}},
        {"%/cell/d", 0.01, {-1, 0, 0, -1, 0}},
        {"uL^2", 1, {0, 0, 0, 0, 2}},
        {"g", 1e3, {0, 0, 0, 0, 0, 0, 1}},
        {"mg/kg", 1, {0, 0, 0, 0, 0, 0, 1, -1}},
        {"L/kg", 1e6, {0, 0, 0, 0, 1, 0, 0, -1}},
        {" uL ^ -2 * d ", 1, {1, 0, 0, 0, -2}},
    }));
    CAPTURE(text);
    const Unit unit = parse_unit(text);
    // A scale is at most two roundings away from the number on paper.
    CHECK(unit.scale == Approx(scale).epsilon(2 * std::numeric_limits<double>::epsilon()).margin(0));
    CHECK(unit.dimension == dimension);
}

TEST_CASE("an unknown unit is named, with the one that was probably meant", "[scenarios][units]")
{
    const Problem problem = problem_with("8 nN", "pM");
    CHECK(problem.what == "unknown unit 'nN'");
    CHECK(problem.why == "expected an amount per volume such as pM");
    CHECK(problem.suggestion == "did you mean 'nM'?");

    CHECK(problem_with("11 weks", "d").suggestion == "did you mean 'weeks'?");
    CHECK(problem_with("11 Days", "d").suggestion == "did you mean 'days'?");
    CHECK(problem_with("3 ml", "uL").suggestion == "did you mean 'mL'?");
    CHECK(problem_with("3 cels/uL", "cell/uL").what == "unknown unit 'cels'");
    CHECK(problem_with("5 d d", "d").what == "unknown unit 'd d'");
    CHECK(problem_with("1 2", "pM").what == "unknown unit '2'");
    CHECK(problem_with("1,5 d", "d").what == "unknown unit ',5 d'");
    CHECK(problem_with("0x10", "d").what == "unknown unit 'x10'");
    CHECK(problem_with("3 pM/", "pM").what == "a unit is missing");
    CHECK(problem_with("3 furlongs", "d").suggestion.find("month") != std::string::npos);
    CHECK(problem_with_unit("cell/uL/fortnight").what == "unknown unit 'fortnight'");
    CHECK(problem_with_unit("uL^0").what == "unknown unit 'uL^0'");
    CHECK(problem_with_unit("uL^x").what == "unknown unit 'uL^x'");
    CHECK(problem_with_unit("").what == "a unit is missing");
    CHECK(problem_with_unit("cell//d").what == "a unit is missing");
    CHECK(problem_with_unit("kM").what == "unknown unit 'kM'");
    CHECK(problem_with_unit("pd").what == "unknown unit 'pd'"); // d takes no prefix
}

TEST_CASE("a wrong dimension is refused, naming both", "[scenarios][units]")
{
    const Problem problem = problem_with("8 nM", "d");
    CHECK(problem.what == "'8 nM' has the wrong dimension");
    CHECK(problem.why == "expected a time such as d");
    CHECK(problem.suggestion == "'nM' is an amount per volume");

    CHECK(problem_with("8 d", "pM").why == "expected an amount per volume such as pM");
    CHECK(problem_with("8 d", "1/d").why == "expected a number per time such as 1/d");
    CHECK(problem_with("8 d", "cell/uL/d").why == "expected cells per time and volume such as cell/uL/d");
    CHECK(problem_with("8 d", "1").why == "expected a plain number such as 1");
    CHECK(problem_with("8 uL^2", "uL").suggestion == "'uL^2' is a volume^2");
    CHECK(problem_with("8 %", "d").suggestion == "'%' is a plain number");
    // Moles and molecules stay apart: a forgotten Avogadro constant is a wrong dimension.
    CHECK(problem_with("8 molecules/uL", "pM").what == "'8 molecules/uL' has the wrong dimension");
    // So do a drug and a body.
    CHECK(problem_with("15 mg", "mg/kg").suggestion == "'mg' is a mass");
    CHECK(problem_with("15 mg", "mg/kg").why == "expected a mass per body weight such as mg/kg");
    CHECK(problem_with("15 mg/kg", "1").what == "'15 mg/kg' has the wrong dimension");
    CHECK(problem_with("30 kg", "mg").suggestion == "'kg' is a body weight");
}

TEST_CASE("what is not a finite number is refused", "[scenarios][units]")
{
    const auto text = GENERATE(as<std::string>{}, "abc", "", "  ", "nan", "inf", "-inf pM", "inf pM", "pM", ".", "+",
                               "e5", "--1", "NaN pM");
    CAPTURE(text);
    const Problem problem = problem_with(text, "pM");
    CHECK(problem.what.find("is not a number") != std::string::npos);
    CHECK(problem.why == "expected an amount per volume such as pM");
    CHECK_FALSE(problem.suggestion.empty());

    CHECK(problem_with("1e999 pM", "pM").what == "'1e999 pM' is not finite");
    CHECK(problem_with("-1e999", "pM").what == "'-1e999' is not finite");
    CHECK(problem_with("1e308 M", "pM").what == "'1e308 M' is not finite");
}

TEST_CASE("a message says where, what, why and what to do", "[scenarios][errors]")
{
    CHECK(std::string(
              InputError({"cmo.toml", 3, 7}, {"unknown unit 'nN'", "expected a time", "did you mean 'min'?"}).what())
          == "cmo.toml:3:7: unknown unit 'nN' (expected a time); did you mean 'min'?");
    CHECK(std::string(InputError({"cmo.toml", 1, 1}, {"cannot be read", "", ""}).what())
          == "cmo.toml:1:1: cannot be read");
}

TEST_CASE("the nearest name forgives swapped, missing, wrong and capital letters", "[scenarios][errors]")
{
    const std::vector<std::string> known = {"il1b",        "il10",        "tnf",        "neutrophils",
                                            "macrophages", "osteoclasts", "osteoblasts"};
    CHECK(nearest("IL1B", known) == "il1b");
    CHECK(nearest("il-10", known) == "il10");
    CHECK(nearest("tfn", known) == "tnf");
    CHECK(nearest("tnfa", known) == "tnf");
    CHECK(nearest("nuetrophils", known) == "neutrophils");
    CHECK(nearest("macrofages", known) == "macrophages");
    CHECK(nearest("osteoclast", known) == "osteoclasts");
    CHECK(nearest("osteobalsts", known) == "osteoblasts");
}

TEST_CASE("the nearest name has the same words, in whatever order", "[scenarios][errors]")
{
    const std::vector<std::string> sites = {"distal_femur_left", "distal_femur_right", "proximal_femur_left"};
    CHECK(nearest("left_distal_femor", sites) == "distal_femur_left");
    CHECK(nearest("right_femur_distal", sites) == "distal_femur_right");
}

TEST_CASE("a name far from all known ones has no nearest", "[scenarios][errors]")
{
    CHECK(nearest("lymphocytes", {"il1b", "tnf", "neutrophils"}).empty());
    CHECK(nearest("", {"il1b", "a"}).empty());
    CHECK(nearest("x", {"a", "b"}).empty());
    CHECK(nearest("il1b", {}).empty());
}

TEST_CASE("an unknown name gets its nearest, a short list, or other advice", "[scenarios][errors]")
{
    CHECK(suggest_name("tfn", {"il10", "tnf"}, "see the list") == "did you mean 'tnf'?");
    CHECK(suggest_name("lymphocytes", {"il10", "tnf"}, "see the list") == "known: 'il10', 'tnf'");
    CHECK(suggest_name("lymphocytes", {}, "see the list") == "see the list");
    CHECK(suggest_name("lymphocytes", {"a", "b", "c", "d", "e", "f", "g", "h", "i"}, "see the list") == "see the list");
}
