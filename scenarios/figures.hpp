#pragma once

#include "output/figures/figure.hpp"
#include "output/results_reader.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// The picture of a results file: time courses of members or, where a genotype has many, median and 5–95 % band; and
/// the share of each genotype that has fallen ill by each day. `variables` chooses what is drawn (empty: what matters
/// most in the file's model). Throws InputError for a variable that the file does not hold, and
/// output::FileError if no member reached its end.
output::Figure figure_of(const output::ResultsReader& file, const std::string& file_name,
                         const std::vector<std::string>& variables);

} // namespace osteoflare::scenarios
