#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace osteoflare::cli {

/// Tells the person at standard error. Where nobody can hear it, as behind a terminal that is gone or on a disk that is
/// full, the run goes on: fmt::print would end it.
template <class... Values>
void note(fmt::format_string<Values...> text, Values&&... values)
{
    std::fputs(fmt::format(text, std::forward<Values>(values)...).c_str(), stderr);
}

} // namespace osteoflare::cli
