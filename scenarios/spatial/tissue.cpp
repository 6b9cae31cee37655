#include "scenarios/spatial/tissue.hpp"

#include "scenarios/spatial/chance.hpp"
#include "solvers/ensemble.hpp"
#include "solvers/random.hpp"

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::spatial {

using namespace model::agents;
using solvers::agents::Vector;
using solvers::fields::Grid;

/// What is collected in a column before it becomes sources: amounts per volume and day, (z, field).
struct Tissue::Column {
    std::vector<std::array<double, n_fields>> sources;
};

/// Whether a column belongs to the disc in the middle of the box that an injury hurts.
bool Tissue::is_hurt(std::size_t column) const
{
    const std::size_t nx = fields_.grid().nx;
    const double radius = world_.space.injury_radius,
                 dx = (static_cast<double>(column % nx) + 0.5) * plan_.voxel - plan_.width / 2,
                 dy = (static_cast<double>(column / nx) + 0.5) * plan_.voxel - plan_.depth / 2;
    // However small it is, it hurts the column in the middle.
    const double reach = std::max(radius, plan_.voxel);
    return dx * dx + dy * dy <= reach * reach;
}

/// An injury hurts that disc as much as the niche's hurts the whole site.
void Tissue::plan_injury()
{
    injury_here_ = 0;
    if (world_.inputs.sterile_injury > 0) {
        std::size_t n_hurt = 0;
        for (std::size_t c = 0; c < surface_.n_columns(); ++c) {
            n_hurt += is_hurt(c) ? fields_.grid().nz - fields_.lowest_open()[c] : 0;
        }
        if (n_hurt > 0) {
            injury_here_ = // (A10)
                world_.inputs.sterile_injury * marrow() / (static_cast<double>(n_hurt) * fields_.voxel_volume());
        }
    }
}

void Tissue::live_in_voxel(std::size_t x, std::size_t y, std::size_t z, Column& scratch)
{
    const Grid& grid = fields_.grid();
    const std::size_t voxel = grid.voxel(x, y, z);
    const auto& agents = population_.agents();
    // Who stands in a hollow of a closed voxel lives on what is above it.
    const std::size_t level = std::max<std::size_t>(z, fields_.lowest_open()[y * grid.nx + x]);
    const std::size_t home = grid.voxel(x, y, level);
    auto& sources = scratch.sources[level];
    const double step = plan_.step_days(), per_volume = 1 / fields_.voxel_volume();
    const auto source = [&](Field field, double amount) {
        sources[static_cast<std::size_t>(field)] += amount * per_volume; // (A3)
    };

    const Surroundings place = place_at(x, y, level);
    const Ripening fate = ripening(place, world_);
    // Synthesis, ripening and decay of a store, by the implicit midpoint; what ripens is shed.
    const double loss = (fate.ripening + fate.decay) * step / 2;
    const auto store_after = [&](double store, double synthesis) {
        const double after = (store * (1 - loss) + synthesis * step) / (1 + loss); // (A7)
        source(Field::il1b, fate.ripening * (store + after) / 2);
        return after;
    };
    if (level == z && shed_[voxel] > 0) {
        shed_[voxel] = store_after(shed_[voxel], 0);
    }
    const std::size_t first = population_.begin(voxel), last = population_.begin(voxel + 1);
    if (first == last) {
        return;
    }
    const double felt = world_.space.sensing_turnover, on_surface = marrow() / first_marrow_;
    const auto u = [&](std::size_t i) {
        return solvers::to_unit_interval(solvers::random_bits(seed_, dying, agents.id[i], step_number_));
    };
    bool has_neutrophil = false, has_macrophage = false;
    Neutrophil neutrophil_here;
    Macrophage macrophage_here;
    Vector uphill{};
    double dies = 0, natural = 0, leaves = 0;
    const double precursor_leaves = chance(world_.niche.precursor_exchange * step);
    for (std::size_t i = first; i < last; ++i) {
        switch (static_cast<Cell>(agents.kind[i])) {
        case Cell::stroma: {
            Surroundings own = place;
            own.site.stromal_priming = agents.carried[0][i];
            own.site.rankl_ratio = agents.carried[1][i];
            own.site.il10_training = agents.carried[2][i];
            const Stroma does = model::agents::stroma(blood_, own, world_);
            source(Field::il10, does.il10);
            source(Field::il6, does.il6);
            source(Field::cxcl1, does.cxcl1);
            source(Field::ccl2, does.ccl2);
            source(Field::pge2, does.pge2);
            population_.carried(0)[i] += does.priming_approach * step; // (A11)
            population_.carried(1)[i] += does.rankl_approach * step;
            population_.carried(2)[i] += does.training_approach * step;
            break;
        }
        case Cell::neutrophil: {
            if (!has_neutrophil) {
                has_neutrophil = true;
                neutrophil_here = neutrophil(blood_, place, world_);
                const double rate = neutrophil_here.death + neutrophil_here.killing;
                dies = chance(rate * step);
                natural = rate > 0 ? dies * neutrophil_here.death / rate : 0;
                const std::size_t at = fields_.offset(x, y, level);
                const double here = fields_.value(Field::cxcl1, at);
                const auto beside = [&](std::size_t i2, std::size_t j, std::size_t k) {
                    return fields_.is_open(i2, j, k) ? fields_.value(Field::cxcl1, fields_.offset(i2, j, k)) : here;
                };
                const double span = 2 * plan_.voxel;
                const Vector gradient{
                    (beside((x + 1) % grid.nx, y, level) - beside((x + grid.nx - 1) % grid.nx, y, level)) / span,
                    (beside(x, (y + 1) % grid.ny, level) - beside(x, (y + grid.ny - 1) % grid.ny, level)) / span,
                    ((level + 1 < grid.nz ? beside(x, y, level + 1) : here)
                     - (level > 0 ? beside(x, y, level - 1) : here))
                        / span};
                const double slope =
                    std::sqrt(gradient.x * gradient.x + gradient.y * gradient.y + gradient.z * gradient.z);
                if (slope > 0) {
                    const double bias = chemotaxis(here, slope, world_.niche.cxcl1_half,
                                                   world_.space.neutrophil_diameter, world_.space.chemotaxis_gain);
                    uphill = {bias * gradient.x / slope, bias * gradient.y / slope, bias * gradient.z / slope};
                }
            }
            source(Field::tnf, neutrophil_here.tnf);
            source(Field::ros, neutrophil_here.ros);
            source(Field::neutrophils, felt); // (A4)
            double& store = population_.carried(0)[i];
            store = store_after(store, neutrophil_here.pro_il1b);
            population_.bias()[i] = uphill;
            if (const double draw = u(i); draw < dies) {
                population_.remove(i);
                shed_[home] += store; // (A8)
                if (draw < natural) {
                    source(Field::damage, damage_of_death(world_) / step);
                    source(Field::dead_neutrophils, 1 / step); // (A6)
                }
            }
            break;
        }
        case Cell::macrophage: {
            if (!has_macrophage) {
                has_macrophage = true;
                macrophage_here = macrophage(blood_, place, world_);
                leaves = chance(macrophage_here.loss * step);
            }
            source(Field::il1ra, macrophage_here.il1ra);
            source(Field::il10, macrophage_here.il10);
            source(Field::tnf, macrophage_here.tnf);
            source(Field::il6, macrophage_here.il6);
            source(Field::cxcl1, macrophage_here.cxcl1);
            source(Field::ccl2, macrophage_here.ccl2);
            source(Field::macrophages, felt);
            double& store = population_.carried(0)[i];
            store = store_after(store, macrophage_here.pro_il1b);
            if (u(i) < leaves) {
                population_.remove(i);
                shed_[home] += store;
            }
            break;
        }
        case Cell::osteoclast_precursor:
            source(Field::precursors, felt);
            population_.bias()[i] = {0, 0, -homing(place, world_)};
            if (u(i) < precursor_leaves) {
                population_.remove(i);
            }
            break;
        case Cell::osteoclast: {
            const Surface& rates = surface_rates_[y * grid.nx + x];
            source(Field::osteoclasts, felt * on_surface); // (A5)
            source(Field::damage, rates.resorption_damage * on_surface);
            const bool grows = agents.carried[0][i] < world_.space.nuclei_most;
            const double draw =
                solvers::to_unit_interval(solvers::random_bits(seed_, gaining_nucleus, agents.id[i], step_number_));
            gains_nucleus_[i] = grows && draw < chance(rates.nuclei * step) ? 1 : 0;
            if (u(i) < chance(rates.osteoclast_loss * step)) {
                population_.remove(i);
                gains_nucleus_[i] = 0;
            }
            break;
        }
        case Cell::osteoblast:
            if (u(i) < chance(surface_rates_[y * grid.nx + x].osteoblast_loss * step)) {
                population_.remove(i);
            }
            break;
        }
    }
}

void Tissue::live_in_column(std::size_t column, Column& scratch)
{
    const Grid& grid = fields_.grid();
    const std::size_t x = column % grid.nx, y = column / grid.nx, lowest = fields_.lowest_open()[column];
    scratch.sources.assign(grid.nz, {});

    const double step = plan_.step_days();
    const Surface rates = model::agents::surface(blood_, surface_place_at(column), world_);
    surface_rates_[column] = rates;
    const double share = first_marrow_ / static_cast<double>(surface_.n_columns()); // (A24)
    new_osteoclasts_[column] = static_cast<std::uint16_t>(poisson(rates.osteoclasts * share * step, fusing, column));
    new_osteoblasts_[column] = static_cast<std::uint16_t>(
        poisson(rates.osteoblasts * world_.space.osteoblasts_healthy * share * step, maturing, column));

    for (std::size_t z = 0; z < grid.nz; ++z) {
        const std::size_t voxel = grid.voxel(x, y, z);
        const bool has_agents = population_.begin(voxel) < population_.begin(voxel + 1);
        if (has_agents || (z >= lowest && shed_[voxel] > 0)) {
            live_in_voxel(x, y, z, scratch);
        }
    }
    const double injury = is_hurt(column) ? injury_here_ : 0;
    for (std::size_t z = lowest; z < grid.nz; ++z) {
        auto& sources = scratch.sources[z];
        const std::size_t at = fields_.offset(x, y, z);
        Surroundings bare{};
        bare.site.damage = fields_.value(Field::damage, at);
        bare.site.macrophages = fields_.value(Field::macrophages, at);
        const Background rest = background(blood_, bare, world_);
        sources[static_cast<std::size_t>(Field::damage)] += rest.damage + injury;
        sources[static_cast<std::size_t>(Field::il1ra)] += rest.il1ra;
        for (std::size_t f = 0; f < n_fields; ++f) {
            fields_.set_source(f, at, sources[f]);
        }
    }
    surface_.advance(column, step, rates.reactive_formation - rates.reactive_removal, rates.precursor_approach);
}

/// Cells that come out of the vessels, and macrophages that divide: at any time within the step, so that some are gone
/// before its end.
void Tissue::arrive()
{
    const Grid& grid = fields_.grid();
    const double step = plan_.step_days();
    const double share = marrow() / static_cast<double>(vessel_voxels_.size()); // what one voxel of vessel supplies
    double macrophages_left = 1;
    for (std::size_t v = 0; v < vessel_voxels_.size(); ++v) {
        const std::size_t column = vessel_voxels_[v], x = column % grid.nx, y = column / grid.nx;
        const std::size_t z = std::max<std::size_t>(vessel_layer_, fields_.lowest_open()[column]);
        const Surroundings place = place_at(x, y, z);
        const Arrivals rates = arrivals(blood_, place, world_);
        const double bottom = static_cast<double>(z) * plan_.voxel;
        const auto leave = [&](Cell kind, double rate, double left, std::uint32_t purpose) {
            for (std::size_t n = come(poisson(rate * share * step * left, purpose, v)); n > 0; --n) { // (A13)
                add(kind, somewhere_in(x, y, bottom, bottom + plan_.voxel));
            }
        };
        const Neutrophil neutrophil = model::agents::neutrophil(blood_, place, world_);
        const double loss = neutrophil.death + neutrophil.killing, neutrophils_left = share_left(loss * step);
        leave(Cell::neutrophil, rates.neutrophils, neutrophils_left, arriving_neutrophils);
        const double gone = rates.neutrophils * share * step * (1 - neutrophils_left);
        if (const double natural = gone > 0 ? gone * neutrophil.death / loss : 0; natural > 0) {
            const auto dead = static_cast<double>(poisson(natural, dying_newcomers, v));
            fields_.add(Field::damage, fields_.offset(x, y, z), dead * damage_of_death(world_));
            fields_.add(Field::dead_neutrophils, fields_.offset(x, y, z), dead);
        }
        macrophages_left = share_left(macrophage(blood_, place, world_).loss * step); // the same everywhere
        leave(Cell::macrophage, rates.macrophages, macrophages_left, arriving_macrophages);
        leave(Cell::osteoclast_precursor, rates.precursors, share_left(world_.niche.precursor_exchange * step),
              arriving_precursors);
    }
    const double divide = macrophage_renewal(world_) * marrow() * step * macrophages_left;
    for (std::size_t n = come(poisson(divide, dividing_macrophages, 0)); n > 0; --n) {
        add(Cell::macrophage, somewhere());
    }
}

/// Heun's method, under the fields before and after: theory eq. (A29).
void Tissue::advance_circulation(double il1b_before, double il6_before)
{
    const auto rates = [&](const Circulation& blood, double il1b, double il6) {
        Site site{};
        site.il1b = il1b;
        site.il6 = il6;
        const Signals signals = model::niche::signals(blood, site, world_.inputs, world_.niche);
        return model::niche::circulation_balance(model::niche::circulation_fluxes(
            blood, model::niche::spillover(site, world_.niche), signals.loss_progenitor, world_.inputs, world_.niche));
    };
    const auto plus = [](Circulation blood, const Circulation& slope, double step) {
        constexpr std::array quantities = {&Circulation::microbial_tone,    &Circulation::marrow_output,
                                           &Circulation::blood_neutrophils, &Circulation::blood_monocytes,
                                           &Circulation::plasma_il6,        &Circulation::acute_phase};
        for (const auto quantity : quantities) {
            blood.*quantity += step * slope.*quantity;
        }
        return blood;
    };
    const double step = plan_.step_days();
    const Circulation begin = rates(blood_, il1b_before, il6_before);
    const Circulation end = rates(plus(blood_, begin, step), fields_.mean(Field::il1b), fields_.mean(Field::il6));
    blood_ = plus(plus(blood_, begin, step / 2), end, step / 2);
}

void Tissue::step(std::size_t n_threads)
{
    remember_stroma();
    plan_bone_work();
    plan_injury();
    gains_nucleus_.assign(population_.size(), 0);
    // Everybody reads the present; agents and columns write only what is their own.
    const std::size_t n_columns = surface_.n_columns(), piece = 64, n_pieces = (n_columns + piece - 1) / piece;
    solvers::for_each_member(n_pieces, n_threads, [&](std::size_t i) {
        Column scratch;
        for (std::size_t c = i * piece; c < std::min(n_columns, (i + 1) * piece); ++c) {
            live_in_column(c, scratch);
        }
    });
    const double il1b = fields_.mean(Field::il1b), il6 = fields_.mean(Field::il6);
    fields_.advance(plan_.fields_per_step(), n_threads);
    population_.move(step_number_, plan_.step_days(), world_.space.settling_time / minutes_per_day, surface_.total(),
                     n_threads);
    moment_ = step_number_ + 1;
    n_placed_ = 0;
    fuse_and_mature();
    arrive();
    follow_bone(n_threads);
    advance_circulation(il1b, il6);
    ++step_number_;
}

} // namespace osteoflare::scenarios::spatial
