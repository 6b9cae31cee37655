#pragma once

#include <cstddef>
#include <string_view>

namespace osteoflare::scenarios {

/// A key with more parts between dots than anybody needs, "a.a.a. …", and where it begins.
struct DeepKey {
    std::size_t line = 1, column = 1;
};

inline constexpr std::size_t most_key_parts = 16;

/// Whether a TOML text has a key that is deeper than most_key_parts: toml++ makes a table in a table of each part, and
/// its recursion ends the program when it takes a thousand tables apart. Brackets in brackets it counts itself.
bool find_deep_key(std::string_view text, DeepKey& found);

} // namespace osteoflare::scenarios
