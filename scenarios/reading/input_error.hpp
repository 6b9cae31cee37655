#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace osteoflare::scenarios {

/// What is wrong with something a user wrote: `<what> (<why>); <suggestion>`.
struct Problem {
    std::string what, why, suggestion;
};

/// Where it was written. Line and column count from 1.
struct Place {
    std::string file;
    std::size_t line = 1, column = 1;
};

/// Wrong input, found before any work starts: `<file>:<line>:<column>: <what> (<why>); <suggestion>`.
class InputError : public std::runtime_error {
public:
    InputError(const Place& place, const Problem& problem);
};

/// Of `known`, the name that `name` was probably meant to be, with wrong letters or words in another order; empty if
/// none is near.
std::string nearest(std::string_view name, const std::vector<std::string>& known);

/// A suggestion for an unknown name: "did you mean 'x'?", or the list of known names when it is short, or `otherwise`.
std::string suggest_name(std::string_view name, const std::vector<std::string>& known, std::string_view otherwise);

/// The names of named things, for suggestions.
template <class Entries>
std::vector<std::string> names_of(const Entries& entries)
{
    std::vector<std::string> names;
    for (const auto& entry : entries) {
        names.emplace_back(entry.name);
    }
    return names;
}

/// The first halves of pairs, likewise.
template <class Pairs>
std::vector<std::string> keys_of(const Pairs& pairs)
{
    std::vector<std::string> keys;
    for (const auto& pair : pairs) {
        keys.emplace_back(pair.first);
    }
    return keys;
}

} // namespace osteoflare::scenarios
