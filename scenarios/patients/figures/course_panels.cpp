#include "scenarios/clinic/findings.hpp"
#include "scenarios/file_contents.hpp"
#include "scenarios/patients/figures/panels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>

namespace osteoflare::scenarios::patients {
namespace {

using output::Panel;
using Value = std::function<double(const ArmCourse&, std::size_t visit)>; ///< NaN: not taken

std::vector<double> in_months(const std::vector<double>& days)
{
    std::vector<double> months;
    for (const double day : days) {
        months.push_back(day / days_per_month);
    }
    return months;
}

/// Those values at a visit that were taken, sorted.
std::vector<double> taken(const TrialResults& results, const Group& group, std::size_t visit, const Value& value)
{
    std::vector<double> values;
    for (const std::size_t patient : group.patients) {
        const double one = value(results.course(patient, group.arm), visit);
        if (std::isfinite(one)) {
            values.push_back(one);
        }
    }
    std::ranges::sort(values);
    return values;
}

Panel over_time(const TrialResults& results, const std::vector<Group>& groups)
{
    Panel panel;
    const double last = results.days.empty() ? 0 : results.days.back() / days_per_month;
    panel.x_label = "time since diagnosis [months]";
    panel.x_ticks = month_ticks(last);
    panel.x_shown = {0, last, panel.x_ticks.back()};
    if (are_switched(groups)) {
        const double when = groups.front().from / days_per_month;
        panel.marks = {{.label = "switch", .from = when, .until = when}};
    }
    return panel;
}

/// Median, and the middle half of the children.
Panel quartile_panel(const TrialResults& results, const std::vector<Group>& groups, const std::string& title,
                     const std::string& y_label, const Value& value)
{
    Panel panel = over_time(results, groups);
    panel.title = title;
    panel.y_label = y_label;
    const auto months = in_months(results.days);
    for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
        const int colour = static_cast<int>(arm);
        output::Line median{.label = results.arms[arm].name, .x = months, .colour = colour};
        output::Band half{.x = months, .colour = colour};
        for (std::size_t visit = 0; visit < months.size(); ++visit) {
            const auto values = taken(results, groups[arm], visit, value);
            median.y.push_back(quantile(values, 0.5));
            half.low.push_back(quantile(values, 0.25));
            half.high.push_back(quantile(values, 0.75));
        }
        panel.lines.push_back(std::move(median));
        panel.bands.push_back(std::move(half));
    }
    return panel;
}

Panel symptom_free_panel(const TrialResults& results, const std::vector<Group>& groups)
{
    Panel panel = over_time(results, groups);
    panel.title = "Symptom-free at the visit";
    panel.y_label = "children with VAS below 1 [%]";
    panel.y_shown = {0, 100};
    const auto months = in_months(results.days);
    for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
        output::Line line{.label = results.arms[arm].name, .x = months, .colour = static_cast<int>(arm)};
        for (std::size_t visit = 0; visit < months.size(); ++visit) {
            const auto vas = taken(results, groups[arm], visit,
                                   [](const ArmCourse& course, std::size_t at) { return course.vas[at]; });
            const auto n_free = std::ranges::count_if(vas, [](double one) { return clinic::is_symptom_free(one); });
            line.y.push_back(100 * static_cast<double>(n_free) / static_cast<double>(vas.size()));
        }
        panel.lines.push_back(std::move(line));
    }
    return panel;
}

} // namespace

std::vector<Panel> course_panels(const TrialResults& results)
{
    const auto groups = compared_groups(results);
    const auto lesions = [](const ArmCourse& course, std::size_t visit) {
        return std::isnan(course.vas[visit]) ? std::numeric_limits<double>::quiet_NaN()
                                             : static_cast<double>(std::popcount(course.lesions[visit]));
    };
    return {symptom_free_panel(results, groups),
            quartile_panel(results, groups, "Pain", "VAS (0 to 10)",
                           [](const ArmCourse& course, std::size_t visit) { return course.vas[visit]; }),
            quartile_panel(results, groups, "Lesions on MRI", "sites with a lesion", lesions),
            quartile_panel(results, groups, "C-reactive protein", "CRP [mg/L]",
                           [](const ArmCourse& course, std::size_t visit) { return course.crp[visit]; })};
}

} // namespace osteoflare::scenarios::patients
