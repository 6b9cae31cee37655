#include "model/patient/sites.hpp"
#include "output/results_reader.hpp"
#include "output/results_writer.hpp"
#include "scenarios/figures.hpp"
#include "scenarios/patients/figures/panels.hpp"
#include "scenarios/patients/figures/trial_figure.hpp"
#include "scenarios/patients/trial_record.hpp"
#include "scenarios/reading/input_error.hpp"
#include "scenarios/reporting/report.hpp"
#include "tests/folder.hpp"
#include "tests/library.hpp"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

using namespace osteoflare;
using namespace osteoflare::scenarios;
using namespace osteoflare::scenarios::patients;
using solvers::Watched;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
using Column = std::vector<double>;

/// Visits every four weeks for two years.
Column visits()
{
    Column days;
    for (double day = 0; day <= 728; day += 28) {
        days.push_back(day);
    }
    return days;
}

/// A course with symptoms (VAS 4) on the days of these spells, and VAS 0 on others.
ArmCourse course(const Column& days, const std::vector<std::pair<double, double>>& symptoms)
{
    ArmCourse one;
    for (const double day : days) {
        const bool ill = std::ranges::any_of(
            symptoms, [day](const auto& spell) { return spell.first <= day && day < spell.second; });
        one.vas.push_back(ill ? 4 : 0);
        one.crp.push_back(ill ? 20 : 1);
        one.lesions.push_back(ill ? 0b101 : 0);
    }
    one.painful = one.lesions;
    one.esr = one.pga = one.chaq = one.resorption = one.vas;
    one.reached = days.back();
    return one;
}

/// Four children. Naproxen helps 10 and 13, of whom 13 relapses on day 392; 11 and 12 are switched on day 182.625. The
/// drug of the first arm helps 11 on day 336 and 12 on day 224, until day 504; that of the second helps 11 alone, on
/// day 252.
TrialResults four_children()
{
    TrialResults trial;
    trial.name = "four";
    trial.question = "Which one?";
    trial.sites = {"foot_left", "spine", "foot_right"};
    trial.patients = {10, 11, 12, 13};
    trial.days = visits();
    for (const char* name : {"first", "second"}) {
        trial.arms.push_back({.name = name, .title = "", .rules = {{182.625, "vas >= 1: stop naproxen"}}, .drugs = {}});
    }
    const double never = 1e9;
    const std::vector<std::vector<std::pair<double, double>>> symptoms = {{{0, 56}},
                                                                          {{0, 56}},
                                                                          {{0, 336}},
                                                                          {{0, 252}},
                                                                          {{0, 224}, {504, 600}},
                                                                          {{0, never}},
                                                                          {{0, 84}, {392, never}},
                                                                          {{0, 84}, {392, never}}};
    for (const auto& spells : symptoms) {
        trial.courses.push_back(course(trial.days, spells));
        trial.courses.back().fired = {spells.front().second > 182.625};
    }
    return trial;
}

Presented diagnosed_at(double age, std::vector<bool> lesions)
{
    Presented child;
    child.kind = clinic::Presentation::Kind::diagnosed;
    child.first_symptom_age = age;
    child.mri_lesions = static_cast<std::size_t>(std::ranges::count(lesions, true));
    child.lesions = std::move(lesions);
    return child;
}

const output::Panel& titled(const std::vector<output::Panel>& panels, const std::string& start)
{
    const auto found =
        std::ranges::find_if(panels, [&](const output::Panel& panel) { return panel.title.starts_with(start); });
    REQUIRE(found != panels.end());
    return *found;
}

} // namespace

TEST_CASE("spells run from visit to visit, each as at its earlier visit", "[trial]")
{
    const Column days = {0, 7, 14, 21, 28, 35}, vas = {3, 1, 0.9, missing, 2, missing};
    CHECK(spells(days, vas) == std::vector<SymptomSpell>{{0, 14, true}, {14, 28, false}});
    CHECK(spells(Column{0, 7}, Column{missing, 2}).empty());
}

TEST_CASE("a child waits for its first visit without symptoms on or after a day", "[trial]")
{
    const Column days = {0, 7, 14, 21};
    const auto waited = [&](const Column& vas, double from) { return until_symptom_free(days, vas, from).value(); };
    CHECK(waited({0, 2, 2, 0.5}, 1).time == 20);
    CHECK(waited({0, 2, 2, 0.5}, 1).event);
    CHECK(waited({0, 2, 2, 0.5}, 0).time == 0);
    CHECK(waited({2, 2, 1, missing}, 0).time == 14);
    CHECK_FALSE(waited({2, 2, 1, missing}, 0).event);
    CHECK_FALSE(until_symptom_free(days, Column{0, 0, missing, missing}, 10));
}

