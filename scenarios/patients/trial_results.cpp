#include "output/results_reader.hpp"
#include "scenarios/patients/trial_columns.hpp"

#include <algorithm>

namespace osteoflare::scenarios::patients {
namespace {

using output::ResultsReader;
using solvers::lanes::LaneStatus;

void read_children(const ResultsReader& file, TrialResults& results)
{
    const auto status = file.numbers("child_status"), kind = file.numbers("presentation"),
               clinical = file.numbers("clinical_lesions"), lesions = file.numbers("lesion_at_diagnosis");
    const std::size_t n_sites = results.sites.size();
    results.children.resize(status.size());
    for (std::size_t i = 0; i < status.size(); ++i) {
        Presented& child = results.children[i];
        child.status = static_cast<LaneStatus>(static_cast<int>(status[i]));
        child.kind = static_cast<clinic::Presentation::Kind>(static_cast<int>(kind[i]));
        if (!is_known(child)) {
            continue;
        }
        child.clinical_lesions = static_cast<std::size_t>(clinical[i]);
        for (std::size_t site = 0; site < n_sites; ++site) {
            child.lesions.push_back(lesions[i * n_sites + site] != 0);
        }
        child.mri_lesions = static_cast<std::size_t>(std::ranges::count(child.lesions, true));
    }
    for (const AtPictures& one : at_pictures) {
        const auto values = file.numbers(one.name);
        for (std::size_t i = 0; i < status.size(); ++i) {
            results.children[i].*one.value = is_known(results.children[i]) ? values[i] : 0;
        }
    }
}

void read_arms(const ResultsReader& file, TrialResults& results)
{
    const auto names = file.texts("arm_name"), titles = file.texts("arm_title"), drugs = file.texts("arm_drugs"),
               inputs = file.texts("arm_inputs");
    for (std::size_t arm = 0; arm < names.size(); ++arm) {
        ArmInWords said{.name = names[arm], .title = titles[arm], .rules = {}, .drugs = {}, .inputs = {}};
        for (std::size_t from = 0; from < drugs[arm].size();) {
            const std::size_t until = std::min(drugs[arm].find(", ", from), drugs[arm].size());
            said.drugs.push_back(drugs[arm].substr(from, until - from));
            from = until + 2;
        }
        said.inputs = inputs[arm];
        results.arms.push_back(std::move(said));
    }
    if (!file.has("rule")) {
        return;
    }
    const auto of = file.numbers("rule_arm"), days = file.numbers("rule_day");
    const auto words = file.texts("rule_words");
    for (std::size_t rule = 0; rule < words.size(); ++rule) {
        results.arms.at(static_cast<std::size_t>(of[rule])).rules.push_back({days[rule], words[rule]});
    }
}

void read_courses(const ResultsReader& file, TrialResults& results)
{
    results.days = file.numbers("time");
    for (const double child : file.numbers("patient_child")) {
        results.patients.push_back(static_cast<std::uint64_t>(child));
    }
    const std::size_t n_visits = results.days.size(), n_sites = results.sites.size();
    const auto status = file.numbers("arm_status"), reached = file.numbers("reached");
    const auto fired = file.has("rule") ? file.numbers("rule_fired") : std::vector<double>{};
    results.courses.resize(status.size());
    std::size_t next_rule = 0;
    for (std::size_t i = 0; i < status.size(); ++i) {
        ArmCourse& course = results.courses[i];
        course.status = static_cast<LaneStatus>(static_cast<int>(status[i]));
        course.reached = reached[i];
        for (std::size_t rule = 0; rule < results.arms[i % results.arms.size()].rules.size(); ++rule) {
            course.fired.push_back(fired.at(next_rule++) != 0);
        }
    }
    for (const CourseColumn& one : course_columns) {
        const auto values = file.numbers(one.name);
        for (std::size_t i = 0; i < status.size(); ++i) {
            const auto from = values.begin() + static_cast<std::ptrdiff_t>(i * n_visits);
            (results.courses[i].*one.values).assign(from, from + static_cast<std::ptrdiff_t>(n_visits));
        }
    }
    for (const SiteColumn& one : site_columns) {
        const std::size_t per_patient = results.arms.size() * n_visits * n_sites;
        for (std::size_t patient = 0; patient < results.patients.size(); ++patient) {
            const auto values = file.numbers(one.name, patient, 1); // one after the other: as numbers they are large
            for (std::size_t at = 0; at < per_patient; at += n_sites) {
                SiteSet set = 0;
                for (std::size_t site = 0; site < n_sites; ++site) {
                    set |= values[at + site] != 0 ? SiteSet{1} << site : 0;
                }
                const std::size_t arm = at / (n_visits * n_sites);
                (results.courses[patient * results.arms.size() + arm].*one.sets).push_back(set);
            }
        }
    }
}

} // namespace

TrialResults read_trial_results(const ResultsReader& file)
{
    TrialResults results;
    results.name = file.text_attribute("", "scenario_name").value_or("");
    results.title = file.text_attribute("", "title").value_or("");
    results.question = file.text_attribute("", "question").value_or("");
    results.sites = file.texts("site_name");
    read_children(file, results);
    if (file.has("arm")) {
        read_arms(file, results);
        read_courses(file, results);
    }
    return results;
}

} // namespace osteoflare::scenarios::patients
