#include "model/patient/effects.hpp"
#include "model/patient/readouts.hpp"
#include "model/patient/sites.hpp"
#include "scenarios/cli/lists/lists.hpp"
#include "scenarios/patients/population.hpp"
#include "scenarios/patients/treatment.hpp"
#include "scenarios/reading/library.hpp"
#include "scenarios/settings.hpp"

#include <fmt/format.h>

#include <utility>

namespace osteoflare::cli {
namespace {

namespace patient = model::patient;
namespace dosing = scenarios::dosing;
using model::Description;
using scenarios::descriptions;

/// Quantities of the body, then those of each of its sites.
Listing of_body_and_sites(const std::vector<Description>& body, const std::vector<Description>& site, bool with_value)
{
    auto entries = body;
    entries.insert(entries.end(), site.begin(), site.end());
    Listing listing = quantities(entries, with_value);
    listing.columns.insert(listing.columns.begin() + 1, "where");
    for (std::size_t r = 0; r < listing.rows.size(); ++r) {
        listing.rows[r].insert(listing.rows[r].begin() + 1, r < body.size() ? "body" : "each site");
    }
    return listing;
}

Listing list_sites()
{
    Listing listing{{"name", "trigger_share", "volume_share", "origin"}, {}, {"trigger_share", "volume_share"}};
    for (const auto& site : patient::sites) {
        listing.rows.push_back({std::string(site.name), fmt::format("{:.6g}", site.trigger_share),
                                fmt::format("{:.6g}", site.volume_share), std::string(text(model::Origin::assumed))});
    }
    return listing;
}

std::string amount_text(const dosing::Prescription& prescription)
{
    std::string words = fmt::format("{:g} {}", prescription.dose->value, prescription.dose->per_kg ? "mg/kg" : "mg");
    if (prescription.at_most) {
        words += fmt::format(", at most {:g} mg", *prescription.at_most);
    }
    if (prescription.infusion) {
        words += fmt::format(", over {:.4g} h", 24 * scenarios::to_days(*prescription.infusion));
    }
    return words;
}

/// How long it goes on, and how it ends.
std::string length_text(const dosing::Prescription& prescription)
{
    std::string words;
    const auto add = [&](const std::string& part) { words += (words.empty() ? "" : ", ") + part; };
    if (prescription.doses) {
        add(fmt::format("{} doses", *prescription.doses));
    }
    if (prescription.cycles) {
        add(fmt::format("again every {:g} d", scenarios::to_days(prescription.cycles->every)));
        if (prescription.cycles->number) {
            add(fmt::format("{} times in all", *prescription.cycles->number));
        }
    }
    if (prescription.duration) {
        add(fmt::format("{:.8g} d", scenarios::to_days(*prescription.duration)));
    }
    if (prescription.taper) {
        add(fmt::format("the last {:g} d a taper", scenarios::to_days(prescription.taper->over)));
    }
    return words.empty() ? "without an end" : words;
}

Listing list_regimens()
{
    Listing listing{{"name", "drug", "dose", "route", "every", "length", "title"}, {}};
    for (const auto& regimen : dosing::read_regimens(dosing::regimens_of(scenarios::library_folder()))) {
        const auto& prescription = regimen.prescription;
        listing.rows.push_back(
            {regimen.name, prescription.drug, amount_text(prescription), std::string(text(*prescription.route)),
             prescription.every ? fmt::format("{:g} d", scenarios::to_days(*prescription.every)) : "",
             length_text(prescription), regimen.title});
        listing.sources.push_back(regimen.sources);
    }
    return listing;
}

/// The input that a drug moves: what changes of all that acts when all its compartments, which begin with its name,
/// are full.
std::string moved_by(std::string_view drug)
{
    patient::Drugs<double> drugs{};
    patient::Drugs<double>::visit(
        drugs, [&](double& field, const Description& entry) { field = entry.name.starts_with(drug) ? 1 : 0; });
    const auto acting = patient::effects(drugs, {}, model::defaults<patient::DrugParameters<double>>());
    std::string moved;
    patient::Inputs<double>::visit(acting, [&](const double& value, const Description& entry) {
        moved += value != 0 ? std::string(entry.name) : "";
    });
    return moved;
}

/// The name of a member in a set's list.
template <class Set>
std::string name_of(double Set::*member)
{
    std::string name;
    Set set{};
    Set::visit(set, [&](double& field, const Description& entry) {
        name = &field == &(set.*member) ? std::string(entry.name) : name;
    });
    return name;
}

Listing list_drugs()
{
    Listing listing{{"name", "routes", "dose_in", "enters", "infusion", "acts_as"}, {}};
    const auto drugs = scenarios::patients::known_drugs();
    const auto targets = patient::dose_targets(model::defaults<patient::DrugParameters<double>>());
    for (std::size_t i = 0; i < targets.size(); ++i) {
        std::string routes;
        for (const auto& route : drugs[i].routes) {
            routes += (routes.empty() ? "" : ", ") + std::string(text(route));
        }
        listing.rows.push_back({drugs[i].name, routes, drugs[i].dose_unit, name_of(targets.at(i).compartment),
                                targets.at(i).infusion ? name_of(targets.at(i).infusion) : "",
                                moved_by(drugs[i].name)});
    }
    return listing;
}

Listing patient_listing(const std::string& kind)
{
    if (kind == "sites") {
        return list_sites();
    }
    if (kind == "population") {
        return quantities(descriptions<scenarios::patients::Population>(), true);
    }
    if (kind == "regimens") {
        return list_regimens();
    }
    if (kind == "drugs") {
        return list_drugs();
    }
    if (kind == "parameters") {
        return quantities(descriptions<patient::Parameters<double>>(), true);
    }
    if (kind == "inputs") {
        return quantities(descriptions<patient::Inputs<double>>(), true);
    }
    if (kind == "species") {
        return of_body_and_sites(descriptions<patient::Border<double>>(), descriptions<patient::Site<double>>(), true);
    }
    if (kind == "readouts") {
        return of_body_and_sites(descriptions<patient::PatientReadouts<double>>(),
                                 descriptions<patient::SiteReadouts<double>>(), false);
    }
    if (kind == "fluxes") {
        auto fluxes = descriptions<patient::BorderFluxes<double>>();
        const auto of_site = descriptions<patient::SiteFluxes<double>>();
        fluxes.insert(fluxes.end(), of_site.begin(), of_site.end());
        return quantities(fluxes, false);
    }
    return quantities({}, false); // intermediates are the niche's
}

} // namespace

Listing list_of_patients(const std::string& kind)
{
    Listing listing = patient_listing(kind);
    listing.of_patients = true;
    return listing;
}

std::vector<std::string> patient_as_model()
{
    const std::size_t n_species = model::count_of<patient::Border<double>>() + model::count_of<patient::Site<double>>();
    return {std::string(patient_model),
            "A child with 24 bone sites, one circulation and drugs: for research and teaching, never for the care of a "
            "person",
            fmt::format("{}", n_species), fmt::format("{}", model::count_of<patient::Parameters<double>>()),
            "Osteoflare patient model, docs/theory/patient.md"};
}

} // namespace osteoflare::cli
