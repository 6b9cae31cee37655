#include "scenarios/patient_page/story.hpp"

#include "scenarios/clinic/findings.hpp"
#include "scenarios/patient_page/medicines.hpp"
#include "scenarios/patients/treatment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace osteoflare::scenarios::patients {
namespace {

using Kind = clinic::Presentation::Kind;

constexpr double days_per_week = 7, days_per_month = days_per_year / 12;

std::string counted(std::size_t n, std::string_view what)
{
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

/// "a, b and c".
std::string listed(const std::vector<std::string>& words)
{
    if (words.size() < 2) {
        return words.empty() ? "" : words.front();
    }
    return fmt::format("{} and {}", fmt::join(words.begin(), words.end() - 1, ", "), words.back());
}

/// Sites in their order; of a pair that is there on both sides, the bone once.
std::string sites_in_words(const std::vector<std::size_t>& sites)
{
    std::vector<std::string> words;
    for (std::size_t i = 0; i < sites.size(); ++i) {
        const std::string_view name = model::patient::sites[sites[i]].name;
        const bool is_pair = name.ends_with("_left") && i + 1 < sites.size() && sites[i + 1] == sites[i] + 1;
        words.push_back(is_pair ? site_in_words(name.substr(0, name.size() - 5)) + " on both sides"
                                : site_in_words(name));
        i += is_pair ? 1 : 0;
    }
    return listed(words);
}

std::vector<std::size_t> lesions_of(const ClinicalCourse& seen, std::size_t visit)
{
    std::vector<std::size_t> sites;
    for (std::size_t site = 0; site < seen.n_sites; ++site) {
        if (clinic::is_lesion(seen.marrow_oedema[visit * seen.n_sites + site])) {
            sites.push_back(site);
        }
    }
    return sites;
}

std::size_t count_painful(const ClinicalCourse& seen, std::size_t visit)
{
    const auto pain = std::span(seen.pain).subspan(visit * seen.n_sites, seen.n_sites);
    return static_cast<std::size_t>(std::ranges::count_if(pain, [](double one) { return clinic::is_painful(one); }));
}

std::string status_in_words(solvers::lanes::LaneStatus status)
{
    switch (status) {
    case solvers::lanes::LaneStatus::reached_end: return "it came to its end";
    case solvers::lanes::LaneStatus::step_limit: return "too many steps";
    case solvers::lanes::LaneStatus::step_too_small: return "steps became too small";
    case solvers::lanes::LaneStatus::not_finite: return "numbers were not finite";
    }
    return "";
}

std::string healthy_in_words(const Life& life, const Injuries& injuries)
{
    const auto lesions = lesions_of(life.before, life.before.days.size() - 1);
    const std::string events =
        fmt::format("{} hit {}", counted(injuries.n_events, "micro-injury event"), counted(injuries.n_sites, "site"));
    if (injuries.n_events == 0) {
        return "Nothing hurt its bones.";
    }
    return lesions.empty()
               ? events + ", and all healed."
               : fmt::format("{}. MRI would show {} at the end ({}), without a site that hurt for four weeks.", events,
                             counted(lesions.size(), "lesion"), sites_in_words(lesions));
}

std::string rule_in_words(const dosing::Plan& plan, std::size_t number, bool fired)
{
    const dosing::Rule& rule = plan.rules[number];
    const std::string asked = fmt::format("After {}, {} {} {:g}", length_in_words(to_days(rule.at)),
                                          known_readouts()[rule.readout].name, text(rule.comparison), rule.level);
    if (!fired) {
        return asked + " did not hold, so that nothing was changed.";
    }
    std::vector<std::string> done;
    const auto tell = [&](std::string_view verb, const std::vector<std::size_t>& courses) {
        std::vector<std::string> names;
        for (const std::size_t course : courses) {
            names.push_back(plan.courses[course].name);
        }
        if (!names.empty()) {
            done.push_back(fmt::format("{} {}", listed(names), verb));
        }
    };
    tell("stopped", rule.stop);
    tell("began", rule.start);
    return fmt::format("{} held: {}.", asked, listed(done));
}

} // namespace

std::string site_in_words(std::string_view name)
{
    if (name == "sternum_ribs") {
        return "sternum and ribs";
    }
    std::string_view side;
    for (const std::string_view one : {"_left", "_right"}) {
        if (name.ends_with(one)) {
            side = one;
        }
    }
    std::string bone(name.substr(0, name.size() - side.size()));
    std::ranges::replace(bone, '_', ' ');
    return side.empty() ? bone : fmt::format("{} {}", side.substr(1), bone);
}

std::string length_in_words(double days)
{
    const auto whole = [](double count, std::string_view unit) {
        return counted(static_cast<std::size_t>(std::lround(count)), unit);
    };
    if (days < 15 * days_per_week) {
        return days < days_per_week ? whole(days, "day") : whole(days / days_per_week, "week");
    }
    const double years = std::round(10 * days / days_per_year) / 10;
    return days < 2 * days_per_year ? whole(days / days_per_month, "month") : fmt::format("{:g} years", years);
}

Injuries count_injuries(const std::vector<Injury>& injuries, double until)
{
    Injuries count;
    double last = -1;
    for (const Injury& injury : injuries) {
        if (injury.day < until) {
            count.n_events += injury.day != last ? 1 : 0;
            count.n_sites += 1;
            last = injury.day;
        }
    }
    return count;
}

std::vector<std::string> childhood_in_words(const Trial& trial, const Life& life)
{
    const auto age = [&](double day) { return trial.cohort.population.first_age + day / days_per_year; };
    const ClinicalCourse& seen = life.before;
    const std::size_t last = seen.days.size() - 1;
    const Injuries injuries = count_injuries(life.injuries, seen.days[last]);
    if (!life.is_complete()) {
        return {fmt::format("The computation of this child broke off at {:.1f} years ({}).", age(seen.days[last]),
                            status_in_words(life.status))};
    }
    if (life.known.kind == Kind::healthy) {
        return {fmt::format("This child never fell ill up to {:.0f} years of age.", age(seen.days[last])),
                healthy_in_words(life, injuries)};
    }
    const auto& first = *life.known.first;
    std::vector<std::string> words = {fmt::format("First symptom at {:.1f} years: the {} hurt for four weeks.",
                                                  age(first.pain.began),
                                                  site_in_words(model::patient::sites[first.site].name))};
    const Injuries until_then = count_injuries(life.injuries, first.pain.began);
    words.push_back(until_then.n_events == 0
                        ? "No micro-injury had come before."
                        : fmt::format("Before that, {} had hit {}.", counted(until_then.n_events, "micro-injury event"),
                                      counted(until_then.n_sites, "site")));
    if (life.known.kind == Kind::not_followed) {
        words.push_back(fmt::format("It was grown up before diagnosis was looked for, {} later.",
                                    length_in_words(life.child.delay)));
        return words;
    }
    const std::string later = length_in_words(seen.days[last] - first.pain.began);
    if (life.known.kind == Kind::silent) {
        words.push_back(
            fmt::format("When diagnosis was looked for, {} later, MRI showed no lesion any more: this child "
                        "was never diagnosed.",
                        later));
        return words;
    }
    const auto lesions = lesions_of(seen, last);
    words.push_back(fmt::format("Diagnosed {} later, at {:.1f} years, with {} on MRI, {} painful.", later,
                                age(seen.days[last]), counted(lesions.size(), "lesion"), count_painful(seen, last)));
    words.push_back(
        fmt::format("{} at: {}.", lesions.size() == 1 ? "The lesion lay" : "The lesions lay", sites_in_words(lesions)));
    words.push_back(fmt::format("Pain (VAS) was {:.1f} of 10, CRP {:.1f} mg/L.", seen.vas[last], seen.crp[last]));
    return words;
}

ArmOutcome outcome(const ClinicalCourse& seen)
{
    constexpr double never = std::numeric_limits<double>::infinity();
    ArmOutcome found{.free_after = never,
                     .with_symptoms = 0,
                     .relapse_after = never,
                     .highest_crp = 0,
                     .last_vas = seen.vas.back(),
                     .last_crp = seen.crp.back(),
                     .lesions_at_end = lesions_of(seen, seen.days.size() - 1),
                     .new_sites = {}};
    const auto at_first = lesions_of(seen, 0);
    for (std::size_t visit = 0; visit < seen.days.size(); ++visit) {
        if (clinic::is_symptom_free(seen.vas[visit])) {
            found.free_after = std::min(found.free_after, seen.days[visit]);
        }
        if (clinic::has_symptoms(seen.vas[visit]) && visit + 1 < seen.days.size()) {
            found.with_symptoms += seen.days[visit + 1] - seen.days[visit];
        }
        found.highest_crp = std::max(found.highest_crp, seen.crp[visit]);
        for (const std::size_t site : lesions_of(seen, visit)) {
            if (std::ranges::count(at_first, site) + std::ranges::count(found.new_sites, site) == 0) {
                found.new_sites.push_back(site);
            }
        }
    }
    std::ranges::sort(found.new_sites);
    if (found.free_after < never) {
        const auto relapse = clinic::first_relapse({.times = seen.days, .values = seen.vas}, found.free_after);
        found.relapse_after = relapse ? relapse->began : never;
    }
    return found;
}

std::vector<std::string> arm_in_words(const Trial& trial, const Life& life, std::size_t arm)
{
    const Followed& followed = life.arms[arm];
    const dosing::Plan& plan = trial.arms[arm].plan;
    const double end = followed.seen.days.back();
    std::vector<std::string> words;
    std::vector<std::string> given;
    for (const Medicine& medicine : medicines(trial.arms[arm], followed, end)) {
        given.push_back(describe(medicine));
    }
    words.push_back(given.empty() ? "No drug was given." : fmt::format("Given: {}.", fmt::join(given, "; ")));
    for (std::size_t rule = 0; rule < plan.rules.size(); ++rule) {
        if (to_days(plan.rules[rule].at) <= end) {
            words.push_back(rule_in_words(plan, rule, followed.fired[rule]));
        }
    }
    const ArmOutcome found = outcome(followed.seen);
    if (std::isinf(found.free_after)) {
        words.push_back(fmt::format("Never without symptoms in {}.", length_in_words(end)));
    } else {
        words.push_back(found.free_after == 0 ? "Without symptoms (VAS below 1) from the day of diagnosis."
                                              : fmt::format("Without symptoms (VAS below 1) after {}.",
                                                            length_in_words(found.free_after)));
        words.push_back(std::isinf(found.relapse_after) ? "Symptoms did not come back for three weeks or more."
                                                        : fmt::format("Symptoms came back {} after the diagnosis.",
                                                                      length_in_words(found.relapse_after)));
    }
    words.push_back(fmt::format("After {}: VAS {:.1f}, {}{}{}.", length_in_words(end), found.last_vas,
                                counted(found.lesions_at_end.size(), "lesion"),
                                found.lesions_at_end.empty() ? "" : " at ", sites_in_words(found.lesions_at_end)));
    if (!found.new_sites.empty()) {
        words.push_back(fmt::format("{} had a lesion only after the diagnosis: {}.",
                                    counted(found.new_sites.size(), "site"), sites_in_words(found.new_sites)));
    }
    if (followed.status != solvers::lanes::LaneStatus::reached_end) {
        words.push_back(fmt::format("The computation of this arm broke off after {} ({}).",
                                    length_in_words(followed.reached), status_in_words(followed.status)));
    }
    return words;
}

} // namespace osteoflare::scenarios::patients
