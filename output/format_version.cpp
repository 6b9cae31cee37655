#include "output/format_version.hpp"

#include <charconv>
#include <string>

namespace osteoflare::output {
namespace {

/// The number at the beginning of a text; 0 if there is none.
std::int64_t leading_number(std::string_view text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

FileError later_format(const std::filesystem::path& file, std::int64_t format, std::int64_t known)
{
    return {file, "has the format " + std::to_string(format),
            "a later Osteoflare wrote it; this one knows formats up to " + std::to_string(known), "update Osteoflare"};
}

void refuse_later(const std::filesystem::path& file, std::string_view content, std::string_view opening)
{
    const std::size_t words = opening.rfind(' ') + 1;
    const std::int64_t known = leading_number(opening.substr(words));
    if (content.substr(0, words) != opening.substr(0, words)) {
        return;
    }
    if (const std::int64_t format = leading_number(content.substr(words)); format > known) {
        throw later_format(file, format, known);
    }
}

} // namespace osteoflare::output
