#include "scenarios/phenotypes.hpp"

#include "catch.hpp"

#include <algorithm>
#include <set>
#include <string>

using namespace osteoflare::scenarios;

TEST_CASE("every row of the phenotype table with a firm observation comes out as observed", "[validation]")
{
    const auto rows = compare_phenotypes(read_library(library_folder()), 0);
    std::set<std::string> numbers;
    for (const auto& row : rows) {
        INFO(row.row << " " << row.name << ": " << words(row));
        CHECK(row.verdict != Verdict::not_as_observed);
        CHECK(row.verdict != Verdict::failed);
        numbers.insert(row.row);
    }
    for (int row = 1; row <= 29; ++row) {
        INFO("row " << row);
        CHECK((row == 28 ? numbers.contains("28a") : numbers.contains(std::to_string(row))));
    }
}

TEST_CASE("a row that nobody observed is a prediction, never as observed", "[validation]")
{
    for (const auto& row : compare_phenotypes(read_library(library_folder()), 0)) {
        if (row.observed.firmness == "D") {
            INFO(row.name);
            CHECK(row.verdict == Verdict::prediction);
            CHECK(words(row) == "prediction");
        }
    }
}

TEST_CASE("the rules of comparison are those of the phenotype table", "[validation]")
{
    const double never = std::nan("");
    const Prediction cmo{
        .onset = 50, .final_swelling = 2, .final_bone = 0.4, .reactive_bone = 1, .il1b = 20, .pro_il1b = 30};
    const Prediction wild_type{
        .onset = never, .final_swelling = 0.05, .final_bone = 1, .reactive_bone = 0, .il1b = 0.06, .pro_il1b = 0.1};
    const auto holds_for = [&](Expectation expectation, Prediction prediction) {
        return holds({.expect = expectation, .firmness = 'A', .from = 42, .until = 98}, prediction, cmo, wild_type);
    };
    Prediction x = cmo;
    CHECK(holds_for(Expectation::as_cmo, x));
    x.onset = 64.1; // more than two weeks later
    CHECK_FALSE(holds_for(Expectation::as_cmo, x));
    CHECK(holds_for(Expectation::later, x));
    x.onset = 54.9;
    CHECK_FALSE(holds_for(Expectation::later, x));
    CHECK(holds_for(Expectation::onset_between, x));
    x.onset = 98.1;
    CHECK_FALSE(holds_for(Expectation::onset_between, x));
    x = cmo;
    x.final_swelling = 1.59; // below 80 %
    CHECK_FALSE(holds_for(Expectation::as_cmo, x));
    CHECK_FALSE(holds_for(Expectation::ameliorated, x)); // as much bone lost
    x.final_bone = 0.5;
    CHECK(holds_for(Expectation::ameliorated, x));
    CHECK_FALSE(holds_for(Expectation::bone_spared, x));
    x.final_bone = 0.81; // a third of 0.6 is 0.2
    CHECK(holds_for(Expectation::bone_spared, x));
    CHECK(holds_for(Expectation::osteopenia, x));
    x.final_bone = 0.991;
    CHECK_FALSE(holds_for(Expectation::osteopenia, x));
    CHECK_FALSE(holds_for(Expectation::no_disease, x));
    CHECK(holds_for(Expectation::no_disease, wild_type));
    CHECK_FALSE(holds_for(Expectation::diseased, wild_type));
    CHECK_FALSE(holds_for(Expectation::as_cmo, wild_type)); // NaN compares false
    CHECK_FALSE(holds_for(Expectation::cured, x));
    CHECK(holds_for(Expectation::cured, wild_type));
}
