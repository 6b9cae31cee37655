#include "scenarios/figures.hpp"

#include "scenarios/analyses/abc/abc.hpp"
#include "scenarios/analyses/fitting/fit_figure.hpp"
#include "scenarios/analyses/fitting/fit_profiles.hpp"
#include "scenarios/analyses/fitting/sample.hpp"
#include "scenarios/analyses/sensitivity/sensitivity_figure.hpp"
#include "scenarios/analyses/steady/steady_results.hpp"
#include "scenarios/analyses/thresholds/thresholds_figure.hpp"
#include "scenarios/catalogue.hpp"
#include "scenarios/file_contents.hpp"
#include "scenarios/patients/figures/trial_figure.hpp"
#include "scenarios/reading/input_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios {
namespace {

using output::Figure;
using output::Panel;
using output::ResultsReader;

/// More members than this in one group are drawn as a band.
constexpr std::size_t most_lines = 1;

/// More points than this no picture shows.
constexpr std::size_t most_points = 2000;

std::vector<std::string> chosen_variables(const ResultsReader& file, const std::string& file_name,
                                          const std::vector<std::string>& wanted)
{
    const auto known = time_courses(file);
    std::vector<std::string> names;
    for (const std::string& name : wanted) {
        if (std::ranges::find(known, name) == known.end()) {
            throw InputError({"--variables", 1, 1}, {fmt::format("unknown variable '{}'", name),
                                                     fmt::format("{} holds no such time course", file_name),
                                                     suggest_name(name, known, "see the file's variables")});
        }
        names.push_back(name);
    }
    return names.empty() ? first_courses(file) : names;
}

Panel course_panel(const ResultsReader& file, const std::string& variable, const std::vector<Group>& groups,
                   const std::vector<double>& times)
{
    const auto values = file.numbers(variable);
    Panel panel;
    panel.title = file.text_attribute(variable, "long_name").value_or(variable);
    const std::string unit = file.text_attribute(variable, "units").value_or("");
    panel.y_label = unit.empty() || unit == "1" ? variable : fmt::format("{} [{}]", variable, unit);
    panel.x_label = fmt::format("{} [d]", file.text_attribute("time", "long_name").value_or("time"));
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const Group& group = groups[g];
        const int colour = static_cast<int>(g);
        const auto row = [&](std::size_t member) {
            const auto first = values.begin() + static_cast<std::ptrdiff_t>(member * times.size());
            return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(times.size()));
        };
        if (group.members.size() <= most_lines) {
            for (const std::size_t member : group.members) {
                panel.lines.push_back({group.label, times, row(member), colour, false});
            }
            continue;
        }
        Quantiles over_time = quantiles(group, values, times.size());
        output::Line median{group.label, times, std::move(over_time.median), colour, false};
        output::Band band{times, std::move(over_time.low), std::move(over_time.high), colour};
        panel.bands.push_back(std::move(band));
        panel.lines.push_back(std::move(median));
    }
    return panel;
}

Panel incidence_panel(const ResultsReader& file, const std::vector<Group>& groups, const std::vector<double>& times)
{
    const auto onset = file.numbers("onset");
    Panel panel;
    panel.title = "share of animals that have fallen ill";
    panel.y_label = "incidence [%]";
    panel.x_label = fmt::format("{} [d]", file.text_attribute("time", "long_name").value_or("time"));
    for (std::size_t g = 0; g < groups.size(); ++g) {
        Steps steps = incidence(groups[g], onset, times.front(), times.back());
        for (double& share : steps.y) {
            share *= 100;
        }
        output::Line line{groups[g].label, std::move(steps.x), std::move(steps.y), static_cast<int>(g), true};
        panel.lines.push_back(std::move(line));
    }
    return panel;
}

