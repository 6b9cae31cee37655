#include "scenarios/reporting/sections.hpp"

#include "output/figures/figure.hpp"
#include "scenarios/figures.hpp"
#include "scenarios/reporting/html.hpp"
#include "scenarios/reporting/wiring.hpp"
#include "scenarios/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::reporting {
namespace {

/// Three digits; what is only rounding counts as nothing.
std::string number(double value)
{
    return std::abs(value) < 1e-12 ? "0" : fmt::format("{:.3g}", value);
}

/// "0.434", or "0.43 (0.40 to 0.47)": the median, and the 5 to 95 % range of several.
std::string range(std::vector<double> finite, const char* none)
{
    if (finite.empty()) {
        return none;
    }
    std::ranges::sort(finite);
    const auto at = [&](double q) { return number(quantile(finite, q)); };
    return finite.size() == 1 ? at(0.5) : fmt::format("{} ({} to {})", at(0.5), at(0.05), at(0.95));
}

std::string with_unit(const std::string& name, const std::string& unit)
{
    return unit.empty() || unit == "1" ? name : fmt::format("{} [{}]", name, unit);
}

/// One number per member, of each group: those that the model says, or the file's if the model is not known.
Table summary_table(const Files& files)
{
    Table table;
    table.caption = "Summaries: median, and the range of 90 % of the animals where there are several";
    table.head = {"group", "animals"};
    std::vector<std::string> names;
    for (const ReportedFile& reported : files) {
        if (!reported.study) {
            continue;
        }
        for (const model::Summary& summary : reported.study->scenario().model->summaries) {
            const std::string name(summary.name);
            if (std::ranges::find(names, name) == names.end()) {
                names.push_back(name);
                table.head.push_back(shown(with_unit(written(name), std::string(summary.unit))));
            }
        }
    }
    for (std::size_t f = 0; f < files.size(); ++f) {
        for (const Group& group : files[f].groups) {
            std::vector<std::string> row = {shown(group_name(files, f, group.label)),
                                            fmt::format("{}", group.members.size())};
            for (const std::string& name : names) {
                if (!files[f].file->has(name)) {
                    row.emplace_back("–");
                    continue;
                }
                const auto values = files[f].file->numbers(name);
                std::vector<double> finite;
                for (const std::size_t member : group.members) {
                    if (std::isfinite(values[member])) {
                        finite.push_back(values[member]);
                    }
                }
                const std::size_t n = finite.size();
                std::string cell = range(std::move(finite), "never");
                if (name == "onset" && n > 0 && n < group.members.size()) {
                    cell += fmt::format(" in {}", n);
                }
                row.push_back(cell);
            }
            table.rows.push_back(std::move(row));
        }
    }
    return table;
}

/// A course at some days, for those who do not see the picture, and for paper.
Table course_table(const Files& files, const std::string& variable)
{
    Table table;
    const output::ResultsReader& first = *files.front().file;
    table.caption = with_unit(first.text_attribute(variable, "long_name").value_or(variable),
                              first.text_attribute(variable, "units").value_or(""));
    table.head = {"group"};
    const auto& days = files.front().times;
    constexpr std::size_t n_days = 8;
    std::vector<double> chosen;
    for (std::size_t i = 0; i < n_days; ++i) {
        const double day = days[(days.size() - 1) * i / (n_days - 1)];
        if (chosen.empty() || day > chosen.back()) {
            chosen.push_back(day);
            table.head.push_back(fmt::format("day {:g}", day));
        }
    }
    for (std::size_t f = 0; f < files.size(); ++f) {
        if (!files[f].file->has(variable)) {
            continue;
        }
        const auto values = files[f].file->numbers(variable);
        for (const Group& group : files[f].groups) {
            const auto middle = quantiles(group, values, files[f].times.size()).median;
            std::vector<std::string> row = {shown(group_name(files, f, group.label))};
            for (const double day : chosen) {
                const auto at = std::ranges::lower_bound(files[f].times, day) - files[f].times.begin();
                row.push_back(at < static_cast<std::ptrdiff_t>(middle.size())
                                  ? number(middle[static_cast<std::size_t>(at)])
                                  : "–");
            }
            table.rows.push_back(std::move(row));
        }
    }
    return table;
}

Table failures(const Files& files)
{
    Table table;
    table.caption = "Members that did not reach their end";
    table.head = {"member", "why", "reached [d]", "steps"};
    table.number_from = 2;
    constexpr std::size_t most_rows = 1000;
    for (std::size_t f = 0; f < files.size(); ++f) {
        const output::ResultsReader& file = *files[f].file;
        if (files[f].outcomes.n_failed == 0) {
            continue;
        }
        const auto status = file.numbers("status"), reached = file.numbers("time_reached"),
                   steps = file.numbers("steps");
        const auto genotypes =
            file.has("genotype") ? file.texts("genotype") : std::vector<std::string>(status.size(), "");
        for (std::size_t i = 0; i < status.size() && table.rows.size() < most_rows; ++i) {
            const auto why = static_cast<solvers::RunStatus>(static_cast<int>(status[i]));
            if (why != solvers::RunStatus::reached_end && why != solvers::RunStatus::not_run) {
                table.rows.push_back({fmt::format("{} {}", i, shown(group_name(files, f, genotypes[i]))),
                                      shown(text(why)), fmt::format("{:g}", reached[i]), fmt::format("{}", steps[i])});
            }
        }
    }
    return table;
}

} // namespace

