#include "scenarios/dosing/event_table.hpp"
#include "scenarios/dosing/expand.hpp"
#include "scenarios/dosing/words.hpp"
#include "scenarios/reading/library_tables.hpp"
#include "unit/clinic.hpp"

#include "catch.hpp"
#include "library.hpp"

#include <algorithm>

using namespace osteoflare::scenarios;
using namespace osteoflare::scenarios::dosing;
using osteoflare::tests::clinic;
using osteoflare::tests::plan_of;

namespace {

std::string complaint(const std::string& text, const Clinic& asked = clinic())
{
    try {
        (void)parse_plan(text, "child.toml", asked);
    } catch (const InputError& error) {
        return error.what();
    }
    return "none";
}

std::string regimen_complaint(const std::string& text)
{
    try {
        (void)parse_regimens(text, "regimens.toml");
    } catch (const InputError& error) {
        return error.what();
    }
    return "none";
}

std::vector<std::string> words(const std::string& text, std::uint64_t seed = 1)
{
    const Plan plan = plan_of(text);
    return describe_plan(plan, expand(plan.courses, *clinic().weight, seed, 0), clinic());
}

/// A course that is fine, with more lines behind it, from line 6 on.
std::string naproxen(const std::string& more)
{
    return "[[course]]\ndrug = \"naproxen\"\ndose = 15\nfrom = 0\nevery = \"1 d\"\n" + more;
}

const std::string switched = "[[course]]\nregimen = \"naproxen\"\nfrom = 0\n[[course]]\nregimen = \"adalimumab\"\n";

using Lines = std::vector<std::string>;

} // namespace

TEST_CASE("every regimen of the library can be given, and says where each number comes from", "[dosing]")
{
    const auto regimens = clinic().regimens;
    CHECK(names_of(regimens)
          == Lines{"naproxen", "anakinra", "adalimumab", "pamidronate", "methotrexate", "prednisolone"});
    for (const Regimen& regimen : regimens) {
        CAPTURE(regimen.name);
        CHECK(complaint("[[course]]\nregimen = \"" + regimen.name + "\"\nfrom = 0\n") == "none");
        CHECK(regimen.sources.size() >= 2);
    }
    // The mouse's treatments stand in the same folder, and are what they were.
    CHECK(osteoflare::tests::library().treatment("anakinra") != nullptr);
    CHECK(osteoflare::tests::library().treatment("naproxen") == nullptr);
}

TEST_CASE("the library gives what the patient model was calibrated with, to a child of 30 kg", "[dosing]")
{
    const auto first = [](const std::string& regimen) {
        return words("[[course]]\nregimen = \"" + regimen + "\"\nfrom = 0\n").front();
    };
    CHECK(first("naproxen") == "day 0 to 273: naproxen 15 mg/kg (450 mg) by mouth, every 1 d, 274 doses");
    CHECK(first("anakinra") == "day 0 to 730: anakinra 2 mg/kg (60 mg) under the skin, every 1 d, 731 doses");
    CHECK(first("adalimumab") == "day 0 to 728: adalimumab 0.67 mg/kg (20.1 mg) under the skin, every 14 d, 53 doses");
    CHECK(first("pamidronate") == "day 0 to 2: pamidronate 1 mg/kg (30 mg) into a vein, every 1 d, 3 doses");
    CHECK(first("methotrexate") == "day 0 to 728: methotrexate 0.4 mg/kg (12 mg) by mouth, every 7 d, 105 doses");
    CHECK(first("prednisolone") == "day 0 to 14: prednisolone 1 mg/kg (30 mg) by mouth, every 1 d, 15 doses");
}

