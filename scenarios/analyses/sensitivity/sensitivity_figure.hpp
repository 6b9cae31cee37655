#pragma once

#include "output/figures/figure.hpp"
#include "output/results_reader.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// The picture of what `osteoflare sensitivity` wrote: for each number a row of indices per factor, for each time
/// course the total indices of the factors that matter most, under Morris' method mu* against sigma. `variables`
/// chooses what is drawn (empty: a few that matter). Throws InputError for one that was not analysed.
output::Figure sensitivity_figure(const output::ResultsReader& file, const std::string& file_name,
                                  const std::vector<std::string>& variables);

/// The same of one that was made with --method local: slopes at the last time, and the least known combination.
output::Figure local_sensitivity_figure(const output::ResultsReader& file, const std::string& file_name,
                                        const std::vector<std::string>& variables);

} // namespace osteoflare::scenarios
