#pragma once

#include "output/figures/figure.hpp"
#include "output/results_reader.hpp"

namespace osteoflare::scenarios {

/// The picture of a fit: where its starts ended, the data with the courses through them, and what is left over.
output::Figure fit_figure(const output::ResultsReader& file);

} // namespace osteoflare::scenarios
