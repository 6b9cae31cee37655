#pragma once

#include "scenarios/scenario.hpp"
#include "solvers/steady/family.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

/// A scenario's equations without time: everything stays as it is at the end of the run.
namespace osteoflare::scenarios {

/// Throws InputError for a model that has no equations, or a species on which nothing depends, so that its steady
/// states are not single points. `verb` is what was asked for.
void require_equations(const Scenario& scenario, const std::string& verb);

/// Parameters and inputs as they rule at the end of the run, normal life being complete: of a mouse that is weaned,
/// also if the run ends before. A sweep is left aside.
std::vector<double> settings_at_end(const Scenario& scenario);

/// The equations with `settings` but for `free` ones, which are the family's parameters. Each family has a model of its
/// own: one for each thread.
solvers::steady::Family family_of(const Scenario& scenario, const std::vector<double>& settings,
                                  const std::vector<std::size_t>& free);

/// No concentration and no count is below zero, but for rounding.
bool is_possible(const Scenario& scenario, std::span<const double> state);

/// Reads states under settings. One for each thread.
class StateReader {
public:
    StateReader(const Scenario& scenario, const std::vector<double>& settings);

    /// Whether the model says what ill is: a read-out above a level.
    bool knows_illness() const { return level_.has_value(); }
    /// How far above the level of illness that read-out is; NaN if the model has none.
    double excess(std::span<const double> state) const;
    bool is_ill(std::span<const double> state) const { return excess(state) > 0; }
    std::vector<double> readouts(std::span<const double> state) const;
    /// Another value of one setting.
    void set(std::size_t setting, double value);

private:
    const ModelEntry* model_;
    std::vector<double> settings_;
    Instance instance_;
    std::size_t quantity_ = 0; ///< species, then read-outs
    std::optional<std::size_t> level_;
};

/// The species and read-outs that a person wants to read first.
std::vector<std::string> telling_quantities(const ModelEntry& model);

} // namespace osteoflare::scenarios
