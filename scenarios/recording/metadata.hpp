#pragma once

#include "output/results.hpp"
#include "scenarios/recording/layout.hpp"

namespace osteoflare::scenarios {

/// What a file was made of.
struct Origin {
    std::string name, title, question, text; ///< of the scenario, or of what stands in its place; text verbatim
    std::vector<std::string> applied;        ///< changes from the command line
    std::string model, model_source;
};

/// Where a file comes from, as its attributes: program, libraries, scenario. `verb` is what was asked of the program.
void write_provenance(output::Results& file, const Origin& origin, const std::string& verb);

/// The same, with solver and seed.
void write_provenance(output::Results& file, const Scenario& scenario, const std::string& verb);

/// Writes all of a results file but the values of its columns and its `status`. The columns become streamed variables,
/// numbered as in the layout.
void write_metadata(output::Results& file, const Study& study, const Layout& layout);

} // namespace osteoflare::scenarios
