#include "scenarios/dosing/event_table.hpp"
#include "scenarios/patients/treatment.hpp"

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using namespace osteoflare::scenarios::patients;
using model::patient::Drugs;

/// Doses as they reach a child who is lived with the solver of patients, against closed forms with the numbers of the
/// specification. Each drug's equations alone: drugs_limits_test.cpp.
namespace {

constexpr double tolerance = 1e-9, weight = 30;
constexpr std::size_t circulation = model::count_of<model::niche::Circulation<double>>();

Child some_child()
{
    return draw_child(model::defaults<Population>(), model::defaults<model::patient::Parameters<double>>(), 1, 1);
}

double in_body(const PatientRun& run, double Drugs<double>::*compartment)
{
    Drugs<double> drugs{};
    const auto border = run.state().border;
    std::size_t next = circulation;
    Drugs<double>::visit(drugs, [&](double& field, const model::Description&) { field = border[next++]; });
    return drugs.*compartment;
}

/// A drug and what one dose of `dose` mg/kg makes of one of its compartments: sum of weight*exp(-rate*t).
struct Known {
    std::string drug;
    double Drugs<double>::*compartment;
    double dose, every; ///< [mg/kg], [d]
    std::vector<double> weights, rates;
    double clearance; ///< of what is given, with its bioavailability: loss*volume/share [L/kg/d], or loss/share [1/d]

    double after_one(double t) const
    {
        double sum = 0;
        for (std::size_t i = 0; i < rates.size(); ++i) {
            sum += t < 0 ? 0 : dose * weights[i] * std::exp(-rates[i] * t);
        }
        return sum;
    }
    /// Time t after the latest of infinitely many doses.
    double steady(double t) const
    {
        double sum = 0;
        for (std::size_t i = 0; i < rates.size(); ++i) {
            sum += dose * weights[i] * std::exp(-rates[i] * t) / (1 - std::exp(-rates[i] * every));
        }
        return sum;
    }
    /// More than there ever is, all that lies in a depot counted as if it had arrived.
    double most() const
    {
        double sum = 0;
        for (std::size_t i = 0; i < rates.size(); ++i) {
            sum += dose * std::abs(weights[i]) / (1 - std::exp(-rates[i] * every));
        }
        return sum;
    }
};

/// Bateman's function: absorption with rate a from a depot, elimination with rate k from a volume.
Known bateman(const std::string& drug, double Drugs<double>::*plasma, double dose, double every, double share,
              double volume, double a, double k)
{
    const double of_plasma = share * a / (volume * (a - k));
    return {drug, plasma, dose, every, {of_plasma, -of_plasma}, {k, a}, k * volume / share};
}

const std::vector<Known>& known()
{
    static const std::vector<Known> all = {
        {"naproxen", &Drugs<double>::naproxen_plasma, 15, 1, {0.95 / 0.16}, {1.17}, 1.17 * 0.16 / 0.95},
        bateman("anakinra", &Drugs<double>::anakinra_plasma, 2, 1, 0.85, 0.142, 6, 14.2),
        bateman("adalimumab", &Drugs<double>::adalimumab_plasma, 0.67, 14, 0.64, 0.07, 0.25, 0.0676),
        {"pamidronate", &Drugs<double>::pamidronate_bone, 1, 90, {0.5}, {0.00231}, 0.00231 / 0.5},
        {"methotrexate", &Drugs<double>::methotrexate_pool, 0.4, 7, {1}, {0.03}, 0.03},
        {"prednisolone", &Drugs<double>::prednisolone_effect, 1, 1, {1}, {0.69}, 0.69},
    };
    return all;
}

dosing::Course course(const Known& known, std::size_t n_doses, double infusion = 0)
{
    dosing::Course made;
    made.name = known.drug;
    made.drug = dose_target(known.drug);
    made.dose = {.value = known.dose, .per_kg = true};
    made.every = to_tick(known.every);
    made.n_doses = n_doses;
    made.end = static_cast<Tick>(n_doses) * made.every;
    made.infusion = to_tick(infusion);
    return made;
}

Treatment treatment(const dosing::Course& course)
{
    Treatment made;
    made.plan.courses = {course};
    made.doses = dosing::expand(made.plan.courses, weight, 1, 1);
    return made;
}

/// The solver's own bar, of what the compartment may hold at most and of its absolute tolerance. It holds for a step,
/// and here for the whole course: what a chain has too much, it loses.
Approx within_tolerance(double closed_form, double most)
{
    return Approx(closed_form).epsilon(0).margin(tolerance * (most + 1e-3));
}

/// A child under a treatment, who lives from one day to the next.
struct Life {
    PatientRun run{some_child(), tolerance};
    Treatment plan;

