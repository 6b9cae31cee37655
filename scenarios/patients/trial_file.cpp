#include "output/results_writer.hpp"
#include "scenarios/patients/trial_columns.hpp"
#include "scenarios/patients/trial_record.hpp"
#include "scenarios/recording/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

namespace osteoflare::scenarios::patients {
namespace {

using output::Element;
using output::ResultsWriter;
using solvers::lanes::LaneStatus;
using Axes = std::vector<std::string>;

const char* const status_words = "reached_end step_limit step_too_small not_finite";
const char* const presentation_words = "healthy not_followed silent diagnosed";

void write_numbers(ResultsWriter& file, const std::string& name, const Axes& axes, const output::Labels& labels,
                   const std::vector<double>& values)
{
    file.variable(name, axes, Element::float64, labels);
    file.write(name, 0, std::span<const double>(values));
}

void write_codes(ResultsWriter& file, const std::string& name, const Axes& axes, const std::string& meaning,
                 const std::string& meanings, const std::vector<std::uint8_t>& values)
{
    std::vector<std::uint8_t> known(static_cast<std::size_t>(std::ranges::count(meanings, ' ')) + 1);
    for (std::size_t i = 0; i < known.size(); ++i) {
        known[i] = static_cast<std::uint8_t>(i);
    }
    file.variable(name, axes, Element::uint8,
                  {.units = "1", .long_name = meaning, .more = {{"flag_values", known}, {"flag_meanings", meanings}}});
    file.write(name, 0, std::span<const std::uint8_t>(values));
}

/// One number of each child or course.
template <class Members, class Value>
auto column(const Members& members, Value value)
{
    std::vector<decltype(value(members.front()))> values;
    for (const auto& member : members) {
        values.push_back(value(member));
    }
    return values;
}

void write_children(ResultsWriter& file, const std::vector<Presented>& children)
{
    write_codes(file, "child_status", {"child"}, "how the run of this child ended", status_words,
                column(children, [](const Presented& child) { return static_cast<std::uint8_t>(child.status); }));
    write_codes(file, "presentation", {"child"}, "how the child came to be known", presentation_words,
                column(children, [](const Presented& child) { return static_cast<std::uint8_t>(child.kind); }));
    for (const AtPictures& one : at_pictures) {
        write_numbers(file, one.name, {"child"},
                      {.units = one.unit, .long_name = fmt::format("{}; missing where none were", one.meaning)},
                      column(children, [&](const Presented& child) {
                          return is_known(child) ? child.*one.value : std::numeric_limits<double>::quiet_NaN();
                      }));
    }
    write_numbers(file, "clinical_lesions", {"child"},
                  {.units = "1", .long_name = "painful sites when pictures were taken; missing where none were"},
                  column(children, [](const Presented& child) {
                      return is_known(child) ? static_cast<double>(child.clinical_lesions)
                                             : std::numeric_limits<double>::quiet_NaN();
                  }));
    std::vector<std::uint8_t> lesions;
    for (const Presented& child : children) {
        for (std::size_t site = 0; site < model::patient::sites.size(); ++site) {
            lesions.push_back(is_known(child) && child.lesions.at(site) ? 1 : 0);
        }
    }
    write_codes(file, "lesion_at_diagnosis", {"child", "site"}, "whether the pictures show a lesion there",
                "none lesion", lesions);
}

/// What was drawn for each child, from which everything else follows.
void write_drawn(ResultsWriter& file, const Trial& trial)
{
    const CohortPlan& cohort = trial.cohort;
    const Population& population = cohort.population;
    using Parameters = model::patient::Parameters<double>;
    const std::array<double Parameters::*, 8> drawn = {&Parameters::il10_competence,
                                                       &Parameters::il1b_gene,
                                                       &Parameters::tnf_gene,
                                                       &Parameters::pge2_vascular,
                                                       &Parameters::damage_oxidised_matrix,
                                                       &Parameters::training_gain,
                                                       &Parameters::acute_phase_gain,
                                                       &Parameters::crp_healthy};
    std::array<std::vector<double>, drawn.size()> values;
    std::vector<double> trigger_rate, delay, injured, susceptibility, pain_weight;
    for (std::size_t number = 0; number < cohort.n_children; ++number) {
        const Child child = draw_child(population, cohort.median, cohort.seed, number);
        for (std::size_t i = 0; i < drawn.size(); ++i) {
            values[i].push_back(child.sites.front().*drawn[i]);
        }
        trigger_rate.push_back(child.trigger_rate);
        delay.push_back(child.delay);
        injured.push_back(static_cast<double>(
            draw_injuries(population, child, population.first_age, population.last_age, cohort.seed).size()));
        for (const auto& site : child.sites) {
            susceptibility.push_back(site.site_susceptibility);
            pain_weight.push_back(site.pain_weight);
        }
    }
    Parameters own{};
    Parameters::visit(own, [&](double& field, const model::Description& entry) {
        for (std::size_t i = 0; i < drawn.size(); ++i) {
            if (&field == &(own.*drawn[i])) {
                write_numbers(file, std::string(entry.name), {"child"},
                              {.units = std::string(entry.unit),
                               .long_name = "drawn for the child: " + std::string(entry.meaning),
                               .symbol = std::string(entry.symbol),
                               .source = std::string(text(entry.origin))},
                              values[i]);
            }
        }
    });
    write_numbers(file, "trigger_rate", {"child"},
                  {.units = "1/year", .long_name = "drawn for the child: micro-injury events at the peak of growth"},
                  trigger_rate);
    write_numbers(file, "delay", {"child"},
                  {.units = "d", .long_name = "drawn for the child: from the first symptom to the pictures"}, delay);
    write_numbers(file, "injured_sites", {"child"},
                  {.units = "1", .long_name = "micro-injuries of sites while the child is followed"}, injured);
    write_numbers(file, "site_susceptibility", {"child", "site"},
                  {.units = "1", .long_name = "drawn for the site: CXCL1/2 that stroma secretes, fold of the median"},
                  susceptibility);
    write_numbers(file, "pain_weight", {"child", "site"},
                  {.units = "1", .long_name = "drawn for the site: how much its inflammation hurts"}, pain_weight);
}

void write_arms(ResultsWriter& file, const TrialResults& results)
{
    std::vector<std::string> names, titles, drugs, inputs, words;
    std::vector<std::int64_t> rule_arm;
    std::vector<double> rule_day;
    for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
        const ArmInWords& said = results.arms[arm];
        names.push_back(said.name);
        titles.push_back(said.title);
        drugs.push_back(fmt::format("{}", fmt::join(said.drugs, ", ")));
        inputs.push_back(said.inputs);
        for (const RuleInWords& rule : said.rules) {
            rule_arm.push_back(static_cast<std::int64_t>(arm));
            rule_day.push_back(rule.day);
            words.push_back(rule.words);
        }
    }
    file.counted_dimension("arm", names.size(), {.units = "1", .long_name = "arm of the trial"});
    file.texts("arm_name", "arm", names, {.long_name = "name of the arm"});
    file.texts("arm_title", "arm", titles, {.long_name = "arm in words"});
    file.texts("arm_drugs", "arm", drugs, {.long_name = "drugs that the arm may give"});
    file.texts("arm_inputs", "arm", inputs, {.long_name = "what else is set from outside in the arm"});
    if (rule_arm.empty()) {
        return;
    }
    file.counted_dimension("rule", words.size(), {.units = "1", .long_name = "rule of an arm"});
    file.variable("rule_arm", {"rule"}, Element::int64, {.units = "1", .long_name = "arm whose rule it is"});
    file.write("rule_arm", 0, std::span<const std::int64_t>(rule_arm));
    write_numbers(file, "rule_day", {"rule"}, {.units = "d", .long_name = "when it is asked, since diagnosis"},
                  rule_day);
    file.texts("rule_words", "rule", words, {.long_name = "rule in words"});
    std::vector<std::uint8_t> fired;
    for (std::size_t patient = 0; patient < results.patients.size(); ++patient) {
        for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
            for (const bool one : results.course(patient, arm).fired) {
                fired.push_back(one ? 1 : 0);
            }
        }
    }
    write_codes(file, "rule_fired", {"patient", "rule"}, "whether the rule fired", "no yes", fired);
}

