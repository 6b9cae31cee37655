#include "scenarios/reading/input_error.hpp"

#include "output/text.hpp"

#include <algorithm>

namespace osteoflare::scenarios {

namespace {

/// Parts of a message quote what somebody wrote: it must not command the terminal, nor fill it.
std::string shown(const std::string& part)
{
    constexpr std::size_t most_bytes = 1000;
    std::size_t size = std::min(part.size(), most_bytes);
    while (size < part.size() && size > 0 && (static_cast<unsigned char>(part[size]) & 0xC0U) == 0x80U) {
        --size; // not within a character
    }
    return output::printable(part.substr(0, size)) + (size < part.size() ? "…" : "");
}

std::string message(const Place& place, const Problem& problem)
{
    std::string text = shown(place.file) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": "
                       + shown(problem.what);
    if (!problem.why.empty()) {
        text += " (" + shown(problem.why) + ")";
    }
    if (!problem.suggestion.empty()) {
        text += "; " + shown(problem.suggestion);
    }
    return text;
}

char lower(char c)
{
    return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Damerau–Levenshtein distance: letters to insert, drop, replace or swap with their neighbour; case does not count.
std::size_t distance(std::string_view a, std::string_view b)
{
    const auto same = [&](std::size_t i, std::size_t j) { return lower(a[i]) == lower(b[j]); };
    // edits[i][j]: from the first i letters of a to the first j of b.
    std::vector<std::vector<std::size_t>> edits(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                edits[i][j] = i + j;
                continue;
            }
            edits[i][j] = std::min(
                {edits[i - 1][j] + 1, edits[i][j - 1] + 1, edits[i - 1][j - 1] + (same(i - 1, j - 1) ? 0 : 1)});
            if (i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1)) {
                edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
            }
        }
    }
    return edits[a.size()][b.size()];
}

/// Its words in alphabetical order: of left_femur and femur_left the same.
std::string in_order(std::string_view name)
{
    std::vector<std::string_view> words;
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('_', begin), name.size());
        words.push_back(name.substr(begin, end - begin));
        begin = end + 1;
    }
    std::ranges::sort(words);
    std::string joined;
    for (const std::string_view word : words) {
        joined.append(joined.empty() ? "" : "_").append(word);
    }
    return joined;
}

} // namespace

InputError::InputError(const Place& place, const Problem& problem) : std::runtime_error(message(place, problem)) {}

std::string nearest(std::string_view name, const std::vector<std::string>& known)
{
    std::string best;
    std::size_t fewest = name.size() + 1;
    for (const std::string& candidate : known) {
        // A typing error leaves two thirds of a name, and something of even the shortest one.
        const std::size_t longest = std::max(name.size(), candidate.size());
        const std::size_t tolerated = std::max<std::size_t>(1, longest / 3);
        if (longest - std::min(name.size(), candidate.size()) > tolerated) {
            continue; // each letter that one has more must go; and a name of a megabyte is compared with none of ours
        }
        // Words in another order are one mistake.
        const std::size_t edits =
            std::min(distance(name, candidate), 1 + distance(in_order(name), in_order(candidate)));
        if (edits <= tolerated && edits < longest && edits < fewest) {
            best = candidate;
            fewest = edits;
        }
    }
    return best;
}

std::string suggest_name(std::string_view name, const std::vector<std::string>& known, std::string_view otherwise)
{
    constexpr std::size_t short_list = 8;
    if (const std::string meant = nearest(name, known); !meant.empty()) {
        return "did you mean '" + meant + "'?";
    }
    if (known.empty() || known.size() > short_list) {
        return std::string(otherwise);
    }
    std::string list = "known: ";
    for (const std::string& each : known) {
        list += (&each == &known.front() ? "'" : ", '") + each + "'";
    }
    return list;
}

} // namespace osteoflare::scenarios
