#include "scenarios/patients/cohort.hpp"
#include "scenarios/patients/treatment.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using namespace osteoflare::scenarios::patients;

/// A child's life: the same whatever it is cut into, and treated as its plan says.
namespace {

const auto population = model::defaults<Population>();
const auto median = model::defaults<model::patient::Parameters<double>>();
constexpr double tolerance = 1e-6;
constexpr std::size_t naproxen_plasma = 6, adalimumab_depot = 9; ///< in the border, behind the circulation

/// A child who is likely to fall ill, struck hard on day 100.
Child ill_child()
{
    auto p = median;
    p.il10_competence = 0.222;
    p.il1b_gene = 2.9;
    p.damage_oxidised_matrix = 3;
    p.site_susceptibility = 1.2;
    Population alike = population;
    for (double* spread : {&alike.susceptibility_person, &alike.susceptibility_pair, &alike.susceptibility_site}) {
        *spread = 0;
    }
    return draw_child(alike, p, 1, 1);
}

std::vector<Injury> strikes()
{
    return {{.day = 100, .site = 0, .damage = 20},
            {.day = 100, .site = 7, .damage = 25},
            {.day = 103, .site = 0, .damage = 5}};
}

std::vector<double> every(double days, double from, double to)
{
    std::vector<double> all;
    for (double day = from + days; day <= to; day += days) {
        all.push_back(day);
    }
    return all;
}

double difference(const std::vector<double>& a, const std::vector<double>& b)
{
    REQUIRE(a.size() == b.size());
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        worst = std::max(worst, std::abs(a[i] - b[i]) / (1e-3 + std::abs(b[i])));
    }
    return worst;
}

dosing::Course daily(const std::string& name, const std::string& drug, double per_kg, double from, double to)
{
    dosing::Course course;
    course.name = name;
    course.drug = dose_target(drug);
    course.dose = {.value = per_kg, .per_kg = true};
    course.start = to_tick(from);
    course.end = to_tick(to);
    course.every = to_tick(1);
    course.n_doses = static_cast<std::size_t>(to - from);
    return course;
}

Treatment treatment(std::vector<dosing::Course> courses, std::vector<dosing::Rule> rules)
{
    Treatment made;
    made.plan = {.courses = std::move(courses), .rules = std::move(rules)};
    made.doses = dosing::expand(made.plan.courses, 30, 1, 1);
    return made;
}

} // namespace

TEST_CASE("a life does not change when it is looked at, cut into pieces, or taken up from a state", "[patients]")
{
    const Child child = ill_child();
    ClinicalCourse seen, unseen, rest;
    PatientRun whole(child, tolerance), pieces(child, tolerance), blind(child, tolerance), later(child, tolerance);
    for (PatientRun* run : {&whole, &pieces, &blind}) {
        run->expect(strikes(), population.trigger_duration);
    }
    const auto visits = every(8, 0, 400);
    whole.live(400, visits, seen);
    blind.live(400, {}, unseen);
    CHECK(blind.state().sites == whole.state().sites); // visits do not change the steps: bit by bit
    CHECK(unseen.days.empty());
    CHECK(seen.days == visits);
    CHECK(seen.vas.back() == Approx(whole.look().vas.back()).epsilon(1e-9));

    ClinicalCourse cut;
    for (const double until : {50.0, 102.0, 104.5, 250.0, 400.0}) { // amid injuries, too
        pieces.live(until, {}, cut);
    }
    CHECK(difference(pieces.state().sites, whole.state().sites) < 1e-3);

    PatientRun first(child, tolerance);
    first.expect(strikes(), population.trigger_duration);
    first.live(102, {}, rest);
    later.set_state(first.state());
    later.expect(strikes(), population.trigger_duration);
    later.live(400, {}, rest);
    CHECK(difference(later.state().sites, whole.state().sites) < 1e-3);
}

TEST_CASE("an injured child falls ill and an unhurt one does not", "[patients]")
{
    ClinicalCourse hurt, spared;
    PatientRun struck(ill_child(), tolerance), other(ill_child(), tolerance);
    struck.expect(strikes(), population.trigger_duration);
    struck.live(400, every(7, 0, 400), hurt);
    other.live(400, every(7, 0, 400), spared);
    CHECK(hurt.mri_lesions.back() >= 2);
    CHECK(hurt.vas.back() > 1);
    CHECK(spared.mri_lesions.back() == 0);
    CHECK(spared.vas.back() < 0.1);
}

TEST_CASE("an injury ends: a resistant child comes back to what it would have been", "[patients]")
{
    auto p = median;
    p.site_susceptibility = 0.4;
    const Child child = draw_child(population, p, 1, 1);
    PatientRun struck(child, tolerance), other(child, tolerance);
    struck.expect(std::vector<Injury>{{.day = 100, .site = 3, .damage = 10}}, population.trigger_duration);
    ClinicalCourse seen, unhurt;
    struck.live(150, std::vector{103.0, 150.0}, seen);
    other.live(150, std::vector{103.0, 150.0}, unhurt);
    CHECK(seen.swelling[3] > 2 * unhurt.swelling[3]);
    CHECK(seen.swelling[24 + 3] < 1.1 * unhurt.swelling[24 + 3] + 0.01);
}