TEST_CASE("arms are compared in who was switched, or in all where nobody was", "[trial]")
{
    TrialResults trial = four_children();
    CHECK(are_switched(compared_groups(trial)));
    CHECK(compared_groups(trial)[1].patients == std::vector<std::size_t>{1, 2});
    for (ArmCourse& each : trial.courses) {
        each.fired = {false};
    }
    CHECK_FALSE(are_switched(compared_groups(trial)));
    CHECK(compared_groups(trial)[1].patients == std::vector<std::size_t>{0, 1, 2, 3});
}

TEST_CASE("a drawn curve, its band and its ticks are those of Kaplan and Meier", "[trial]")
{
    TrialResults trial;
    trial.arms.resize(2);
    const std::vector<std::vector<Watched>> arms = {{{2, true}, {4, false}, {5, true}, {12, false}},
                                                    {{3, true}, {3, true}, {7, true}, {9, false}}};
    for (const bool rising : {false, true}) {
        const output::Panel panel = survival_panel(trial, arms, rising);
        REQUIRE(panel.lines.size() == 2);
        for (std::size_t arm = 0; arm < 2; ++arm) {
            const auto curve = solvers::kaplan_meier(arms[arm]);
            const output::Line& line = panel.lines[arm];
            CHECK(line.steps);
            REQUIRE(line.x.size() == curve.steps.size() + 1);
            CHECK(line.y[0] == (rising ? 0 : 100));
            Column ended;
            for (std::size_t i = 0; i < curve.steps.size(); ++i) {
                const auto& step = curve.steps[i];
                const auto percent = [&](double share) { return 100 * (rising ? 1 - share : share); };
                CHECK(line.x[i + 1] == step.time);
                CHECK(line.y[i + 1] == Approx(percent(step.survival.value)));
                // Up to the step as before it, and from it on as after it.
                const output::Band& band = panel.bands[arm];
                CHECK((band.x[2 * i + 1] == step.time && band.x[2 * i + 2] == step.time));
                CHECK(band.low[2 * i + 1] == band.low[2 * i]);
                CHECK(band.low[2 * i + 2] == Approx(percent(step.survival.low)));
                CHECK(band.high[2 * i + 2] == Approx(percent(step.survival.high)));
                if (step.censored > 0) {
                    ended.push_back(step.time);
                }
            }
            CHECK(panel.points[arm].x == ended);
        }
    }
}

TEST_CASE("numbers at risk stand under the ticks of a survival curve", "[trial]")
{
    TrialResults trial;
    trial.arms.resize(1);
    const output::Panel panel = survival_panel(trial, {{{2, true}, {4, false}, {5, true}, {11.9, false}}}, false);
    CHECK(panel.x_ticks == Column{0, 2, 4, 6, 8, 10, 12});
    REQUIRE(panel.below.size() == 1);
    // Who is watched to the last visit is at risk in the month of it, 12, though that is 11.9 months away.
    CHECK(panel.below[0].cells == std::vector<std::string>{"4", "4", "3", "1", "1", "1", "1"});
}

TEST_CASE("arms that are alike are one curve, arms that differ are not", "[trial]")
{
    const TrialResults trial = four_children();
    const auto panels = survival_panels(trial);
    REQUIRE(panels.size() == 4);
    const output::Panel& all = titled(panels, "Relapse of all");
    REQUIRE(all.lines.size() == 1); // 10 and 13 were never treated differently
    CHECK(all.lines[0].label == "all arms alike");
    CHECK(all.below[0].cells.front() == "2");
    const output::Panel& relief = titled(panels, "First visit without symptoms after the switch");
    REQUIRE(relief.lines.size() == 2);
    // First arm: 12 on day 224, 11 on day 336. Second: 11 on day 252, 12 never.
    CHECK(relief.lines[0].x[1] == Approx((224 - 182.625) / (365.25 / 12)));
    CHECK(relief.lines[0].y == Column{0, 50, 100});
    CHECK(relief.lines[1].x[1] == Approx((252 - 182.625) / (365.25 / 12)));
    CHECK(relief.lines[1].y == Column{0, 50, 50});
    // Six months after the switch both are well in the first arm, 11 alone in the second; 12 relapses by day 532.
    const output::Panel& relapse = titled(panels, "Relapse of the switched");
    CHECK(relapse.below[0].cells.front() == "2");
    CHECK(relapse.below[1].cells.front() == "1");
    CHECK(relapse.lines[0].x[1] == Approx((532 - 2 * 182.625) / (365.25 / 12)));
}