std::string group_name(const Files& files, std::size_t file, const std::string& label)
{
    if (files.size() == 1) {
        return label.empty() ? "all" : label;
    }
    const std::string of_file = std::filesystem::path(files[file].name).stem().string();
    return label.empty() ? of_file : fmt::format("{}: {}", of_file, label);
}

std::string drawn(const output::ResultsReader& file, const std::string& name)
{
    const std::string picture = output::svg(figure_of(file, name, {}));
    return "<figure class=\"paper\">" + picture.substr(picture.find("<svg")) + "</figure>\n";
}

output::Section what_happened(const Files& files)
{
    std::string html;
    for (const ReportedFile& reported : files) {
        if (files.size() > 1) {
            html += fmt::format("<h3>{}: {}</h3>\n", shown(reported.name), shown(reported.text("title")));
            html += "<p class=\"question\">" + shown(reported.text("question")) + "</p>\n";
        }
        if (!reported.unfinished.empty()) {
            html += "<p class=\"warning\">" + shown(reported.name + " is " + reported.unfinished)
                    + ". Let it go on with <code>--resume</code> before you conclude anything.</p>\n";
        }
        if (!reported.study) {
            html += "<p class=\"warning\">The study cannot be made again from this file (" + shown(reported.no_study)
                    + "), so that words, fluxes and parameters are missing here. Courses are those of the file.</p>\n";
            continue;
        }
        html += "<ul class=\"findings\">\n";
        for (const std::string& line : describe(*reported.study, reported.outcomes)) {
            html += "<li>" + shown(line) + "</li>\n";
        }
        html += "</ul>\n";
    }
    return {"findings", "What happened", html + summary_table(files).html()};
}

output::Section courses(const Files& files)
{
    const bool has_courses = !files.front().times.empty();
    std::string tables, still;
    for (const std::string& variable : has_courses ? first_courses(*files.front().file) : std::vector<std::string>{}) {
        tables += course_table(files, variable).html();
    }
    for (std::size_t f = 0; f < files.size() && !(has_courses && output::pages_are_interactive()); ++f) {
        still += drawn(*files[f].file, files[f].name);
    }
    if (!has_courses) {
        return {"courses", "Distributions", still};
    }
    return {"courses", "Time courses", picture("courses-picture", still) + folded("The same in numbers", tables)};
}

output::Section solver(const Files& files)
{
    Table table;
    table.caption = "What the solver did";
    table.head = {"file",           "solver",       "members",           "failed",
                  "steps (median)", "steps (most)", "rejected (median)", "relative tolerance"};
    table.number_from = 2;
    for (const ReportedFile& reported : files) {
        auto steps = reported.file->numbers("steps"), rejected = reported.file->numbers("rejected_steps");
        std::ranges::sort(steps);
        std::ranges::sort(rejected);
        const auto tolerance = reported.file->number_attribute("", "relative_tolerance");
        table.rows.push_back({shown(reported.name), shown(reported.text("solver")),
                              fmt::format("{}", reported.outcomes.n_members),
                              fmt::format("{}", reported.outcomes.n_failed), fmt::format("{:g}", quantile(steps, 0.5)),
                              fmt::format("{:g}", steps.back()), fmt::format("{:g}", quantile(rejected, 0.5)),
                              tolerance ? fmt::format("{:g}", *tolerance) : "–"});
    }
    std::string html = table.html();
    if (const Table failed = failures(files); failed.rows.empty()) {
        html += "<p>Every member reached its end.</p>\n";
    } else {
        html += "<p class=\"warning\">Members that failed are left out of pictures and summaries above.</p>\n"
                + failed.html();
    }
    return {"solver", "Solver", html};
}

} // namespace osteoflare::scenarios::reporting
