#pragma once

#include "scenarios/run.hpp"

#include <cstddef>
#include <string>
#include <vector>

/// What the benchmarks compute: cmo mice that differ in 15 calibrated parameters (lognormal, cv 0.2) from day 7 to 207,
/// all states on every day; "dosed" switches anakinra on and off every four days from day 75, twenty changes.
namespace osteoflare::benchmarks {

/// One animal as every method gets it.
struct Animal {
    std::vector<double> phase_begins;          ///< [d]
    std::vector<std::vector<double>> settings; ///< those that differ
    std::vector<const double*> phases;         ///< settings of each phase
};

struct Workload {
    std::string name;
    scenarios::Study study;
    std::vector<double> times; ///< of output [d]
    std::vector<Animal> animals;

    const scenarios::Scenario& scenario() const { return study.scenario(); }
    std::size_t n_states() const { return scenario().model->species.size(); }
    /// What a method is allowed to get wrong in each state at this relative tolerance.
    std::vector<double> absolute_tolerance(double relative_tolerance) const;
};

/// The parameters that differ between the animals.
const std::vector<std::string>& varied_parameters();

/// The scenario file of a workload of so many animals.
std::string scenario_text(bool dosed, std::size_t size);

Workload make_workload(bool dosed, std::size_t size);

} // namespace osteoflare::benchmarks