TEST_CASE("ticks of months are round and at most seven steps", "[trial]")
{
    CHECK(month_ticks(5.9) == Column{0, 1, 2, 3, 4, 5, 6});
    CHECK(month_ticks(35.9) == Column{0, 6, 12, 18, 24, 30, 36});
    CHECK(month_ticks(72) == Column{0, 12, 24, 36, 48, 60, 72});
    CHECK(month_ticks(0) == Column{0});
}

TEST_CASE("courses show median, middle half and share of those who were switched", "[trial]")
{
    TrialResults trial = four_children();
    const std::size_t visit = 9; // day 252
    trial.courses[2].vas[visit] = 5;
    trial.courses[4].vas[visit] = 1;
    const auto panels = course_panels(trial);
    const output::Panel& pain = titled(panels, "Pain");
    CHECK(pain.lines[0].x[visit] == Approx(252 / (365.25 / 12)));
    CHECK(pain.lines[0].y[visit] == 3);
    CHECK((pain.bands[0].low[visit] == 2 && pain.bands[0].high[visit] == 4));
    const output::Panel& free = titled(panels, "Symptom-free");
    CHECK(free.lines[0].y[visit] == 0);
    CHECK(free.lines[1].y[visit] == 50);
    CHECK(titled(panels, "Lesions").lines[0].y.front() == 2);
    // A visit that a failed run did not come to is left out, and not taken for one without lesions.
    trial.courses[4].vas[visit] = missing;
    trial.courses[4].lesions[visit] = 0;
    CHECK(titled(course_panels(trial), "Lesions").lines[0].y[visit] == 2);
}

TEST_CASE("swimmers of all arms are the same children in the same order", "[trial]")
{
    const TrialResults trial = four_children();
    // Not switched: 10 is well for longer than 13. Switched: 11 is well for longer than 12.
    CHECK(swimming_order(trial) == std::vector<std::size_t>{0, 3, 1, 2});
    const auto panels = swimmer_panels(trial);
    REQUIRE(panels.size() == 2);
    for (const output::Panel& panel : panels) {
        CHECK(panel.rows == std::vector<std::string>{"10", "13", "11", "12"});
    }
}

TEST_CASE("bars and signs of swimmers are the spells and moments of their courses", "[trial]")
{
    TrialResults trial = four_children();
    trial.courses[3].status = solvers::lanes::LaneStatus::step_too_small;
    trial.courses[3].reached = 700;
    const auto panels = swimmer_panels(trial);
    const double month = 365.25 / 12;
    for (std::size_t arm = 0; arm < 2; ++arm) {
        Column from, until;
        for (const std::size_t patient : {0U, 3U, 1U, 2U}) {
            for (const SymptomSpell& spell : spells(trial.days, trial.course(patient, arm).vas)) {
                if (spell.symptoms) {
                    from.push_back(spell.from / month);
                    until.push_back(spell.until / month);
                }
            }
        }
        CHECK(panels[arm].spans[0].from == from);
        CHECK(panels[arm].spans[0].until == until);
    }
    CHECK(panels[0].spans[0].row == Column{0, 1, 1, 2, 3, 3});
    CHECK(panels[0].points[0].y == Column{2, 3}); // switched
    CHECK(panels[0].points[0].x == Column(2, 182.625 / month));
    REQUIRE(panels[0].points.size() == 2);
    CHECK(panels[0].points[1].y == Column{1, 3}); // 13 has symptoms from day 392 on, for three weeks on day 420
    CHECK(panels[0].points[1].x[0] == Approx(420 / month));
    CHECK(panels[0].points[1].x[1] == Approx(532 / month)); // 12, who had responded six months after the switch
    REQUIRE(panels[1].points.size() == 3);
    CHECK(panels[1].points[2].y == Column{2}); // 11 in the second arm
    CHECK(panels[1].points[2].x[0] == Approx(700 / month));
}

TEST_CASE("of many swimmers every n-th is shown, from the first to the last of their order", "[trial]")
{
    TrialResults trial = four_children();
    trial.patients.clear();
    trial.courses.clear();
    for (std::size_t child = 0; child < 90; ++child) {
        trial.patients.push_back(child);
        for (std::size_t arm = 0; arm < 2; ++arm) {
            trial.courses.push_back(course(trial.days, {{0, 700 - 7. * static_cast<double>(child)}}));
            trial.courses.back().fired = {false};
        }
    }
    const auto panels = swimmer_panels(trial);
    CHECK(panels[0].rows.size() == 30);
    CHECK(panels[0].rows.front() == "88"); // as long well as 89, whose visits are the same: the lower number first
    CHECK_THAT(swimmers_in_words(trial), Catch::Contains("30 of 90 children, one in 3"));
}

