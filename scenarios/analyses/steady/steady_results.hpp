#pragma once

#include "output/figures/figure.hpp"
#include "output/results_reader.hpp"
#include "output/results_writer.hpp"
#include "scenarios/analyses/steady/continuation.hpp"
#include "scenarios/analyses/steady/end_system.hpp"
#include "scenarios/analyses/steady/steady.hpp"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

/// What `steady` and `continue` leave: files (docs/reference/file_format.md) and pictures of them.
namespace osteoflare::scenarios {

/// Writes the results file of `steady`. Throws output::FileError.
void record_steady(const Scenario& scenario, const std::vector<double>& settings, const SteadyStates& found,
                   output::ResultsWriter& file);
/// Writes the results file of `continue`. Throws output::FileError.
void record_continuation(const Scenario& scenario, const Continuation& result, output::ResultsWriter& file);

/// Finds the steady states at the end of the run and records them in a file, which is refused before any work if it is
/// there already or somebody else is making it. Throws InputError for a model without equations, and output::FileError.
SteadyStates record_steady(const Scenario& scenario, const StartDesign& design, std::size_t threads,
                           const std::filesystem::path& file, bool overwrite);
/// Likewise follows the scenario's plan; nothing is recorded if no branch was found.
Continuation record_continuation(const Scenario& scenario, std::size_t threads, const std::filesystem::path& file,
                                 bool overwrite);
/// Throws InputError for a scenario that does not say what moves; `asked` is what it was asked for as.
void require_continuation(const Scenario& scenario, const std::string& asked);

/// Species and read-outs of states over one dimension: `state(i)` is the i-th of `n`, under settings that `set` brings.
struct StateRows {
    std::string dimension, group; ///< group: empty, or with a slash at its end
    std::size_t n = 0;
    std::function<std::span<const double>(std::size_t)> state;
    std::function<void(std::size_t, StateReader&)> set = nullptr;
};
void write_states(output::ResultsWriter& file, const Scenario& scenario, const std::vector<double>& settings,
                  const StateRows& rows);
/// What both files begin with. Settings that are moved are left out.
void write_end_settings(output::ResultsWriter& file, const Scenario& scenario, const std::vector<double>& settings,
                        const std::vector<std::size_t>& moved);

/// The pictures. `variables` chooses species and read-outs; InputError for one that the file does not hold.
output::Figure steady_figure(const output::ResultsReader& file, const std::string& file_name,
                             const std::vector<std::string>& variables);
output::Figure continuation_figure(const output::ResultsReader& file, const std::string& file_name,
                                   const std::vector<std::string>& variables);
/// The variables over `dimension` that a person wants to see: those asked for, or the telling ones.
std::vector<std::string> drawn_quantities(const output::ResultsReader& file, const std::string& file_name,
                                          const std::vector<std::string>& wanted);

} // namespace osteoflare::scenarios
