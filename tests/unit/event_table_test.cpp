#include "scenarios/dosing/event_table.hpp"

#include "output/file_error.hpp"
#include "scenarios/dosing/expand.hpp"
#include "unit/clinic.hpp"

#include "catch.hpp"
#include "folder.hpp"

#include <fstream>

using namespace osteoflare::scenarios;
using namespace osteoflare::scenarios::dosing;
using osteoflare::tests::drugs;

namespace {

EventTable read(const std::string& text)
{
    return parse_event_table(text, "doses.csv", drugs());
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

const std::string header = "ID,TIME,AMT,EVID,II,ADDL,RATE,DRUG\n";

} // namespace

TEST_CASE("a table with ADDL and II gives the same doses as the one written out", "[dosing]")
{
    const auto brief = read(header
                            + "1,0,450,1,1,4,.,naproxen\n"
                              "1,2,20,1,14,1,.,adalimumab\n"
                              "1,3,450,1,.,0,,naproxen\n");
    const auto full = read(header
                           + "1,0,450,1,,,,naproxen\n1,1,450,1,,,,naproxen\n1,2,20,1,,,,adalimumab\n"
                             "1,2,450,1,,,,naproxen\n1,3,450,1,,,,naproxen\n1,3,450,1,,,,naproxen\n"
                             "1,4,450,1,,,,naproxen\n1,16,20,1,,,,adalimumab\n");
    const auto doses = doses_of(brief, 1, 30);
    REQUIRE(doses.size() == 8);
    CHECK(doses == doses_of(full, 1, 30));
    CHECK(doses[0].per_kg == 15);
    CHECK(doses[7].at == 16 * ticks_per_day);
    CHECK(doses[7].number == 2);
}

TEST_CASE("a table gives the doses of the course that it writes down", "[dosing]")
{
    const auto table = doses_of(read("ID,TIME [weeks],AMT [mg/kg],EVID,II,ADDL,CMT\n5,1,0.4,1,1,9,5\n"), 5, 30);
    const Plan plan = osteoflare::tests::plan_of(
        "[[course]]\nregimen = \"methotrexate\"\nfrom = \"1 week\"\nduration = \"10 weeks\"\n");
    CHECK(table == expand(plan.courses, 30, 1, 5));
}

TEST_CASE("times are in days or in the header's unit, and so are intervals and rates", "[dosing]")
{
    const auto table = read("ID,TIME [h],AMT,EVID,II,ADDL,RATE,DRUG\n1,36,30,1,24,1,7.5,pamidronate\n");
    REQUIRE(table.events.size() == 1);
    CHECK(table.events[0].at == to_tick(1.5));
    CHECK(table.events[0].every == ticks_per_day);
    CHECK(table.events[0].infusion == 4 * 3600); // 30 mg at 7.5 mg/h
    CHECK(table.events[0].route == Route::intravenous);
    // Without a unit, days; the rate is per day.
    CHECK(read(header + "1,2,30,1,,,60,pamidronate\n").events[0].at == 2 * ticks_per_day);
    CHECK(read(header + "1,2,30,1,,,60,pamidronate\n").events[0].infusion == ticks_per_day / 2);
}

TEST_CASE("a dose in mg is divided by each patient's own weight, and patients keep to themselves", "[dosing]")
{
    const auto table = read(header + "2,0,300,1,,,,naproxen\n1,0,450,1,1,1,,naproxen\n2,5,300,1,,,,naproxen\n");
    CHECK(table.patients == std::vector<std::uint64_t>{2, 1});
    CHECK(doses_of(table, 2, 20).size() == 2);
    CHECK(doses_of(table, 2, 20)[0].per_kg == 15);
    CHECK(doses_of(table, 1, 45)[1].per_kg == 10);
    CHECK(doses_of(table, 3, 20).empty());
    CHECK(doses_of(table, 2, 20)[1].at == 5 * ticks_per_day);
    CHECK(doses_of(parse_event_table("ID,TIME,AMT [mg/kg]\n1,0,2\n1,0,.\n", "doses.csv", {drugs()[1]}), 1, 20)[0].mg
          == 40);
}

TEST_CASE("observations, other events, comments, MDV and DV are left aside, and said to be", "[dosing]")
{
    const auto table = read("# from the clinic\nID,TIME,AMT,EVID,MDV,DV,DRUG\n1,0,450,1,1,.,naproxen\n"
                            "# a visit\n1,7,.,0,0,3.2,.\n1,8,0,2,1,.,.\n9,0,.,0,0,1,.\n");
    CHECK(table.events.size() == 1);
    CHECK(table.patients == std::vector<std::uint64_t>{1, 9});
    CHECK(table.notes
          == std::vector<std::string>{
              "column MDV is left aside: it is about observations", "column DV is left aside: it is about observations",
              "2 observation(s) are left aside", "1 event(s) of another kind (EVID 2) are left aside"});
    CHECK(read(header + "1,0,450,1,,,,naproxen\n").notes.empty());
}

TEST_CASE("what is wrong in a table of doses is refused with its line and column", "[dosing]")
{
    CHECK(complaint("") == "doses.csv:1:1: there are no doses (the file is empty); write one event in each line");
    CHECK(complaint(header).starts_with("doses.csv:1:1: there are no doses (only a header)"));
    CHECK(complaint("ID,TIEM,AMT,DRUG\n1,0,1,naproxen\n")
          == "doses.csv:1:4: unknown column 'TIEM' (a table of doses has no such column); did you mean 'TIME'?");
    CHECK(complaint("ID,TIME,AMT,SS,DRUG\n1,0,1,1,naproxen\n").starts_with("doses.csv:1:13: a column SS"));
    CHECK(complaint("ID,TIME,ID,AMT\n1,0,1,1\n").starts_with("doses.csv:1:9: a second column 'ID'"));
    CHECK(complaint("ID,AMT,DRUG\n1,1,naproxen\n").starts_with("doses.csv:1:1: there is no column 'TIME'"));
    CHECK(complaint("ID,TIME,AMT\n1,0,1\n").starts_with("doses.csv:1:1: there is neither DRUG nor CMT"));
    CHECK(complaint("ID,TIME,AMT,CMT,DRUG\n1,0,1,1,naproxen\n").starts_with("doses.csv:1:13: CMT beside DRUG"));
    CHECK(complaint("ID,TIME [mg],AMT,CMT\n1,0,1,1\n").starts_with("doses.csv:1:4: times in 'mg': "));
    CHECK(complaint("ID,TIME,AMT [g/m2],CMT\n1,0,1,1\n").starts_with("doses.csv:1:9: amounts in 'g/m2'"));
    CHECK(complaint("ID,TIME,AMT,II [h],CMT\n1,0,1,1,1\n").starts_with("doses.csv:1:13: a unit for II"));
    CHECK(complaint(header + "1,0,1\n").starts_with("doses.csv:2:1: 3 cells in this line (the header has 8 columns)"));
    CHECK(complaint(header + "1,0,450,1,,,,naproxin\n").starts_with("doses.csv:2:14: unknown drug 'naproxin'"));
    CHECK(complaint(header + "1,0,450,1,,,,naproxin\n").ends_with("did you mean 'naproxen'?"));
    CHECK(complaint("ID,TIME,AMT,CMT\n1,0,1,8\n")
          == "doses.csv:2:7: CMT is 8 (drugs are numbered from 1 to 7); name them in a column DRUG instead");
    CHECK(complaint(header + "1,0,450,3,,,,naproxen\n").starts_with("doses.csv:2:9: EVID 3: a reset"));
    CHECK(complaint(header + "1,0,450,4,,,,naproxen\n").starts_with("doses.csv:2:9: EVID 4: a reset"));
    CHECK(complaint(header + "1,0,450,5,,,,naproxen\n").starts_with("doses.csv:2:9: EVID is 5"));
    CHECK(complaint(header + "1,0,450,0,,,,naproxen\n").starts_with("doses.csv:2:5: an amount with EVID 0"));
    CHECK(complaint(header + "1,0,-450,1,,,,naproxen\n").starts_with("doses.csv:2:5: AMT is -450"));
    CHECK(complaint(header + "1,0,.,1,,,,naproxen\n").starts_with("doses.csv:2:5: no AMT"));
    CHECK(complaint(header + "1,0,x,1,,,,naproxen\n").starts_with("doses.csv:2:5: AMT: 'x' is not a number"));
    CHECK(complaint(header + "1.5,0,450,1,,,,naproxen\n").starts_with("doses.csv:2:1: ID is 1.5"));
    CHECK(complaint(header + ",0,450,1,,,,naproxen\n").starts_with("doses.csv:2:1: no ID"));
    CHECK(complaint(header + "1,,450,1,,,,naproxen\n").starts_with("doses.csv:2:3: no TIME"));
    CHECK(complaint(header + "1,5,450,1,,,,naproxen\n1,4,450,1,,,,naproxen\n")
              .starts_with("doses.csv:3:3: TIME goes back from 5 to 4 days"));
    CHECK(complaint(header + "1,0,450,1,,3,,naproxen\n")
          == "doses.csv:2:12: 3 further dose(s) without an interval (II is missing); give II, or ADDL = 0");
    CHECK(complaint(header + "1,0,450,1,0,3,,naproxen\n").starts_with("doses.csv:2:11: 3 further dose(s)"));
    CHECK(complaint(header + "1,0,450,1,-1,,,naproxen\n").starts_with("doses.csv:2:11: 0 further dose(s)"));
    CHECK(complaint(header + "1,0,450,1,1,2.5,,naproxen\n").starts_with("doses.csv:2:13: ADDL is 2.5"));
    CHECK(complaint(header + "1,0,30,1,,,-1,pamidronate\n").starts_with("doses.csv:2:12: RATE is -1"));
    CHECK(complaint(header + "1,0,30,1,,,-2,pamidronate\n").starts_with("doses.csv:2:12: RATE is -2"));
    CHECK(complaint(header + "1,0,450,1,,,10,naproxen\n").starts_with("doses.csv:2:13: an infusion of naproxen"));
    CHECK(complaint(header + "1,0,450,1,1,999999,,naproxen\n1,1,450,1,,,,naproxen\n")
              .starts_with("doses.csv:3:3: 1000001 doses up to this line (a table has at most 1000000)"));
}

TEST_CASE("a table is read from its file, and a missing one is said to be missing", "[dosing]")
{
    const osteoflare::tests::Folder folder;
    const auto file = folder.path / "doses.csv";
    std::ofstream(file) << header << "1,0,450,1,1,4,.,naproxen\n";
    CHECK(doses_of(read_event_table(file, drugs()), 1, 30).size() == 5);
    CHECK_THROWS_AS(read_event_table(folder.path / "none.csv", drugs()), osteoflare::output::FileError);
}