TEST_CASE("a plan in words has a line for each run of equal doses, each taper and each rule", "[dosing]")
{
    CHECK(words("[[course]]\nregimen = \"prednisolone\"\nfrom = 0\n")[1]
          == "day 15 to 41: prednisolone 0.9643 falling to 0.03571 mg/kg (28.93 to 1.071 mg) by mouth, every 1 d, 27 "
             "doses");
    CHECK(words("[[course]]\nregimen = \"pamidronate\"\nfrom = \"1 d\"\ninfusion = \"4 h\"\n"
                "cycles = { every = \"90 d\", number = 2 }\n")
          == Lines{"day 1 to 3: pamidronate 1 mg/kg (30 mg) into a vein over 4 h, every 1 d, 3 doses",
                   "day 91 to 93: pamidronate 1 mg/kg (30 mg) into a vein over 4 h, every 1 d, 3 doses"});
    CHECK(words(switched
                + "duration = \"26 weeks\"\n[[rule]]\nif = \"vas >= 1\"\nat = \"6 months\"\n"
                  "stop = [\"naproxen\"]\nstart = [\"adalimumab\"]\n")
          == Lines{"day 0 to 273: naproxen 15 mg/kg (450 mg) by mouth, every 1 d, 274 doses",
                   "day 182.625: if vas >= 1: stop naproxen, start adalimumab",
                   "day 182.625 to 350.625: adalimumab 0.67 mg/kg (20.1 mg) under the skin, every 14 d, 13 doses, if "
                   "vas >= 1 on day 182.625"});
    // Steps of one dose each, and then several: 4, 2, 2 is no fall.
    CHECK(words("[[course]]\ndrug = \"prednisolone\"\ndose = \"4 mg\"\nfrom = 0\nevery = \"1 d\"\nduration = \"3 d\"\n"
                "taper = { steps = [0.5, 0.5], each = \"1 d\" }\n")
          == Lines{"day 0: prednisolone 0.1333 mg/kg (4 mg) by mouth",
                   "day 1 to 2: prednisolone 0.06667 mg/kg (2 mg) by mouth, every 1 d, 2 doses"});
    const std::string missed = words(naproxen("doses = 700\nadherence = \"90 %\"\n"))[0];
    CHECK(missed.starts_with("day 0 to 699: naproxen 15 mg/kg (450 mg) by mouth, every 1 d, 700 doses, "));
    CHECK(missed.ends_with(" of them missed"));
    CHECK(words(naproxen("doses = 1\nadherence = 0\n")) == Lines{"day 0: naproxen 15 mg/kg (450 mg) by mouth, missed"});
}

TEST_CASE("a table of events is told in the same words", "[dosing]")
{
    const auto table =
        parse_event_table("ID,TIME,AMT,II,ADDL,RATE,DRUG\n1,0,450,1,9,,naproxen\n1,3,30,,,60,pamidronate\n",
                          "doses.csv", osteoflare::tests::drugs());
    CHECK(describe_doses(doses_of(table, 1, 30), osteoflare::tests::drugs())
          == Lines{"day 0 to 9: naproxen 15 mg/kg (450 mg) by mouth, every 1 d, 10 doses",
                   "day 3: pamidronate 1 mg/kg (30 mg) into a vein over 12 h"});
}

TEST_CASE("an unknown drug, regimen, course, read-out or route gets the nearest name", "[dosing]")
{
    CHECK(complaint("[[course]]\ndrug = \"naproxn\"\ndose = 15\nfrom = 0\ndoses = 1\n")
          == "child.toml:2:8: unknown drug 'naproxn' (no model of it is there); did you mean 'naproxen'?");
    CHECK(complaint("[[course]]\nregimen = \"pamidronat\"\nfrom = 0\n")
          == "child.toml:2:11: unknown regimen 'pamidronat' (the library has no such regimen); did you mean "
             "'pamidronate'?");
    CHECK(complaint(naproxen("route = \"orally\"\n")).ends_with("did you mean 'oral'?"));
    const std::string rule = switched + "[[rule]]\nat = \"6 months\"\n";
    CHECK(complaint(rule + "if = \"vsa >= 1\"\nstart = [\"adalimumab\"]\n").ends_with("did you mean 'vas'?"));
    CHECK(complaint(rule + "if = \"vas >= 1\"\nstart = [\"adalimumb\"]\n").ends_with("did you mean 'adalimumab'?"));
    CHECK(complaint(naproxen("intervall = 3\n")).starts_with("child.toml:6:1: unknown key 'course.intervall'"));
}

TEST_CASE("a dose without a weight is refused, per kg or not", "[dosing]")
{
    Clinic unweighed = clinic();
    unweighed.weight.reset();
    CHECK(complaint(naproxen("doses = 1\n"), unweighed)
          == "child.toml:3:1: a dose in mg/kg without a weight (nothing says how many mg that is); give the patient a "
             "weight in kg");
    CHECK(complaint("[[course]]\ndrug = \"adalimumab\"\ndose = 40\nfrom = 0\ndoses = 1\n", unweighed)
              .starts_with("child.toml:3:1: a dose in mg without a weight (nothing says how much it is per kg)"));
}

