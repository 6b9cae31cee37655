#include "scenarios/spatial/tissue.hpp"

#include "scenarios/settings.hpp"
#include "solvers/agents/turning.hpp"
#include "solvers/ensemble.hpp"
#include "solvers/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace osteoflare::scenarios::spatial {

using namespace model::agents;
using solvers::agents::Kind;
using solvers::agents::Mobility;
using solvers::agents::Population;
using solvers::agents::Vector;
using solvers::fields::Grid;

namespace {

/// What a random number is for: part of its key.
enum Purpose : std::uint32_t {
    dying = 1,
    gaining_nucleus,
    arriving_neutrophils,
    arriving_macrophages,
    arriving_precursors,
    dividing_macrophages,
    fusing,
    maturing,
    opening,
    first_number,
    standing,
};

constexpr double minutes_per_day = 1440;

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

/// The chance that an event of this many expected ones happens, 1 - exp(-expected): theory eq. (A2).
double chance(double expected)
{
    // Most are rare: the series is exact to 1e-12 of them, and quicker.
    constexpr double rare = 1e-3;
    if (expected < rare) {
        return expected * (1 - expected / 2 * (1 - expected / 3 * (1 - expected / 4)));
    }
    return solvers::agents::probability(expected);
}

} // namespace

/// What is collected in a column before it becomes sources: amounts per volume and day, (z, field).
struct Tissue::Column {
    std::vector<std::array<double, n_fields>> sources;
};

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

Site Tissue::site_at(std::size_t x, std::size_t y, std::size_t z) const
{
    const std::size_t at = fields_.offset(x, y, z);
    Site site{};
    for (std::size_t i = 0; i < n_mediators; ++i) {
        site.*mediators[i] = fields_.value(static_cast<Field>(i), at);
    }
    site.neutrophils = fields_.value(Field::neutrophils, at);
    site.macrophages = fields_.value(Field::macrophages, at);
    site.osteoclast_precursors = fields_.value(Field::precursors, at) / world_.space.precursors_healthy;
    site.osteoclasts = fields_.value(Field::osteoclasts, at);
    const auto& stroma = stroma_state_[nearest_stroma_[fields_.grid().voxel(x, y, z)]];
    site.stromal_priming = stroma[0];
    site.rankl_ratio = stroma[1];
    site.il10_training = stroma[2];
    return site;
}

Surroundings Tissue::place_at(std::size_t x, std::size_t y, std::size_t z) const
{
    const double dead = fields_.value(Field::dead_neutrophils, fields_.offset(x, y, z));
    return perceive(blood_, site_at(x, y, z), world_.space.engulfment * dead, world_); // (A6)
}

Surroundings Tissue::surface_place_at(std::size_t column) const
{
    const std::size_t nx = fields_.grid().nx;
    Surroundings place = place_at(column % nx, column / nx, fields_.lowest_open()[column]);
    place.site.osteoblast_precursors = surface_.precursors()[column];
    place.site.reactive_bone = surface_.woven()[column] / surface_.first_height();
    return place;
}

void Tissue::add(Cell kind, const Vector& at, std::array<double, 3> carried)
{
    population_.add(static_cast<std::uint8_t>(kind), at, carried);
}

// ---- random numbers, keyed by what they are for -----------------------------------------------------------------

std::size_t Tissue::poisson(double expected, std::uint32_t purpose, std::uint64_t about) const
{
    // By inversion; a sum of smaller ones where many are expected.
    constexpr double most = 16;
    std::size_t n = 0;
    for (std::uint32_t part = 0; expected > 0; ++part, expected -= most) {
        const double mean = std::min(expected, most);
        const double u =
            solvers::to_unit_interval(solvers::random_bits(seed_, purpose + 256 * part, about, step_number_));
        double term = 1 - chance(mean), sum = term;
        for (std::size_t k = 1; u > sum && term > 0; ++k) {
            term *= mean / static_cast<double>(k);
            sum += term;
            ++n;
        }
    }
    return n;
}

/// A whole number whose mean is `expected`.
std::size_t Tissue::rounded(double expected, std::uint32_t purpose) const
{
    const double u = solvers::to_unit_interval(solvers::random_bits(seed_, purpose, 0, step_number_));
    return static_cast<std::size_t>(std::floor(std::max(0.0, expected) + u));
}

/// For the next place that is drawn in this step.
std::array<std::uint32_t, 4> Tissue::words_for_place()
{
    return solvers::random_words(seed_, standing, n_placed_++, moment_);
}

Vector Tissue::somewhere_in(std::size_t x, std::size_t y, double bottom, double top)
{
    const auto words = words_for_place();
    const auto share = [&](std::size_t i) { return solvers::word_to_unit_interval(words[i]); };
    return {(static_cast<double>(x) + share(0)) * plan_.voxel, (static_cast<double>(y) + share(1)) * plan_.voxel,
            bottom + share(2) * (top - bottom)};
}

/// A place in the marrow, each as likely as any other.
Vector Tissue::somewhere()
{
    const Grid& grid = fields_.grid();
    const auto cell = [&](std::uint32_t word, std::size_t n) {
        return static_cast<std::size_t>(solvers::word_to_unit_interval(word) * static_cast<double>(n));
    };
    while (true) {
        const auto words = words_for_place();
        const std::size_t x = cell(words[0], grid.nx), y = cell(words[1], grid.ny), z = cell(words[2], grid.nz);
        const double bottom = static_cast<double>(z) * plan_.voxel;
        if (fields_.is_open(x, y, z)) {
            return somewhere_in(x, y, std::max(bottom, surface_.total()[y * grid.nx + x]), bottom + plan_.voxel);
        }
    }
}

