#include "scenarios/patients/treatment.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using namespace osteoflare::scenarios::patients;
using model::patient::Inputs;

/// What drugs do to a child who lives with them. A drug that is never lost acts for ever as its printed formula says of
/// its dose: it must do just what the same number does that is set from outside.
namespace {

constexpr double tolerance = 1e-8;
constexpr std::size_t circulation = model::count_of<model::niche::Circulation<double>>();

/// A child who falls ill when it is struck, and loses nothing of its drugs.
Child keeps_drugs()
{
    auto p = model::defaults<model::patient::Parameters<double>>();
    p.il10_competence = 0.222;
    p.il1b_gene = 2.9;
    p.damage_oxidised_matrix = 3;
    auto& drugs = p.drugs;
    for (double* loss : {&drugs.naproxen_loss, &drugs.anakinra_loss, &drugs.adalimumab_loss,
                         &drugs.pamidronate_bone_loss, &drugs.methotrexate_loss, &drugs.prednisolone_loss}) {
        *loss = 0;
    }
    return draw_child(model::defaults<Population>(), p, 1, 1);
}

/// Lives on for 60 days, struck hard at two sites after ten of them.
PatientState struck(PatientRun& run)
{
    const double day = run.day();
    run.expect(
        std::vector<Injury>{{.day = day + 10, .site = 0, .damage = 20}, {.day = day + 10, .site = 7, .damage = 25}}, 7);
    ClinicalCourse seen;
    REQUIRE(run.live(day + 60, {}, seen).status == solvers::lanes::LaneStatus::reached_end);
    return run.state();
}

/// The largest difference between tissues, as a share of what is there; a thousandth is as good as nothing.
double difference(const PatientState& a, const PatientState& b)
{
    double worst = 0;
    for (std::size_t i = 0; i < a.sites.size(); ++i) {
        worst = std::max(worst, std::abs(a.sites[i] - b.sites[i]) / (1e-3 + std::abs(b.sites[i])));
    }
    return worst;
}

struct Effect {
    std::string drug;
    double dose; ///< [mg/kg]
    double Inputs<double>::*input;
    double value; ///< the printed formula of that dose
};

const std::vector<Effect>& effects()
{
    const double naproxen = 3 * 0.95 / 0.16, anakinra = 0.1 * 0.85 / 0.142, adalimumab = 0.67 * 0.64 / 0.07;
    static const std::vector<Effect> all = {
        {"naproxen", 3, &Inputs<double>::cox_inhibition, naproxen / (naproxen + 14)},
        {"anakinra", 0.1, &Inputs<double>::anakinra, 0.2 * 57800 * anakinra},
        {"adalimumab", 0.67, &Inputs<double>::anti_tnf, 0.25 * 6.76 * adalimumab / 0.2},
        {"pamidronate", 3, &Inputs<double>::pamidronate_held, 1.5},
        {"methotrexate", 4, &Inputs<double>::nfkb_inhibition, 0.35 * 4 / (4 + 1.9)},
        {"prednisolone", 1.5, &Inputs<double>::nfkb_inhibition, 0.75 * 1.5 / (1.5 + 0.5)},
    };
    return all;
}

} // namespace

TEST_CASE("a kept dose does to a child what its printed formula does from outside", "[patients][limit]")
{
    for (const Effect& effect : effects()) {
        CAPTURE(effect.drug);
        // Adalimumab takes 120 days until e^-30 of it is left under the skin.
        Treatment plan;
        plan.doses = {{.at = 0,
                       .drug = dose_target(effect.drug),
                       .course = 0,
                       .number = 1,
                       .per_kg = effect.dose,
                       .mg = 0,
                       .infusion = 0,
                       .route = dosing::Route::oral,
                       .taken = true}};
        PatientRun dosed(keeps_drugs(), tolerance), equal(keeps_drugs(), tolerance),
            untreated(keeps_drugs(), tolerance);
        ClinicalCourse seen;
        live_treated(dosed, plan, 120, {}, seen);

        PatientState without = dosed.state();
        std::fill(without.border.begin() + circulation, without.border.end(), 0.0);
        equal.set_state(without);
        Inputs<double> outside{};
        outside.*effect.input = effect.value;
        equal.set_inputs(outside);
        untreated.set_state(without);

        const PatientState by_dose = struck(dosed), by_input = struck(equal), alone = struck(untreated);
        CHECK(difference(by_dose, by_input) < tolerance);
        CHECK(difference(alone, by_input) > 1e-2);
    }
}

TEST_CASE("what is set from outside and a kept dose take each their share of what the other leaves",
          "[patients][limit]")
{
    // Half of COX by plasma of 14 mg/L, of the rest a fifth from outside: 0.6 in all. And NF-kB in three parts.
    const double naproxen = 14 * 0.16 / 0.95;
    Treatment plan;
    for (const auto& [drug, dose] : std::vector<std::pair<std::string, double>>{
             {"naproxen", naproxen}, {"methotrexate", 1.9}, {"prednisolone", 0.5}}) {
        plan.doses.push_back({.at = 0,
                              .drug = dose_target(drug),
                              .course = 0,
                              .number = 1,
                              .per_kg = dose,
                              .mg = 0,
                              .infusion = 0,
                              .route = dosing::Route::oral,
                              .taken = true});
    }
    PatientRun dosed(keeps_drugs(), tolerance), equal(keeps_drugs(), tolerance);
    Inputs<double> outside{};
    outside.cox_inhibition = 0.2;
    outside.nfkb_inhibition = 0.1;
    dosed.set_inputs(outside);
    ClinicalCourse seen;
    live_treated(dosed, plan, 1, {}, seen);
    PatientState without = dosed.state();
    std::fill(without.border.begin() + circulation, without.border.end(), 0.0);
    equal.set_state(without);
    outside.cox_inhibition = 0.6;
    outside.nfkb_inhibition = 1 - 0.9 * (1 - 0.35 / 2) * (1 - 0.75 / 2);
    equal.set_inputs(outside);
    CHECK(difference(struck(dosed), struck(equal)) < tolerance);
}