void write_courses(ResultsWriter& file, const TrialResults& results)
{
    std::vector<std::int64_t> children;
    for (const std::uint64_t child : results.patients) {
        children.push_back(static_cast<std::int64_t>(child));
    }
    file.counted_dimension("patient", children.size(), {.units = "1", .long_name = "child who was diagnosed"});
    file.dimension("time", std::span<const double>(results.days),
                   {.units = "d", .long_name = "time since diagnosis", .symbol = "t"});
    file.variable("patient_child", {"patient"}, Element::int64, {.units = "1", .long_name = "number of the child"});
    file.write("patient_child", 0, std::span<const std::int64_t>(children));
    write_arms(file, results);
    write_codes(
        file, "arm_status", {"patient", "arm"}, "how the run of this patient under this arm ended", status_words,
        column(results.courses, [](const ArmCourse& course) { return static_cast<std::uint8_t>(course.status); }));
    write_numbers(file, "reached", {"patient", "arm"},
                  {.units = "d", .long_name = "how far the run came, since diagnosis"},
                  column(results.courses, [](const ArmCourse& course) { return course.reached; }));
    for (const CourseColumn& one : course_columns) {
        std::vector<double> values;
        for (const ArmCourse& course : results.courses) {
            values.insert(values.end(), (course.*one.values).begin(), (course.*one.values).end());
        }
        write_numbers(file, one.name, {"patient", "arm", "time"}, {.units = one.unit, .long_name = one.meaning},
                      values);
    }
    for (const SiteColumn& one : site_columns) {
        std::vector<std::uint8_t> values;
        values.reserve(results.courses.size() * results.days.size() * results.sites.size());
        for (const ArmCourse& course : results.courses) {
            for (const SiteSet set : course.*one.sets) {
                for (std::size_t site = 0; site < results.sites.size(); ++site) {
                    values.push_back(static_cast<std::uint8_t>(set >> site & 1U));
                }
            }
        }
        write_codes(file, one.name, {"patient", "arm", "time", "site"}, one.meaning, one.meanings, values);
    }
}

} // namespace

