#include "scenarios/clinic/history.hpp"
#include "scenarios/patients/figures/panels.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios::patients {
namespace {

using output::Panel;

constexpr std::size_t most_rows = 40;

/// Every n-th patient in the swimming order, so that it shows all of it.
struct Rows {
    std::vector<std::size_t> patients;
    std::size_t stride = 1;
};

Rows rows_of(const TrialResults& results)
{
    const auto order = swimming_order(results);
    Rows rows{.patients = {}, .stride = (order.size() + most_rows - 1) / most_rows};
    for (std::size_t i = 0; i < order.size(); i += rows.stride) {
        rows.patients.push_back(order[i]);
    }
    return rows;
}

void add(output::Points& points, double day, std::size_t row)
{
    points.x.push_back(day / days_per_month);
    points.y.push_back(static_cast<double>(row));
}

Panel swimmer_panel(const TrialResults& results, const Rows& rows, std::size_t arm)
{
    const Group group = compared_groups(results)[arm];
    output::Spans symptoms{.label = "symptoms (VAS 1 or more)", .colour = 1, .strength = 0.85};
    output::Spans free{.label = "symptom-free", .colour = 5, .strength = 0.45};
    output::Points rule{.label = "treatment changed by a rule", .colour = neutral, .sign = output::Sign::triangle};
    output::Points relapse{.label = "relapse after a response", .colour = neutral, .sign = output::Sign::diamond};
    output::Points failed{.label = "not computed to the end", .colour = neutral, .sign = output::Sign::cross};
    for (std::size_t row = 0; row < rows.patients.size(); ++row) {
        const std::size_t patient = rows.patients[row];
        const ArmCourse& course = results.course(patient, arm);
        for (const SymptomSpell& spell : spells(results.days, course.vas)) {
            output::Spans& spans = spell.symptoms ? symptoms : free;
            spans.row.push_back(static_cast<double>(row));
            spans.from.push_back(spell.from / days_per_month);
            spans.until.push_back(spell.until / days_per_month);
        }
        for (std::size_t r = 0; r < course.fired.size(); ++r) {
            if (course.fired[r]) {
                add(rule, results.arms[arm].rules[r].day, row);
            }
        }
        const bool is_late = std::ranges::binary_search(group.patients, patient);
        const double judged = (is_late ? group.from : 0) + judged_after;
        const auto ended = clinic::relapse_free({results.days, course.vas}, judged);
        if (ended && ended->event) {
            add(relapse, judged + ended->time, row);
        }
        if (course.status != solvers::lanes::LaneStatus::reached_end) {
            add(failed, course.reached, row);
        }
    }
    Panel panel;
    panel.title = results.arms[arm].title.empty() ? results.arms[arm].name : results.arms[arm].title;
    panel.x_label = "time since diagnosis [months]";
    panel.y_label = "child";
    const double last = results.days.empty() ? 0 : results.days.back() / days_per_month;
    panel.x_ticks = month_ticks(last);
    panel.x_shown = {0, last, panel.x_ticks.back()};
    for (const std::size_t patient : rows.patients) {
        panel.rows.push_back(fmt::format("{}", results.patients[patient]));
    }
    panel.spans = {std::move(symptoms), std::move(free)};
    for (output::Points* points : {&rule, &relapse, &failed}) {
        if (!points->x.empty()) {
            panel.points.push_back(std::move(*points));
        }
    }
    return panel;
}

} // namespace

std::vector<Panel> swimmer_panels(const TrialResults& results)
{
    const Rows rows = rows_of(results);
    std::vector<Panel> panels;
    for (std::size_t arm = 0; arm < results.arms.size(); ++arm) {
        panels.push_back(swimmer_panel(results, rows, arm));
    }
    return panels;
}

std::string swimmers_in_words(const TrialResults& results)
{
    const Rows rows = rows_of(results);
    const std::string which = rows.stride < 2 ? "all children, in an order"
                                              : fmt::format("{} of {} children, one in {} of an order",
                                                            rows.patients.size(), results.patients.size(), rows.stride);
    const char* groups =
        are_switched(compared_groups(results)) ? "first those who were not switched, then those who were, each " : "";
    return fmt::format("Rows: {} that all arms share: {}by time without symptoms in all of them.", which, groups);
}

} // namespace osteoflare::scenarios::patients