    explicit Life(Treatment treatment) : plan(std::move(treatment)) {}

    double on_day(double day, double Drugs<double>::*compartment)
    {
        ClinicalCourse seen;
        (void)live_treated(run, plan, day, {}, seen);
        REQUIRE(run.day() == day);
        return in_body(run, compartment);
    }
    void check(double day, double Drugs<double>::*compartment, double closed_form, double most)
    {
        CAPTURE(day);
        CHECK(on_day(day, compartment) == within_tolerance(closed_form, most));
    }
};

} // namespace

TEST_CASE("one dose runs through a child by Bateman's function or an exponential", "[patients][limit]")
{
    for (const Known& drug : known()) {
        CAPTURE(drug.drug);
        Life life(treatment(course(drug, 1)));
        for (const double part : {0.02, 0.1, 0.4, 1.0, 2.5}) {
            const double day = part * drug.every;
            life.check(day, drug.compartment, drug.after_one(day), drug.most());
        }
    }
}

TEST_CASE("fifty doses to a child superpose, those that it misses left out", "[patients][limit]")
{
    for (const Known& drug : known()) {
        CAPTURE(drug.drug);
        Treatment plan = treatment(course(drug, 50));
        plan.begins = 3.25;
        plan.doses[17].taken = plan.doses[48].taken = false;
        Life life(plan);
        for (const double doses : {0.5, 17.5, 33.25, 49.75}) {
            const double day = plan.begins + doses * drug.every;
            double expected = 0;
            for (std::size_t i = 0; i < 50; ++i) {
                expected += i == 17 || i == 48 ? 0 : drug.after_one(day - 3.25 - static_cast<double>(i) * drug.every);
            }
            life.check(day, drug.compartment, expected, drug.most());
        }
    }
}

TEST_CASE("doses accumulate to a steady state whose mean is the dose rate over the clearance", "[patients][limit]")
{
    constexpr std::size_t n_parts = 400; // of the interval, for Simpson's rule
    for (const Known& drug : known()) {
        CAPTURE(drug.drug);
        const double slowest = *std::ranges::min_element(drug.rates);
        const auto n_doses = static_cast<std::size_t>(std::ceil(30 / (slowest * drug.every))); // e^-30 is missing
        Life life(treatment(course(drug, n_doses + 1)));
        const double last = static_cast<double>(n_doses) * drug.every;
        const double trough = life.on_day(last, drug.compartment);
        CHECK(trough == within_tolerance(drug.steady(drug.every), drug.most()));

        const double after_dose = drug.rates.size() == 1 ? trough + drug.dose * drug.weights[0] : trough;
        double integral = after_dose, highest = after_dose;
        for (std::size_t i = 1; i <= n_parts; ++i) {
            const double t = drug.every * static_cast<double>(i) / n_parts;
            const double now = life.on_day(last + t, drug.compartment);
            integral += now * (i == n_parts ? 1 : i % 2 == 0 ? 2 : 4);
            highest = std::max(highest, now);
        }
        const double mean = integral / (3 * n_parts);
        const double fastest = *std::ranges::max_element(drug.rates) * drug.every / n_parts;
        const double by_rule = std::pow(fastest, 4) / 180 * drug.most(); // error of Simpson's rule
        CHECK(mean
              == Approx(drug.dose / drug.every / drug.clearance).epsilon(0).margin(by_rule + tolerance * drug.most()));

        // The peak: at once where there is no depot, otherwise where both exponentials fall alike.
        if (drug.rates.size() == 2) {
            const double k = drug.rates[0], a = drug.rates[1];
            const auto fall = [&](double rate) { return rate / (1 - std::exp(-rate * drug.every)); };
            const double at = std::log(fall(a) / fall(k)) / (a - k);
            const double beside = drug.steady(at) * std::pow(drug.every / n_parts * std::max(a, k), 2);
            CHECK(highest <= within_tolerance(drug.steady(at), drug.most()));
            CHECK(highest > drug.steady(at) - beside);
        } else {
            CHECK(highest == after_dose);
            CHECK(highest == within_tolerance(drug.steady(0), drug.most()));
        }
    }
}

namespace {

/// What an infusion of 1 mg/kg over `length` from day 0 leaves of pamidronate in bone.
double infused(double day, double length)
{
    const double k = 0.00231, plateau = 0.5 / length / k;
    const double filled = plateau * -std::expm1(-k * std::clamp(day, 0.0, length));
    return filled * std::exp(-k * std::max(0.0, day - length));
}

const Known& pamidronate()
{
    return known()[3];
}

} // namespace

