#include "scenarios/spatial/tissue.hpp"

#include "scenarios/settings.hpp"
#include "scenarios/spatial/chance.hpp"

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::spatial {

using namespace model::agents;
using solvers::agents::Kind;
using solvers::agents::Mobility;
using solvers::agents::Vector;
using solvers::fields::Grid;

namespace {

std::vector<Kind> kinds_of(const Parameters<double>& p)
{
    const auto speed = [](double per_minute) { return per_minute * minutes_per_day; };
    const auto time = [](double minutes) { return minutes / minutes_per_day; };
    return {
        {"stroma", p.stroma_diameter / 2, Mobility::fixed, 0, 1, true},
        {"neutrophil", p.neutrophil_diameter / 2, Mobility::free, speed(p.neutrophil_speed),
         time(p.neutrophil_persistence), true},
        {"macrophage", p.macrophage_diameter / 2, Mobility::free, speed(p.macrophage_speed),
         time(p.crawling_persistence), true},
        {"osteoclast_precursor", p.precursor_diameter / 2, Mobility::free, speed(p.precursor_speed),
         time(p.crawling_persistence), true},
        // Flat on bone, where others walk over it.
        {"osteoclast", p.osteoclast_diameter_least / 2, Mobility::surface, speed(p.osteoclast_speed),
         time(p.osteoclast_persistence), false},
        {"osteoblast", p.osteoblast_diameter / 2, Mobility::surface, 0, 1, false},
    };
}

World world_of(std::span<const double> settings)
{
    World world{};
    take(settings, world.niche, world.inputs, world.space);
    return world;
}

} // namespace

Tissue::Tissue(const TissuePlan& plan, std::span<const double> settings, std::span<const double> start,
               std::uint64_t seed)
    : plan_(plan),
      seed_(seed),
      world_(world_of(settings)),
      population_(plan.grid(), kinds_of(world_.space), seed),
      fields_(plan.grid(), world_, to_days(plan.field_step)),
      surface_(plan.grid().nx, plan.grid().ny, plan.voxel, plan.bone_height, plan.height - plan.voxel)
{
    const Grid grid = plan.grid();
    model::niche::State<double> state{};
    take(start, state);
    blood_ = state.circulation;
    const Site& site = state.site;
    surface_.start(site.bone, site.reactive_bone, site.osteoblast_precursors);
    std::vector<std::uint32_t> lowest(surface_.n_columns());
    for (std::size_t c = 0; c < lowest.size(); ++c) {
        lowest[c] = surface_.lowest_open(c, 0, static_cast<std::uint32_t>(grid.nz));
    }
    fields_.set_lowest_open(std::move(lowest));
    first_marrow_ = marrow();

    for (std::size_t i = 0; i < n_mediators; ++i) {
        fields_.fill(static_cast<Field>(i), site.*mediators[i]);
    }
    const auto& p = world_.niche;
    const auto& space = world_.space;
    const double healthy_precursors = space.precursors_healthy;
    fields_.fill(Field::neutrophils, site.neutrophils);
    fields_.fill(Field::macrophages, site.macrophages);
    fields_.fill(Field::precursors, site.osteoclast_precursors * healthy_precursors);
    fields_.fill(Field::osteoclasts, site.osteoclasts);
    const Signals signals = model::niche::signals(blood_, site, world_.inputs, p);
    const double deaths = model::niche::cell_fluxes(blood_, site, signals, world_.inputs, p).neutrophil_death;
    fields_.fill(Field::dead_neutrophils, deaths / space.engulfment);

    // Vessels run along y, in the middle of the marrow's height.
    const auto n_vessels = std::max<std::size_t>(
        1, static_cast<std::size_t>(std::llround(plan.width / std::max(space.vessel_distance, plan.voxel))));
    vessel_layer_ =
        std::min<std::size_t>(grid.nz - 1, static_cast<std::size_t>((plan.bone_height + plan.height) / 2 / plan.voxel));
    const double layer_height = (static_cast<double>(vessel_layer_) + 0.5) * plan.voxel;
    for (std::size_t v = 0; v < n_vessels; ++v) {
        const std::size_t x = grid.nx * (2 * v + 1) / (2 * n_vessels);
        vessels_.push_back({(static_cast<double>(x) + 0.5) * plan.voxel, layer_height});
        for (std::size_t y = 0; y < grid.ny; ++y) {
            vessel_voxels_.push_back(y * grid.nx + x);
        }
    }

    shed_.assign(grid.n_voxels(), 0);
    for (std::size_t c = 0; c < surface_.n_columns(); ++c) {
        for (std::size_t z = fields_.lowest_open()[c]; z < grid.nz; ++z) {
            shed_[z * surface_.n_columns() + c] = site.pro_il1b * fields_.voxel_volume();
        }
    }
    const auto settle = [&](Cell kind, double per_marrow, std::array<double, 3> carried = {}) {
        const std::size_t n = rounded(per_marrow * marrow(), first_number + 16 * static_cast<std::uint32_t>(kind));
        const bool on_bone = population_.kinds()[static_cast<std::size_t>(kind)].mobility == Mobility::surface;
        for (std::size_t i = 0; i < n; ++i) {
            Vector at = somewhere();
            if (on_bone) {
                at.z = surface_.total()[static_cast<std::size_t>(at.y / plan_.voxel) * grid.nx
                                        + static_cast<std::size_t>(at.x / plan_.voxel)];
            }
            add(kind, at, carried);
        }
    };
    settle(Cell::stroma, p.stroma, {site.stromal_priming, site.rankl_ratio, site.il10_training});
    settle(Cell::neutrophil, site.neutrophils);
    settle(Cell::macrophage, site.macrophages);
    settle(Cell::osteoclast_precursor, site.osteoclast_precursors * healthy_precursors);
    settle(Cell::osteoclast, site.osteoclasts, {space.nuclei_least, 0, 0});
    settle(Cell::osteoblast, site.osteoblasts * space.osteoblasts_healthy);
    stroma_state_.assign(grid.n_voxels(), {site.stromal_priming, site.rankl_ratio, site.il10_training});
    nearest_stroma_.assign(grid.n_voxels(), 0);
    has_stroma_.assign(grid.n_voxels(), 0);
    surface_rates_.resize(surface_.n_columns());
    new_osteoclasts_.assign(surface_.n_columns(), 0);
    new_osteoblasts_.assign(surface_.n_columns(), 0);
    population_.regroup(1);
    find_nearest_stroma();
}

void Tissue::set(std::span<const double> settings)
{
    world_ = world_of(settings);
    fields_.set(world_);
    population_.set_kinds(kinds_of(world_.space));
}

void Tissue::add(Cell kind, const Vector& at, std::array<double, 3> carried)
{
    population_.add(static_cast<std::uint8_t>(kind), at, carried);
}

} // namespace osteoflare::scenarios::spatial
