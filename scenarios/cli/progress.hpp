#pragma once

#include "scenarios/record.hpp"

#include <cstddef>

namespace osteoflare::cli {

/// Shows how far a study has come, on the error stream: a bar with rate, time left and failures on a terminal, a line
/// per tenth elsewhere. Nothing for a single member.
scenarios::Progress progress_bar(std::size_t n_members);

/// The same for a run of a tissue: day, cells by kind, time left.
std::function<void(const scenarios::TissueMoment&)> tissue_progress();

} // namespace osteoflare::cli
