#pragma once

#include "output/figures/figure.hpp"
#include "output/results_reader.hpp"

namespace osteoflare::scenarios {

/// The outcome over the range, and where it turns against each quantity that the sweep varies.
output::Figure thresholds_figure(const output::ResultsReader& file);

} // namespace osteoflare::scenarios
