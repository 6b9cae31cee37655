#include "scenarios/spatial/tissue.hpp"

#include "scenarios/spatial/chance.hpp"

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::spatial {

using namespace model::agents;
using solvers::agents::Vector;
using solvers::fields::Grid;

/// Osteoclasts and osteoblasts mark where they work.
void Tissue::plan_bone_work()
{
    surface_.clear_work();
    const auto& agents = population_.agents();
    const Grid& grid = fields_.grid();
    const double bone_volume = surface_.area() * surface_.first_height();
    const auto column_of = [&](std::size_t i) {
        const auto cell = [&](double at, std::size_t n) {
            return std::min(static_cast<std::size_t>(at / plan_.voxel), n - 1);
        };
        return cell(agents.y[i], grid.ny) * grid.nx + cell(agents.x[i], grid.nx);
    };
    for (std::size_t i = 0; i < agents.size(); ++i) {
        if (agents.kind[i] == static_cast<std::uint8_t>(Cell::osteoclast)) {
            const Surface rates = model::agents::surface(blood_, surface_place_at(column_of(i)), world_);
            surface_.eat(agents.x[i], agents.y[i], diameter(i),
                         rates.resorption / first_marrow_ * bone_volume); // (A21)
        } else if (agents.kind[i] == static_cast<std::uint8_t>(Cell::osteoblast)) {
            surface_.lay(agents.x[i], agents.y[i],
                         formation(world_) / (world_.space.osteoblasts_healthy * first_marrow_) * bone_volume); // (A23)
        }
    }
}

/// Uses precursors near a point: the nearest `least`, and others within the distance of fusion up to `most`. The blood
/// replaces them, as NICHE's supply is not used up by fusion. Returns their number.
double Tissue::take_precursors(const Vector& at, std::size_t least, std::size_t most)
{
    const auto& agents = population_.agents();
    struct Near {
        double distance;
        std::size_t agent;
    };
    std::vector<Near> near;
    const auto apart = [](double a, double b, double period) {
        const double d = std::abs(a - b);
        return std::min(d, period - d);
    };
    // Those that a voxel's list still holds, in a fixed order.
    for (std::size_t i = 0; i < population_.begin(fields_.grid().n_voxels()); ++i) {
        if (agents.kind[i] == static_cast<std::uint8_t>(Cell::osteoclast_precursor) && !population_.is_removed(i)) {
            const double dx = apart(agents.x[i], at.x, plan_.width), dy = apart(agents.y[i], at.y, plan_.depth),
                         dz = agents.z[i] - at.z;
            near.push_back({dx * dx + dy * dy + dz * dz, i});
        }
    }
    std::ranges::stable_sort(near, {}, &Near::distance);
    const double reach = world_.space.fusion_distance * world_.space.fusion_distance;
    std::size_t n = 0;
    while (n < near.size() && n < most && (n < least || near[n].distance <= reach)) {
        population_.put(near[n].agent, at_a_vessel());
        ++n;
    }
    return static_cast<double>(n);
}

void Tissue::fuse_at(std::size_t column)
{
    const auto& space = world_.space;
    const std::size_t nx = fields_.grid().nx;
    const double floor = surface_.total()[column];
    const Vector at = somewhere_in(column % nx, column / nx, floor, floor);
    const double nuclei =
        take_precursors(at, static_cast<std::size_t>(space.nuclei_least), static_cast<std::size_t>(space.nuclei_most));
    add(Cell::osteoclast, at, {std::max(nuclei, space.nuclei_least), 0, 0});
}

void Tissue::fuse_and_mature()
{
    const auto& agents = population_.agents();
    const std::size_t n_agents = population_.begin(fields_.grid().n_voxels());
    for (std::size_t i = 0; i < n_agents; ++i) {
        if (gains_nucleus_[i] != 0) {
            population_.carried(0)[i] += take_precursors({agents.x[i], agents.y[i], agents.z[i]}, 1, 1);
        }
    }
    const std::size_t nx = fields_.grid().nx;
    for (std::size_t c = 0; c < surface_.n_columns(); ++c) {
        for (std::size_t n = come(new_osteoclasts_[c]); n > 0; --n) {
            fuse_at(c);
        }
        for (std::size_t n = come(new_osteoblasts_[c]); n > 0; --n) {
            add(Cell::osteoblast, somewhere_in(c % nx, c / nx, surface_.total()[c], surface_.total()[c]));
        }
    }
}

/// Voxels that bone has left open up and get their stroma; those that it takes close over theirs.
void Tissue::follow_bone(std::size_t n_threads)
{
    const Grid& grid = fields_.grid();
    std::vector<std::uint32_t> lowest(fields_.lowest_open().begin(), fields_.lowest_open().end());
    bool changed = false;
    for (std::size_t c = 0; c < lowest.size(); ++c) {
        const std::uint32_t now = surface_.lowest_open(c, lowest[c], static_cast<std::uint32_t>(grid.nz));
        const std::size_t x = c % grid.nx, y = c / grid.nx;
        for (std::uint32_t z = now; z < lowest[c]; ++z) {
            const std::size_t voxel = grid.voxel(x, y, z);
            const auto& neighbour = stroma_state_[nearest_stroma_[voxel]];
            for (std::size_t n = poisson(world_.niche.stroma * fields_.voxel_volume(), opening, voxel); n > 0; --n) {
                const double bottom = z * plan_.voxel;
                add(Cell::stroma, somewhere_in(x, y, bottom, bottom + plan_.voxel), neighbour);
            }
        }
        for (std::uint32_t z = lowest[c]; z < now; ++z) {
            const std::size_t voxel = grid.voxel(x, y, z);
            shed_[grid.voxel(x, y, now)] += shed_[voxel];
            shed_[voxel] = 0;
            for (std::size_t i = population_.begin(voxel); i < population_.begin(voxel + 1); ++i) {
                if (population_.agents().kind[i] == static_cast<std::uint8_t>(Cell::stroma)) {
                    population_.remove(i);
                }
            }
        }
        changed = changed || now != lowest[c];
        lowest[c] = now;
    }
    if (changed) {
        fields_.set_lowest_open(std::move(lowest));
    }
    population_.regroup(n_threads);
    if (changed) {
        find_nearest_stroma();
    }
}

} // namespace osteoflare::scenarios::spatial
