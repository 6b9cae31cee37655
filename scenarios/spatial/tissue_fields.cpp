#include "scenarios/spatial/tissue_fields.hpp"

#include <algorithm>

namespace osteoflare::scenarios::spatial {

using solvers::fields::Diffusion;
using solvers::fields::Grid;
using solvers::fields::Substance;

std::vector<model::Description> mediator_descriptions()
{
    std::vector<model::Description> all;
    model::agents::Site site{};
    model::agents::Site::visit(site, [&](double& value, const model::Description& entry) {
        if (all.size() < n_mediators && &value == &(site.*mediators[all.size()])) {
            all.push_back(entry);
        }
    });
    return all;
}

std::vector<Substance> TissueFields::substances(const model::agents::World& world)
{
    const auto& p = world.niche;
    const auto& space = world.space;
    constexpr double per_second = 86400; // to per day
    const double cytokine = space.cytokine_diffusion * per_second, damage = space.damage_diffusion * per_second,
                 pge2 = space.pge2_diffusion * per_second, ros = space.ros_diffusion * per_second;
    return {
        // (A3)
        {"damage", damage, p.damage_clearance},
        {"il1b", cytokine, p.il1b_clearance},
        {"il1ra", cytokine, p.il1ra_clearance},
        {"il10", cytokine, p.il10_clearance},
        {"tnf", cytokine, p.tnf_clearance},
        {"il6", cytokine, p.il6_clearance},
        {"cxcl1", cytokine, p.cxcl1_clearance},
        {"ccl2", cytokine, p.ccl2_clearance},
        {"pge2", pge2, p.pge2_turnover},
        {"ros", ros, p.ros_turnover},
        // (A4)
        {"neutrophils as felt", cytokine, space.sensing_turnover},
        {"macrophages as felt", cytokine, space.sensing_turnover},
        {"precursors as felt", cytokine, space.sensing_turnover},
        {"osteoclasts as felt", cytokine, space.sensing_turnover},
        // (A6)
        {"dead neutrophils", cytokine, space.engulfment},
    };
}

TissueFields::TissueFields(const Grid& grid, const model::agents::World& world, double step)
    : step_(step),
      substances_(substances(world)),
      diffusion_(grid, substances_, step),
      lowest_open_(grid.nx * grid.ny, 0),
      n_open_(grid.n_voxels()),
      voxel_volume_(grid.spacing * grid.spacing * grid.spacing * 1e-9)
{
    refer();
}

void TissueFields::refer()
{
    for (std::size_t i = 0; i < n_fields; ++i) {
        values_[i] = diffusion_.values(i);
        sources_[i] = diffusion_.sources(i);
    }
}

void TissueFields::fill(Field field, double value)
{
    const Grid& g = grid();
    for (std::size_t z = 0; z < g.nz; ++z) {
        for (std::size_t y = 0; y < g.ny; ++y) {
            for (std::size_t x = 0; x < g.nx; ++x) {
                values_[index(field)][offset(x, y, z)] = is_open(x, y, z) ? value : 0;
            }
        }
    }
}

double TissueFields::mean(Field field) const
{
    return diffusion_.total(index(field)) * 1e-9 / open_volume();
}

void TissueFields::set_lowest_open(std::vector<std::uint32_t> lowest)
{
    const Grid& g = grid();
    lowest_open_ = std::move(lowest);
    std::vector<std::uint8_t> closed(g.n_voxels());
    n_open_ = 0;
    for (std::size_t z = 0; z < g.nz; ++z) {
        for (std::size_t y = 0; y < g.ny; ++y) {
            for (std::size_t x = 0; x < g.nx; ++x) {
                const bool open = is_open(x, y, z);
                closed[g.voxel(x, y, z)] = open ? 0 : 1;
                n_open_ += open ? 1 : 0;
            }
        }
    }
    diffusion_.close(closed);
}

void TissueFields::set(const model::agents::World& world)
{
    auto wanted = substances(world);
    const auto same = [](const Substance& a, const Substance& b) {
        return a.diffusion == b.diffusion && a.decay == b.decay;
    };
    if (std::ranges::equal(wanted, substances_, same)) {
        return;
    }
    Diffusion changed(grid(), wanted, step_);
    for (std::size_t i = 0; i < n_fields; ++i) {
        std::ranges::copy(values(i), changed.values(i));
    }
    diffusion_ = std::move(changed);
    substances_ = std::move(wanted);
    refer();
    set_lowest_open(lowest_open_);
}

std::span<const double> TissueFields::values(std::size_t field) const
{
    return {values_[field], offset(0, 0, grid().nz)};
}

std::span<double> TissueFields::values(std::size_t field)
{
    return {values_[field], offset(0, 0, grid().nz)};
}

} // namespace osteoflare::scenarios::spatial
