#include "scenarios/dosing/course_reader.hpp"

#include "scenarios/dosing/expand.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios::dosing {
namespace {

const Regimen* find_regimen(TomlTable& table, const Clinic& clinic)
{
    const auto name = table.find("regimen");
    if (!name) {
        return nullptr;
    }
    const auto found = std::ranges::find(clinic.regimens, name->text(), &Regimen::name);
    if (found == clinic.regimens.end()) {
        name->fail({fmt::format("unknown regimen '{}'", name->text()), "the library has no such regimen",
                    suggest_name(name->text(), names_of(clinic.regimens), "write the course out: drug, dose, route")});
    }
    return &*found;
}

void check_dose(const WrittenCourse& written, const Clinic& clinic)
{
    const Drug& drug = clinic.drugs[written.drug];
    const Prescription& prescription = written.prescription;
    if (!prescription.dose) {
        written.table.fail({fmt::format("course '{}' has no dose", written.name), "nothing can be assumed for it",
                            fmt::format("add dose = \"… {}\"", drug.dose_unit)});
    }
    if (!clinic.weight) {
        const bool per_kg = prescription.dose->per_kg;
        throw InputError(written.table.place_of("dose"),
                         {fmt::format("a dose in {} without a weight", per_kg ? "mg/kg" : "mg"),
                          fmt::format("nothing says {}", per_kg ? "how many mg that is" : "how much it is per kg"),
                          "give the patient a weight in kg"});
    }
    const Route route = prescription.route.value_or(drug.routes.front());
    if (std::ranges::find(drug.routes, route) == drug.routes.end()) {
        std::string known;
        for (const Route& possible : drug.routes) {
            known += (known.empty() ? "" : " or ") + std::string(text(possible));
        }
        throw InputError(written.table.place_of("route"), {fmt::format("{} {}", drug.name, text(route)),
                                                           fmt::format("it is given {}", known), "change the route"});
    }
    if (prescription.infusion && route != Route::intravenous) {
        throw InputError(written.table.place_of("infusion"),
                         {fmt::format("an infusion of {} {}", drug.name, text(route)), "only a vein takes an infusion",
                          "remove it, or give route = \"intravenous\""});
    }
}

/// A rounded-up quotient of positive numbers.
std::size_t parts(Tick whole, Tick part)
{
    return static_cast<std::size_t>((whole + part - 1) / part);
}

/// Fills cycles and doses; `end` is set where the file says so, or nothing else ends the course.
void place_doses(const WrittenCourse& written, bool has_own_end, Course& course)
{
    const Prescription& prescription = written.prescription;
    const auto fail_at = [&](const char* key, const Problem& problem) {
        throw InputError(written.table.place_of(key), problem);
    };
    const bool single = prescription.doses == 1;
    if (!prescription.every && !single) {
        written.table.fail({fmt::format("course '{}' has no interval", written.name), "its doses have no moments",
                            "add every = \"1 d\", or doses = 1"});
    }
    // A single dose lasts as long as its infusion, or a second.
    course.every = prescription.every.value_or(std::max<Tick>(course.infusion, 1));
    if (course.infusion > course.every && !single) {
        fail_at("infusion",
                {fmt::format("infusions of {:g} d, one every {:g} d", to_days(course.infusion), to_days(course.every)),
                 "the next begins before one has ended", "give a shorter infusion or a longer interval"});
    }
    const bool by_number =
        prescription.cycles ? prescription.cycles->number.has_value() : prescription.doses.has_value();
    if (prescription.cycles) {
        if (!prescription.doses) {
            fail_at("cycles", {"cycles without a number of doses", "nothing ends a cycle", "add doses = 3, say"});
        }
        course.n_doses = *prescription.doses;
        course.cycle_every = prescription.cycles->every;
        const Tick length = static_cast<Tick>(course.n_doses - 1) * course.every + std::max<Tick>(course.infusion, 1);
        if (length > course.cycle_every) {
            fail_at("cycles", {fmt::format("a cycle's {} doses take {:.4g} d", course.n_doses, to_days(length)),
                               fmt::format("the next cycle begins after {:g} d", to_days(course.cycle_every)),
                               "give fewer doses or a longer cycle"});
        }
        course.n_cycles =
            by_number ? *prescription.cycles->number : parts(course.end - course.start, course.cycle_every);
    } else {
        course.n_doses = by_number ? *prescription.doses : parts(course.end - course.start, course.every);
    }
    if (!by_number) {
        return;
    }
    const Tick last_cycle = course.start + static_cast<Tick>(course.n_cycles - 1) * course.cycle_every;
    const Tick natural_end = last_cycle + static_cast<Tick>(course.n_doses) * course.every;
    if (!has_own_end) {
        course.end = natural_end;
        return;
    }
    // The end must cut off no dose, and leave no room for another one.
    const bool room = prescription.cycles ? course.end > last_cycle + course.cycle_every : course.end > natural_end;
    const bool cut = course.end <= natural_end - course.every;
    if (room || cut) {
        const std::string said =
            prescription.cycles ? fmt::format("{} cycles", course.n_cycles) : fmt::format("{} doses", course.n_doses);
        fail_at(prescription.cycles ? "cycles" : "doses",
                {fmt::format("{} and an end on day {:g} contradict each other", said, to_days(course.end)),
                 fmt::format("the last dose of {} is on day {:g}", said, to_days(natural_end - course.every)),
                 "give one of them"});
    }
}

} // namespace

