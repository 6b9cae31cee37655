#include "scenarios/reporting/report.hpp"

#include "scenarios/reporting/data.hpp"
#include "scenarios/reporting/html.hpp"
#include "scenarios/reporting/sections.hpp"
#include "scenarios/reporting/trial_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace osteoflare::scenarios {

using namespace reporting;

namespace {

constexpr std::size_t most_explained = 6;

/// The picture that `plot` draws, as a section of its own: what there is to say of an analysis.
output::Section analysis_picture(const ReportedFile& reported, std::size_t number)
{
    const std::string verdict = reported.text("verdict");
    return {fmt::format("analysis-{}", number + 1), fmt::format("{}: {}", reported.analysis, reported.name),
            drawn(*reported.file, reported.name)
                + (verdict.empty() ? "" : "<p class=\"note\">" + shown(verdict) + "</p>\n")};
}

std::vector<output::Section> analysis_sections(const ReportedFile& reported, std::size_t number, bool is_one_of_several)
{
    return reported.trial ? trial_sections(*reported.trial, number, is_one_of_several ? reported.name : "")
                          : std::vector{analysis_picture(reported, number)};
}

} // namespace

std::string report(const std::vector<std::filesystem::path>& paths, const Library& library)
{
    Files studies, analyses;
    for (const auto& path : paths) {
        ReportedFile reported = read_reported(path, library);
        (reported.analysis.empty() ? studies : analyses).push_back(std::move(reported));
    }
    for (const ReportedFile& reported : studies) {
        if (reported.groups.empty()) {
            throw output::FileError(reported.name, "has nothing to report", "no member reached its end",
                                    "see its variable status");
        }
    }
    const ReportedFile& first = studies.empty() ? analyses.front() : studies.front();
    output::ReportPage page;
    page.title = first.text("title").empty() ? first.name : first.text("title");
    page.question = first.text("question");
    if (paths.size() > 1) {
        page.title = "Comparison of " + std::to_string(paths.size()) + " results files";
        page.question = "";
    }
    page.note = fmt::format("Osteoflare {}", first.text("osteoflare_version"));
    page.note += studies.empty() || !output::pages_are_interactive()
                     ? ""
                     : ". Colours, toggles and days hold for all pictures; drag across a course to look closer.";
    page.data = "{}";
    if (!studies.empty()) {
        ManyExplained explained;
        for (const ReportedFile& reported : studies) {
            explained.push_back(explain(reported, most_explained));
        }
        page.data = picture_data(studies, explained);
        page.sections = {what_happened(studies),          courses(studies),          wiring(studies, explained),
                         attribution(studies, explained), animals(studies, library), solver(studies)};
    }
    for (std::size_t i = 0; i < analyses.size(); ++i) {
        std::ranges::move(analysis_sections(analyses[i], i, paths.size() > 1), std::back_inserter(page.sections));
    }
    output::Section of_parameters = parameters(studies);
    Files& all = studies;
    std::ranges::move(analyses, std::back_inserter(all));
    page.sections.push_back(scenario(all));
    page.sections.push_back(std::move(of_parameters));
    page.sections.push_back(provenance(all));
    return output::report_html(page);
}

} // namespace osteoflare::scenarios
