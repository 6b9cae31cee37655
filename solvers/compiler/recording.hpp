#pragma once

#include "solvers/compiler/expression.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace osteoflare::solvers::compiler {

/// A model's equations as a graph. Its symbols are the states, then the settings (whatever stays fixed between events).
struct Recording {
    std::string name; ///< of the kernel, a valid identifier
    Graph graph;
    std::size_t n_states = 0, n_settings = 0;
    std::vector<std::uint32_t> rates;    ///< dy/dt: the node of each state's derivative
    std::vector<std::uint32_t> readouts; ///< quantities that are computed from a state, cheap and often asked for
    std::vector<std::uint32_t> fluxes;   ///< the terms of the rates
};

} // namespace osteoflare::solvers::compiler
