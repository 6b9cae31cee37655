#include "scenarios/dosing/event_columns.hpp"

#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios::dosing {
namespace {

void read_unit(const Cell& cell, const std::string& unit, Column column, Header& header)
{
    const bool is_amount = column == Column::amount;
    if (!is_amount && column != Column::time) {
        cell.fail({fmt::format("a unit for {}", name_of(column)), "units follow from those of TIME and AMT",
                   "write the unit there"});
    }
    if (is_amount && unit != "mg" && unit != "mg/kg") {
        cell.fail({fmt::format("amounts in '{}'", unit), "they are in mg or mg/kg", "convert the column"});
    }
    if (!is_amount) {
        try {
            (void)parse_quantity("1 " + unit, "d");
        } catch (const UnitError& error) {
            cell.fail({fmt::format("times in '{}': {}", unit, error.problem.what), error.problem.why,
                       error.problem.suggestion});
        }
    }
    (is_amount ? header.amount_unit : header.time_unit) = unit;
}

} // namespace

Header read_header(const std::vector<Cell>& cells, std::size_t n_drugs)
{
    Header header;
    header.n_cells = cells.size();
    for (std::size_t c = 0; c < cells.size(); ++c) {
        const Cell& cell = cells[c];
        const std::size_t open = std::min(cell.text.find('['), cell.text.size());
        const std::string name = trimmed(cell.text.substr(0, open));
        if (name == "SS") {
            cell.fail({"a column SS", "a steady state from before the table is not known to a patient who falls ill",
                       "write the doses before out, with ADDL and II"});
        }
        const auto found = std::ranges::find(columns, name, &decltype(columns)::value_type::first);
        if (found == columns.end()) {
            cell.fail({fmt::format("unknown column '{}'", name), "a table of doses has no such column",
                       suggest_name(name, keys_of(columns),
                                    "there are ID, TIME, AMT, EVID, II, ADDL, RATE, CMT, DRUG, MDV and DV")});
        }
        auto& position = header.position[static_cast<std::size_t>(found->second)];
        if (position) {
            cell.fail({fmt::format("a second column '{}'", name), "once is enough", "remove one"});
        }
        position = c;
        if (open < cell.text.size()) {
            const std::size_t close = std::min(cell.text.find(']', open), cell.text.size());
            read_unit(cell, trimmed(cell.text.substr(open + 1, close - open - 1)), found->second, header);
        }
    }
    for (const Column needed : {Column::id, Column::time, Column::amount}) {
        if (!header.has(needed)) {
            cells.front().fail({fmt::format("there is no column '{}'", name_of(needed)), "no dose can do without it",
                                "add it; the header is the first line"});
        }
    }
    if (header.has(Column::drug) && header.has(Column::compartment)) {
        cells[*header.position[static_cast<std::size_t>(Column::compartment)]].fail(
            {"CMT beside DRUG", "both say what is given", "remove one of them"});
    }
    if (!header.has(Column::drug) && !header.has(Column::compartment) && n_drugs != 1) {
        cells.front().fail({"there is neither DRUG nor CMT", fmt::format("there are {} drugs to choose from", n_drugs),
                            "add a column DRUG with their names"});
    }
    return header;
}

} // namespace osteoflare::scenarios::dosing
