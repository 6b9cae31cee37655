#pragma once

#include "model/agents/behaviours.hpp"
#include "model/agents/readouts.hpp"
#include "scenarios/schedule.hpp"
#include "scenarios/spatial/bone_surface.hpp"
#include "scenarios/spatial/tissue_fields.hpp"
#include "scenarios/spatial/tissue_plan.hpp"
#include "solvers/agents/population.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

/// The niche in space: where behaviours (model/agents) meet walking agents and fields (solvers).
namespace osteoflare::scenarios::spatial {

class ByteWriter;
class ByteReader;

/// A piece of bone marrow on bone, and the circulation that it shares with the rest of the animal.
///
/// Each step reads the state at its beginning; then sources are set, agents come, die, turn and walk, bone is eaten and
/// laid, fields advance under these sources, and the circulation under the mean of the fields before and after. The
/// coupling is of first order in the step. Nothing depends on the number of threads.
class Tissue {
public:
    /// `settings` and `start` are those of the model `agents`.
    Tissue(const TissuePlan& plan, std::span<const double> settings, std::span<const double> start, std::uint64_t seed);

    const TissuePlan& plan() const { return plan_; }
    const model::agents::World& world() const { return world_; }
    /// Changes parameters and inputs from the next step on.
    void set(std::span<const double> settings);
    void step(std::size_t n_threads);

    /// In the niche's terms: cells per volume of marrow, means of the fields.
    model::niche::State<double> state() const;
    model::agents::Readouts<double> readouts() const;

    const solvers::agents::Population& population() const { return population_; }
    const TissueFields& fields() const { return fields_; }
    const BoneSurface& surface() const { return surface_; }
    std::array<std::size_t, model::agents::n_cell_kinds> counts() const;
    double diameter(std::size_t agent) const; ///< [um]
    /// Whether more cells have come than the marrow has room for: rates are out of all bounds, and so is what follows.
    bool is_overcrowded() const;
    /// Where vessels run along y: x and z [um].
    const std::vector<std::array<double, 2>>& vessels() const { return vessels_; }
    std::uint32_t steps_done() const { return step_number_; }

    /// Everything that the rest of a run depends on, for load() into a tissue made of the same plan and seed.
    void save(ByteWriter& writer) const;
    /// Throws std::invalid_argument if this is not such a tissue.
    void load(ByteReader& reader);

private:
    struct Column;

    double marrow() const { return fields_.open_volume(); } ///< [uL]
    model::agents::Site site_at(std::size_t x, std::size_t y, std::size_t z) const;
    model::agents::Surroundings place_at(std::size_t x, std::size_t y, std::size_t z) const;
    model::agents::Surroundings surface_place_at(std::size_t column) const;

    void remember_stroma();
    void find_nearest_stroma();
    void plan_bone_work();
    void plan_injury();
    bool is_hurt(std::size_t column) const;
    void live_in_column(std::size_t column, Column& scratch);
    void live_in_voxel(std::size_t x, std::size_t y, std::size_t z, Column& scratch);
    void arrive();
    void fuse_and_mature();
    void fuse_at(std::size_t column);
    double take_precursors(const solvers::agents::Vector& at, std::size_t least, std::size_t most);
    void follow_bone(std::size_t n_threads);
    void advance_circulation(double il1b_before, double il6_before);

    /// At most `most_at_once`.
    std::size_t poisson(double expected, std::uint32_t purpose, std::uint64_t about) const;
    std::size_t come(std::size_t n);
    std::size_t rounded(double expected, std::uint32_t purpose) const;
    std::array<std::uint32_t, 4> words_for_place();
    solvers::agents::Vector somewhere_in(std::size_t x, std::size_t y, double bottom, double top);
    solvers::agents::Vector somewhere();
    solvers::agents::Vector at_a_vessel();
    void add(model::agents::Cell kind, const solvers::agents::Vector& at, std::array<double, 3> carried = {});

    static constexpr std::uint16_t most_at_once = 10'000; ///< in one place and step: more than any has room for

    TissuePlan plan_;
    std::uint64_t seed_;
    model::agents::World world_;
    model::agents::Circulation blood_{};
    solvers::agents::Population population_;
    TissueFields fields_;
    BoneSurface surface_;
    std::vector<std::array<double, 2>> vessels_;
    std::vector<std::size_t> vessel_voxels_; ///< (x, y) columns through which a vessel runs
    std::size_t vessel_layer_ = 0;
    double first_marrow_ = 0;                           ///< [uL]
    double injury_here_ = 0;                            ///< damage set free where an injury hurts [1/d]
    std::vector<double> shed_;                          ///< (voxel): pro-IL-1beta that dead cells left [pM uL]
    std::vector<std::array<double, 3>> stroma_state_;   ///< (voxel): of a stromal cell in it
    std::vector<std::uint32_t> nearest_stroma_;         ///< (voxel): voxel of the nearest stromal cell
    std::vector<std::uint8_t> has_stroma_;              ///< (voxel)
    std::vector<model::agents::Surface> surface_rates_; ///< (column)
    std::vector<std::uint8_t> gains_nucleus_;           ///< (agent)
    std::vector<std::uint16_t> new_osteoclasts_, new_osteoblasts_; ///< (column)
    bool flooded_ = false;                                         ///< somewhere as many came as can
    std::uint32_t step_number_ = 0;
    std::uint32_t moment_ = 0;   ///< of placing: 0 at the start, then the step after it
    std::uint64_t n_placed_ = 0; ///< since then
};

} // namespace osteoflare::scenarios::spatial