void write_trial_results(ResultsWriter& file, const Trial& trial, const TrialResults& results)
{
    const std::string verb = results.is_trial() ? "trial" : "cohort";
    write_provenance(file,
                     {.name = trial.name,
                      .title = trial.title,
                      .question = trial.question,
                      .text = trial.text,
                      .applied = trial.applied,
                      .model = "patient",
                      .model_source = "docs/theory/patient.md"},
                     verb);
    file.attribute({"analysis", verb});
    file.attribute({"purpose", std::string("for research and teaching, never for the care of a person")});
    file.attribute({"solver", std::string("blocks Rodas5P")});
    file.attribute({"relative_tolerance", trial.cohort.relative_tolerance});
    file.attribute({"seed", static_cast<std::int64_t>(trial.cohort.seed)});
    const std::size_t n_failed = count_failed(results), n_runs = results.children.size() + results.courses.size();
    file.attribute(
        {"status", n_failed == 0 ? std::string("complete") : fmt::format("{} of {} runs failed", n_failed, n_runs)});
    file.counted_dimension("child", results.children.size(), {.units = "1", .long_name = "child who was drawn"});
    file.counted_dimension("site", results.sites.size(), {.units = "1", .long_name = "bone site"});
    file.texts("site_name", "site", results.sites, {.long_name = "name of the site"});
    write_children(file, results.children);
    write_drawn(file, trial);
    if (results.is_trial()) {
        write_courses(file, results);
    }
}

} // namespace osteoflare::scenarios::patients
