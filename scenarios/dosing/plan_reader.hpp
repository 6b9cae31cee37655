#pragma once

#include "scenarios/dosing/prescription.hpp"

#include <optional>
#include <vector>

namespace osteoflare::scenarios::dosing {

/// What is known before anything is prescribed: drugs, regimens, what can be measured, who is treated, and for how
/// long.
struct Clinic {
    std::vector<Drug> drugs;
    std::vector<Readout> readouts; ///< that rules may ask for
    std::vector<Regimen> regimens;
    bool treats_people = true;    ///< or mice
    std::optional<double> weight; ///< [kg]
    Tick start = 0, end = 0;      ///< of the observation
};

/// Reads the tables [[course]] and [[rule]] of `root`, and checks them together. Throws InputError with the place of
/// the first problem. Indices of the plan's drugs and read-outs are those of the clinic.
Plan read_plan(TomlTable& root, const Clinic& clinic);

/// The same of a text that holds nothing else; `file` is used in messages.
Plan parse_plan(const std::string& text, const std::string& file, const Clinic& clinic);

/// Checks courses and rules against each other: overlaps of one drug, courses that nothing starts or that two rules
/// do, rules that stop what has ended, more doses than `most_doses`. Throws InputError.
void check_plan(const Plan& plan, const Clinic& clinic);

/// The index of the drug of this name; otherwise complains at `where`, with the nearest name.
std::size_t require_drug(const std::vector<Drug>& drugs, const std::string& name, const Place& where);

} // namespace osteoflare::scenarios::dosing
