#include "tests/limits/independent_niche.hpp"
#include "tests/limits/patient_fixture.hpp"

#include "scenarios/catalogue.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <cmath>
#include <map>
#include <random>
#include <string>

using namespace osteoflare;
using namespace osteoflare::tests;

namespace {

using Values = std::map<std::string, double>;
using model::Description;
using model::Origin;

/// Chooses values that make sense: a third to three times the default, or up to 2 for switches and zeros.
class Chooser {
public:
    explicit Chooser(unsigned seed) : generator_(seed) {}

    double operator()(const Description& entry)
    {
        const double u = static_cast<double>(generator_()) / 4294967296.0;
        const bool is_switch = entry.origin == Origin::genotype || entry.value == 0;
        return std::fmin(entry.range.high, is_switch ? 2 * u : entry.value * std::exp(2.2 * u - 1.1));
    }

    template <class Set>
    void choose(Set& set)
    {
        Set::visit(set, [&](double& field, const Description& entry) { field = (*this)(entry); });
    }

    /// On paper, what is assumed of the niche is a bare number.
    template <class Parameters>
    void choose_parameters(Parameters& parameters)
    {
        Parameters::visit(parameters, [&](double& field, const Description& entry) {
            const bool is_bare = entry.origin == Origin::assumed || entry.origin == Origin::definition;
            field = is_bare ? entry.value : (*this)(entry);
        });
    }

private:
    std::mt19937 generator_;
};

template <class Set>
void collect(Values& values, const Set& set)
{
    Set::visit(set, [&](const double& value, const Description& entry) { values[std::string(entry.name)] = value; });
}

/// Compares a patient's rates, but those of the drugs and of oedema, with the transcription of what is printed.
void check_against_paper(const Patient& patient, const Values& values)
{
    const auto expected = independent::balances([&](const char* name) { return values.at(name); });
    std::size_t compared = 0;
    const auto compare = [&](const double& rate, const Description& entry) {
        const auto found = expected.find(std::string(entry.name));
        if (found == expected.end()) {
            return;
        }
        CAPTURE(entry.name);
        CHECK(std::isfinite(rate));
        // Each term takes tens of roundings of 1e-16; 1e-12 of what is gained and lost leaves room for no mistake.
        CHECK(std::fabs(rate - found->second.rate) <= 1e-12 * found->second.turnover);
        ++compared;
    };
    const auto sent = model::patient::shares(patient.site, patient.p);
    const auto site = model::patient::site_rates(patient.border, patient.site, patient.in, patient.p);
    const auto border = model::patient::border_rates(patient.border, sent, patient.in, patient.p);
    model::patient::Site<double>::visit(site, compare);
    model::patient::Border<double>::visit(border, compare);
    CHECK(compared == expected.size());
}

/// The child whose only site is this niche, against the niche on paper.
void check_child_is(const Niche& niche)
{
    Values values = independent::mouse();
    collect(values, niche.state);
    collect(values, niche.in);
    collect(values, niche.p);
    check_against_paper(patient_of(niche), values);
}

} // namespace

TEST_CASE("with one site and a mouse's numbers, a child is the niche: random states", "[model][patient][limit]")
{
    const int seed = GENERATE(range(0, 100));
    CAPTURE(seed);
    Chooser chooser(static_cast<unsigned>(seed));
    Niche niche{};
    chooser.choose(niche.state);
    chooser.choose(niche.in);
    chooser.choose_parameters(niche.p);
    check_child_is(niche);
}

TEST_CASE("with one site and a mouse's numbers, a child is the niche: every genotype", "[model][patient][limit]")
{
    const auto& settings = scenarios::models().front().settings;
    for (const scenarios::Genotype& genotype : library().genotypes) {
        CAPTURE(genotype.name);
        for (unsigned seed = 0; seed < 5; ++seed) {
            Chooser chooser(seed);
            Niche niche{};
            chooser.choose(niche.state);
            chooser.choose(niche.in);
            niche.p = model::defaults<model::niche::Parameters<double>>();
            for (const auto& change : genotype.settings) {
                model::niche::Parameters<double>::visit(niche.p, [&](double& field, const Description& entry) {
                    field = entry.name == settings.at(change.first).name ? change.second : field;
                });
            }
            check_child_is(niche);
        }
    }
}

TEST_CASE("a treated patient's site and circulation agree with an independent transcription", "[model][patient][limit]")
{
    const int seed = GENERATE(range(0, 200));
    CAPTURE(seed);
    Chooser chooser(static_cast<unsigned>(seed));
    Patient patient;
    chooser.choose(patient.border);
    chooser.choose(patient.site);
    chooser.choose(patient.in);
    chooser.choose_parameters(patient.p);
    patient.p.drugs = model::defaults<model::patient::DrugParameters<double>>(); // bare numbers on paper
    patient.p.volume_share = 0.3;
    patient.p.site_susceptibility = 1.7;

    Values values;
    collect(values, patient.border);
    collect(values, patient.site);
    collect(values, patient.in);
    collect(values, patient.p);
    // The drugs, as the specification prints them.
    const auto& drugs = patient.border.drugs;
    values["cox_inhibition"] = 1 - (1 - values["cox_inhibition"]) * 14 / (drugs.naproxen_plasma + 14);
    values["anakinra"] += 0.2 * 57800 * drugs.anakinra_plasma;
    values["anti_tnf"] += 0.25 * 6.76 * drugs.adalimumab_plasma / 0.2;
    values["pamidronate_held"] += drugs.pamidronate_bone;
    values["nfkb_inhibition"] = 1
                                - (1 - values["nfkb_inhibition"])
                                      * (1 - 0.35 * drugs.methotrexate_pool / (drugs.methotrexate_pool + 1.9))
                                      * (1 - 0.75 * drugs.prednisolone_effect / (drugs.prednisolone_effect + 0.5));
    check_against_paper(patient, values);
}
