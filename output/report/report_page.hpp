#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace osteoflare::output {

/// A part of a page; `html` is written as it is. Nothing is shown of one without it.
struct Section {
    std::string id, title, html;
};

struct ReportPage {
    std::string title, question, note; ///< texts
    std::vector<Section> sections;
    std::string data; ///< JSON, for the page's pictures
};

/// Whether this build's pages have scripts: if not, what they would draw needs to stand in the sections.
bool pages_are_interactive();

/// One HTML file of any kind, with everything in it: `style` comes behind that of reports, and `script` reads the data
/// from the element `data`. Without a script there are no data either.
std::string page_html(const ReportPage& page, std::string_view style, std::string_view script);

/// A report: texts and tables that need no script, and pictures that a script draws from
/// `data` where a section has a place for them.
std::string report_html(const ReportPage& page);

} // namespace osteoflare::output
