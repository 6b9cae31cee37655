#pragma once

#include "model/patient/readouts.hpp"
#include "tests/limits/niche_fixture.hpp"

#include <string>

namespace osteoflare::tests {

/// A patient with one site whose numbers a test may change.
struct Patient {
    model::patient::Border<double> border{};
    model::patient::Site<double> site{};
    model::patient::Inputs<double> in{};
    model::patient::Parameters<double> p{};

    model::patient::SiteFluxes<double> site_fluxes() const { return model::patient::site_fluxes(border, site, in, p); }
    model::patient::BorderFluxes<double> border_fluxes() const
    {
        return model::patient::border_fluxes(border, model::patient::shares(site, p), in, p);
    }
};

/// The child whose only site is that niche, in which every term that the mouse lacks is switched off.
inline Patient patient_of(const Niche& niche)
{
    Patient patient;
    patient.border.circulation = niche.state.circulation;
    patient.site.tissue = niche.state.site;
    static_cast<model::niche::Inputs<double>&>(patient.in) = niche.in;
    static_cast<model::niche::Parameters<double>&>(patient.p) = niche.p;
    patient.p.site_susceptibility = patient.p.volume_share = 1;
    // With nothing to weigh, the halves do not matter; zero would be 0/0.
    patient.p.priming_systemic_half = patient.p.bisphosphonate_half = patient.p.oedema_time = 1;
    patient.p.drugs = model::defaults<model::patient::DrugParameters<double>>();
    return patient;
}

inline Patient lively_patient()
{
    return patient_of(lively_niche());
}

/// The names of the fluxes that differ between two patients, each followed by a blank.
inline std::string moved(const Patient& one, const Patient& other)
{
    std::string names;
    const auto compare = [&](const auto& fluxes, const auto& others) {
        std::vector<double> values;
        fluxes.visit(fluxes, [&](const double& value, const model::Description&) { values.push_back(value); });
        std::size_t i = 0;
        others.visit(others, [&](const double& value, const model::Description& entry) {
            names += value == values[i++] ? "" : std::string(entry.name) + " ";
        });
    };
    compare(one.site_fluxes(), other.site_fluxes());
    compare(one.border_fluxes(), other.border_fluxes());
    return names;
}

} // namespace osteoflare::tests
