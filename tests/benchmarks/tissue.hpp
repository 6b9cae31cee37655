#pragma once

#include "solvers/agents/population.hpp"
#include "solvers/fields/diffusion.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

/// What other simulators of cells in tissue are measured on: agents that walk up a gradient, push each other and
/// secrete, in fields that diffuse and decay.
namespace osteoflare::benchmarks {

class Tissue {
public:
    static constexpr double minutes_per_step = 0.1; ///< of the agents; ten of the fields
    static constexpr std::size_t n_substances = 5;

    explicit Tissue(std::size_t n_agents);

    /// Some steps of everything.
    void go(std::size_t n_steps, std::size_t n_threads);
    /// What a step does first: each agent senses the first substance's gradient, and all secrete all substances.
    void sense_and_secrete(std::size_t n_threads);

    double bytes_per_agent() const;
    /// How many others an agent touches, on average.
    double neighbours() const;

private:
    void sense_and_secrete_in_row(std::size_t y, std::size_t z);

    solvers::fields::Diffusion fields_;
    solvers::agents::Population agents_;
    std::vector<double> floor_;
    std::uint32_t step_ = 0;
};

} // namespace osteoflare::benchmarks
