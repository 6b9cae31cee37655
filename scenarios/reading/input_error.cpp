#include "scenarios/reading/input_error.hpp"

#include <algorithm>

namespace osteoflare::scenarios {

namespace {

std::string message(const Place& place, const Problem& problem)
{
    std::string text =
        place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + problem.what;
    if (!problem.why.empty()) {
        text += " (" + problem.why + ")";
    }
    if (!problem.suggestion.empty()) {
        text += "; " + problem.suggestion;
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
        const std::size_t edits = distance(name, candidate);
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
