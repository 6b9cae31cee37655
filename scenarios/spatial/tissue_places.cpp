#include "scenarios/spatial/tissue.hpp"

#include "scenarios/spatial/chance.hpp"
#include "solvers/random.hpp"

#include <algorithm>
#include <cmath>

namespace osteoflare::scenarios::spatial {

using namespace model::agents;
using solvers::agents::Vector;
using solvers::fields::Grid;

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

std::size_t Tissue::poisson(double expected, std::uint32_t purpose, std::uint64_t about) const
{
    if (expected >= most_at_once) {
        return most_at_once;
    }
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
    return std::min<std::size_t>(n, most_at_once);
}

/// `n`, and a note if that is as many as can come.
std::size_t Tissue::come(std::size_t n)
{
    flooded_ = flooded_ || n >= most_at_once;
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

} // namespace osteoflare::scenarios::spatial
