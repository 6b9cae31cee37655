#pragma once

#include "model/description.hpp"
#include "scenarios/kernels/record_model.hpp"
#include "solvers/integrate.hpp"
#include "solvers/lanes/lane_problem.hpp"

#include <functional>
#include <span>
#include <string_view>
#include <vector>

/// Where the models meet the solvers: every model of `model/` as lists of quantities and plain functions.
namespace osteoflare::scenarios {

/// A model that is ready to run. Its settings (parameters, then inputs) may change between steps.
struct Instance {
    std::function<void(std::span<const double> settings)> set;
    solvers::System system;
    /// Writes read-outs, then fluxes, of a state under the present settings.
    std::function<void(std::span<const double> state, std::span<double> observables)> observe;
    /// Writes how the rates of a state change with one of the settings: exact to rounding.
    std::function<void(std::span<const double> state, std::size_t setting, std::span<double> by_setting)> rates_by;
};

/// A model as the rest of `scenarios` knows it.
struct ModelEntry {
    std::string_view name, title, source;
    solvers::Method method = solvers::Method::rosenbrock4;
    double start_day = 0, end_day = 0;
    std::vector<model::Description> species;
    std::vector<model::Description> settings; ///< parameters, then inputs, then the parameters that space adds
    std::size_t n_parameters = 0, n_inputs = 0;
    bool has_genotypes = false; ///< its parameters begin with the niche's, as the library's genotypes know them
    bool is_spatial = false;    ///< runs cell by cell: no equations, no fluxes
    std::vector<model::Description> intermediates, fluxes, readouts;
    std::vector<model::LifeEvent> life;
    std::vector<model::Summary> summaries;
    std::function<Instance()> make;
    std::function<Equations()> equations;
    std::span<const solvers::lanes::LaneEngine* const> engines; ///< generated code, one per instruction set

    bool is_input(std::size_t setting) const { return setting >= n_parameters && setting < n_parameters + n_inputs; }
    std::vector<double> start_state() const;
    std::vector<double> default_settings() const;
};

/// All models, in the order in which they are listed.
const std::vector<ModelEntry>& models();

/// Index of the entry with this name, or the number of entries.
std::size_t index_of(const std::vector<model::Description>& entries, std::string_view name);

} // namespace osteoflare::scenarios
