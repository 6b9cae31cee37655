#include "scenarios/exporting/sbml.hpp"

#include "scenarios/build_info.hpp"
#include "scenarios/exporting/names.hpp"
#include "scenarios/exporting/units.hpp"
#include "scenarios/exporting/xml.hpp"
#include "scenarios/reading/units.hpp"
#include "solvers/compiler/notation.hpp"

#include <fmt/format.h>

#include <array>
#include <set>

namespace osteoflare::scenarios {
namespace {

using model::Description;
using solvers::compiler::decimal;

constexpr std::string_view core = "http://www.sbml.org/sbml/level3/version2/core";
constexpr std::string_view compartment = "litre_of_tissue";
constexpr std::string_view run_day = "day"; ///< the parameter that counts days as scenarios do

std::string yes_no(bool value)
{
    return value ? "true" : "false";
}

void write_notes(XmlWriter& xml, const std::vector<std::string>& paragraphs)
{
    xml.open("notes");
    xml.open("body", {{"xmlns", "http://www.w3.org/1999/xhtml"}});
    for (const std::string& paragraph : paragraphs) {
        if (!paragraph.empty()) {
            xml.element("p", {}, paragraph);
        }
    }
    xml.close();
    xml.close();
}

void open_math(XmlWriter& xml)
{
    xml.open("math", {{"xmlns", "http://www.w3.org/1998/Math/MathML"}, {"xmlns:sbml", std::string(core)}});
}

void write_number(XmlWriter& xml, double value, std::string_view unit)
{
    xml.insert(fmt::format("{:{}}{}\n", "", xml.depth(), solvers::compiler::mathml_number(value, sbml_unit(unit))));
}

/// The lists that quantities of a model stand in.
auto lists_of(const ModelEntry& model)
{
    return std::array{&model.species, &model.settings, &model.intermediates, &model.fluxes, &model.readouts};
}

/// Every unit that the lists use, and what a litre of each density among the species holds.
void write_units(XmlWriter& xml, const ModelEntry& model)
{
    std::set<std::string_view> units = {"d"}, densities;
    for (const auto* entries : lists_of(model)) {
        for (const Description& entry : *entries) {
            units.insert(entry.unit);
        }
    }
    units.erase("1");
    for (const Description& species : model.species) {
        if (is_density(species.unit)) {
            densities.insert(species.unit);
        }
    }
    xml.open("listOfUnitDefinitions");
    for (const std::string_view unit : units) {
        write_unit_definition(xml, unit, false);
    }
    for (const std::string_view unit : densities) {
        write_unit_definition(xml, unit, true);
    }
    xml.close();
}

/// A species is an amount in its own unit or, if that is a density, the concentration in one litre.
void write_species(XmlWriter& xml, const Subject& subject)
{
    xml.open("listOfCompartments");
    xml.open("compartment", {{"id", std::string(compartment)},
                             {"spatialDimensions", "3"},
                             {"size", "1"},
                             {"units", "litre"},
                             {"constant", "true"}});
    write_notes(xml, {"One litre, so that amounts are concentrations; blood and site are not told apart here.",
                      "Unit: L. Origin: definition."});
    xml.close();
    xml.close();
    xml.open("listOfSpecies");
    for (const Valued& species : subject.species) {
        const Description& entry = *species.quantity;
        const bool density = is_density(entry.unit);
        xml.open("species", {{"id", std::string(entry.name)},
                             {"name", std::string(entry.symbol)},
                             {"compartment", std::string(compartment)},
                             {density ? "initialConcentration" : "initialAmount", decimal(species.value)},
                             {"substanceUnits", sbml_unit(entry.unit) + (density ? "_L" : "")},
                             {"hasOnlySubstanceUnits", yes_no(!density)},
                             {"boundaryCondition", "false"},
                             {"constant", "false"}});
        write_notes(xml, {std::string(entry.meaning),
                          fmt::format("Unit: {}. Origin of the start: {}. Equation ({}) of the theory page.",
                                      entry.unit, species.origin, entry.equation)});
        xml.close();
    }
    xml.close();
}

void write_parameters(XmlWriter& xml, const Subject& subject)
{
    const ModelEntry& model = *subject.model;
    xml.open("listOfParameters");
    for (std::size_t i = 0; i < subject.settings.size(); ++i) {
        const Valued& setting = subject.settings[i];
        const Description& entry = *setting.quantity;
        xml.open("parameter", {{"id", std::string(entry.name)},
                               {"name", std::string(entry.symbol)},
                               {"value", decimal(setting.value)},
                               {"units", sbml_unit(entry.unit)},
                               {"constant", yes_no(!model.is_input(i) && !setting.is_changed_later)}});
        write_notes(xml,
                    {std::string(entry.meaning), fmt::format("Unit: {}. Origin: {}.", entry.unit, setting.origin)});
        xml.close();
    }
    const auto write_computed = [&](std::string_view id, std::string_view name, std::string_view unit,
                                    std::string_view meaning, const std::string& origin) {
        xml.open(
            "parameter",
            {{"id", std::string(id)}, {"name", std::string(name)}, {"units", sbml_unit(unit)}, {"constant", "false"}});
        write_notes(xml, {std::string(meaning), fmt::format("Unit: {}. Origin: {}.", unit, origin)});
        xml.close();
    };
    for (const auto* entries : {&model.intermediates, &model.fluxes, &model.readouts}) {
        for (const Description& entry : *entries) {
            write_computed(entry.name, entry.symbol, entry.unit, entry.meaning,
                           fmt::format("computed, equation ({}) of the theory page", entry.equation));
        }
    }
    write_computed(run_day, "day", "d",
                   fmt::format("day as scenarios count it, {} where SBML's time is 0", subject.start_day),
                   "start of the run");
    xml.close();
}

void write_rules(XmlWriter& xml, const Subject& subject)
{
    const ModelEntry& model = *subject.model;
    const Equations equations = model.equations();
    const auto notation =
        notation_of(model, equations, [](const Description& entry) { return std::string(entry.name); });
    xml.open("listOfRules");
    const auto write = [&](std::string_view kind, const std::vector<Description>& entries,
                           const std::vector<std::uint32_t>& nodes) {
        for (std::size_t i = 0; i < entries.size(); ++i) {
            xml.open(kind, {{"variable", std::string(entries[i].name)}});
            open_math(xml);
            xml.insert(solvers::compiler::mathml(notation, nodes[i], xml.depth()));
            xml.close();
            xml.close();
        }
    };
    write("assignmentRule", model.intermediates, equations.intermediates);
    write("assignmentRule", model.fluxes, equations.fluxes);
    write("assignmentRule", model.readouts, equations.readouts);
    write("rateRule", model.species, equations.balances);

    xml.open("assignmentRule", {{"variable", std::string(run_day)}});
    open_math(xml);
    xml.open("apply");
    xml.empty("plus", {});
    write_number(xml, subject.start_day, "d");
    xml.element("csymbol", {{"encoding", "text"}, {"definitionURL", "http://www.sbml.org/sbml/symbols/time"}},
                " time ");
    xml.close();
    xml.close();
    xml.close();
    xml.close();
}

void write_events(XmlWriter& xml, const Subject& subject)
{
    if (subject.moments.empty()) {
        return;
    }
    xml.open("listOfEvents");
    for (std::size_t i = 0; i < subject.moments.size(); ++i) {
        const Moment& moment = subject.moments[i];
        xml.open("event", {{"id", fmt::format("event_{}", i + 1)},
                           {"name", moment.assigned.front().reason},
                           {"useValuesFromTriggerTime", "true"}});
        std::vector<std::string> said;
        for (const Moment::Assigned& assigned : moment.assigned) {
            const Description& entry = *subject.settings[assigned.setting].quantity;
            said.push_back(fmt::format("day {}: {} becomes {}{}. Origin: {}.", moment.day, entry.name, assigned.value,
                                       unit_suffix(entry.unit), assigned.reason));
        }
        write_notes(xml, said);
        xml.open("trigger", {{"initialValue", "true"}, {"persistent", "true"}});
        open_math(xml);
        xml.open("apply");
        xml.empty("geq", {});
        xml.element("ci", {}, fmt::format(" {} ", run_day));
        write_number(xml, moment.day, "d");
        xml.close();
        xml.close();
        xml.close();
        xml.open("listOfEventAssignments");
        for (const Moment::Assigned& assigned : moment.assigned) {
            const Description& entry = *subject.settings[assigned.setting].quantity;
            xml.open("eventAssignment", {{"variable", std::string(entry.name)}});
            open_math(xml);
            write_number(xml, assigned.value, entry.unit);
            xml.close();
            xml.close();
        }
        xml.close();
        xml.close();
    }
    xml.close();
}

} // namespace

std::string sbml(const Subject& subject)
{
    const ModelEntry& model = *subject.model;
    XmlWriter xml;
    xml.open("sbml", {{"xmlns", std::string(core)}, {"level", "3"}, {"version", "2"}});
    xml.open("model",
             {{"id", std::string(model.name)}, {"name", subject.title}, {"timeUnits", "d"}, {"volumeUnits", "litre"}});
    write_notes(xml, {fmt::format("{}: {} ({}).", model.name, model.title, model.source), subject.question,
                      subject.genotype.empty() ? "" : "Genotype " + subject.genotype + ".",
                      fmt::format("Time is in days and counts from the start of the run; the parameter day is {} there "
                                  "and {} at its end.",
                                  subject.start_day, subject.end_day),
                      "Calibrated numbers are not measurements: each number's origin is in its notes. For research and "
                      "teaching, never for the care of a person.",
                      fmt::format("Written by osteoflare {}.", build::version)});
    write_units(xml, model);
    write_species(xml, subject);
    write_parameters(xml, subject);
    write_rules(xml, subject);
    write_events(xml, subject);
    xml.close();
    xml.close();
    return xml.text();
}

} // namespace osteoflare::scenarios
