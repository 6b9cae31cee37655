#include "scenarios/dosing/event_table.hpp"

#include "scenarios/dosing/event_columns.hpp"
#include "scenarios/dosing/plan_reader.hpp"
#include "scenarios/reading/csv.hpp"
#include "scenarios/reading/library_tables.hpp"
#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <tuple>

namespace osteoflare::scenarios::dosing {
namespace {

/// A line of the table, its cells by name.
struct Line {
    const std::vector<Cell>& cells;
    const Header& header;

    /// None if there is no such column, or the cell holds a point or nothing.
    const Cell* find(Column column) const
    {
        const auto& position = header.position[static_cast<std::size_t>(column)];
        const Cell* cell = position ? &cells[*position] : nullptr;
        return cell && !cell->text.empty() && cell->text != "." ? cell : nullptr;
    }

    const Cell& require(Column column) const
    {
        if (const Cell* cell = find(column)) {
            return *cell;
        }
        cells[*header.position[static_cast<std::size_t>(column)]].fail(
            {fmt::format("no {}", name_of(column)), "a line needs one", "fill the cell"});
    }

    /// The number in a cell; 0 where there is none.
    double number(Column column, std::string_view unit = "1") const
    {
        const Cell* cell = find(column);
        try {
            return cell ? parse_quantity(cell->text, unit) : 0;
        } catch (const UnitError& error) {
            cell->fail({fmt::format("{}: {}", name_of(column), error.problem.what), error.problem.why,
                        error.problem.suggestion});
        }
    }

    std::uint64_t whole_number(Column column, double high) const
    {
        const double value = number(column);
        if (value < 0 || value > high || value != std::floor(value)) {
            find(column)->fail({fmt::format("{} is {:g}", name_of(column), value),
                                fmt::format("it is a whole number from 0 to {:g}", high), "correct the cell"});
        }
        return static_cast<std::uint64_t>(value);
    }

