#include "scenarios/build_info.hpp"
#include "scenarios/reading/units.hpp"
#include "scenarios/reporting/html.hpp"
#include "scenarios/reporting/sections.hpp"
#include "scenarios/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace osteoflare::scenarios::reporting {
namespace {

std::string schedule(const Files& files, std::size_t f)
{
    std::string html;
    const ReportedFile& reported = files[f];
    for (const Group& group : reported.groups) {
        const std::size_t member = group.members.front();
        html += fmt::format("<h4>Schedule of {}{}</h4>\n<pre tabindex=\"0\">", shown(group_name(files, f, group.label)),
                            group.members.size() > 1 ? fmt::format(" (member {})", member) : "");
        for (const std::string& line : describe_schedule(reported.study->scenario(), reported.study->member(member))) {
            html += shown(line) + "\n";
        }
        html += "</pre>\n";
    }
    return html;
}

/// Values of a setting that groups start with; "varies" where a sweep draws it.
std::string value_in(const Study& study, const Group& group, std::size_t setting)
{
    const double first = study.member(group.members.front()).settings[setting];
    const std::size_t last = group.members.back();
    const bool varies =
        study.member(last).settings[setting] != first || std::ranges::any_of(study.axes(), [&](const Axis& axis) {
            return axis.target.kind == Target::Kind::setting && axis.target.index == setting
                   && group.members.size() > 1;
        });
    return varies ? "varies" : fmt::format("{:.6g}", first);
}

Table parameter_table(const Files& files, std::size_t f)
{
    const Study& study = *files[f].study;
    const ModelEntry& model = *study.scenario().model;
    Table table;
    table.caption = fmt::format("Parameters and inputs of {} at the start of the run", files[f].name);
    table.head = {"name", "symbol", "unit", "default"};
    for (const Group& group : files[f].groups) {
        table.head.push_back(shown(group_name(files, f, group.label)));
    }
    table.head.insert(table.head.end(), {"origin", "meaning"});
    table.number_from = 99;
    for (std::size_t i = 0; i < model.settings.size(); ++i) {
        const model::Description& entry = model.settings[i];
        const std::string usual = fmt::format("{:.6g}", entry.value);
        std::vector<std::string> row = {fmt::format("<code>{}</code>", entry.name), shown(entry.symbol),
                                        shown(entry.unit), usual};
        for (const Group& group : files[f].groups) {
            const std::string value = value_in(study, group, i);
            row.push_back(value == usual ? value : fmt::format("<strong class=\"differs\">{}</strong>", value));
        }
        const std::string_view origin = text(entry.origin);
        row.push_back(fmt::format("<span class=\"origin\" data-origin=\"{0}\">{0}</span>", origin));
        row.push_back(shown(entry.meaning));
        table.rows.push_back(std::move(row));
    }
    return table;
}

/// Whom the models are of.
std::string modelled(const Files& files)
{
    const auto n_trials = std::ranges::count_if(files, [](const ReportedFile& one) { return one.trial.has_value(); });
    const bool all = static_cast<std::size_t>(n_trials) == files.size();
    return n_trials == 0 ? "mice" : all ? "children who do not exist" : "mice, and of children who do not exist";
}

} // namespace

output::Section scenario(const Files& files)
{
    std::string html;
    for (std::size_t f = 0; f < files.size(); ++f) {
        const ReportedFile& reported = files[f];
        html += files.size() > 1 ? fmt::format("<h3>{}</h3>\n", shown(reported.name)) : "";
        if (reported.study) {
            html += schedule(files, f);
        }
        const std::string changes = reported.text("scenario_changes");
        html += changes.empty()
                    ? ""
                    : "<h4>Changed on the command line</h4>\n<pre tabindex=\"0\">" + shown_lines(changes) + "</pre>\n";
        html += folded(reported.trial ? "The trial's file" : "The scenario's file",
                       "<pre tabindex=\"0\">" + shown_lines(reported.text("scenario")) + "</pre>\n");
    }
    const bool trials = std::ranges::all_of(files, [](const ReportedFile& one) { return one.trial.has_value(); });
    return {"scenario", trials ? "Trial" : "Scenario", html};
}

output::Section parameters(const Files& files)
{
    std::string html;
    for (std::size_t f = 0; f < files.size(); ++f) {
        if (!files[f].study) {
            continue;
        }
        const ModelEntry& model = *files[f].study->scenario().model;
        std::map<std::string_view, std::size_t> origins;
        for (std::size_t i = 0; i < model.settings.size(); ++i) {
            origins[text(model.settings[i].origin)] += 1;
        }
        html += "<p>";
        for (const auto& [origin, n] : origins) {
            html += fmt::format("<span class=\"origin\" data-origin=\"{0}\">{0}</span> {1} ", origin, n);
        }
        html += "</p>\n<p class=\"note\">Calibrated numbers were tuned so that the model shows what was seen in mice; "
                "none of them was "
                "measured.</p>\n";
        html += "<div class=\"filter\" data-table=\"parameters\"></div>\n" + parameter_table(files, f).html();
    }
    return {"parameters", "Parameters and where they come from", html};
}

output::Section provenance(const Files& files)
{
    Table table;
    table.caption = "Where the files come from";
    table.head = {""};
    for (const ReportedFile& reported : files) {
        table.head.push_back(shown(reported.name));
    }
    for (const char* name : {"history", "source", "osteoflare_commit", "model", "model_source", "model_hash", "solver",
                             "box", "compiler", "instruction_set", "libraries", "scenario_sha256"}) {
        std::vector<std::string> row = {name};
        bool any = false;
        for (const ReportedFile& reported : files) {
            row.push_back("<span class=\"long\">" + shown(reported.text(name)) + "</span>");
            any |= !reported.text(name).empty();
        }
        if (any) {
            table.rows.push_back(std::move(row));
        }
    }
    table.number_from = 99;
    std::string html = table.html();
    html += fmt::format(
        "<h3>How to cite</h3>\n<p>The Osteoflare developers: Osteoflare, a simulator of innate-immune bone "
        "inflammation. Version {}, "
        "commit {}. Please cite also the model ({}) and the publications of the observations that you use.</p>\n"
        "<p>Made for research and teaching. It is a model of {}, and no ground for the care of a person.</p>\n",
        build::version, build::commit, shown(files.front().text("model_source")), modelled(files));
    return {"provenance", "Provenance, and how to cite", html};
}

} // namespace osteoflare::scenarios::reporting
