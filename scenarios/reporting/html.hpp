#pragma once

#include "output/report/report_page.hpp"
#include "output/text.hpp"

#include <string>
#include <vector>

// Private to the sources of pages.
namespace osteoflare::scenarios::reporting {

/// A text as HTML shows it.
inline std::string shown(std::string_view text)
{
    return output::xml_escaped(output::printable(text));
}

/// The same of a text whose lines stay lines: a file's, in which a comment ends where its line ends.
inline std::string shown_lines(std::string_view text)
{
    std::string html;
    while (true) {
        const auto end = text.find('\n');
        html += shown(text.substr(0, end));
        if (end == text.npos) {
            return html;
        }
        html += '\n';
        text.remove_prefix(end + 1);
    }
}

/// Rows of cells, which are HTML already; the first of a row names it. `number_from` is the first column of numbers.
struct Table {
    std::string caption;
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;
    std::size_t number_from = 1;

    std::string html() const
    {
        std::string text = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + shown(caption)
                           + "\"><table><caption>" + shown(caption) + "</caption><thead><tr>";
        for (std::size_t c = 0; c < head.size(); ++c) {
            text +=
                std::string("<th scope=\"col\"") + (c >= number_from ? " class=\"number\">" : ">") + head[c] + "</th>";
        }
        text += "</tr></thead><tbody>\n";
        for (const auto& row : rows) {
            text += "<tr>";
            for (std::size_t c = 0; c < row.size(); ++c) {
                text += c == 0 ? "<th scope=\"row\">" + row[c] + "</th>"
                               : std::string(c >= number_from ? "<td class=\"number\">" : "<td>") + row[c] + "</td>";
            }
            text += "</tr>\n";
        }
        return text + "</tbody></table></div>\n";
    }
};

/// What a script draws into; without one, `still` instead.
inline std::string picture(const std::string& id, const std::string& still)
{
    return output::pages_are_interactive() ? "<div id=\"" + id + "\" class=\"picture\"></div>\n" : still;
}

/// What can be opened.
inline std::string folded(const std::string& title, const std::string& html)
{
    return "<details><summary>" + shown(title) + "</summary>\n" + html + "</details>\n";
}

} // namespace osteoflare::scenarios::reporting
