#include "scenarios/patients/figures/panels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::patients {
namespace {

using output::Panel;
using solvers::SurvivalCurve;

/// A share of the curve as the picture shows it [%].
double shown(double share, bool rising)
{
    return 100 * (rising ? 1 - share : share);
}

void add_curve(Panel& panel, const SurvivalCurve& curve, const std::string& name, int colour, bool rising)
{
    if (curve.steps.empty()) {
        return; // of nobody
    }
    const bool is_first = panel.points.empty();
    output::Line line{.label = name, .x = {0}, .y = {shown(1, rising)}, .colour = colour, .steps = true};
    output::Band band{.x = {0}, .low = line.y, .high = line.y, .colour = colour};
    output::Points ended{.label = is_first ? "watched no longer" : "", .colour = neutral, .sign = output::Sign::tick};
    for (const solvers::SurvivalStep& step : curve.steps) {
        const double share = shown(step.survival.value, rising);
        line.x.push_back(step.time);
        line.y.push_back(share);
        // The band keeps its limits up to the step, as the curve does.
        band.x.insert(band.x.end(), {step.time, step.time});
        band.low.insert(band.low.end(), {band.low.back(), shown(step.survival.low, rising)});
        band.high.insert(band.high.end(), {band.high.back(), shown(step.survival.high, rising)});
        if (step.censored > 0) {
            ended.x.push_back(step.time);
            ended.y.push_back(share);
        }
    }
    panel.lines.push_back(std::move(line));
    panel.bands.push_back(std::move(band));
    panel.points.push_back(std::move(ended));
}

/// Ticks stand at round months, and the last one may lie just after the last visit.
std::vector<std::string> numbers_at_risk(const SurvivalCurve& curve, const std::vector<double>& ticks, double last)
{
    std::vector<std::string> cells;
    for (const double tick : ticks) {
        cells.push_back(fmt::format("{}", at_risk(curve, std::min(tick, last))));
    }
    return cells;
}

std::string at_month(double day)
{
    return fmt::format("month {:.0f}", day / days_per_month);
}

Panel titled(Panel panel, std::string title, std::string x_label, std::string y_label)
{
    panel.title = std::move(title);
    panel.x_label = std::move(x_label);
    panel.y_label = std::move(y_label);
    return panel;
}

} // namespace

std::vector<double> month_ticks(double until)
{
    constexpr int most = 7;
    double step = 1;
    for (const double round : {1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 60.0, 120.0}) {
        step = round;
        if (until / round <= most) {
            break;
        }
    }
    std::vector<double> ticks;
    for (int i = 0; i * step <= until * nearly; ++i) {
        ticks.push_back(i * step);
    }
    return ticks;
}

std::string in_words(const TrialResults& results, const std::vector<Group>& groups)
{
    if (!are_switched(groups)) {
        return fmt::format("all {} children", results.patients.size());
    }
    return fmt::format("the {} children who were switched", groups.front().patients.size());
}

Panel survival_panel(const TrialResults& results, const std::vector<std::vector<solvers::Watched>>& arms, bool rising)
{
    Panel panel;
    double last = 0;
    for (const auto& arm : arms) {
        for (const solvers::Watched& one : arm) {
            last = std::max(last, one.time);
        }
    }
    panel.x_ticks = month_ticks(last);
    panel.x_shown = {0, last, panel.x_ticks.back()};
    panel.y_shown = {0, 100};
    panel.below_title = "number at risk";
    const bool alike = arms.size() > 1 && are_alike(arms);
    for (std::size_t arm = 0; arm < (alike ? 1 : arms.size()); ++arm) {
        const std::string name = alike ? "all arms alike" : results.arms[arm].name;
        const int colour = alike ? neutral : static_cast<int>(arm);
        const SurvivalCurve curve = solvers::kaplan_meier(arms[arm]);
        add_curve(panel, curve, name, colour, rising);
        panel.below.push_back({.label = name, .cells = numbers_at_risk(curve, panel.x_ticks, last), .colour = colour});
    }
    return panel;
}

std::vector<Panel> survival_panels(const TrialResults& results)
{
    std::vector<Panel> panels;
    const auto add = [&](const std::vector<Group>& groups, Waited waited, double after, std::string title,
                         const std::string& since) {
        const bool rising = waited == Waited::symptom_free;
        panels.push_back(titled(survival_panel(results, watched(results, groups, waited, after), rising),
                                std::move(title), fmt::format("time since {} [months]", since),
                                rising ? "symptom-free at least once [%]" : "free of relapse [%]"));
    };
    if (const auto groups = compared_groups(results); are_switched(groups)) {
        const Group& first = groups.front();
        const std::string judged = at_month(first.from + judged_after);
        add(groups, Waited::symptom_free, 0,
            fmt::format("First visit without symptoms after the switch ({} children)", first.patients.size()),
            fmt::format("the switch at {}", at_month(first.from)));
        add(groups, Waited::relapse, judged_after,
            fmt::format("Relapse of the switched who were symptom-free at {}", judged), judged);
    }
    const std::string judged = at_month(judged_after);
    add(whole_groups(results), Waited::symptom_free, 0,
        fmt::format("First visit without symptoms (all {} children)", results.patients.size()), "diagnosis");
    add(whole_groups(results), Waited::relapse, judged_after,
        fmt::format("Relapse of all who were symptom-free at {}", judged), judged);
    return panels;
}

} // namespace osteoflare::scenarios::patients
