#include "scenarios/reporting/trial_sections.hpp"

#include "output/figures/figure.hpp"
#include "scenarios/patients/figures/panels.hpp"
#include "scenarios/patients/figures/trial_figure.hpp"
#include "scenarios/patients/outcomes.hpp"
#include "scenarios/reporting/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::reporting {
namespace {

using patients::TrialResults;

constexpr const char* purpose = "<p class=\"warning\">For research and teaching, never for the care of a person. These "
                                "children were computed; nobody was treated.</p>\n";

std::string drawn(const TrialResults& results, const std::string& picture)
{
    const std::string svg = output::svg(trial_figure(results, {picture}));
    return "<figure class=\"paper\">" + svg.substr(svg.find("<svg")) + "</figure>\n";
}

std::string number(double value)
{
    return std::isfinite(value) ? fmt::format("{:.3g}", value) : "–";
}

/// The last value that a column had come to at a place; NaN before its first place and after its last.
double value_at(const std::vector<double>& x, const std::vector<double>& values, double place)
{
    const bool is_over = x.empty() || place > x.back() * patients::nearly;
    const auto after = static_cast<std::size_t>(std::ranges::upper_bound(x, place) - x.begin());
    return is_over || after == 0 ? std::nan("") : values[after - 1];
}

/// The lines of a panel at its ticks, with their bands: for those who do not see the picture, and for paper.
Table panel_table(const output::Panel& panel)
{
    Table table;
    table.caption = fmt::format("{}: {}, by {}", panel.title, panel.y_label, panel.x_label);
    table.head = {"arm"};
    for (const double tick : panel.x_ticks) {
        table.head.push_back(fmt::format("{:g}", tick));
    }
    for (const output::Line& line : panel.lines) {
        std::vector<std::string> row = {shown(line.label)};
        const auto band = std::ranges::find(panel.bands, line.colour, &output::Band::colour);
        for (const double tick : panel.x_ticks) {
            row.push_back(number(value_at(line.x, line.y, tick)));
            if (band != panel.bands.end() && row.back() != "–") {
                const double one = value_at(band->x, band->low, tick), other = value_at(band->x, band->high, tick);
                row.back() += fmt::format(" ({} to {})", number(std::min(one, other)), number(std::max(one, other)));
            }
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string in_numbers(const std::vector<output::Panel>& panels)
{
    std::string html;
    for (const output::Panel& panel : panels) {
        html += panel_table(panel).html();
    }
    return folded("The same in numbers", html);
}

Table arms_table(const TrialResults& results)
{
    Table table;
    table.caption = "The arms: all of them treat the same children";
    table.head = {"arm", "", "drugs", "rules", "children", "switched by a rule", "not computed to the end"};
    table.number_from = 4;
    for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
        const patients::ArmInWords& words = results.arms[arm];
        std::vector<std::string> rules;
        for (const patients::RuleInWords& rule : words.rules) {
            rules.push_back(fmt::format("day {:g}: {}", rule.day, rule.words));
        }
        std::size_t n_switched = 0, n_failed = 0;
        for (std::size_t patient = 0; patient < results.patients.size(); ++patient) {
            const patients::ArmCourse& course = results.course(patient, arm);
            n_switched += std::ranges::find(course.fired, true) == course.fired.end() ? 0U : 1U;
            n_failed += course.status == solvers::lanes::LaneStatus::reached_end ? 0U : 1U;
        }
        table.rows.push_back(
            {shown(words.name), shown(words.title), shown(fmt::format("{}", fmt::join(words.drugs, ", "))),
             shown(fmt::format("{}", fmt::join(rules, "; "))), fmt::format("{}", results.patients.size()),
             fmt::format("{}", n_switched), fmt::format("{}", n_failed)});
    }
    return table;
}

std::string findings(const TrialResults& results)
{
    std::string html = purpose;
    html += "<pre tabindex=\"0\">"; // in columns, as the program prints them
    for (const std::string& line : results.is_trial() ? describe_trial(results) : describe_cohort(results)) {
        html += shown(line) + "\n";
    }
    html += "</pre>\n";
    return results.is_trial() ? html + arms_table(results).html() : html;
}

} // namespace

std::vector<output::Section> trial_sections(const TrialResults& results, std::size_t number, const std::string& name)
{
    std::vector<output::Section> sections;
    const auto add = [&](const std::string& id, const std::string& title, std::string html) {
        sections.push_back({fmt::format("{}-{}", id, number), name.empty() ? title : fmt::format("{}: {}", name, title),
                            std::move(html)});
    };
    add("findings", "What happened", findings(results));
    if (results.is_trial()) {
        add("survival", "Relief and relapse",
            drawn(results, "survival") + in_numbers(patients::survival_panels(results)));
        add("courses", "Over time", drawn(results, "courses") + in_numbers(patients::course_panels(results)));
        add("swimmers", "Child by child", drawn(results, "swimmers"));
    }
    add("children", "The children at diagnosis", drawn(results, "children"));
    return sections;
}

} // namespace osteoflare::scenarios::reporting
