#include "scenarios/reading/toml_depth.hpp"

#include <algorithm>

namespace osteoflare::scenarios {
namespace {

/// Where a quoted text that begins at `from` ends: behind its last quote, or at the end of the line or text that it
/// does not end in, which is an error for the parser to name.
std::size_t end_of_quotes(std::string_view text, std::size_t from)
{
    const char quote = text[from];
    const std::string_view three = quote == '"' ? "\"\"\"" : "'''";
    const bool is_long = text.substr(from).starts_with(three);
    for (std::size_t i = from + (is_long ? 3 : 1); i < text.size(); ++i) {
        if (text[i] == '\\' && quote == '"') {
            ++i;
        } else if (is_long ? text.substr(i).starts_with(three) : text[i] == quote) {
            return i + (is_long ? 3 : 1);
        } else if (!is_long && text[i] == '\n') {
            return i;
        }
    }
    return text.size();
}

bool is_in_key(char c)
{
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '_' || c == '-'
           || c == ' ' || c == '\t';
}

} // namespace

bool find_deep_key(std::string_view text, DeepKey& found)
{
    std::size_t dots = 0, begin = 0; // of the key at hand, if it is one
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (c == '"' || c == '\'') {
            i = end_of_quotes(text, i);
            continue;
        }
        if (c == '#') {
            i = std::min(text.find('\n', i), text.size());
            continue;
        }
        ++i;
        if (c == '.' && ++dots == most_key_parts) {
            const std::string_view before = text.substr(0, begin);
            const auto newline = before.rfind('\n');
            found.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
            found.column = newline == before.npos ? begin + 1 : begin - newline;
            return true;
        }
        if (c != '.' && !is_in_key(c)) {
            dots = 0;
            begin = i;
        }
    }
    return false;
}

} // namespace osteoflare::scenarios