TEST_CASE("a life under daily doses has the same bits whether it is looked at or not", "[patients]")
{
    const Child child = ill_child();
    PatientRun watched(child, tolerance), blind(child, tolerance);
    ClinicalCourse seen, unseen;
    for (PatientRun* run : {&watched, &blind}) {
        run->expect(strikes(), population.trigger_duration);
        Treatment plan = treatment({daily("nsaid", "naproxen", 15, 110, 160)}, {});
        const bool looks = run == &watched;
        live_treated(*run, plan, 170, looks ? every(0.3, 0, 170) : std::vector<double>{}, looks ? seen : unseen);
    }
    CHECK(seen.days.size() == 566);
    CHECK(watched.state().sites == blind.state().sites);
    CHECK(watched.state().border == blind.state().border);
}

TEST_CASE("doses of a plan reach plasma as a sum of exponentials, and missed ones do not", "[patients]")
{
    Treatment plan = treatment({daily("nsaid", "naproxen", 15, 10, 40)}, {});
    plan.doses[28].taken = false; // the last but one
    plan.begins = 5;
    PatientRun run(ill_child(), tolerance);
    ClinicalCourse seen;
    live_treated(run, plan, 46, {}, seen);
    double expected = 0;
    for (std::size_t i = 0; i < 30; ++i) {
        expected += i == 28 ? 0 : 15 * 0.95 / 0.16 * std::exp(-1.17 * (46 - 15 - static_cast<double>(i)));
    }
    CHECK(run.state().border[naproxen_plasma] == Approx(expected).epsilon(1e-4));
}

TEST_CASE("a rule that fires stops one drug and starts another, and one that does not fire leaves all as it was",
          "[patients]")
{
    for (const double level : {0.1, 10.0}) {
        auto second = daily("antibody", "adalimumab", 0.67, 200, 400);
        second.every = to_tick(14);
        second.n_doses = 14;
        second.started_by = 0;
        dosing::Rule rule;
        rule.readout = 0; // vas
        rule.level = level;
        rule.at = to_tick(200);
        rule.stop = {0};
        rule.start = {1};
        Treatment plan = treatment({daily("nsaid", "naproxen", 15, 150, 400), second}, {rule});
        PatientRun run(ill_child(), tolerance);
        run.expect(strikes(), population.trigger_duration);
        ClinicalCourse seen;
        live_treated(run, plan, 230, every(7, 0, 230), seen);
        const auto border = run.state().border;
        const bool is_ill = level < 5;
        CAPTURE(level, seen.vas.back());
        CHECK(plan.fired[0] == is_ill);
        CHECK((border[naproxen_plasma] > 10) == !is_ill);
        CHECK((border[adalimumab_depot] > 0.01) == is_ill);
    }
}

TEST_CASE("a cohort has the same bits for any number of threads, and its children do not know of each other",
          "[patients]")
{
    CohortPlan plan{.population = population, .median = median, .seed = 4, .n_children = 24};
    plan.population.last_age = 8;
    plan.median.site_susceptibility = 1.6; // so that many fall ill
    plan.threads = 1;
    const auto one = follow_cohort(plan);
    plan.threads = 2;
    const auto two = follow_cohort(plan);
    plan.n_children = 7;
    const auto few = follow_cohort(plan);
    const auto is_same = [](const Presented& a, const Presented& b) {
        return a.kind == b.kind && a.first_symptom_age == b.first_symptom_age && a.lesions == b.lesions
               && a.crp == b.crp;
    };
    std::size_t ill = 0;
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(is_same(one[i], two[i]));
        ill += one[i].kind == clinic::Presentation::Kind::diagnosed ? 1 : 0;
        if (ill > 0 && one[i].kind == clinic::Presentation::Kind::diagnosed) {
            CHECK(one[i].first_symptom_age + 28 / days_per_year < one[i].diagnosis_age);
            CHECK(one[i].mri_lesions == static_cast<std::size_t>(std::ranges::count(one[i].lesions, true)));
        }
    }
    CHECK(ill > 2);
    CHECK(ill < one.size()); // they differ
    for (std::size_t i = 0; i < few.size(); ++i) {
        CHECK(is_same(few[i], one[i]));
    }
}

TEST_CASE("a child that cannot be computed is data: its status says why, and the others live on", "[patients]")
{
    CohortPlan plan{.population = population, .median = median, .seed = 4, .n_children = 3};
    plan.population.last_age = 4;
    plan.median.crp_healthy = 0.5;
    plan.median.il1_half = std::numeric_limits<double>::quiet_NaN();
    for (const Presented& child : follow_cohort(plan)) {
        CHECK(child.status == solvers::lanes::LaneStatus::not_finite);
        CHECK(child.kind == clinic::Presentation::Kind::healthy);
    }
}