TEST_CASE("courses of one drug that overlap are refused with both names and the overlap", "[dosing]")
{
    const std::string second = "[[course]]\nname = \"more\"\ndrug = \"naproxen\"\ndose = 5\nevery = \"1 d\"\n";
    CHECK(complaint(naproxen("until = 100\n") + second + "from = 80\nuntil = 120\n")
          == "child.toml:7:1: courses 'more' and 'naproxen' overlap (both give naproxen from day 80 to day 100); let "
             "one end before the other begins");
    CHECK(complaint(naproxen("doses = 100\n") + second + "from = 99\n").find("from day 99 to day 100")
          != std::string::npos);
    CHECK(complaint(naproxen("until = 100\n") + second + "from = 100\n") == "none");
    CHECK(complaint(naproxen("") + "[[course]]\nregimen = \"pamidronate\"\nfrom = 0\n") == "none");
    // A rule that replaces one by the other is no overlap; one that adds the second is.
    const std::string rule = "[[rule]]\nif = \"vas >= 4\"\nat = 90\nstart = [\"more\"]\n";
    CHECK(complaint(naproxen("") + second + rule + "stop = [\"naproxen\"]\n") == "none");
    CHECK(complaint(naproxen("") + second + rule).find("overlap") != std::string::npos);
    // Nor is it one if only one of two rules can fire.
    const std::string less = "[[course]]\nname = \"less\"\ndrug = \"naproxen\"\ndose = 2\nevery = \"1 d\"\n";
    const std::string otherwise = "[[rule]]\nat = 90\nstart = [\"less\"]\n";
    CHECK(complaint(second + less + rule + otherwise + "if = \"vas < 4\"\n") == "none");
    CHECK(complaint(second + less + rule + otherwise + "if = \"vas <= 4\"\n").find("overlap") != std::string::npos);
    CHECK(complaint(second + less + rule + otherwise + "if = \"crp < 4\"\n").find("overlap") != std::string::npos);
}

TEST_CASE("a rule that can never fire is refused: too late, or beyond what its read-out can be", "[dosing]")
{
    const auto rule = [](const std::string& condition, const std::string& at) {
        return complaint(switched + "[[rule]]\nif = \"" + condition + "\"\nat = " + at
                         + "\nstart = [\"adalimumab\"]\n");
    };
    CHECK(
        rule("vas >= 1", "\"3 years\"")
        == "child.toml:8:6: the rule of day 1095.75 can never fire (the patient is followed from day 0 to day 730.5); "
           "move it, or follow the patient longer");
    CHECK(rule("vas >= 1", "730.5").find("can never fire") != std::string::npos);
    CHECK(rule("vas >= 1", "-1").find("can never fire") != std::string::npos);
    CHECK(rule("vas >= 11", "90")
          == "child.toml:7:6: the rule 'vas >= 11' can never fire (vas lies from 0 to 10); choose a level within");
    CHECK(rule("vas > 10", "90").find("can never fire") != std::string::npos);
    CHECK(rule("vas < 0", "90").find("can never fire") != std::string::npos);
    CHECK(rule("vas <= -1", "90").find("can never fire") != std::string::npos);
    for (const char* possible : {"vas >= 10", "vas > 9.9", "vas <= 0", "vas < 0.1", "crp > 5 mg/L", "crp > 5"}) {
        CHECK(rule(possible, "90") == "none");
    }
    CHECK(rule("vas", "90").find("'vas' compares nothing") != std::string::npos);
    CHECK(rule("crp > 5 mg", "90").find("wrong dimension") != std::string::npos);
}

