#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace osteoflare::output {

/// Length in bytes of the UTF-8 character that starts the text; 0 if none does (overlong forms and surrogates
/// included).
std::size_t utf8_length(std::string_view text);

bool is_utf8(std::string_view text);

/// The text as XML, any font and any terminal can show it: control characters become spaces; what is not UTF-8, or
/// turns the direction of writing, becomes U+FFFD.
std::string printable(std::string_view text);

/// With & < > " ' written as XML wants them.
std::string xml_escaped(std::string_view text);

struct Font {
    double size = 12; ///< [px]
    bool bold = false;
};

/// Width of a line of text [px] in DejaVu Sans, which is wider than the other fonts that a picture may be shown in.
double text_width(std::string_view text, Font font);

/// The text in lines no wider than `width` [px], broken between words where possible; none for an empty text.
std::vector<std::string> wrapped(std::string_view text, double width, Font font);

/// The text, or as much of its start as fits into `width` [px], with "…" behind.
std::string shortened(std::string_view text, double width, Font font);

} // namespace osteoflare::output
