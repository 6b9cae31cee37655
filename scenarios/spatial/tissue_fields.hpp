#pragma once

#include "model/agents/behaviours.hpp"
#include "solvers/fields/diffusion.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace osteoflare::scenarios::spatial {

/// What diffuses: mediators, and what cells feel of each other's density.
enum class Field : std::uint8_t {
    damage,
    il1b,
    il1ra,
    il10,
    tnf,
    il6,
    cxcl1,
    ccl2,
    pge2,
    ros,
    neutrophils,
    macrophages,
    precursors,
    osteoclasts,
    dead_neutrophils,
};
inline constexpr std::size_t n_fields = 15, n_mediators = 10;
inline constexpr std::array<double model::agents::Site::*, n_mediators> mediators = {
    &model::agents::Site::damage, &model::agents::Site::il1b, &model::agents::Site::il1ra, &model::agents::Site::il10,
    &model::agents::Site::tnf,    &model::agents::Site::il6,  &model::agents::Site::cxcl1, &model::agents::Site::ccl2,
    &model::agents::Site::pge2,   &model::agents::Site::ros,
};

/// Name, unit and meaning of each mediator.
std::vector<model::Description> mediator_descriptions();

/// The fields over the box's voxels, with the diffusion and clearance that the parameters name.
class TissueFields {
public:
    TissueFields(const solvers::fields::Grid& grid, const model::agents::World& world, double step);

    const solvers::fields::Grid& grid() const { return diffusion_.grid(); }
    double voxel_volume() const { return voxel_volume_; }                               ///< [uL]
    double open_volume() const { return static_cast<double>(n_open_) * voxel_volume_; } ///< [uL]
    std::size_t offset(std::size_t x, std::size_t y, std::size_t z) const { return diffusion_.offset(x, y, z); }
    double value(Field field, std::size_t offset) const { return values_[index(field)][offset]; }
    void set_source(std::size_t field, std::size_t offset, double rate) { sources_[field][offset] = rate; }
    /// Puts an amount, spread over the voxel, into it at once.
    void add(Field field, std::size_t offset, double amount)
    {
        values_[index(field)][offset] += amount / voxel_volume_;
    }
    /// Fills the open voxels with one value.
    void fill(Field field, double value);
    /// Mean over the open voxels.
    double mean(Field field) const;

    /// The lowest open voxel of each column; below it is bone.
    std::span<const std::uint32_t> lowest_open() const { return lowest_open_; }
    bool is_open(std::size_t x, std::size_t y, std::size_t z) const { return z >= lowest_open_[y * grid().nx + x]; }
    void set_lowest_open(std::vector<std::uint32_t> lowest);

    /// Takes over parameters that diffusion and clearance depend on.
    void set(const model::agents::World& world);
    void advance(std::size_t n_steps, std::size_t n_threads) { diffusion_.advance(n_steps, n_threads); }

    /// All values of one field, (z, y, x), rows padded.
    std::span<const double> values(std::size_t field) const;
    std::span<double> values(std::size_t field);

private:
    static std::size_t index(Field field) { return static_cast<std::size_t>(field); }
    static std::vector<solvers::fields::Substance> substances(const model::agents::World& world);
    void refer();

    double step_;
    std::vector<solvers::fields::Substance> substances_;
    solvers::fields::Diffusion diffusion_;
    std::array<double*, n_fields> values_{}, sources_{};
    std::vector<std::uint32_t> lowest_open_;
    std::size_t n_open_ = 0;
    double voxel_volume_ = 0;
};

} // namespace osteoflare::scenarios::spatial
