#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace osteoflare::scenarios {

/// Text of an XML document, written from top to bottom, two blanks deeper in each element.
class XmlWriter {
public:
    using Attributes = std::initializer_list<std::pair<std::string_view, std::string>>;

    XmlWriter() : text_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

    void open(std::string_view element, Attributes attributes = {});
    void close();
    /// An element without content.
    void empty(std::string_view element, Attributes attributes);
    /// An element with nothing but text in it.
    void element(std::string_view element, Attributes attributes, std::string_view content);
    /// Lines that are XML already, ended and indented by depth().
    void insert(std::string_view lines) { text_ += lines; }

    int depth() const { return 2 * static_cast<int>(open_.size()); }
    const std::string& text() const { return text_; }

private:
    void tag(std::string_view element, Attributes attributes);

    std::string text_;
    std::vector<std::string> open_;
};

} // namespace osteoflare::scenarios
