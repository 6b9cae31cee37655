#pragma once

#include "scenarios/dosing/course.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Doses as pharmacometricians write them: tables of events for NONMEM and its relatives.
namespace osteoflare::scenarios::dosing {

/// One line that gives something: a dose, and perhaps further ones.
struct DosingEvent {
    std::uint64_t patient = 0;
    std::size_t drug = 0; ///< index
    Tick at = 0;
    Amount amount;  ///< of each dose
    Tick every = 0; ///< between it and the further ones
    std::size_t further = 0;
    Tick infusion = 0; ///< 0 if it is given at once
    Route route = Route::oral;
};

struct EventTable {
    std::vector<DosingEvent> events;     ///< of one patient after the other by number, in the order of the file
    std::vector<std::uint64_t> patients; ///< in the order in which they first appear, also those without a dose
    std::vector<std::string> notes;      ///< what was left aside, in words
};

/// Reads a comma-separated table with a header: ID, TIME, AMT, and perhaps EVID, II, ADDL, RATE, and DRUG (a name) or
/// CMT (its number in `drugs`, from 1). Times are in days or as in "TIME [h]", amounts in mg or as in "AMT [mg/kg]",
/// rates in the unit of AMT per that of TIME. MDV and DV are left aside. Throws InputError with line and column, or
/// output::FileError.
EventTable read_event_table(const std::filesystem::path& file, const std::vector<Drug>& drugs);
/// The same of a text; `file` is used in messages.
EventTable parse_event_table(const std::string& text, const std::string& file, const std::vector<Drug>& drugs);

/// All doses of one patient of `weight` [kg], sorted by time, then drug. They are numbered for each drug, belong to
/// course 0, and are taken.
std::vector<Dose> doses_of(const EventTable& table, std::uint64_t patient, double weight);

} // namespace osteoflare::scenarios::dosing