    Tick time(Column column) const
    {
        const double value = number(column, header.time_unit);
        const double days = value * parse_quantity("1 " + header.time_unit, "d");
        if (std::abs(days) > 1e6) {
            find(column)->fail({fmt::format("{} is {:g} days", name_of(column), days), "nobody is followed for so long",
                                fmt::format("is it in {}, as the header says?", header.time_unit)});
        }
        return to_tick(days);
    }
};

/// Whether a line gives a dose, by its EVID, or by its AMT where there is no such column.
enum class Kind { dose, observation, other };

Kind kind_of(const Line& line)
{
    const double amount = line.number(Column::amount);
    if (!line.header.has(Column::evid)) {
        return amount != 0 ? Kind::dose : Kind::observation;
    }
    const Cell& cell = line.require(Column::evid);
    const std::uint64_t evid = line.whole_number(Column::evid, 4);
    if (evid >= 3) {
        cell.fail({fmt::format("EVID {}: a reset", evid), "a patient does not become new",
                   evid == 4 ? "give the dose with EVID 1, to a patient with another ID" : "remove the line"});
    }
    if (evid != 1 && amount != 0) {
        line.require(Column::amount)
            .fail({fmt::format("an amount with EVID {}", evid), "only EVID 1 is a dose", "correct one of the two"});
    }
    return evid == 1 ? Kind::dose : evid == 0 ? Kind::observation : Kind::other;
}

std::size_t drug_of(const Line& line, const std::vector<Drug>& drugs)
{
    if (line.header.has(Column::drug)) {
        const Cell& cell = line.require(Column::drug);
        return require_drug(drugs, cell.text, cell.place);
    }
    if (line.header.has(Column::compartment)) {
        const Cell& cell = line.require(Column::compartment);
        const std::uint64_t number = line.whole_number(Column::compartment, 1e6);
        if (number < 1 || number > drugs.size()) {
            cell.fail({fmt::format("CMT is {}", number), fmt::format("drugs are numbered from 1 to {}", drugs.size()),
                       "name them in a column DRUG instead"});
        }
        return static_cast<std::size_t>(number - 1);
    }
    return 0;
}

void read_infusion(const Line& line, const Drug& drug, DosingEvent& event)
{
    const double rate = line.number(Column::rate);
    if (rate == 0) {
        return;
    }
    const Cell& cell = line.require(Column::rate);
    if (rate < 0) {
        cell.fail({fmt::format("RATE is {:g}", rate),
                   rate == -1 || rate == -2 ? "the model has no rates or durations of its own to take"
                                            : "an infusion runs into the body",
                   "give the rate, in the unit of AMT per that of TIME"});
    }
    if (std::ranges::find(drug.routes, Route::intravenous) == drug.routes.end()) {
        cell.fail({fmt::format("an infusion of {}", drug.name), "it is not given into a vein",
                   "leave RATE empty, or give another drug"});
    }
    event.route = Route::intravenous;
    event.infusion = to_tick(event.amount.value / rate * parse_quantity("1 " + line.header.time_unit, "d"));
    if (event.infusion < 1) {
        cell.fail({"an infusion of less than a second", fmt::format("RATE is {:g}", rate),
                   "leave RATE empty: the dose is given at once"});
    }
}

DosingEvent read_event(const Line& line, const std::vector<Drug>& drugs)
{
    DosingEvent event;
    event.drug = drug_of(line, drugs);
    event.route = drugs[event.drug].routes.front();
    event.amount = {line.number(Column::amount), line.header.amount_unit == "mg/kg"};
    if (event.amount.value <= 0) {
        line.require(Column::amount)
            .fail({fmt::format("AMT is {:g}", event.amount.value), "a dose is above 0",
                   "correct the cell, or give the line EVID 0"});
    }
    event.further = static_cast<std::size_t>(line.whole_number(Column::further, most_doses));
    event.every = line.time(Column::interval);
    if (event.every < 0 || (event.further > 0 && event.every == 0)) {
        const Cell* interval = line.find(Column::interval);
        (interval ? *interval : line.require(Column::further))
            .fail({fmt::format("{} further dose(s) without an interval", event.further),
                   interval ? "II is not above 0" : "II is missing", "give II, or ADDL = 0"});
    }
    read_infusion(line, drugs[event.drug], event);
    return event;
}

} // namespace

EventTable parse_event_table(const std::string& text, const std::string& file, const std::vector<Drug>& drugs)
{
    const auto lines = read_cells(text, file);
    if (lines.size() < 2) {
        throw InputError({file, 1, 1}, {"there are no doses", lines.empty() ? "the file is empty" : "only a header",
                                        "write one event in each line"});
    }
    const Header header = read_header(lines.front(), drugs.size());
    EventTable table;
    std::map<std::uint64_t, Tick> latest;
    std::size_t n_doses = 0, n_observations = 0, n_others = 0;
    for (std::size_t l = 1; l < lines.size(); ++l) {
        const Line line{lines[l], header};
        if (lines[l].size() != header.n_cells) {
            lines[l].front().fail({fmt::format("{} cells in this line", lines[l].size()),
                                   fmt::format("the header has {} columns", header.n_cells),
                                   "leave a cell empty, but keep its comma"});
        }
        (void)line.require(Column::id);
        const std::uint64_t patient = line.whole_number(Column::id, 9e15); // beyond, doubles skip whole numbers
        const Cell& time = line.require(Column::time);
        const Tick at = line.time(Column::time);
        const auto [before, is_new] = latest.emplace(patient, at);
        if (is_new) {
            table.patients.push_back(patient);
        } else if (at < before->second) {
            time.fail({fmt::format("TIME goes back from {:g} to {:g} days", to_days(before->second), to_days(at)),
                       fmt::format("the lines of patient {} follow each other", patient), "sort the table"});
        }
        before->second = at;
        const Kind kind = kind_of(line);
        n_observations += kind == Kind::observation ? 1U : 0U;
        n_others += kind == Kind::other ? 1U : 0U;
        if (kind == Kind::dose) {
            DosingEvent event = read_event(line, drugs);
            event.patient = patient;
            event.at = at;
            n_doses += 1 + event.further;
            if (n_doses > most_doses) {
                time.fail({fmt::format("{} doses up to this line", n_doses),
                           fmt::format("a table has at most {}", most_doses), "is ADDL what you meant?"});
            }
            table.events.push_back(event);
        }
    }
    std::ranges::stable_sort(table.events, {}, &DosingEvent::patient);
    for (const Column aside : {Column::missing_value, Column::value}) {
        if (header.has(aside)) {
            table.notes.push_back(fmt::format("column {} is left aside: it is about observations", name_of(aside)));
        }
    }
    if (n_observations > 0) {
        table.notes.push_back(fmt::format("{} observation(s) are left aside", n_observations));
    }
    if (n_others > 0) {
        table.notes.push_back(fmt::format("{} event(s) of another kind (EVID 2) are left aside", n_others));
    }
    return table;
}

EventTable read_event_table(const std::filesystem::path& file, const std::vector<Drug>& drugs)
{
    return parse_event_table(read_text(file), file.string(), drugs);
}

std::vector<Dose> doses_of(const EventTable& table, std::uint64_t patient, double weight)
{
    std::vector<Dose> doses;
    const auto first = std::ranges::lower_bound(table.events, patient, {}, &DosingEvent::patient);
    const auto last = std::ranges::upper_bound(table.events, patient, {}, &DosingEvent::patient);
    for (const DosingEvent& event : std::span(first, last)) {
        Dose dose{.at = event.at,
                  .drug = event.drug,
                  .course = 0,
                  .number = 1,
                  .per_kg = event.amount.per_kg ? event.amount.value : event.amount.value / weight,
                  .mg = event.amount.per_kg ? event.amount.value * weight : event.amount.value,
                  .infusion = event.infusion,
                  .route = event.route,
                  .taken = true};
        for (std::size_t n = 0; n <= event.further; ++n) {
            doses.push_back(dose);
            dose.at += event.every;
        }
    }
    // Of one moment and drug, the order must not depend on how the table was written.
    std::ranges::sort(doses, {},
                      [](const Dose& dose) { return std::tuple(dose.at, dose.drug, dose.mg, dose.infusion); });
    std::map<std::size_t, std::size_t> given;
    for (Dose& dose : doses) {
        dose.number = ++given[dose.drug];
    }
    return doses;
}

} // namespace osteoflare::scenarios::dosing