WrittenCourse read_course(TomlTable table, const Clinic& clinic)
{
    const Regimen* regimen = find_regimen(table, clinic);
    const auto drug = table.find("drug");
    if (regimen && drug) {
        drug->fail({"a drug beside a regimen",
                    fmt::format("the regimen '{}' gives {}", regimen->name, regimen->prescription.drug),
                    "remove one of them"});
    }
    const std::string drug_name = regimen ? regimen->prescription.drug : table.require("drug").text();
    const Place named = table.require(regimen ? "regimen" : "drug").place();
    WrittenCourse written{.name = table.name("name").value_or(drug_name),
                          .drug = require_drug(clinic.drugs, drug_name, named),
                          .prescription = {},
                          .from = {},
                          .until = {},
                          .table = table};
    const Drug& known = clinic.drugs[written.drug];
    if (!known.only_in_people.empty() && !clinic.treats_people) {
        throw InputError(named, {fmt::format("{} for a mouse", known.name), known.only_in_people,
                                 known.instead.empty() ? "leave it out" : fmt::format("use '{}'", known.instead)});
    }
    Prescription base = regimen ? regimen->prescription : Prescription{};
    written.prescription = read_prescription(written.table, std::move(base), &known);
    const auto from = written.table.find("from"), until = written.table.find("until"),
               duration = written.table.find("duration");
    if (from) {
        written.from = read_time(*from);
    }
    if (until && duration) {
        duration->fail({"'until' and 'duration'", "each of them ends the course", "give one of them"});
    }
    if (until) {
        written.until = read_time(*until);
    }
    written.table.done();
    check_dose(written, clinic);
    return written;
}

Course place_course(const WrittenCourse& written, Tick start, const Clinic& clinic)
{
    const Prescription& prescription = written.prescription;
    const Drug& drug = clinic.drugs[written.drug];
    Course course;
    course.name = written.name;
    course.place = written.table.place();
    course.drug = written.drug;
    course.dose = *prescription.dose;
    course.at_most = prescription.at_most;
    course.route = prescription.route.value_or(drug.routes.front());
    course.infusion = prescription.infusion.value_or(0);
    course.adherence = prescription.adherence.value_or(1);
    course.taper = prescription.taper;
    course.start = start;
    const std::string followed =
        fmt::format("the patient is followed from day {:g} to day {:g}", to_days(clinic.start), to_days(clinic.end));
    if (start < clinic.start || start >= clinic.end) {
        throw InputError(written.table.place_of("from"),
                         {fmt::format("'{}' begins on day {:g}, outside the run", written.name, to_days(start)),
                          followed, "move it, or follow the patient longer"});
    }
    const bool has_own_end = written.until || prescription.duration;
    course.end = written.until.value_or(prescription.duration ? start + *prescription.duration : clinic.end);
    if (course.end <= start) {
        throw InputError(written.table.place_of("until"),
                         {fmt::format("'{}' ends on day {:g}, not after it begins", written.name, to_days(course.end)),
                          fmt::format("it begins on day {:g}", to_days(start)), "give a later end"});
    }
    place_doses(written, has_own_end, course);
    if (has_own_end ? course.end > clinic.end : last_dose(course) >= clinic.end) {
        written.table.fail({fmt::format("'{}' ends on day {:g}, outside the run", written.name,
                                        to_days(has_own_end ? course.end : last_dose(course))),
                            followed, "give an earlier end, or follow the patient longer"});
    }
    if (course.taper) {
        const bool ends = has_own_end || prescription.doses || (prescription.cycles && prescription.cycles->number);
        if (!ends) {
            throw InputError(written.table.place_of("taper"),
                             {fmt::format("a taper of '{}', which has no end", written.name),
                              "a taper leads to the end of a course", "add until, duration or doses"});
        }
        if (course.taper->over > course.end - course.start) {
            throw InputError(written.table.place_of("taper"),
                             {fmt::format("the taper of '{}' takes {:g} d", written.name, to_days(course.taper->over)),
                              fmt::format("the course takes {:g} d", to_days(course.end - course.start)),
                              "give a shorter taper or a longer course"});
        }
    }
    return course;
}

} // namespace osteoflare::scenarios::dosing
