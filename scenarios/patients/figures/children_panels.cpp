#include "scenarios/clinic/conventions.hpp"
#include "scenarios/patients/figures/panels.hpp"
#include "solvers/statistics/proportions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

namespace osteoflare::scenarios::patients {
namespace {

using output::Panel;

constexpr double oldest = 24; ///< of the ticks of an axis of ages [y]

std::vector<Presented> diagnosed(const TrialResults& results)
{
    std::vector<Presented> children;
    std::ranges::copy_if(results.children, std::back_inserter(children), [](const Presented& child) {
        return child.status == solvers::lanes::LaneStatus::reached_end
               && child.kind == clinic::Presentation::Kind::diagnosed;
    });
    return children;
}

std::vector<double> values_of(const std::vector<Presented>& children, const std::function<double(const Presented&)>& of)
{
    std::vector<double> values;
    std::ranges::transform(children, std::back_inserter(values), of);
    return values;
}

/// How many values lie in each bin of this width, from `first` up; a value on an edge belongs to the upper bin.
void add_histogram(Panel& panel, const std::vector<double>& values, double first, double width,
                   const std::string& label, int colour)
{
    std::map<int, int> counts;
    for (const double value : values) {
        ++counts[static_cast<int>(std::floor((value - first) / width))];
    }
    output::Line outline{.label = label, .colour = colour};
    output::Band filling{.colour = colour};
    const auto add = [&](double x, double y) {
        outline.x.push_back(x);
        outline.y.push_back(y);
        filling.x.push_back(x);
        filling.low.push_back(0);
        filling.high.push_back(y);
    };
    if (!counts.empty()) {
        const int last = counts.rbegin()->first;
        add(first + counts.begin()->first * width, 0);
        for (int bin = counts.begin()->first; bin <= last; ++bin) {
            const auto found = counts.find(bin);
            const double n = found == counts.end() ? 0 : found->second;
            add(first + bin * width, n);
            add(first + (bin + 1) * width, n);
        }
        add(first + (last + 1) * width, 0);
    }
    panel.lines.push_back(std::move(outline));
    panel.bands.push_back(std::move(filling));
}

Panel histogram_panel(const std::string& title, const std::string& x_label)
{
    Panel panel;
    panel.title = title;
    panel.x_label = x_label;
    panel.y_label = "children";
    return panel;
}

/// The middle one, or of two the upper.
double median_of(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

void add_median(Panel& panel, const std::vector<double>& values)
{
    if (!values.empty()) {
        const double median = median_of(values);
        panel.marks.push_back(
            {.label = fmt::format("median {:g}", std::round(10 * median) / 10), .from = median, .until = median});
    }
}

Panel lesions_panel(const std::vector<Presented>& children)
{
    const auto on_mri = values_of(children, [](const Presented& c) { return static_cast<double>(c.mri_lesions); });
    const auto painful =
        values_of(children, [](const Presented& c) { return static_cast<double>(c.clinical_lesions); });
    Panel panel = histogram_panel("Lesions at diagnosis", "number of sites");
    add_histogram(panel, on_mri, -0.5, 1, "on MRI", 0);
    add_histogram(panel, painful, -0.5, 1, "painful", 1);
    add_median(panel, on_mri);
    return panel;
}

/// A bone by its name without its side, and the sites that are it.
struct Bone {
    std::string name;
    std::vector<std::size_t> sites;
};

std::vector<Bone> bones_of(const std::vector<std::string>& sites)
{
    std::vector<Bone> bones;
    for (std::size_t site = 0; site < sites.size(); ++site) {
        std::string name = sites[site];
        for (const std::string_view side : {"_left", "_right"}) {
            if (name.ends_with(side)) {
                name.resize(name.size() - side.size());
            }
        }
        std::ranges::replace(name, '_', ' ');
        auto known = std::ranges::find(bones, name, &Bone::name);
        if (known == bones.end()) {
            bones.push_back({.name = name, .sites = {}});
            known = bones.end() - 1;
        }
        known->sites.push_back(site);
    }
    return bones;
}

Panel bones_panel(const TrialResults& results, const std::vector<Presented>& children)
{
    struct Involved {
        std::string name;
        bool paired = false;
        std::size_t any = 0, all = 0;
    };
    std::vector<Involved> rows;
    for (const Bone& bone : bones_of(results.sites)) {
        Involved row{.name = bone.name, .paired = bone.sites.size() > 1};
        for (const Presented& child : children) {
            const auto n = std::ranges::count_if(bone.sites, [&](std::size_t site) { return child.lesions[site]; });
            row.any += n > 0 ? 1U : 0U;
            row.all += row.paired && static_cast<std::size_t>(n) == bone.sites.size() ? 1U : 0U;
        }
        rows.push_back(std::move(row));
    }
    std::ranges::stable_sort(rows, std::ranges::greater{}, &Involved::any);
    Panel panel;
    panel.title = "Bones with a lesion on MRI at diagnosis";
    panel.x_label = "children [%], with 95 % intervals";
    panel.x_shown = {0, 100};
    output::Spans any{.label = "a lesion there", .colour = 0, .strength = 0.45};
    output::Spans both{.label = "on both sides", .colour = 0, .strength = 1};
    output::Points intervals{.colour = neutral, .sign = output::Sign::tick};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto share = solvers::proportion(rows[i].any, children.size());
        const double row = static_cast<double>(i);
        panel.rows.push_back(rows[i].name);
        any.row.push_back(row);
        any.from.push_back(0);
        any.until.push_back(100 * share.value);
        intervals.x.push_back(100 * share.value);
        intervals.y.push_back(row);
        intervals.x_low.push_back(100 * share.low);
        intervals.x_high.push_back(100 * share.high);
        if (rows[i].paired) {
            both.row.push_back(row);
            both.from.push_back(0);
            both.until.push_back(100 * static_cast<double>(rows[i].all) / static_cast<double>(children.size()));
        }
    }
    panel.spans = {std::move(any), std::move(both)};
    panel.points = {std::move(intervals)};
    return panel;
}

} // namespace

std::vector<Panel> children_panels(const TrialResults& results)
{
    const auto children = diagnosed(results);
    const auto number_panel = [&](const std::string& title, const std::string& x_label, std::vector<double> shown,
                                  double width, const std::function<double(const Presented&)>& of) {
        Panel panel = histogram_panel(title, x_label);
        panel.x_shown = std::move(shown);
        add_histogram(panel, values_of(children, of), 0, width, "", 0);
        add_median(panel, values_of(children, of));
        return panel;
    };
    std::vector<Panel> panels;
    panels.push_back(number_panel("Age at first symptom", "age [y]", {}, 1,
                                  [](const Presented& child) { return child.first_symptom_age; }));
    for (double age = 0; age <= oldest; age += 2) {
        panels.back().x_ticks.push_back(age);
    }
    panels.push_back(lesions_panel(children));
    panels.push_back(number_panel("C-reactive protein at diagnosis", "CRP [mg/L]", {0}, 2.5,
                                  [](const Presented& child) { return child.crp; }));
    const double raised = clinic::Conventions().raised_crp;
    panels.back().marks.push_back({.label = "raised", .from = raised, .until = raised});
    panels.push_back(number_panel("Erythrocyte sedimentation at diagnosis", "ESR [mm/h]", {0}, 2.5,
                                  [](const Presented& child) { return child.esr; }));
    panels.push_back(number_panel("Pain at diagnosis", "VAS (0 to 10)", {0, 10}, 1,
                                  [](const Presented& child) { return child.vas; }));
    panels.push_back(bones_panel(results, children));
    return panels;
}

} // namespace osteoflare::scenarios::patients