TEST_CASE("rules and courses that do not fit together are refused", "[dosing]")
{
    const std::string rule = "[[rule]]\nif = \"vas >= 1\"\nat = \"10 months\"\n";
    CHECK(complaint(switched)
          == "child.toml:4:1: course 'adalimumab' never begins (it has no 'from', and no rule starts it); add from = "
             "\"0 d\", or a rule");
    CHECK(complaint(switched + rule).find("a rule that changes nothing") != std::string::npos);
    CHECK(complaint(switched + rule + "stop = [\"naproxen\"]\nstart = [\"adalimumab\"]\n")
              .find("the rule of day 304.375 cannot stop 'naproxen' (its last dose is on day 273)")
          != std::string::npos);
    CHECK(complaint(switched + rule + "start = [\"naproxen\", \"adalimumab\"]\n")
              .find("a rule starts 'naproxen' (it begins on day 0 by itself)")
          != std::string::npos);
    const std::string start = "start = [\"adalimumab\"]\n";
    CHECK(complaint(switched + rule + start + rule + start).find("a second rule starts 'adalimumab' (that of line 6")
          != std::string::npos);
    CHECK(complaint(switched + rule + start + "stop = [\"adalimumab\"]\n").find("stops and starts")
          != std::string::npos);
    // An infusion can be stopped until it ends.
    const auto stops_infusion = [](const std::string& at) {
        return complaint(
            "[[course]]\nregimen = \"pamidronate\"\nfrom = 0\ninfusion = \"4 h\"\ncycles = { every = \"90 d\", "
            "number = 1 }\n[[rule]]\nif = \"vas >= 1\"\nat = \""
            + at + "\"\nstop = [\"pamidronate\"]\n");
    };
    CHECK(stops_infusion("51 h") == "none");
    CHECK(stops_infusion("52 h").find("cannot stop 'pamidronate' (its last dose is on day 2)") != std::string::npos);
    CHECK(complaint(naproxen("doses = 1\n") + naproxen("doses = 1\n")).find("a second course 'naproxen'")
          != std::string::npos);
}

TEST_CASE("denosumab is for people, not for mice", "[dosing]")
{
    const std::string course = "[[course]]\ndrug = \"denosumab\"\ndose = 20\nfrom = 0\ndoses = 1\n";
    CHECK(complaint(course) == "none");
    Clinic stable = clinic();
    stable.treats_people = false;
    CHECK(complaint(course, stable)
          == "child.toml:2:8: denosumab for a mouse (denosumab does not bind mouse RANKL); use 'opg_fc'");
    CHECK(complaint(naproxen("doses = 1\n"), stable) == "none");
}

TEST_CASE("numbers that mean nothing are refused where they stand", "[dosing]")
{
    CHECK(
        complaint(naproxen("adherence = 1.2\n"))
        == "child.toml:6:13: 'course.adherence' is 1.2 (it is the share of doses that is taken); give a number from 0 "
           "to 1, or a percentage");
    CHECK(complaint(naproxen("adherence = \"-5 %\"\n")).starts_with("child.toml:6:13: 'course.adherence' is -0.05"));
    CHECK(complaint(naproxen("at_most = 0\n")).starts_with("child.toml:6:11: 'course.at_most' is 0 mg"));
    CHECK(complaint(naproxen("at_most = \"10 mg/kg\"\n")).find("wrong dimension") != std::string::npos);
    const auto with = [](const std::string& dose, const std::string& every) {
        return complaint("[[course]]\ndrug = \"naproxen\"\ndose = " + dose + "\nevery = " + every + "\nfrom = 0\n");
    };
    CHECK(with("-15", "1").starts_with("child.toml:3:8: 'course.dose' is -15 mg/kg (a dose is above 0)"));
    CHECK(with("\"0 mg\"", "1").starts_with("child.toml:3:8: 'course.dose' is 0 mg"));
    CHECK(with("\"200 mg/m2\"", "1").find("a dose per body surface (a surface follows from height")
          != std::string::npos);
    CHECK(with("\"200 mg/m^2\"", "1").find("a dose per body surface") != std::string::npos);
    CHECK(with("\"15 mg/kg/d\"", "1").find("wrong dimension") != std::string::npos);
    CHECK(with("\"15 %\"", "1").find("wrong dimension") != std::string::npos);
    CHECK(with("15", "0").starts_with("child.toml:4:9: 'course.every' is 0 d (it must be a second or longer)"));
    CHECK(with("15", "\"-1 d\"").starts_with("child.toml:4:9: 'course.every' is -1 d"));
    CHECK(with("15", "\"10 mg\"").find("wrong dimension") != std::string::npos);
    CHECK(with("15", "1e9").find("nobody is followed for so long") != std::string::npos);
    CHECK(complaint("[[course]]\ndrug = \"naproxen\"\nfrom = 0\nevery = 1\n").find("has no dose") != std::string::npos);
    CHECK(complaint("[[course]]\ndrug = \"naproxen\"\ndose = 1\nfrom = 0\n").find("has no interval")
          != std::string::npos);
    CHECK(complaint(naproxen("route = \"intravenous\"\n"))
          == "child.toml:6:1: naproxen into a vein (it is given by mouth); change the route");
    CHECK(complaint(naproxen("infusion = \"1 h\"\n")).starts_with("child.toml:6:1: an infusion of naproxen by mouth"));
    CHECK(complaint("[[course]]\ndrug = \"pamidronate\"\ndose = 1\nfrom = 0\nevery = \"1 h\"\ninfusion = \"2 h\"\n")
              .find("the next begins before one has ended")
          != std::string::npos);
    CHECK(complaint("[[course]]\nregimen = \"naproxen\"\ndrug = \"naproxen\"\nfrom = 0\n")
              .starts_with("child.toml:3:8: a drug beside a regimen"));
}

