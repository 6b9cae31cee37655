#include "scenarios/patients/trial_record.hpp"

#include "output/results_writer.hpp"
#include "scenarios/build_info.hpp"
#include "scenarios/clinic/findings.hpp"
#include "scenarios/dosing/words.hpp"
#include "scenarios/patients/follow.hpp"
#include "scenarios/patients/treatment.hpp"
#include "scenarios/reading/units.hpp"
#include "scenarios/recording/room.hpp"
#include "scenarios/recording/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace osteoflare::scenarios::patients {
namespace {

using solvers::lanes::LaneStatus;

/// As many as a kill may cost, for each thread.
constexpr std::size_t children_per_shard = 64, patients_per_shard = 2;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

SiteSet site_set(const std::vector<bool>& sites)
{
    SiteSet set = 0;
    for (std::size_t i = 0; i < sites.size(); ++i) {
        set |= sites[i] ? SiteSet{1} << i : 0;
    }
    return set;
}

std::vector<bool> site_list(SiteSet set, std::size_t n_sites)
{
    std::vector<bool> sites;
    for (std::size_t i = 0; i < n_sites; ++i) {
        sites.push_back((set >> i & 1U) != 0);
    }
    return sites;
}

// Children as rows of numbers, and back.

constexpr std::size_t child_row = 11;

void to_row(const Presented& child, std::span<double> row)
{
    const std::array<double, child_row> values = {static_cast<double>(child.status),
                                                  static_cast<double>(child.kind),
                                                  child.first_symptom_age,
                                                  child.diagnosis_age,
                                                  static_cast<double>(child.clinical_lesions),
                                                  child.crp,
                                                  child.esr,
                                                  child.vas,
                                                  child.pga,
                                                  child.chaq,
                                                  static_cast<double>(site_set(child.lesions))};
    std::ranges::copy(values, row.begin());
}

Presented child_of(std::span<const double> row)
{
    Presented child;
    child.status = static_cast<LaneStatus>(row[0]);
    child.kind = static_cast<clinic::Presentation::Kind>(row[1]);
    child.first_symptom_age = row[2];
    child.diagnosis_age = row[3];
    child.clinical_lesions = static_cast<std::size_t>(row[4]);
    child.crp = row[5];
    child.esr = row[6];
    child.vas = row[7];
    child.pga = row[8];
    child.chaq = row[9];
    const auto lesions = static_cast<SiteSet>(row[10]);
    child.mri_lesions = static_cast<std::size_t>(std::popcount(lesions));
    child.lesions = site_list(lesions, model::patient::sites.size());
    return child;
}

// Patients under an arm, likewise: status, time reached, rules that fired, then one number for each visit.

constexpr std::size_t course_head = 3;

const std::array course_columns = {&ArmCourse::vas, &ArmCourse::crp,  &ArmCourse::esr,
                                   &ArmCourse::pga, &ArmCourse::chaq, &ArmCourse::resorption};
const std::array course_sites = {&ArmCourse::lesions, &ArmCourse::painful};

std::size_t course_row(std::size_t n_visits)
{
    return course_head + (course_columns.size() + course_sites.size()) * n_visits;
}

ArmCourse course_of(const Followed& followed, const Patient& patient)
{
    const ClinicalCourse& seen = followed.seen;
    ArmCourse course{.status = followed.status,
                     .reached = followed.reached,
                     .fired = followed.fired,
                     .vas = seen.vas,
                     .crp = seen.crp,
                     .esr = seen.esr,
                     .pga = seen.pga,
                     .chaq = seen.chaq,
                     .resorption = {},
                     .lesions = {},
                     .painful = {}};
    for (std::size_t visit = 0; visit < seen.days.size(); ++visit) {
        double resorption = 0;
        std::vector<bool> lesions, painful;
        for (std::size_t i = 0; i < seen.n_sites; ++i) {
            const std::size_t at = visit * seen.n_sites + i;
            resorption += patient.child.sites[i].volume_share * seen.resorption[at];
            lesions.push_back(clinic::is_lesion(seen.marrow_oedema[at]));
            painful.push_back(clinic::is_painful(seen.pain[at]));
        }
        course.resorption.push_back(resorption);
        course.lesions.push_back(site_set(lesions));
        course.painful.push_back(site_set(painful));
    }
    return course;
}

void to_row(const ArmCourse& course, std::size_t n_visits, std::span<double> row)
{
    std::ranges::fill(row, missing);
    row[0] = static_cast<double>(course.status);
    row[1] = course.reached;
    row[2] = static_cast<double>(site_set(course.fired));
    double* to = row.data() + course_head;
    for (const auto column : course_columns) {
        std::ranges::copy(course.*column, to);
        to += n_visits;
    }
    for (const auto column : course_sites) {
        std::ranges::copy(course.*column, to);
        to += n_visits;
    }
}

ArmCourse course_of(std::span<const double> row, std::size_t n_visits, std::size_t n_rules)
{
    ArmCourse course;
    course.status = static_cast<LaneStatus>(row[0]);
    course.reached = row[1];
    course.fired = site_list(static_cast<SiteSet>(row[2]), n_rules);
    const double* from = row.data() + course_head;
    for (const auto column : course_columns) {
        (course.*column).assign(from, from + n_visits);
        from += n_visits;
    }
    for (const auto column : course_sites) {
        std::transform(from, from + n_visits, std::back_inserter(course.*column),
                       [](double set) { return std::isnan(set) ? SiteSet{0} : static_cast<SiteSet>(set); });
        from += n_visits;
    }
    return course;
}

/// All that the rows depend on, in words.
std::string identity(const Trial& trial, const std::string& rows)
{
    std::string words =
        fmt::format("osteoflare trial 1: {}\n{} {} {} {} {}\n{}\nseed {}, {} children, every {} d\n", rows,
                    build::version, build::commit, build::compiler, build::instruction_set, build::model_hash,
                    trial.name, trial.cohort.seed, trial.cohort.n_children, trial.cohort.visit_every);
    const auto add = [&](double value, const model::Description& entry) {
        words += fmt::format("{} {}\n", entry.name, value);
    };
    Population::visit(trial.cohort.population, add);
    for (const SiteOfPopulation& site : trial.cohort.population.sites) {
        SiteOfPopulation::visit(site, add);
    }
    model::patient::Parameters<double>::visit(trial.cohort.median, add);
    if (rows == "children") {
        return words;
    }
    words += fmt::format("{} d\n", trial.follow);
    for (const Arm& arm : trial.arms) {
        words += "arm " + arm.name + "\n";
        model::patient::Inputs<double>::visit(arm.inputs, add);
        for (const RuleInWords& rule : in_words(arm).rules) {
            words += fmt::format("{} {}\n", rule.day, rule.words);
        }
        for (const dosing::Dose& dose : doses_of(trial, arm, 0)) {
            words += fmt::format("{} {} {} {} {}\n", dose.at, dose.drug, dose.course, dose.per_kg, dose.infusion);
        }
    }
    return words + trial.text;
}

std::filesystem::path shards_of(const std::filesystem::path& file, const char* rows)
{
    return scenarios::shards_of(file) / rows;
}

TrialResults follow_children(const Trial& trial, const RecordOptions& options, const TrialProgress& progress)
{
    const Rows rows{
        .study = identity(trial, "children"),
        .n_members = trial.cohort.n_children,
        .row = child_row,
        .block_members = children_per_shard,
        .compute = [&](std::size_t child, std::span<double> row) { to_row(follow_child(trial.cohort, child), row); }};
    constexpr double child_bytes = child_row * sizeof(double) + sizeof(Presented) + 32; // and the list of its lesions
    require_memory(child_bytes * static_cast<double>(rows.n_members),
                   fmt::format("{} children of {:g} bytes", rows.n_members, child_bytes), {trial.file, 1, 1},
                   "draw fewer: number in [children], or --children");
    require_disk(
        2.0 * child_row * sizeof(double) * static_cast<double>(rows.n_members),
        fmt::format("{} children of {} numbers, once as shards and once as results", rows.n_members, child_row),
        options.file, "draw fewer: number in [children], or --children");
    const auto values = compute_rows(rows, shards_of(options.file, "children"), options,
                                     progress.children ? progress.children(rows.n_members) : nullptr);
    TrialResults results;
    results.name = trial.name;
    results.title = trial.title;
    results.question = trial.question;
    for (const auto& site : model::patient::sites) {
        results.sites.emplace_back(site.name);
    }
    for (std::size_t child = 0; child < rows.n_members; ++child) {
        results.children.push_back(child_of(std::span(values).subspan(child * child_row, child_row)));
    }
    return results;
}

void follow_patients(const Trial& trial, const RecordOptions& options, const TrialProgress& progress,
                     TrialResults& results)
{
    for (std::size_t child = 0; child < results.children.size(); ++child) {
        const Presented& presented = results.children[child];
        if (presented.status == LaneStatus::reached_end && presented.kind == clinic::Presentation::Kind::diagnosed) {
            results.patients.push_back(child);
        }
    }
    if (results.patients.empty()) {
        output::remove_shards(scenarios::shards_of(options.file));
        throw InputError({trial.file, 1, 1}, {"there is nobody to treat",
                                              fmt::format("none of {} children was diagnosed", results.children.size()),
                                              "draw more: number in [children], or --children"});
    }
    results.days = trial.visit_days();
    for (const Arm& arm : trial.arms) {
        results.arms.push_back(in_words(arm));
    }
    const std::size_t n_visits = results.days.size(), n_arms = trial.arms.size(), row = course_row(n_visits);
    const Rows rows{.study = identity(trial, "patients"),
                    .n_members = results.patients.size(),
                    .row = 1 + n_arms * row,
                    .block_members = patients_per_shard,
                    .compute = [&](std::size_t i, std::span<double> to) {
                        const Patient patient = patient_of(trial, results.patients[i]);
                        to[0] = 0;
                        for (std::size_t arm = 0; arm < n_arms; ++arm) {
                            const Followed followed = follow(trial, patient, trial.arms[arm]);
                            to[0] = to[0] != 0 ? to[0] : static_cast<double>(followed.status);
                            to_row(course_of(followed, patient), n_visits, to.subspan(1 + arm * row, row));
                        }
                    }};
    const double numbers = static_cast<double>(rows.n_members) * static_cast<double>(rows.row);
    const std::string sum = fmt::format("{} patients under {} arms at {} visits", rows.n_members, n_arms, n_visits);
    require_memory(2 * sizeof(double) * numbers, sum, {trial.file, 1, 1},
                   "draw fewer children, or give fewer arms or visits");
    require_disk(2 * sizeof(double) * numbers, sum + ", once as shards and once as results", options.file,
                 "free some space and go on with --resume");
    const auto values = compute_rows(rows, shards_of(options.file, "patients"), options,
                                     progress.patients ? progress.patients(rows.n_members) : nullptr);
    for (std::size_t i = 0; i < rows.n_members; ++i) {
        for (std::size_t arm = 0; arm < n_arms; ++arm) {
            results.courses.push_back(course_of(std::span(values).subspan(i * rows.row + 1 + arm * row, row), n_visits,
                                                trial.arms[arm].plan.rules.size()));
        }
    }
}

TrialResults record(const Trial& trial, const RecordOptions& options, const TrialProgress& progress, bool is_treated)
{
    output::ResultsWriter file(options.file, options.overwrite); // and nobody else makes it meanwhile
    TrialResults results = follow_children(trial, options, progress);
    if (is_treated) {
        follow_patients(trial, options, progress, results);
    }
    write_trial_results(file, trial, results);
    file.finish();
    output::drop_shards(scenarios::shards_of(options.file), options.remark);
    return results;
}

} // namespace

