#include "scenarios/spatial/tissue.hpp"

#include <algorithm>
#include <numbers>

namespace osteoflare::scenarios::spatial {

using namespace model::agents;
using solvers::fields::Grid;

std::array<std::size_t, n_cell_kinds> Tissue::counts() const
{
    std::array<std::size_t, n_cell_kinds> n{};
    for (const std::uint8_t kind : population_.agents().kind) {
        ++n[kind];
    }
    return n;
}

double Tissue::diameter(std::size_t agent) const
{
    const auto kind = population_.agents().kind[agent];
    return kind == static_cast<std::uint8_t>(Cell::osteoclast)
               ? osteoclast_diameter(population_.agents().carried[0][agent], world_.space)
               : 2 * population_.kinds()[kind].radius;
}

bool Tissue::is_overcrowded() const
{
    const auto n = counts();
    double volume = 0; // of bodies [um3]; osteoclasts and osteoblasts lie flat on bone
    for (const Cell kind : {Cell::stroma, Cell::neutrophil, Cell::macrophage, Cell::osteoclast_precursor}) {
        const auto k = static_cast<std::size_t>(kind);
        const double radius = population_.kinds()[k].radius;
        volume += static_cast<double>(n[k]) * 4 / 3 * std::numbers::pi * radius * radius * radius;
    }
    return flooded_ || volume > marrow() * 1e9;
}

model::niche::State<double> Tissue::state() const
{
    model::niche::State<double> state{.circulation = blood_, .site = {}};
    Site& site = state.site;
    for (std::size_t i = 0; i < n_mediators; ++i) {
        site.*mediators[i] = fields_.mean(static_cast<Field>(i));
    }
    const auto& agents = population_.agents();
    const auto n = counts();
    const auto number = [&](Cell kind) { return static_cast<double>(n[static_cast<std::size_t>(kind)]); };
    site.neutrophils = number(Cell::neutrophil) / marrow();
    site.macrophages = number(Cell::macrophage) / marrow();
    site.osteoclast_precursors = number(Cell::osteoclast_precursor) / marrow() / world_.space.precursors_healthy;
    site.osteoclasts = number(Cell::osteoclast) / first_marrow_;
    site.osteoblasts = number(Cell::osteoblast) / first_marrow_ / world_.space.osteoblasts_healthy;
    double stores = 0;
    for (const double left : shed_) {
        stores += left;
    }
    std::array<double, 3> stroma{};
    for (std::size_t i = 0; i < agents.size(); ++i) {
        const auto kind = static_cast<Cell>(agents.kind[i]);
        if (kind == Cell::neutrophil || kind == Cell::macrophage) {
            stores += agents.carried[0][i];
        } else if (kind == Cell::stroma) {
            for (std::size_t c = 0; c < stroma.size(); ++c) {
                stroma[c] += agents.carried[c][i];
            }
        }
    }
    site.pro_il1b = stores / marrow();
    const double n_stroma = number(Cell::stroma);
    const auto mean_of_stroma = [&](std::size_t c) {
        return n_stroma > 0 ? stroma[c] / n_stroma : stroma_state_[0][c];
    };
    site.stromal_priming = mean_of_stroma(0);
    site.rankl_ratio = mean_of_stroma(1);
    site.il10_training = mean_of_stroma(2);
    const auto mean_of = [&](std::span<const double> columns) {
        double sum = 0;
        for (const double value : columns) {
            sum += value;
        }
        return sum / static_cast<double>(columns.size());
    };
    site.osteoblast_precursors = mean_of(surface_.precursors());
    site.bone = mean_of(surface_.bone()) / surface_.first_height();
    site.reactive_bone = mean_of(surface_.woven()) / surface_.first_height();
    return state;
}

Readouts<double> Tissue::readouts() const
{
    Readouts<double> seen{};
    double lowest = surface_.first_height(), perforated = 0;
    for (const double height : surface_.bone()) {
        lowest = std::min(lowest, height);
        perforated += height < world_.space.perforation_height ? 1 : 0;
    }
    seen.deepest_pit = surface_.first_height() - lowest;                      // (A30)
    seen.perforated = perforated / static_cast<double>(surface_.n_columns()); // (A31)
    const Grid& grid = fields_.grid();
    const double dense = world_.niche.onset_swelling * world_.niche.swelling_neutrophils;
    double inflamed = 0, open = 0;
    for (std::size_t z = 0; z < grid.nz; ++z) {
        for (std::size_t y = 0; y < grid.ny; ++y) {
            for (std::size_t x = 0; x < grid.nx; ++x) {
                if (fields_.is_open(x, y, z)) {
                    open += 1;
                    inflamed += fields_.value(Field::neutrophils, fields_.offset(x, y, z)) > dense ? 1 : 0;
                }
            }
        }
    }
    seen.lesion = inflamed / open; // (A32)
    return seen;
}

} // namespace osteoflare::scenarios::spatial
