#include "scenarios/reporting/wiring.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace osteoflare::scenarios::reporting {
namespace {

using solvers::compiler::Graph;
using solvers::compiler::Operation;

struct Place {
    std::string_view name, label;
    double column, row;
};

/// The niche from top to bottom: what the body sends, who comes and what they say, stroma, bone.
constexpr std::array<Place, 28> niche_places = {{
    {"microbial_tone", "microbial tone", 0, 0},
    {"marrow_output", "marrow output", 1, 0},
    {"blood_neutrophils", "blood neutrophils", 2, 0},
    {"blood_monocytes", "blood monocytes", 3, 0},
    {"plasma_il6", "plasma IL-6", 4, 0},
    {"acute_phase", "acute phase", 5, 0},
    {"damage", "damage", 0, 1},
    {"cxcl1", "CXCL1", 1, 1},
    {"neutrophils", "neutrophils", 2, 1},
    {"macrophages", "macrophages", 3, 1},
    {"ccl2", "CCL2", 4, 1},
    {"il1ra", "IL-1Ra", 5, 1},
    {"ros", "superoxide", 0, 2},
    {"pro_il1b", "pro-IL-1β", 1, 2},
    {"il1b", "IL-1β", 2, 2},
    {"tnf", "TNF", 3, 2},
    {"il10", "IL-10", 4, 2},
    {"il10_training", "IL-10 training", 5, 2},
    {"pge2", "PGE2", 1, 3},
    {"stromal_priming", "primed stroma", 2, 3},
    {"il6", "IL-6", 3, 3},
    {"rankl_ratio", "RANKL/OPG", 4, 3},
    {"osteoclast_precursors", "osteoclast precursors", 5, 3},
    {"reactive_bone", "reactive bone", 1, 4},
    {"osteoblast_precursors", "osteoblast precursors", 2, 4},
    {"osteoblasts", "osteoblasts", 3, 4},
    {"bone", "bone", 4, 4},
    {"osteoclasts", "osteoclasts", 5, 4},
}};

/// Adds what stands in a sum of fluxes.
void collect(const Graph& graph, std::uint32_t node, double sign, std::size_t first_flux, std::size_t species,
             std::vector<WiringTerm>& terms)
{
    const auto& it = graph[node];
    switch (it.operation) {
    case Operation::add:
        collect(graph, it.a, sign, first_flux, species, terms);
        collect(graph, it.b, sign, first_flux, species, terms);
        break;
    case Operation::subtract:
        collect(graph, it.a, sign, first_flux, species, terms);
        collect(graph, it.b, -sign, first_flux, species, terms);
        break;
    case Operation::negate: collect(graph, it.a, -sign, first_flux, species, terms); break;
    case Operation::symbol:
        if (it.a >= first_flux) {
            terms.push_back({it.a - first_flux, species, sign});
        }
        break;
    default: break; // a model whose balances are more than sums has fewer terms in its picture
    }
}

std::vector<double> fluxes_of(const ModelEntry& model, const Instance& instance, std::span<const double> state)
{
    std::vector<double> all(model.readouts.size() + model.fluxes.size());
    instance.observe(state, all);
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(model.readouts.size()));
    return all;
}

} // namespace

std::string written(std::string_view name)
{
    if (const auto place = std::ranges::find(niche_places, name, &Place::name); place != niche_places.end()) {
        return std::string(place->label);
    }
    // "peak_il1b" has a name in it.
    if (const std::size_t first = name.find('_'); first != std::string_view::npos) {
        const auto rest = std::ranges::find(niche_places, name.substr(first + 1), &Place::name);
        if (rest != niche_places.end()) {
            return std::string(name.substr(0, first)) + ' ' + std::string(rest->label);
        }
    }
    std::string words(name);
    std::ranges::replace(words, '_', ' ');
    return words;
}

Wiring wiring_of(const ModelEntry& model, std::span<const double> settings, std::span<const double> state)
{
    Wiring wiring;
    const std::size_t n_species = model.species.size();
    const auto columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(n_species))));
    for (std::size_t s = 0; s < n_species; ++s) {
        const auto place = std::ranges::find(niche_places, model.species[s].name, &Place::name);
        const bool known = model.name == "niche" && place != niche_places.end();
        wiring.boxes.push_back({written(model.species[s].name),
                                known ? place->column : static_cast<double>(s % columns),
                                known ? place->row : static_cast<double>(s / columns)});
    }
    const Equations equations = model.equations();
    for (std::size_t s = 0; s < n_species; ++s) {
        collect(equations.graph, equations.balances[s], 1, n_species + model.settings.size(), s, wiring.terms);
    }

    const Instance instance = model.make();
    instance.set(settings);
    const auto now = fluxes_of(model, instance, state);
    std::vector<double> gains(n_species), losses(n_species);
    for (const WiringTerm& term : wiring.terms) {
        const double effect = term.sign * now[term.flux];
        (effect > 0 ? gains : losses)[term.species] += std::abs(effect);
    }
    // How fluxes move with the logarithm of each species.
    constexpr double little = 1e-4, least_elasticity = 0.25, least_of_strongest = 0.02, least_share = 0.05;
    std::vector<std::vector<double>> moves(n_species);
    std::vector<double> moved(state.begin(), state.end());
    for (std::size_t from = 0; from < n_species; ++from) {
        moved[from] = state[from] * (1 + little);
        moves[from] = fluxes_of(model, instance, moved);
        moved[from] = state[from];
        for (std::size_t v = 0; v < now.size(); ++v) {
            moves[from][v] = (moves[from][v] - now[v]) / little;
        }
    }
    std::vector<WiringEdge> all;
    std::vector<double> strongest(n_species);
    for (const WiringTerm& term : wiring.terms) {
        // A flux that approaches an aim is nothing at the aim: its size is what it would be without one.
        const double size = std::max(std::abs(now[term.flux]), std::abs(moves[term.species][term.flux])),
                     whole = std::max(gains[term.species], losses[term.species]);
        for (std::size_t from = 0; from < n_species; ++from) {
            if (from != term.species && size > 0 && size >= least_share * whole) {
                const double elasticity = term.sign * moves[from][term.flux] / size;
                all.push_back({from, term.flux, term.species, elasticity});
                strongest[term.species] = std::max(strongest[term.species], std::abs(elasticity));
            }
        }
    }
    std::ranges::copy_if(all, std::back_inserter(wiring.edges), [&](const WiringEdge& edge) {
        const double strength = std::abs(edge.elasticity);
        return strength >= least_elasticity || (strength >= least_of_strongest && strength == strongest[edge.to]);
    });
    return wiring;
}

} // namespace osteoflare::scenarios::reporting
