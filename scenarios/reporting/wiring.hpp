#pragma once

#include "scenarios/catalogue.hpp"

#include <span>
#include <string>
#include <vector>

/// A model as a picture: species as boxes, fluxes that fill and empty them, and who drives whom.
namespace osteoflare::scenarios::reporting {

/// Where a species stands in the picture, in columns and rows from 0.
struct WiringBox {
    std::string label;
    double column = 0, row = 0;
};

/// What a flux does to a species: +1 fills, -1 empties it.
struct WiringTerm {
    std::size_t flux = 0, species = 0;
    double sign = 1;
};

/// That a species drives a flux of another. Elasticity is how much the other's rate of change rises, as a share of the
/// flux, with the logarithm of the one: positive drives it up, negative holds it back.
struct WiringEdge {
    std::size_t from = 0, flux = 0, to = 0;
    double elasticity = 0;
};

struct Wiring {
    std::vector<WiringBox> boxes;  ///< (species)
    std::vector<WiringTerm> terms; ///< all of the balances
    std::vector<WiringEdge> edges; ///< those that matter at the state that was asked about
};

/// The terms come from the model's recorded balances, the edges from its fluxes at `state` under `settings`: an edge is
/// there where its elasticity is at least 0.25, or the strongest of its species, and its flux at least a twentieth of
/// what fills or empties that.
Wiring wiring_of(const ModelEntry& model, std::span<const double> settings, std::span<const double> state);

/// A species' name as people write it: "IL-1β" for il1b, otherwise with spaces for underscores.
std::string written(std::string_view name);

} // namespace osteoflare::scenarios::reporting
