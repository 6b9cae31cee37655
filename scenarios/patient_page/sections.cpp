#include "scenarios/patient_page/sections.hpp"

#include "output/patient_page/patient_page.hpp"
#include "scenarios/build_info.hpp"
#include "scenarios/patient_page/story.hpp"
#include "scenarios/reporting/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace osteoflare::scenarios::patients {
namespace {

using reporting::shown;
using reporting::Table;

std::string sentences(const std::vector<std::string>& words)
{
    return "<p class=\"story\">" + shown(fmt::format("{}", fmt::join(words, " "))) + "</p>\n";
}

std::string site_list(const std::vector<std::size_t>& sites)
{
    std::vector<std::string> words;
    for (const std::size_t site : sites) {
        words.push_back(site_in_words(model::patient::sites[site].name));
    }
    return words.empty() ? "none" : shown(fmt::format("{}", fmt::join(words, ", ")));
}

std::string after(double days, const char* never)
{
    return std::isfinite(days) ? fmt::format("{}", days == 0 ? "at once" : length_in_words(days)) : never;
}

/// The same child under each arm, side by side.
Table arms(const Trial& trial, const Life& life)
{
    Table table;
    table.caption =
        fmt::format("The same child under each treatment, for {} from the diagnosis", length_in_words(trial.follow));
    table.head = {"treatment",         "without symptoms after", "symptoms back after", "with symptoms",
                  "highest CRP, mg/L", "pain at the end (VAS)",  "lesions at the end",  "sites newly ill"};
    for (std::size_t i = 0; i < life.arms.size(); ++i) {
        const ArmOutcome found = outcome(life.arms[i].seen);
        table.rows.push_back({shown(trial.arms[i].name), after(found.free_after, "never"),
                              after(found.relapse_after, std::isinf(found.free_after) ? "–" : "never"),
                              length_in_words(found.with_symptoms), fmt::format("{:.1f}", found.highest_crp),
                              fmt::format("{:.1f}", found.last_vas), fmt::format("{}", found.lesions_at_end.size()),
                              fmt::format("{}", found.new_sites.size())});
    }
    return table;
}

/// The same pain at every visit, to the last bit.
bool are_alike(const std::vector<Followed>& arms)
{
    return arms.size() > 1
           && std::ranges::all_of(arms, [&](const Followed& arm) { return arm.seen.vas == arms.front().seen.vas; });
}

double share_below(double value, double median, double spread)
{
    return spread > 0 ? 0.5 * std::erfc(-std::log(value / median) / spread / std::sqrt(2.0))
                      : std::numeric_limits<double>::quiet_NaN();
}

std::string origin_tag(std::string_view origin)
{
    return fmt::format("<span class=\"origin\" data-origin=\"{0}\">{0}</span>", origin);
}

/// How much more easily this child's sites catch fire than the median child's: the geometric mean over sites.
double susceptibility(const Trial& trial, const Child& child)
{
    double sum = 0;
    for (const auto& site : child.sites) {
        sum += std::log(site.site_susceptibility / trial.cohort.median.site_susceptibility);
    }
    return std::exp(sum / static_cast<double>(child.sites.size()));
}

std::string most_susceptible(const Child& child)
{
    std::vector<std::size_t> order(child.sites.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [&](std::size_t site) { return child.sites[site].site_susceptibility; });
    order.resize(std::min<std::size_t>(3, order.size()));
    return site_list(order);
}

} // namespace

std::vector<Drawn> drawn_numbers(const Trial& trial, const Child& child)
{
    using model::Description;
    using model::patient::Parameters;
    struct Number {
        double value = 0;
        Description entry;
    };
    std::map<std::string, Number, std::less<>> population, median;
    Population::visit(trial.cohort.population, [&](const double& value, const Description& entry) {
        population[std::string(entry.name)] = {value, entry};
    });
    Parameters<double>::visit(trial.cohort.median, [&](const double& value, const Description& entry) {
        median[std::string(entry.name)] = {value, entry};
    });
    std::vector<Drawn> all;
    const auto add = [&](std::string_view name, double value, const Number& of_median, double spread) {
        const Description& entry = of_median.entry;
        all.push_back({std::string(name), std::string(entry.unit), std::string(entry.meaning),
                       std::string(text(entry.origin)), value, of_median.value,
                       share_below(value, of_median.value, spread)});
    };
    Parameters<double>::visit(child.sites.front(), [&](const double& value, const Description& entry) {
        const auto spread = population.find(std::string(entry.name) + "_spread");
        if (spread != population.end() && entry.name != "pain_weight") { // which differs between sites
            add(entry.name, value, median[std::string(entry.name)], spread->second.value);
        }
    });
    add("trigger_rate", child.trigger_rate, population["trigger_rate"], population["trigger_rate_spread"].value);
    add("delay", child.delay, population["delay_median"], population["delay_spread"].value);
    return all;
}

