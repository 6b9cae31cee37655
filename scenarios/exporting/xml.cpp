#include "scenarios/exporting/xml.hpp"

#include "output/text.hpp"

#include <fmt/format.h>

namespace osteoflare::scenarios {

void XmlWriter::tag(std::string_view element, Attributes attributes)
{
    text_ += fmt::format("{:{}}<{}", "", depth(), element);
    for (const auto& [name, value] : attributes) {
        text_ += fmt::format(" {}=\"{}\"", name, output::xml_escaped(output::printable(value)));
    }
}

void XmlWriter::open(std::string_view element, Attributes attributes)
{
    tag(element, attributes);
    text_ += ">\n";
    open_.emplace_back(element);
}

void XmlWriter::close()
{
    const std::string element = open_.back();
    open_.pop_back();
    text_ += fmt::format("{:{}}</{}>\n", "", depth(), element);
}

void XmlWriter::empty(std::string_view element, Attributes attributes)
{
    tag(element, attributes);
    text_ += "/>\n";
}

void XmlWriter::element(std::string_view element, Attributes attributes, std::string_view content)
{
    tag(element, attributes);
    text_ += fmt::format(">{}</{}>\n", output::xml_escaped(output::printable(content)), element);
}

} // namespace osteoflare::scenarios
