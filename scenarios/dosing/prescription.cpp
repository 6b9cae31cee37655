#include "scenarios/dosing/prescription.hpp"

#include "scenarios/reading/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace osteoflare::scenarios::dosing {
namespace {

constexpr std::array<std::pair<std::string_view, Route>, 3> routes{{
    {"oral", Route::oral},
    {"subcutaneous", Route::subcutaneous},
    {"intravenous", Route::intravenous},
}};

Route read_route(const TomlValue& value)
{
    const auto found = std::ranges::find(routes, value.text(), &decltype(routes)::value_type::first);
    if (found == routes.end()) {
        value.fail({fmt::format("unknown route '{}'", value.text()), "a drug cannot be given so",
                    suggest_name(value.text(), keys_of(routes), "")});
    }
    return found->second;
}

Cycles read_cycles(TomlTable table)
{
    Cycles cycles;
    cycles.every = read_length(table.require("every"));
    if (const auto number = table.find("number")) {
        cycles.number = static_cast<std::size_t>(number->whole_number(1, most_doses));
    }
    table.done();
    return cycles;
}

Taper read_taper(TomlTable table)
{
    Taper taper;
    const auto over = table.find("over"), steps = table.find("steps"), each = table.find("each");
    if (!over == !steps || !steps != !each) {
        table.fail({"a taper needs 'over', or 'steps' and 'each'", "it falls on a straight line or by steps",
                    "write taper = { over = \"4 weeks\" } or { steps = [0.5, 0.25], each = \"1 week\" }"});
    }
    if (over) {
        taper.over = read_length(*over);
        return table.done(), taper;
    }
    double before = 1;
    for (const TomlValue& step : steps->list()) {
        const double share = step.quantity("1");
        if (share <= 0 || share > before) {
            step.fail({fmt::format("a step of {:g}", share),
                       fmt::format("a taper falls, and the share before it is {:g}", before),
                       "give shares of the full dose, from 1 down to above 0"});
        }
        taper.steps.push_back(before = share);
    }
    if (taper.steps.empty()) {
        steps->fail({"a taper without steps", "nothing falls", "give shares of the full dose, or leave the taper out"});
    }
    taper.over = read_length(*each) * static_cast<Tick>(taper.steps.size());
    table.done();
    return taper;
}

} // namespace

Tick read_time(const TomlValue& value)
{
    const double days = value.quantity("d");
    if (std::abs(days) > 1e6) { // beyond, seconds would not be exact for long
        value.fail({fmt::format("'{}' is {:g} days", value.path(), days), "nobody is followed for so long",
                    "give a shorter time"});
    }
    return to_tick(days);
}

Tick read_length(const TomlValue& value)
{
    const Tick length = read_time(value);
    if (length <= 0) {
        value.fail({fmt::format("'{}' is {:g} d", value.path(), value.quantity("d")), "it must be a second or longer",
                    "give a longer time"});
    }
    return length;
}

Amount read_amount(const TomlValue& value, const Drug* drug)
{
    const std::string written = value.is_text() ? value.text() : "";
    for (const std::string_view surface : {"/m2", "/m^2", "/m²"}) {
        if (written.find(surface) != std::string::npos) {
            value.fail({fmt::format("'{}' is '{}', a dose per body surface", value.path(), written),
                        "a surface follows from height, which no patient has here",
                        "give mg/kg: the dose times the surface you mean, divided by the weight"});
        }
    }
    const bool has_unit = written.find('g') != std::string::npos;
    if (!has_unit && !drug) {
        value.fail({fmt::format("'{}' has no unit", value.path()), "mg and mg/kg look alike",
                    "write for example \"15 mg/kg\""});
    }
    Amount amount;
    amount.per_kg = has_unit ? written.find("kg") != std::string::npos : drug->dose_unit == "mg/kg";
    amount.value = value.quantity(amount.per_kg ? "mg/kg" : "mg");
    if (amount.value <= 0) {
        value.fail({fmt::format("'{}' is {:g} {}", value.path(), amount.value, amount.per_kg ? "mg/kg" : "mg"),
                    "a dose is above 0", "give a dose, or remove the course"});
    }
    return amount;
}

Prescription read_prescription(TomlTable& table, Prescription base, const Drug* drug)
{
    if (const auto dose = table.find("dose")) {
        base.dose = read_amount(*dose, drug);
    }
    if (const auto at_most = table.find("at_most")) {
        base.at_most = at_most->quantity("mg");
        if (*base.at_most <= 0) {
            at_most->fail({fmt::format("'{}' is {:g} mg", at_most->path(), *base.at_most), "no dose could be given",
                           "give the largest dose in mg"});
        }
    }
    if (const auto route = table.find("route")) {
        base.route = read_route(*route);
    }
    if (const auto every = table.find("every")) {
        base.every = read_length(*every);
    }
    if (const auto infusion = table.find("infusion")) {
        base.infusion = read_length(*infusion);
    }
    if (const auto taper = table.find("taper")) {
        base.taper = read_taper(taper->table());
    }
    if (const auto adherence = table.find("adherence")) {
        base.adherence = adherence->quantity("1");
        if (*base.adherence < 0 || *base.adherence > 1) {
            adherence->fail({fmt::format("'{}' is {:g}", adherence->path(), *base.adherence),
                             "it is the share of doses that is taken", "give a number from 0 to 1, or a percentage"});
        }
    }
    // A length that is written here replaces the one of the base, however that is said there.
    const auto duration = table.find("duration"), doses = table.find("doses"), cycles = table.find("cycles");
    const bool has_end = duration || table.find("until");
    if (cycles) {
        base.cycles = read_cycles(cycles->table());
        base.duration.reset();
    }
    if (has_end && base.cycles && !cycles) {
        base.cycles->number.reset();
    } else if (has_end && !base.cycles) {
        base.doses.reset();
    }
    if (has_end || (doses && !base.cycles)) {
        base.duration.reset();
    }
    if (duration) {
        base.duration = read_length(*duration);
    }
    if (doses) {
        base.doses = static_cast<std::size_t>(doses->whole_number(1, most_doses));
    }
    return base;
}

} // namespace osteoflare::scenarios::dosing