ArmInWords in_words(const Arm& arm)
{
    const auto drugs = known_drugs();
    const auto readouts = known_readouts();
    ArmInWords said{.name = arm.name, .title = arm.title, .rules = {}, .drugs = {}, .inputs = {}};
    for (const dosing::Rule& rule : arm.plan.rules) {
        said.rules.push_back({to_days(rule.at), dosing::describe_rule(rule, arm.plan, readouts)});
    }
    const auto add = [&](std::size_t drug) {
        if (std::ranges::find(said.drugs, drugs[drug].name) == said.drugs.end()) {
            said.drugs.push_back(drugs[drug].name);
        }
    };
    if (arm.events) {
        std::ranges::for_each(*arm.events, add, &dosing::Dose::drug);
    } else {
        std::ranges::for_each(arm.plan.courses, add, &dosing::Course::drug);
    }
    model::patient::Inputs<double>::visit(arm.inputs, [&](double value, const model::Description& entry) {
        if (value != entry.value) {
            said.inputs += fmt::format("{}{} = {:g}{}", said.inputs.empty() ? "" : ", ", entry.name, value,
                                       unit_suffix(entry.unit));
        }
    });
    return said;
}

TrialResults record_cohort(const Trial& trial, const RecordOptions& options, const TrialProgress& progress)
{
    return record(trial, options, progress, false);
}

TrialResults record_trial(const Trial& trial, const RecordOptions& options, const TrialProgress& progress)
{
    if (trial.arms.empty()) {
        throw InputError({trial.file, 1, 1},
                         {"the trial has no arms", "nobody is treated in it",
                          "add [trial] and an [[arm]] for each treatment, or use osteoflare cohort"});
    }
    return record(trial, options, progress, true);
}

std::size_t count_failed(const TrialResults& results)
{
    const auto failed = [](const auto& one) { return one.status != LaneStatus::reached_end; };
    return static_cast<std::size_t>(std::ranges::count_if(results.children, failed)
                                    + std::ranges::count_if(results.courses, failed));
}

} // namespace osteoflare::scenarios::patients