TEST_CASE("pictures of children count each child who was diagnosed, and no other", "[trial]")
{
    TrialResults cohort;
    cohort.sites = {"foot_left", "spine", "foot_right"};
    cohort.children = {diagnosed_at(8.2, {true, false, true}), diagnosed_at(8.9, {false, false, true}),
                       diagnosed_at(11, {false, true, false}), Presented{}};
    cohort.children.push_back(diagnosed_at(5, {true, true, true}));
    cohort.children.back().kind = clinic::Presentation::Kind::silent;
    const auto panels = children_panels(cohort);
    const output::Line& ages = titled(panels, "Age").lines[0];
    CHECK(ages.x == Column{8, 8, 9, 9, 10, 10, 11, 11, 12, 12});
    CHECK(ages.y == Column{0, 2, 2, 0, 0, 0, 0, 1, 1, 0});
    const output::Panel& bones = titled(panels, "Bones");
    CHECK(bones.rows == std::vector<std::string>{"foot", "spine"});
    CHECK(bones.spans[0].until[0] == Approx(200. / 3)); // a foot
    CHECK(bones.spans[0].until[1] == Approx(100. / 3));
    REQUIRE(bones.spans[1].until.size() == 1); // one spine has no other side
    CHECK(bones.spans[1].until[0] == Approx(100. / 3));
}

TEST_CASE("every picture of patients says what it is not for, and unknown ones are refused", "[trial]")
{
    const TrialResults trial = four_children();
    for (const std::string& name : known_pictures(trial)) {
        const output::Figure figure = trial_figure(trial, {name});
        CHECK_THAT(figure.subtitle, Catch::EndsWith("never for the care of a person."));
        CHECK_THAT(figure.subtitle, Catch::StartsWith("Which one?"));
        CHECK(output::svg(figure).size() > 1000);
    }
    CHECK_THROWS_AS(trial_figure(trial, {"swimers"}), InputError);
    CHECK_THROWS_WITH(trial_figure(trial, {"swimers"}), Catch::Contains("swimmers"));
    TrialResults cohort;
    CHECK(trial_figure(cohort, {}).panels.size() == 6); // of nobody
    CHECK(output::svg(trial_figure(cohort, {})).size() > 1000);
    CHECK_THROWS_AS(trial_figure(cohort, {"survival"}), InputError);
}

TEST_CASE("a report of a trial has its arms, its pictures and its file, and says what it is not for", "[trial][report]")
{
    const std::string text = R"(
        title = "Two ways"
        [children]
        number = 20
        [trial]
        follow = "2 y"
        [[arm]]
        name = "first"
        [[arm]]
        name = "second"
    )";
    TrialResults results = four_children();
    results.sites.clear();
    for (const auto& site : model::patient::sites) {
        results.sites.emplace_back(site.name);
    }
    results.children.resize(20);
    for (const std::uint64_t patient : results.patients) {
        results.children[patient] = diagnosed_at(9, std::vector<bool>(results.sites.size(), true));
    }
    const tests::Folder folder;
    const auto file = folder.path / "made.trial.h5";
    output::ResultsWriter writer(file, false);
    write_trial_results(writer, parse_trial(text, "two_ways.toml", tests::library()), results);
    writer.finish();
    const std::string page = report({file}, tests::library());
    for (const char* part : {"Two ways", "never for the care of a person", "Relief and relapse", "Child by child",
                             "The children at diagnosis", "number at risk", "day 182.625: vas &gt;= 1: stop naproxen",
                             "follow = &quot;2 y&quot;", "children who do not exist"}) {
        INFO(part);
        CHECK(page.find(part) != std::string::npos);
    }
    CHECK(page.find("http://www.w3.org/2000/svg") != std::string::npos);
    CHECK(page.find("of mice") == std::string::npos);
    // What plot draws of a file is what is drawn of the results in it.
    const output::ResultsReader reader(file);
    CHECK(output::svg(figure_of(reader, "made.trial.h5", {"survival"}))
          == output::svg(trial_figure(read_trial_results(reader), {"survival"})));
    CHECK_THROWS_AS(figure_of(reader, "made.trial.h5", {"vas"}), InputError);
}

TEST_CASE("a trial without patients is empty panels", "[trial]")
{
    TrialResults trial = four_children();
    trial.patients.clear();
    trial.courses.clear();
    CHECK(output::svg(trial_figure(trial, {"survival", "courses", "swimmers"})).size() > 1000);
}
