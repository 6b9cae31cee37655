#pragma once

#include "scenarios/dosing/plan_reader.hpp"
#include "scenarios/reading/library.hpp"

#include <string>
#include <vector>

namespace osteoflare::tests {

/// Drugs of a child with CNO; in this order they are CMT 1, 2, … of a table of events.
inline const std::vector<scenarios::dosing::Drug>& drugs()
{
    using scenarios::dosing::Route;
    static const std::vector<scenarios::dosing::Drug> known = {
        {"naproxen", "mg/kg", {Route::oral}, "", ""},
        {"anakinra", "mg/kg", {Route::subcutaneous}, "", ""},
        {"adalimumab", "mg", {Route::subcutaneous}, "", ""},
        {"pamidronate", "mg/kg", {Route::intravenous}, "", ""},
        {"methotrexate", "mg/kg", {Route::oral, Route::subcutaneous}, "", ""},
        {"prednisolone", "mg/kg", {Route::oral, Route::intravenous}, "", ""},
        {"denosumab", "mg", {Route::subcutaneous}, "denosumab does not bind mouse RANKL", "opg_fc"},
    };
    return known;
}

/// Where a child of 30 kg is followed for two years.
inline scenarios::dosing::Clinic clinic()
{
    static const auto regimens =
        scenarios::dosing::read_regimens(scenarios::dosing::regimens_of(scenarios::library_folder()));
    return {.drugs = drugs(),
            .readouts = {{"vas", "1", 0, 10}, {"crp", "mg/L", 0, 1e30}},
            .regimens = regimens,
            .treats_people = true,
            .weight = 30,
            .start = 0,
            .end = scenarios::to_tick(730.5)};
}

/// The plan of a text, as in a scenario.
inline scenarios::dosing::Plan plan_of(const std::string& text)
{
    return scenarios::dosing::parse_plan(text, "child.toml", clinic());
}

} // namespace osteoflare::tests
