#include "scenarios/reading/data_table.hpp"

#include "catch.hpp"

#include <string>

using namespace osteoflare::scenarios;

namespace {

DataTable read(const std::string& text)
{
    return parse_data_table(text, "mice.csv");
}

std::string complaint(const std::string& text)
{
    try {
        (void)read(text);
    } catch (const InputError& error) {
        return error.what();
    }
    return "none";
}

const std::string header = "experiment,animal,time [weeks],observable,value,error,n,detection_limit\n";

} // namespace

TEST_CASE("a table of measurements is read with its units, its gaps and its quotes", "[fitting]")
{
    const DataTable table =
        read("# made up\r\n" + header + "cmo,\"mouse 1, left\",2,paw,1.5,0.1,,\r\n\ncmo,,20 d,il1b,,,5,0.5\n");
    REQUIRE(table.rows.size() == 2);
    CHECK(table.rows[0].group == "mouse 1, left");
    CHECK(table.rows[0].time == 14);
    CHECK(table.rows[0].value == 1.5);
    CHECK(table.rows[0].error == 0.1);
    CHECK_FALSE(table.rows[0].n);
    CHECK(table.rows[1].time == Approx(20));
    CHECK_FALSE(table.rows[1].value);
    CHECK(table.rows[1].detection_limit == 0.5);
    CHECK(table.rows[1].value_place.line == 5);
}

TEST_CASE("what is wrong in a table is refused with its place, its reason and a suggestion", "[fitting]")
{
    CHECK(complaint("") == "mice.csv:1:1: there are no data (the file is empty); write one measurement in each line");
    CHECK(complaint(header) == "mice.csv:1:1: there are no data (only a header); write one measurement in each line");
    CHECK(
        complaint("experiment,time [d],observabel,value\n")
        == "mice.csv:1:21: unknown column 'observabel' (a data table has no such column); did you mean 'observable'?");
    CHECK(complaint("experiment,time,observable,value\n")
          == "mice.csv:1:12: times without a unit (days and weeks look alike); write time [d] in the header");
    CHECK(complaint("experiment,time [pM],observable,value\n").starts_with("mice.csv:1:12: times in 'pM': "));
    CHECK(complaint("experiment,time [d],value\n").starts_with("mice.csv:1:1: there is no column 'observable'"));
    CHECK(complaint("experiment,time [d],observable,value [pM]\n").starts_with("mice.csv:1:32: a unit for 'value'"));
    CHECK(complaint("experiment,time [d],observable,value,value\n")
              .starts_with("mice.csv:1:38: a second column 'value'"));
    CHECK(complaint(header + "cmo,,2,paw,1.5\n")
              .starts_with("mice.csv:2:1: 5 cells in this line (the header has 8 columns)"));
    CHECK(complaint(header + "cmo,,2,paw,high,,,\n").starts_with("mice.csv:2:12: "));
    CHECK(complaint(header + "cmo,,2,paw,nan,,,\n").starts_with("mice.csv:2:12: "));
    CHECK(complaint(header + "cmo,,2,paw,,,,\n")
              .starts_with("mice.csv:2:12: no value (without a detection limit nothing is known)"));
    CHECK(complaint(header + "cmo,,2,paw,1,-0.1,,\n").starts_with("mice.csv:2:14: an error of -0.1"));
    CHECK(complaint(header + "cmo,,2,paw,1,,2.5,\n").starts_with("mice.csv:2:15: n = 2.5"));
    CHECK(complaint(header + ",,2,paw,1,,,\n").starts_with("mice.csv:2:1: no experiment"));
    CHECK(complaint(header + "cmo,\"a,2,paw,1,,,\n").starts_with("mice.csv:2:5: a quote is not closed"));
}
