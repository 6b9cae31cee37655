#include "scenarios/patient_page/page_data.hpp"

#include "scenarios/clinic/conventions.hpp"
#include "scenarios/patient_page/medicines.hpp"
#include "scenarios/patient_page/story.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace osteoflare::scenarios::patients {
namespace {

using nlohmann::json;

/// In parts of `factor`, as whole numbers: a page holds tens of thousands of them.
json whole(const std::vector<double>& values, double factor)
{
    json list = json::array();
    for (const double value : values) {
        list.push_back(std::isfinite(value) ? json(std::lround(factor * value)) : json(nullptr));
    }
    return list;
}

json course(const ClinicalCourse& seen, double begins)
{
    std::vector<double> days;
    for (const double day : seen.days) {
        days.push_back(begins + day);
    }
    return {{"days", days},
            {"vas", whole(seen.vas, 100)},
            {"crp", whole(seen.crp, 10)},
            {"lesions", whole(seen.mri_lesions, 1)},
            {"oedema", whole(seen.marrow_oedema, 100)},
            {"pain", whole(seen.pain, 100)}};
}

json sites()
{
    json all = json::array();
    for (const auto& site : model::patient::sites) {
        all.push_back({{"name", site.name}, {"title", site_in_words(site.name)}});
    }
    return all;
}

/// One entry for each event: its day, and the sites that it hit.
json events(const std::vector<Injury>& injuries)
{
    json all = json::array();
    double last = -1;
    for (const Injury& injury : injuries) {
        if (injury.day != last) {
            all.push_back({{"day", std::round(10 * injury.day) / 10}, {"sites", json::array()}});
            last = injury.day;
        }
        all.back()["sites"].push_back(injury.site);
    }
    return all;
}

/// Moments that the page offers to go to.
json moments(const Trial& trial, const Life& life)
{
    json all = json::array();
    const auto add = [&](double day, const std::string& words) { all.push_back({{"day", day}, {"words", words}}); };
    add(0, "first visit");
    if (life.known.first) {
        add(life.known.first->pain.began, "first symptom");
    }
    const double last = life.before.days.back();
    if (life.is_diagnosed()) {
        add(last, "diagnosis");
    }
    if (!life.arms.empty()) {
        for (const int month : {3, 6, 12, 24}) {
            if (const double day = month * days_per_year / 12; day < trial.follow - 30) { // not beside the end
                add(last + day, fmt::format("{} months later", month));
            }
        }
    }
    add(last + (life.arms.empty() ? 0 : trial.follow), "the end");
    return all;
}

json drugs(const std::vector<Medicine>& given, double begins)
{
    json all = json::array();
    for (const Medicine& medicine : given) {
        json spells = json::array();
        for (const Spell& spell : medicine.spells) {
            spells.push_back({begins + spell.from, begins + spell.until});
        }
        all.push_back({{"name", medicine.name}, {"spells", spells}});
    }
    return all;
}

} // namespace

std::string page_data(const Trial& trial, const Life& life)
{
    const clinic::Conventions conventions;
    const double last = life.before.days.back();
    json arms = json::array();
    for (std::size_t i = 0; i < life.arms.size(); ++i) {
        const Followed& followed = life.arms[i];
        arms.push_back({{"name", trial.arms[i].name},
                        {"title", trial.arms[i].title},
                        {"story", arm_in_words(trial, life, i)},
                        {"drugs", drugs(medicines(trial.arms[i], followed, followed.seen.days.back()), last)},
                        {"course", course(followed.seen, last)}});
    }
    const json all = {{"first_age", trial.cohort.population.first_age},
                      {"days_per_year", days_per_year},
                      {"lesion", conventions.lesion_oedema},
                      {"painful", conventions.painful},
                      {"symptoms", conventions.symptoms_vas},
                      {"raised_crp", conventions.raised_crp},
                      {"injury_days", trial.cohort.population.trigger_duration},
                      {"sites", sites()},
                      {"events", events(life.injuries)},
                      {"moments", moments(trial, life)},
                      {"diagnosis", life.is_diagnosed() ? json(last) : json(nullptr)},
                      {"before", course(life.before, 0)},
                      {"arms", arms}};
    return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace osteoflare::scenarios::patients
