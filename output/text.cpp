#include "output/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace osteoflare::output {
namespace {

unsigned byte(char c)
{
    return static_cast<unsigned char>(c);
}

// Advance widths of the characters U+0020 to U+007E [1/100 em], from the font files of DejaVu 2.37.
constexpr std::array<unsigned char, 95> plain_widths = {
    32, 40, 46, 84, 64, 95, 78, 27, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63,  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84};
constexpr std::array<unsigned char, 95> bold_widths = {
    35, 46, 52, 84, 70, 100, 87, 31,  46,  46, 52, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70,  70, 70,
    70, 70, 40, 40, 84, 84,  84, 58,  100, 77, 76, 73, 83, 68, 68, 82, 84, 37, 37, 77, 64, 100, 84, 85,
    73, 85, 77, 72, 68, 81,  77, 110, 77,  72, 73, 46, 37, 46, 84, 50, 50, 67, 72, 59, 72, 68,  44, 72,
    71, 34, 34, 67, 34, 104, 71, 69,  72,  72, 49, 60, 48, 71, 65, 92, 65, 65, 58, 71, 37, 71,  84};

constexpr unsigned other_width = 75; // Greek, Latin with accents
constexpr unsigned wide_width = 105; // Chinese, pictures and all else from U+0800 on, and the em dash

unsigned width_of(std::string_view character, bool bold)
{
    if (character.size() == 1) {
        const unsigned index = byte(character[0]) - 32U;
        return index >= plain_widths.size() ? other_width : bold ? bold_widths[index] : plain_widths[index];
    }
    if (character == "\u2009" || character == "\u207B" || character == "\u2212") {
        return character == "\u2009" ? 20 : character == "\u207B" ? 53 : 84;
    }
    return character.size() == 2 ? other_width : wide_width;
}

std::string_view first_character(std::string_view text)
{
    const std::size_t length = utf8_length(text);
    return text.substr(0, length == 0 ? 1 : length);
}

/// U+0000 to U+001F and U+007F to U+009F: terminals take some of them for commands.
bool is_control(std::string_view character)
{
    return character.size() == 1 ? byte(character[0]) < 0x20U || byte(character[0]) == 0x7FU
                                 : character.size() == 2 && byte(character[0]) == 0xC2U && byte(character[1]) < 0xA0U;
}

/// U+FFFE and U+FFFF, the only UTF-8 beyond the control characters that XML forbids; and U+202A to U+202E and U+2066 to
/// U+2069, which turn the writing round, of what stands behind them as well.
bool is_hidden(std::string_view character)
{
    if (character.size() != 3) {
        return false;
    }
    const unsigned last = byte(character[2]);
    const std::string_view first = character.substr(0, 2);
    return (first == "\xEF\xBF" && last >= 0xBEU) || (first == "\xE2\x80" && last >= 0xAAU && last <= 0xAEU)
           || (first == "\xE2\x81" && last >= 0xA6U && last <= 0xA9U);
}

/// The longest start of the text, at least one character, that is no wider than `width`.
std::string_view fitting_start(std::string_view text, double width, Font font)
{
    std::size_t size = first_character(text).size();
    while (size < text.size()) {
        const std::size_t next = size + first_character(text.substr(size)).size();
        if (text_width(text.substr(0, next), font) > width) {
            break;
        }
        size = next;
    }
    return text.substr(0, size);
}

} // namespace

std::size_t utf8_length(std::string_view text)
{
    if (text.empty()) {
        return 0;
    }
    const unsigned first = byte(text[0]);
    if (first < 0x80U) {
        return 1;
    }
    const std::size_t length = first >= 0xC2U && first < 0xE0U   ? 2
                               : first >= 0xE0U && first < 0xF0U ? 3
                               : first >= 0xF0U && first < 0xF5U ? 4
                                                                 : 0;
    if (length == 0 || text.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(text[i]) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    const unsigned second = byte(text[1]);
    const bool overlong = (first == 0xE0U && second < 0xA0U) || (first == 0xF0U && second < 0x90U);
    const bool surrogate = first == 0xEDU && second >= 0xA0U;
    const bool beyond = first == 0xF4U && second >= 0x90U;
    return overlong || surrogate || beyond ? 0 : length;
}

bool is_utf8(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

std::string printable(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        const std::string_view character = first_character(text);
        if (length == 0 || is_hidden(character)) {
            result += "\xEF\xBF\xBD";
        } else if (is_control(character)) {
            result += ' ';
        } else {
            result += character;
        }
        text.remove_prefix(character.size());
    }
    return result;
}

std::string xml_escaped(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        switch (c) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        case '"': result += "&quot;"; break;
        case '\'': result += "&#39;"; break;
        default: result += c;
        }
    }
    return result;
}

double text_width(std::string_view text, Font font)
{
    unsigned long width = 0;
    while (!text.empty()) {
        const std::string_view character = first_character(text);
        width += width_of(character, font.bold);
        text.remove_prefix(character.size());
    }
    return static_cast<double>(width) * font.size / 100;
}

std::vector<std::string> wrapped(std::string_view text, double width, Font font)
{
    std::vector<std::string> lines;
    std::string line;
    const auto break_line = [&] {
        if (!line.empty()) {
            lines.push_back(std::exchange(line, {}));
        }
    };
    while (!text.empty()) {
        std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        const std::string longer = line.empty() ? std::string(word) : line + ' ' + std::string(word);
        if (text_width(longer, font) <= width) {
            line = longer;
            continue;
        }
        break_line();
        while (text_width(word, font) > width && word.size() > first_character(word).size()) {
            const std::string_view start = fitting_start(word, width, font);
            lines.emplace_back(start);
            word.remove_prefix(start.size());
        }
        line = word;
    }
    break_line();
    return lines;
}

std::string shortened(std::string_view text, double width, Font font)
{
    const std::string dots = "…";
    if (text_width(text, font) <= width) {
        return std::string(text);
    }
    return std::string(fitting_start(text, width - text_width(dots, font), font)) + dots;
}

} // namespace osteoflare::output
