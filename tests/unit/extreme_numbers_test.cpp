#include "output/file_error.hpp"
#include "scenarios/dosing/event_table.hpp"
#include "scenarios/patients/treatment.hpp"
#include "scenarios/patients/trial.hpp"
#include "scenarios/reading/data_table.hpp"
#include "scenarios/reading/library_tables.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/words.hpp"

#include "catch.hpp"
#include "library.hpp"

#include <algorithm>
#include <string>
#include <vector>

// What happens to absurd numbers, in each place where a file of the library has a number.

using namespace osteoflare;
using namespace osteoflare::scenarios;
using osteoflare::tests::library;

namespace {

/// Where a number stands.
struct NumberPlace {
    std::size_t at = 0, length = 0;
};

/// The numbers of a TOML text: bare ones, and those with a unit behind them in quotes. Comments and words are left
/// aside.
std::vector<NumberPlace> numbers_in(const std::string& text)
{
    std::vector<NumberPlace> found;
    for (std::size_t at = text.find_first_of("-0123456789"); at < text.size();
         at = text.find_first_of("-0123456789", at)) {
        const std::size_t end = std::min(text.find_first_not_of("0123456789.eE+-", at), text.size());
        const bool is_quoted = at > 0 && text[at - 1] == '"';
        const auto before = text.find_last_not_of(' ', at - (is_quoted ? 2 : 1));
        const bool is_value = before != std::string::npos && std::string("=[,").find(text[before]) != std::string::npos;
        const bool is_whole = is_quoted
                                  ? end < text.size() && text[end] == ' '
                                  : end == text.size() || std::string(" \n,]}").find(text[end]) != std::string::npos;
        const auto line = text.rfind('\n', at) + 1;
        if (is_value && is_whole && text.substr(line, at - line).find('#') == std::string::npos) {
            found.push_back({at, end - at});
        }
        at = end;
    }
    return found;
}

/// What became of a text: "taken", or the message of an error of ours. Other exceptions are thrown on.
template <class Read>
std::string outcome(Read read)
{
    try {
        read();
        return "taken";
    } catch (const InputError& error) {
        return error.what();
    } catch (const output::FileError& error) {
        return error.what();
    }
}

const std::vector<std::string> infinite = {"nan", "inf", "-inf", "+nan", "1e400", "-1e400"};
const std::vector<std::string> extreme = {
    "-1",         "0",      "-0.0",    "1e-320", "-4.9e-324",           "2.2e-308",
    "1e308",      "-1e308", "1.7e308", "1e17",   "9223372036854775807", "-9223372036854775808",
    "4294967296", "0.1",    "1e-9"};

/// Puts each number in each place; `check` gets what became of it and what was put there.
template <class Read, class Check>
std::size_t put_everywhere(const std::string& text, const std::vector<std::string>& numbers, Read read, Check check)
{
    std::size_t n = 0;
    for (const NumberPlace& place : numbers_in(text)) {
        for (const std::string& number : numbers) {
            std::string changed = text;
            changed.replace(place.at, place.length, number);
            check(outcome([&] { read(changed); }), changed.substr(text.rfind('\n', place.at) + 1, 60));
            ++n;
        }
    }
    return n;
}

void check_scenario(const std::string& text)
{
    (void)describe_check(parse_scenario(text, "absurd.toml", library()));
}

void check_trial(const std::string& text)
{
    (void)patients::describe_check(patients::parse_trial(text, "absurd.toml", library()));
}

bool is_message(const std::string& said)
{
    return said == "taken" || (said.find(" (") != std::string::npos && said.find("); ") != std::string::npos);
}

template <class Check>
std::size_t put_in_library(const std::vector<std::string>& numbers, Check check)
{
    std::size_t n = 0;
    for (const auto& file : library().scenarios) {
        n += put_everywhere(read_text(file), numbers, check_scenario, check);
    }
    for (const auto& file : library().trials) {
        n += put_everywhere(read_text(file), numbers, check_trial, check);
    }
    return n;
}

} // namespace

TEST_CASE("nowhere in a scenario or trial is a number taken that is not finite", "[scenarios][absurd]")
{
    const std::size_t n = put_in_library(infinite, [](const std::string& said, const std::string& line) {
        INFO(line << "\n" << said);
        REQUIRE(is_message(said));
        REQUIRE(said != "taken");
    });
    CHECK(n > 1000);
}

TEST_CASE("the smallest and largest numbers are taken or refused in words, everywhere", "[scenarios][absurd]")
{
    const std::size_t n = put_in_library(extreme, [](const std::string& said, const std::string& line) {
        INFO(line << "\n" << said);
        REQUIRE(is_message(said));
        REQUIRE(said.find("inf") == said.find("infusion")); // no infinity made of them
    });
    CHECK(n > 3000);
}

TEST_CASE("tables take no number that is not finite, and no other without words", "[scenarios][absurd]")
{
    const std::vector<std::string> measured = {"10", "2", "0.1", "5", "0.5"};
    const std::vector<std::string> dosed = {"1", "0", "450", "1", "4"};
    const auto row = [](std::vector<std::string> cells, std::size_t i, const std::string& number) {
        cells[i] = number;
        return cells;
    };
    auto numbers = infinite;
    numbers.insert(numbers.end(), extreme.begin(), extreme.end());
    for (std::size_t i = 0; i < 5; ++i) {
        for (std::size_t k = 0; k < numbers.size(); ++k) {
            INFO("column " << i << ", " << numbers[k]);
            const auto m = row(measured, i, numbers[k]), d = row(dosed, i, numbers[k]);
            const std::string of_data = outcome([&] {
                (void)parse_data_table("experiment,observable,time [d],value,error,n,detection_limit\na,b," + m[0] + ","
                                           + m[1] + "," + m[2] + "," + m[3] + "," + m[4] + "\n",
                                       "t.csv");
            });
            const std::string of_doses = outcome([&] {
                const auto table = dosing::parse_event_table("ID,TIME,AMT,II,ADDL,DRUG\n" + d[0] + "," + d[1] + ","
                                                                 + d[2] + "," + d[3] + "," + d[4] + ",naproxen\n",
                                                             "t.csv", patients::known_drugs());
                (void)dosing::doses_of(table, table.patients.front(), 30);
            });
            for (const std::string& said : {of_data, of_doses}) {
                INFO(said);
                CHECK(is_message(said));
                CHECK((said != "taken" || k >= infinite.size()));
            }
        }
    }
}
