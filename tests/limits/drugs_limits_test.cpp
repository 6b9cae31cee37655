#include "model/patient/effects.hpp"
#include "solvers/integrate.hpp"
#include "solvers/system.hpp"

#include "catch.hpp"

#include <cmath>
#include <functional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::model::patient;

namespace {

constexpr std::size_t n_drugs = 8;

const DrugParameters<double> constants = model::defaults<DrugParameters<double>>();

std::vector<double> to_array(Drugs<double> drugs)
{
    std::vector<double> values;
    drugs.visit(drugs, [&](const double& value, const model::Description&) { values.push_back(value); });
    return values;
}

Drugs<double> to_drugs(std::span<const double> values)
{
    Drugs<double> drugs{};
    std::size_t i = 0;
    drugs.visit(drugs, [&](double& field, const model::Description&) { field = values[i++]; });
    return drugs;
}

Drugs<double> with_dose(Drugs<double> drugs, std::string_view drug, double dose)
{
    for (const auto& target : dose_targets(constants)) {
        if (target.drug == drug) {
            drugs.*target.compartment += target.per_dose * dose;
            return drugs;
        }
    }
    throw std::runtime_error("no such drug");
}

/// The drugs on `day`, from `start` on day 0, with a dose of 1 mg/kg on each of `days`.
Drugs<double> on_day(double day, std::string_view drug, const std::vector<double>& days, Drugs<double> start = {})
{
    std::vector<solvers::Interruption> doses;
    for (const double t : days) {
        if (t < day) {
            doses.push_back({t, [drug](std::span<double> state) {
                                 const std::vector<double> dosed = to_array(with_dose(to_drugs(state), drug, 1));
                                 std::copy(dosed.begin(), dosed.end(), state.begin());
                             }});
        }
    }
    const auto rates = [](double /*t*/, std::span<const double> y, std::span<double> dydt) {
        const std::vector<double> values = to_array(drug_balance(drug_fluxes(to_drugs(y), {}, constants)));
        std::copy(values.begin(), values.end(), dydt.begin());
    };
    const solvers::Options options{
        .method = solvers::Method::dopri5, .relative_tolerance = 1e-10, .absolute_tolerance = {1e-14}};
    std::vector<double> y = to_array(start);
    if (!solvers::integrate({n_drugs, rates, {}}, y, 0, day, doses, options, {})) {
        throw std::runtime_error("the drugs could not be integrated");
    }
    return to_drugs(y);
}

/// A drug whose course after one dose of 1 mg/kg is known, with the numbers of the specification.
struct Known {
    std::string_view drug;
    double Drugs<double>::*compartment;
    std::vector<double> weights, rates; ///< the course is sum of weight*exp(-rate*t)
    double interval;                    ///< between doses, where many are given [d]

    double after_one(double t) const
    {
        double sum = 0;
        for (std::size_t i = 0; i < rates.size(); ++i) {
            sum += t < 0 ? 0 : weights[i] * std::exp(-rates[i] * t);
        }
        return sum;
    }
    /// Time t after the latest of infinitely many doses.
    double steady(double t) const
    {
        double sum = 0;
        for (std::size_t i = 0; i < rates.size(); ++i) {
            sum += weights[i] * std::exp(-rates[i] * t) / (1 - std::exp(-rates[i] * interval));
        }
        return sum;
    }
};

/// Bateman's function: absorption with rate a from a depot, elimination with rate k from a volume.
Known bateman(std::string_view drug, double Drugs<double>::*plasma, double share, double volume, double a, double k,
              double interval)
{
    const double weight = share * a / (volume * (a - k));
    return {drug, plasma, {weight, -weight}, {k, a}, interval};
}

const std::vector<Known>& known_drugs()
{
    static const std::vector<Known> all = {
        {"naproxen", &Drugs<double>::naproxen_plasma, {0.95 / 0.16}, {1.17}, 1},
        bateman("anakinra", &Drugs<double>::anakinra_plasma, 0.85, 0.142, 6, 14.2, 1),
        bateman("adalimumab", &Drugs<double>::adalimumab_plasma, 0.64, 0.07, 0.25, 0.0676, 14),
        {"anakinra", &Drugs<double>::anakinra_depot, {0.85}, {6}, 1},
        {"adalimumab", &Drugs<double>::adalimumab_depot, {0.64}, {0.25}, 14},
        {"pamidronate", &Drugs<double>::pamidronate_bone, {0.5}, {0.00231}, 90},
        {"methotrexate", &Drugs<double>::methotrexate_pool, {1}, {0.03}, 7},
        {"prednisolone", &Drugs<double>::prednisolone_effect, {1}, {0.69}, 1},
    };
    return all;
}

/// The solver is asked for 1e-10 a step; hundreds of such errors may add up.
Approx in_time(double closed_form)
{
    return Approx(closed_form).epsilon(1e-7).margin(1e-11);
}

} // namespace

TEST_CASE("one dose of each drug runs its course by Bateman's function or a single exponential",
          "[model][patient][limit]")
{
    for (const Known& known : known_drugs()) {
        CAPTURE(known.drug);
        for (const double part : {0.05, 0.3, 1.0, 2.5}) {
            const double t = part * known.interval;
            CHECK(on_day(t, known.drug, {0}).*known.compartment == in_time(known.after_one(t)));
        }
    }
}