TEST_CASE("a number of doses and an end that contradict each other are refused", "[dosing]")
{
    CHECK(complaint(naproxen("doses = 10\nuntil = 20\n"))
          == "child.toml:6:1: 10 doses and an end on day 20 contradict each other (the last dose of 10 doses is on day "
             "9); give one of them");
    CHECK(complaint(naproxen("doses = 10\nuntil = 9\n")).find("contradict") != std::string::npos);
    CHECK(complaint(naproxen("doses = 10\nduration = \"9.5 d\"\n")) == "none");
    CHECK(complaint(naproxen("until = 9\nduration = 9\n")).find("each of them ends the course") != std::string::npos);
    const std::string cycles = naproxen("doses = 3\ncycles = { every = 30, number = 4 }\n");
    CHECK(complaint(cycles + "until = 92\n").find("4 cycles and an end on day 92 contradict") != std::string::npos);
    CHECK(complaint(cycles + "until = 121\n").find("4 cycles and an end on day 121 contradict") != std::string::npos);
    CHECK(complaint(cycles + "until = 120\n") == "none");
    CHECK(complaint(naproxen("cycles = { every = 30, number = 4 }\n")).find("cycles without a number of doses")
          != std::string::npos);
    CHECK(complaint(naproxen("doses = 31\ncycles = { every = 30, number = 4 }\n")).find("a cycle's 31 doses take")
          != std::string::npos);
    CHECK(complaint(naproxen("doses = 30\ncycles = { every = 30, number = 4 }\n")) == "none");
}

TEST_CASE("a course lies within the time in which the patient is followed", "[dosing]")
{
    CHECK(complaint(naproxen("until = 731\n"))
              .starts_with("child.toml:1:1: 'naproxen' ends on day 731, outside the run"));
    CHECK(complaint(naproxen("doses = 732\n")).find("'naproxen' ends on day 731, outside the run")
          != std::string::npos);
    CHECK(complaint(naproxen("doses = 731\n")) == "none");
    CHECK(complaint("[[course]]\nregimen = \"naproxen\"\nfrom = -1\n").find("begins on day -1, outside the run")
          != std::string::npos);
    CHECK(complaint("[[course]]\nregimen = \"naproxen\"\nfrom = 50\nuntil = 50\n").find("not after it begins")
          != std::string::npos);
}

TEST_CASE("a taper has an end to lead to, is no longer than its course, and falls", "[dosing]")
{
    CHECK(complaint(naproxen("until = 20\ntaper = { over = \"3 weeks\" }\n"))
          == "child.toml:7:1: the taper of 'naproxen' takes 21 d (the course takes 20 d); give a shorter taper or a "
             "longer course");
    CHECK(complaint(naproxen("until = 21\ntaper = { over = \"3 weeks\" }\n")) == "none");
    CHECK(complaint(naproxen("doses = 20\ntaper = { steps = [0.5, 0.2, 0.1], each = \"1 week\" }\n"))
              .find("takes 21 d (the course takes 20 d)")
          != std::string::npos);
    CHECK(complaint(naproxen("taper = { over = \"3 weeks\" }\n")).find("which has no end") != std::string::npos);
    const auto taper = [](const std::string& inside) {
        return complaint(naproxen("until = 100\ntaper = { " + inside + " }\n"));
    };
    CHECK(taper("steps = [0.5, 0.6], each = 1").find("a step of 0.6 (a taper falls") != std::string::npos);
    CHECK(taper("steps = [0.5, 0], each = 1").find("a step of 0 ") != std::string::npos);
    CHECK(taper("steps = [1.5], each = 1").find("a step of 1.5") != std::string::npos);
    CHECK(taper("steps = [], each = 1").find("a taper without steps") != std::string::npos);
    CHECK(taper("steps = [0.5]").find("a taper needs 'over'") != std::string::npos);
    CHECK(taper("over = 3, each = 1, steps = [0.5]").find("a taper needs 'over'") != std::string::npos);
    CHECK(taper("over = 0").find("a second or longer") != std::string::npos);
}