output::Section what_happened(const Trial& trial, const Life& life)
{
    return {"story", "What happened",
            sentences(childhood_in_words(trial, life)) + (life.arms.size() > 1 ? arms(trial, life).html() : "")
                + (are_alike(life.arms) ? "<p>For this child all treatments went alike.</p>\n" : "")};
}

output::Section in_each_arm(const Trial& trial, const Life& life)
{
    std::string html;
    for (std::size_t i = 0; i < life.arms.size(); ++i) {
        html += "<h3>" + shown(trial.arms[i].title) + "</h3>\n" + sentences(arm_in_words(trial, life, i));
    }
    html += life.arms.size() > 1
                ? "<p class=\"note\">In each arm the same child meets the same injuries, so that what "
                  "differs is due to the treatment alone. But it is one child: what a treatment does on "
                  "average takes many.</p>\n"
                : "";
    return {"arms", life.arms.size() > 1 ? "Under each treatment" : "Under treatment", html};
}

output::Section the_years(const Life& life)
{
    return {"years", life.arms.size() > 1 ? "The years, and what would have happened on the other drug" : "The years",
            output::patient_stage()};
}

output::Section who_it_is(const Trial& trial, const Life& life)
{
    Table table;
    table.caption = "What was drawn for this child, beside the median child of the cohort";
    table.head = {"name", "meaning", "unit", "this child", "median child", "times", "children who have less", "origin"};
    table.number_from = 2;
    for (const Drawn& one : drawn_numbers(trial, life.child)) {
        table.rows.push_back({"<code>" + shown(one.name) + "</code>", shown(one.meaning), shown(one.unit),
                              fmt::format("{:.3g}", one.child), fmt::format("{:.3g}", one.median),
                              fmt::format("{:.2f}", one.child / one.median),
                              std::isnan(one.share_below) ? "–" : fmt::format("{:.0f} %", 100 * one.share_below),
                              origin_tag(one.origin)});
    }
    return {"who", "Who this child is",
            fmt::format("<p>Its bones answer damage with {:.2f} times the recruitment of the median child's "
                        "(<code>site_susceptibility</code>, geometric mean over 24 sites); most at: {}.</p>\n",
                        susceptibility(trial, life.child), most_susceptible(life.child))
                + table.html()
                + "<p class=\"note\">The median child is the middle of a predisposed population: weak IL-10 and much "
                  "IL-1β. It is not a healthy child.</p>\n"};
}

output::Section injuries(const Trial& trial, const Life& life)
{
    Table table;
    table.caption = "Each line is one event; the dose of a site is how much damage it sets free per day";
    table.head = {"age, years", "days from diagnosis", "sites (dose, 1/d)"};
    table.number_from = 99;
    const double last = life.before.days.back();
    for (std::size_t i = 0; i < life.injuries.size();) {
        const double day = life.injuries[i].day;
        std::vector<std::string> hit;
        for (; i < life.injuries.size() && life.injuries[i].day == day; ++i) {
            hit.push_back(fmt::format("{} ({:.2g})", site_in_words(model::patient::sites[life.injuries[i].site].name),
                                      life.injuries[i].damage));
        }
        table.rows.push_back({fmt::format("{:.2f}", trial.cohort.population.first_age + day / days_per_year),
                              life.is_diagnosed() ? fmt::format("{:+.0f}", day - last) : "–",
                              shown(fmt::format("{}", fmt::join(hit, ", ")))});
    }
    if (table.rows.empty()) {
        return {"injuries", "Micro-injuries", "<p>None.</p>\n"};
    }
    const std::string title = fmt::format("{} events", table.rows.size());
    return {"injuries", "Micro-injuries", reporting::folded(title, table.html())};
}

output::Section where_from(const Trial& trial, const Life& life)
{
    std::string html =
        "<p>A model made every number on this page. Children are drawn from distributions that were "
        + origin_tag("calibrated") + " against published figures of cohorts, or " + origin_tag("assumed")
        + ": 29 numbers were tuned against 19 figures, so that many other sets would do as well. What a lesion is "
          "(marrow "
          "oedema above 0.20), what hurts, and what counts as free of symptoms (VAS below 1) are conventions. No "
          "drug's "
          "strength was measured in children with this disease. The page tells what this model says of one child that "
          "does not exist, and nothing about anybody who does.</p>\n";
    html +=
        fmt::format("<p>Made again by: <code>osteoflare patient {} --child {}</code> (seed {}, Osteoflare {}, commit "
                    "{}{}).</p>\n",
                    shown(trial.name), life.child.number, trial.cohort.seed, build::version, build::commit,
                    build::dirty ? ", with changes" : "");
    html +=
        reporting::folded("The trial's file", "<pre tabindex=\"0\">" + reporting::shown_lines(trial.text) + "</pre>\n");
    return {"numbers", "Where the numbers come from", html};
}

} // namespace osteoflare::scenarios::patients