TEST_CASE("one drug leaves the others' compartments empty", "[model][patient][limit]")
{
    for (const Known& known : known_drugs()) {
        double sum = 0;
        for (const double value : to_array(on_day(0.5, known.drug, {0}))) {
            sum += value;
        }
        double own = 0;
        for (const Known& same : known_drugs()) {
            own += same.drug == known.drug ? on_day(0.5, known.drug, {0}).*same.compartment : 0;
        }
        CHECK(sum == own);
    }
}

TEST_CASE("fifty doses superpose, also where some are missed", "[model][patient][limit]")
{
    for (const Known& known : known_drugs()) {
        CAPTURE(known.drug);
        std::vector<double> days;
        for (int dose = 0; days.size() < 50; ++dose) {
            if (dose % 7 != 3) { // missed
                days.push_back(dose * known.interval);
            }
        }
        const double end = days.back() + 0.6 * known.interval;
        double expected = 0;
        for (const double day : days) {
            expected += known.after_one(end - day);
        }
        CHECK(on_day(end, known.drug, days).*known.compartment == in_time(expected));
    }
}

TEST_CASE("at steady state a dose brings back what its interval takes", "[model][patient][limit]")
{
    for (const Known& known : known_drugs()) {
        CAPTURE(known.drug);
        // What infinitely many doses leave just before the next one, in all compartments of this drug.
        Drugs<double> trough{};
        for (const Known& same : known_drugs()) {
            if (same.drug == known.drug) {
                trough.*same.compartment = same.steady(known.interval);
            }
        }
        const Drugs<double> next = on_day(known.interval, known.drug, {0}, trough);
        CHECK(next.*known.compartment == in_time(trough.*known.compartment));
        CHECK(on_day(0.4 * known.interval, known.drug, {0}, trough).*known.compartment
              == in_time(known.steady(0.4 * known.interval)));
    }
}

TEST_CASE("fifty doses of a drug that leaves within weeks are steady state", "[model][patient][limit]")
{
    for (const Known& known : known_drugs()) {
        const double slowest = *std::min_element(known.rates.begin(), known.rates.end());
        if (std::exp(-slowest * 50 * known.interval) > 1e-10) {
            continue; // methotrexate and pamidronate take longer
        }
        CAPTURE(known.drug);
        std::vector<double> days;
        for (int dose = 0; dose < 50; ++dose) {
            days.push_back(dose * known.interval);
        }
        CHECK(on_day(days.back() + 0.4 * known.interval, known.drug, days).*known.compartment
              == in_time(known.steady(0.4 * known.interval)));
    }
}

TEST_CASE("without drugs, what is set from outside acts as it is", "[model][patient][limit]")
{
    Inputs<double> in{};
    double number = 0.05;
    in.visit(in, [&](double& field, const model::Description&) { field = number += 0.05; });
    const Inputs<double> acting = effects<double>({}, in, constants);
    std::vector<double> expected;
    in.visit(in, [&](const double& value, const model::Description&) { expected.push_back(value); });
    std::size_t i = 0;
    acting.visit(acting, [&](const double& value, const model::Description& entry) {
        CAPTURE(entry.name);
        CHECK(value == Approx(expected[i++]).epsilon(1e-15));
    });
}

TEST_CASE("each drug does to a site what its printed formula says, beside what is set from outside",
          "[model][patient][limit]")
{
    const auto close = [](double closed_form) { return Approx(closed_form).epsilon(1e-14).margin(0); };
    const Inputs<double> nothing{};
    Inputs<double> outside{};
    outside.cox_inhibition = 0.5;
    outside.anakinra = 100;
    outside.anti_tnf = 2;
    outside.pamidronate_held = 1.5;
    outside.nfkb_inhibition = 0.2;
    Drugs<double> drugs{};

    drugs.naproxen_plasma = 14;
    CHECK(effects(drugs, nothing, constants).cox_inhibition == close(0.5));
    CHECK(effects(drugs, outside, constants).cox_inhibition == close(0.75));
    drugs.anakinra_plasma = 1.5;
    CHECK(effects(drugs, nothing, constants).anakinra == close(0.2 * 57800 * 1.5));
    CHECK(effects(drugs, outside, constants).anakinra == close(0.2 * 57800 * 1.5 + 100));
    drugs.adalimumab_plasma = 6;
    CHECK(effects(drugs, nothing, constants).anti_tnf == close(0.25 * 6.76 * 6 / 0.2));
    CHECK(effects(drugs, outside, constants).anti_tnf == close(0.25 * 6.76 * 6 / 0.2 + 2));
    drugs.pamidronate_bone = 0.7;
    CHECK(effects(drugs, nothing, constants).pamidronate_held == close(0.7));
    CHECK(effects(drugs, outside, constants).pamidronate_held == close(2.2));
    drugs.methotrexate_pool = 1.9;
    CHECK(effects(drugs, nothing, constants).nfkb_inhibition == close(0.35 / 2));
    drugs.prednisolone_effect = 1.5;
    CHECK(effects(drugs, nothing, constants).nfkb_inhibition == close(1 - (1 - 0.175) * (1 - 0.75 * 0.75)));
    CHECK(effects(drugs, outside, constants).nfkb_inhibition == close(1 - 0.8 * (1 - 0.175) * (1 - 0.75 * 0.75)));
    CHECK(effects(drugs, nothing, constants).opg_fc == 0);
}