Vector Tissue::at_a_vessel()
{
    const double share = solvers::word_to_unit_interval(words_for_place()[0]);
    const std::size_t column =
        vessel_voxels_[static_cast<std::size_t>(share * static_cast<double>(vessel_voxels_.size()))];
    const std::size_t layer = std::max<std::size_t>(vessel_layer_, fields_.lowest_open()[column]);
    const double bottom = static_cast<double>(layer) * plan_.voxel;
    return somewhere_in(column % fields_.grid().nx, column / fields_.grid().nx, bottom, bottom + plan_.voxel);
}

// ---- stroma's state, as others meet it --------------------------------------------------------------------------

void Tissue::remember_stroma()
{
    const auto& agents = population_.agents();
    const std::size_t n_voxels = fields_.grid().n_voxels();
    for (std::size_t v = 0; v < n_voxels; ++v) {
        if (has_stroma_[v] == 0) {
            continue;
        }
        for (std::size_t i = population_.begin(v); i < population_.begin(v + 1); ++i) {
            if (agents.kind[i] == static_cast<std::uint8_t>(Cell::stroma)) {
                stroma_state_[v] = {agents.carried[0][i], agents.carried[1][i], agents.carried[2][i]};
                break;
            }
        }
    }
}

/// From voxel to neighbouring voxel, starting at all that hold a stromal cell.
void Tissue::find_nearest_stroma()
{
    const Grid& grid = fields_.grid();
    std::vector<std::size_t> front;
    constexpr std::uint32_t unknown = ~std::uint32_t{0};
    std::ranges::fill(nearest_stroma_, unknown);
    std::ranges::fill(has_stroma_, std::uint8_t{0});
    for (std::size_t v = 0; v < grid.n_voxels(); ++v) {
        for (std::size_t i = population_.begin(v); i < population_.begin(v + 1); ++i) {
            if (population_.agents().kind[i] == static_cast<std::uint8_t>(Cell::stroma)) {
                has_stroma_[v] = 1;
                nearest_stroma_[v] = static_cast<std::uint32_t>(v);
                front.push_back(v);
                break;
            }
        }
    }
    for (std::size_t next = 0; next < front.size(); ++next) {
        const std::size_t v = front[next], x = v % grid.nx, y = v / grid.nx % grid.ny, z = v / grid.nx / grid.ny;
        const auto reach = [&](std::size_t neighbour) {
            if (nearest_stroma_[neighbour] == unknown) {
                nearest_stroma_[neighbour] = nearest_stroma_[v];
                front.push_back(neighbour);
            }
        };
        reach(grid.voxel((x + 1) % grid.nx, y, z));
        reach(grid.voxel((x + grid.nx - 1) % grid.nx, y, z));
        reach(grid.voxel(x, (y + 1) % grid.ny, z));
        reach(grid.voxel(x, (y + grid.ny - 1) % grid.ny, z));
        if (z + 1 < grid.nz) {
            reach(grid.voxel(x, y, z + 1));
        }
        if (z > 0) {
            reach(grid.voxel(x, y, z - 1));
        }
    }
    if (front.empty()) { // a tissue without stroma keeps the state that it began with
        for (std::size_t v = 0; v < grid.n_voxels(); ++v) {
            nearest_stroma_[v] = static_cast<std::uint32_t>(v);
        }
    }
}

// ---- one step ---------------------------------------------------------------------------------------------------

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

/// Cells that come out of the vessels, and macrophages that divide.
void Tissue::arrive()
{
    const Grid& grid = fields_.grid();
    const double step = plan_.step_days();
    const double share = marrow() / static_cast<double>(vessel_voxels_.size()); // what one voxel of vessel supplies
    for (std::size_t v = 0; v < vessel_voxels_.size(); ++v) {
        const std::size_t column = vessel_voxels_[v], x = column % grid.nx, y = column / grid.nx;
        const std::size_t z = std::max<std::size_t>(vessel_layer_, fields_.lowest_open()[column]);
        const Arrivals rates = arrivals(blood_, place_at(x, y, z), world_);
        const double bottom = static_cast<double>(z) * plan_.voxel;
        const auto come = [&](Cell kind, double rate, std::uint32_t purpose) {
            for (std::size_t n = poisson(rate * share * step, purpose, v); n > 0; --n) { // (A13)
                add(kind, somewhere_in(x, y, bottom, bottom + plan_.voxel));
            }
        };
        come(Cell::neutrophil, rates.neutrophils, arriving_neutrophils);
        come(Cell::macrophage, rates.macrophages, arriving_macrophages);
        come(Cell::osteoclast_precursor, rates.precursors, arriving_precursors);
    }
    for (std::size_t n = poisson(macrophage_renewal(world_) * marrow() * step, dividing_macrophages, 0); n > 0; --n) {
        add(Cell::macrophage, somewhere());
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
        for (std::size_t n = new_osteoclasts_[c]; n > 0; --n) {
            fuse_at(c);
        }
        for (std::size_t n = new_osteoblasts_[c]; n > 0; --n) {
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

// ---- what is seen of it -----------------------------------------------------------------------------------------

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