TEST_CASE("more than a million doses are refused before they are made", "[dosing]")
{
    CHECK(complaint("[[course]]\ndrug = \"naproxen\"\ndose = 1\nfrom = 0\nevery = \"1 s\"\n")
          == "child.toml:1:1: 63115200 doses up to course 'naproxen' (a plan has at most 1000000); is the interval in "
             "the unit that you meant?");
    // Two years of a dose a minute are 1 051 920.
    CHECK(complaint("[[course]]\ndrug = \"naproxen\"\ndose = 1\nfrom = 0\nevery = \"1 min\"\n").find("1051920 doses")
          != std::string::npos);
    CHECK(complaint(naproxen("doses = 1000001\n")).find("it must lie from 1 to 1000000") != std::string::npos);
}

TEST_CASE("a regimen of the library needs a source for every number, and no other", "[dosing]")
{
    const std::string start = "[regimen.x]\ndrug = \"naproxen\"\nroute = \"oral\"\nevery = 1\ndose = ";
    const std::string sources = "[regimen.x.sources]\nevery = { from = \"a\", grade = \"assumed\" }\n";
    const std::string dose = "dose = { from = \"b\", grade = \"recalled, low\" }\n";
    CHECK(regimen_complaint(start + "\"1 mg/kg\"\n" + sources + dose) == "none");
    CHECK(regimen_complaint(start + "\"1 mg/kg\"\n" + sources)
          == "regimens.toml:5:8: 'regimen.x.dose' has no source (every number says where it comes from); add "
             "sources.dose = { from = \"…\", grade = \"…\" }");
    CHECK(regimen_complaint(start + "\"1 mg/kg\"\n" + sources + dose + "doses = { from = \"b\", grade = \"read\" }\n")
              .find("a source for 'doses'")
          != std::string::npos);
    CHECK(regimen_complaint(start + "1\n" + sources + dose).find("has no unit") != std::string::npos);
    CHECK(regimen_complaint(start + "\"1 mg/kg\"\n" + sources + "dose = { from = \"b\", grade = \"raed\" }\n")
              .ends_with("did you mean 'read'?"));
    CHECK(regimen_complaint(start + "\"1 mg/kg\"\nuntil = 3\n" + sources + dose).find("an end of its own")
          != std::string::npos);
    CHECK(regimen_complaint(start + "\"1 mg/kg\"\nfrom = 3\n" + sources + dose).find("unknown key")
          != std::string::npos);
}

TEST_CASE("the examples of the reference page are read, and come to what stands below them", "[dosing]")
{
    const std::string page =
        read_text(std::filesystem::path(OSTEOFLARE_TEST_DATA) / "../../../docs/reference/dosing_format.md");
    // The blocks of the page in their order: a plan or a table, and the text that follows it.
    struct Block {
        std::string language, text;
    };
    std::vector<Block> blocks;
    for (std::size_t at = page.find("```"); at != std::string::npos; at = page.find("```", at)) {
        const std::size_t line = page.find('\n', at), end = page.find("```", line);
        REQUIRE(end != std::string::npos);
        blocks.push_back({page.substr(at + 3, line - at - 3), page.substr(line + 1, end - line - 1)});
        at = end + 3;
    }
    std::size_t n_compared = 0;
    for (std::size_t b = 0; b + 1 < blocks.size(); ++b) {
        if (blocks[b + 1].language != "text") {
            continue;
        }
        std::string told;
        if (blocks[b].language == "csv") {
            const auto table = parse_event_table(blocks[b].text, "page.csv", osteoflare::tests::drugs());
            for (const std::string& note : table.notes) {
                told += note + "\n";
            }
            for (const std::uint64_t patient : table.patients) {
                for (const auto& line : describe_doses(doses_of(table, patient, 30), osteoflare::tests::drugs())) {
                    told += line + "\n";
                }
            }
        } else {
            REQUIRE(blocks[b].language == "toml");
            for (const std::string& line : words(blocks[b].text)) {
                told += line + "\n";
            }
        }
        CHECK(told == blocks[b + 1].text);
        ++n_compared;
    }
    CHECK(n_compared == 4);
    CHECK(std::ranges::count(blocks, "toml", &Block::language) >= 4);
    // The regimen of the page is one of the library's grammar.
    const auto regimen =
        std::ranges::find_if(blocks, [](const Block& block) { return block.text.starts_with("[regimen"); });
    REQUIRE(regimen != blocks.end());
    CHECK(parse_regimens(regimen->text, "page.toml").size() == 1);
}