TEST_CASE("an infusion fills bone towards rate over loss, and what it left decays", "[patients][limit]")
{
    for (const double length : {1.0 / 24, 1.0 / 6, 20.0, 2000.0}) {
        CAPTURE(length);
        Known drug = pamidronate();
        drug.every = length;
        Life life(treatment(course(drug, 1, length)));
        for (const double part : {0.0, 0.25, 0.5, 1.0, 1.5, 4.0}) {
            life.check(part * length, drug.compartment, infused(part * length, length), 0.5);
        }
    }
}

TEST_CASE("infusions of a table that overlap add up, each for as long as it takes", "[patients][limit]")
{
    // 30 kg: 1 mg/kg over 4, 12 and twice 10 days, of which days 3 to 4 see three at a time.
    const auto table = dosing::parse_event_table("ID,TIME,AMT,RATE,II,ADDL,DRUG\n"
                                                 "1,0,30,7.5,,,pamidronate\n"
                                                 "1,2,30,2.5,,,pamidronate\n"
                                                 "1,3,30,3,5,1,pamidronate\n"
                                                 "1,6,15,,,,pamidronate\n",
                                                 "doses.csv", known_drugs());
    Treatment plan;
    plan.doses = dosing::doses_of(table, 1, weight);
    Life life(plan);
    for (const double day : {1.0, 2.5, 3.5, 4.5, 7.0, 9.0, 13.5, 16.0, 30.0}) {
        const double expected = infused(day, 4) + infused(day - 2, 12) + infused(day - 3, 10) + infused(day - 8, 10)
                                + (day > 6 ? 0.25 * std::exp(-0.00231 * (day - 6)) : 0);
        life.check(day, &Drugs<double>::pamidronate_bone, expected, 2.25);
    }
}

TEST_CASE("a rule that stops a course stops its infusion where it is", "[patients][limit]")
{
    Known drug = pamidronate();
    drug.every = 10;
    dosing::Rule rule;
    rule.comparison = dosing::Comparison::at_least;
    rule.at = to_tick(14);
    rule.stop = {0};
    for (const double level : {0.0, 5.0}) { // of the VAS: fires, does not
        rule.level = level;
        Treatment plan = treatment(course(drug, 2, 10));
        plan.plan.rules = {rule};
        Life life(plan);
        const double first = infused(18, 10), whole = first + infused(8, 10);
        const double left = first + infused(4, 10) * std::exp(-0.00231 * 4);
        (void)life.on_day(12, drug.compartment); // taken up amid the infusion, twice
        (void)life.on_day(15, drug.compartment);
        life.check(18, drug.compartment, level == 0 ? left : whole, 1);
        CHECK(life.plan.fired[0] == (level == 0));
    }
}

TEST_CASE("a rule acts before the doses of its moment: one course has given its last, the other gives its first",
          "[patients][limit]")
{
    const Known& first = known()[0];
    const Known& second = known()[5];
    dosing::Rule rule;
    rule.comparison = dosing::Comparison::at_least; // a VAS of 0, which is always true
    rule.at = to_tick(3);
    rule.stop = {0};
    rule.start = {1};
    auto later = course(second, 1);
    later.start = rule.at;
    later.end = to_tick(4);
    later.started_by = 0;
    Treatment plan;
    plan.plan = {.courses = {course(first, 6), later}, .rules = {rule}};
    plan.doses = dosing::expand(plan.plan.courses, weight, 1, 1);
    Life life(plan);
    const double given = first.after_one(3.5) + first.after_one(2.5) + first.after_one(1.5); // on days 0, 1 and 2
    life.check(3.5, first.compartment, given, first.most());
    life.check(3.5, second.compartment, second.after_one(0.5), second.most());
}

TEST_CASE("behind the days that were asked for no infusion flows, and called again it does", "[patients][limit]")
{
    Known drug = pamidronate();
    drug.every = 10;
    Life life(treatment(course(drug, 1, 10)));
    const double reached = life.on_day(4, drug.compartment);
    ClinicalCourse seen;
    (void)life.run.live(6, {}, seen);
    CHECK(in_body(life.run, drug.compartment) == within_tolerance(reached * std::exp(-0.00231 * 2), 0.5));
    const double missing = infused(6, 10) - infused(4, 10) * std::exp(-0.00231 * 2);
    life.check(12, drug.compartment, infused(12, 10) - missing * std::exp(-0.00231 * 6), 0.5);
}

TEST_CASE("an infusion of a drug that is not given into a vein is refused", "[patients]")
{
    Treatment plan = treatment(course(known()[0], 1, 0.5));
    PatientRun run(some_child(), tolerance);
    ClinicalCourse seen;
    CHECK_THROWS_AS(live_treated(run, plan, 1, {}, seen), std::invalid_argument);
}