/// Of a file without time courses: which share of the members has at most so much of a summary.
std::vector<Panel> summary_panels(const ResultsReader& file, const std::vector<Group>& groups)
{
    std::vector<Panel> panels;
    const auto model = std::ranges::find(models(), file.text_attribute("", "model").value_or(""), &ModelEntry::name);
    for (std::size_t s = 0; model != models().end() && s < model->summaries.size(); ++s) {
        const std::string name(model->summaries[s].name);
        if (!file.has(name)) {
            continue;
        }
        const auto values = file.numbers(name);
        Panel panel;
        panel.title = file.text_attribute(name, "long_name").value_or(name);
        panel.y_label = "members with at most this [%]";
        panel.x_label = fmt::format("{} [{}]", name, file.text_attribute(name, "units").value_or("1"));
        for (std::size_t g = 0; g < groups.size(); ++g) {
            std::vector<double> finite;
            for (const std::size_t member : groups[g].members) {
                if (std::isfinite(values[member])) {
                    finite.push_back(values[member]);
                }
            }
            std::ranges::sort(finite);
            output::Line line{groups[g].label, {}, {}, static_cast<int>(g), true};
            const double n = static_cast<double>(groups[g].members.size());
            const std::size_t stride = finite.size() / most_points + 1;
            for (std::size_t i = 0; i < finite.size(); i += stride) {
                line.x.push_back(finite[i]);
                line.y.push_back(100 * static_cast<double>(i + 1) / n);
            }
            panel.lines.push_back(std::move(line));
        }
        panels.push_back(std::move(panel));
    }
    return panels;
}

std::vector<output::Mark> marks_of(const ResultsReader& file)
{
    std::vector<output::Mark> marks;
    if (!file.has("intervention_title")) {
        return marks;
    }
    const auto titles = file.texts("intervention_title");
    const auto from = file.numbers("intervention_from"), until = file.numbers("intervention_until");
    for (std::size_t i = 0; i < titles.size(); ++i) {
        marks.push_back({titles[i], from[i], until[i]});
    }
    return marks;
}

Figure analysis_figure(const std::string& analysis, const ResultsReader& file, const std::string& file_name,
                       const std::vector<std::string>& variables)
{
    if (analysis == "continue") {
        return continuation_figure(file, file_name, variables);
    }
    if (analysis == "sensitivity") {
        return sensitivity_figure(file, file_name, variables);
    }
    if (analysis == "steady") {
        return steady_figure(file, file_name, variables);
    }
    if (analysis == "cohort" || analysis == "trial") {
        return patients::trial_figure(patients::read_trial_results(file), variables);
    }
    if (!variables.empty()) {
        throw InputError({"--variables", 1, 1},
                         {"chosen variables", fmt::format("a file of {} has one picture", analysis), "leave them out"});
    }
    if (analysis == "abc") {
        return abc_figure(file);
    }
    if (analysis == "fit") {
        return fit_figure(file);
    }
    if (analysis == "profile") {
        return profiles_figure(file);
    }
    if (analysis == "sample") {
        return sample_figure(file);
    }
    if (analysis == "thresholds") {
        return thresholds_figure(file);
    }
    throw output::FileError(file_name, "cannot be drawn", fmt::format("its analysis '{}' is unknown", analysis),
                            "use the version of Osteoflare that wrote it");
}

} // namespace

Figure figure_of(const ResultsReader& file, const std::string& file_name, const std::vector<std::string>& variables)
{
    if (const auto analysis = file.text_attribute("", "analysis")) {
        return analysis_figure(*analysis, file, file_name, variables);
    }
    const bool has_courses = file.has("time");
    const auto times = has_courses ? file.numbers("time") : std::vector<double>{};
    const auto groups = groups_of(file);
    if (groups.empty()) {
        throw output::FileError(file_name, "has nothing to draw", "no member reached its end",
                                "see its variable status");
    }
    Figure figure;
    figure.title = file.text_attribute("", "title").value_or(file_name);
    figure.subtitle = file.text_attribute("", "question").value_or("");
    if (!has_courses) {
        if (!variables.empty()) {
            (void)chosen_variables(file, file_name, variables); // says that there are none
        }
        figure.panels = summary_panels(file, groups);
        figure.columns = figure.panels.size() > 4 ? 3 : 2;
        figure.subtitle += fmt::format(" {} members; no time courses were kept.", file.shape("member").at(0));
        return figure;
    }
    const bool many = std::ranges::any_of(groups, [](const Group& group) { return group.members.size() > most_lines; });
    const std::size_t n_members = file.shape("member").at(0);
    if (many) {
        figure.subtitle += fmt::format(" {} members; line: median, band: 5–95 %.", n_members);
    }
    const auto marks = marks_of(file);
    for (const std::string& variable : chosen_variables(file, file_name, variables)) {
        figure.panels.push_back(course_panel(file, variable, groups, times));
        figure.panels.back().marks = marks;
    }
    if (many && file.has("onset")) {
        figure.panels.push_back(incidence_panel(file, groups, times));
    }
    figure.columns = figure.panels.size() > 4 ? 3 : static_cast<int>(std::min<std::size_t>(figure.panels.size(), 2));
    return figure;
}

} // namespace osteoflare::scenarios
