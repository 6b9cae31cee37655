#include "output/report/report_page.hpp"

#include "output/report/report_bundle.hpp"
#include "output/text.hpp"

#include <string_view>

namespace osteoflare::output {
namespace {

/// JSON as it can stand in HTML: no tag begins in it.
std::string in_script(std::string_view json)
{
    std::string text;
    for (const char c : json) {
        text += c == '<' ? std::string_view("\\u003c") : std::string_view(&c, 1);
    }
    return text;
}

} // namespace

bool pages_are_interactive()
{
    return !report_script().empty();
}

std::string report_html(const ReportPage& page)
{
    return page_html(page, "", report_script());
}

std::string page_html(const ReportPage& page, std::string_view style, std::string_view script)
{
    const auto shown = [](const std::string& text) { return xml_escaped(printable(text)); };
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<meta name=\"generator\" content=\"osteoflare\">\n<title>"
                       + shown(page.title) + "</title>\n<style>\n";
    html += report_style();
    html += style;
    html += "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the content</a>\n<header>\n<h1>"
            + shown(page.title) + "</h1>\n";
    html += page.question.empty() ? "" : "<p class=\"question\">" + shown(page.question) + "</p>\n";
    html += page.note.empty() ? "" : "<p class=\"note\">" + shown(page.note) + "</p>\n";
    html += "<nav aria-label=\"Sections\"><ul>\n";
    for (const Section& section : page.sections) {
        if (!section.html.empty()) {
            html += "<li><a href=\"#" + section.id + "\">" + shown(section.title) + "</a></li>\n";
        }
    }
    html += "</ul></nav>\n</header>\n<main id=\"main\">\n";
    for (const Section& section : page.sections) {
        if (!section.html.empty()) {
            html += "<section id=\"" + section.id + "\" aria-labelledby=\"" + section.id + "-title\">\n<h2 id=\""
                    + section.id + "-title\">" + shown(section.title) + "</h2>\n" + section.html + "</section>\n";
        }
    }
    html += "</main>\n";
    if (!script.empty()) {
        html += "<script type=\"application/json\" id=\"data\">";
        html += in_script(page.data);
        html += "</script>\n<script>\n";
        html += script;
        html += "</script>\n";
    }
    html += "</body>\n</html>\n";
    return html;
}

} // namespace osteoflare::output
