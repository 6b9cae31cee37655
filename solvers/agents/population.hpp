#pragma once

#include "solvers/fields/grid.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Agents that move through a box and push each other aside. What they are is the caller's business.
namespace osteoflare::solvers::agents {

struct PushEngine;

enum class Mobility {
    fixed,   ///< stays where it is
    free,    ///< walks through the box
    surface, ///< walks on the floor
};

/// What agents of one kind have in common; the unit of time is the caller's.
struct Kind {
    std::string name;
    double radius = 0; ///< [um]
    Mobility mobility = Mobility::fixed;
    double speed = 0;       ///< [um/time]
    double persistence = 1; ///< mean time between turns
    bool repels = true;     ///< pushes others aside and is pushed
};

struct Vector {
    double x = 0, y = 0, z = 0;
};

/// The agents as columns, one number per agent in each.
struct Columns {
    static constexpr std::size_t n_carried = 3;

    std::vector<std::uint64_t> id;
    std::vector<std::uint8_t> kind;
    std::vector<double> x, y, z;                         ///< [um]
    std::vector<double> heading_x, heading_y, heading_z; ///< of length 1
    std::array<std::vector<double>, n_carried> carried;  ///< whatever the caller wants an agent to carry

    std::size_t size() const { return id.size(); }
    /// Calls see(column) for each.
    template <class Self, class See>
    static void visit(Self& self, See see)
    {
        see(self.id);
        see(self.kind);
        see(self.x);
        see(self.y);
        see(self.z);
        see(self.heading_x);
        see(self.heading_y);
        see(self.heading_z);
        for (auto& column : self.carried) {
            see(column);
        }
    }
};

/// Agents in a box that is periodic in x and y, closed above, and has a floor that may be uneven.
///
/// Agents stand sorted by voxel, so that those of a voxel, and of its neighbours along x, lie side by side. A step
/// reads the state at its beginning only; random numbers are keyed by (seed, agent, step, purpose). So nothing depends
/// on the number of threads or the instruction set. In a box so narrow that two could touch around it both ways, they
/// do so the shorter way only.
class Population {
public:
    /// Throws std::invalid_argument for a kind with a negative constant, or one that reaches over more than eight
    /// voxels.
    Population(const fields::Grid& grid, std::vector<Kind> kinds, std::uint64_t seed);

    const fields::Grid& grid() const { return grid_; }
    const std::vector<Kind>& kinds() const { return kinds_; }
    /// Other constants for the same kinds, from the next regroup() on. Throws as the constructor does.
    void set_kinds(std::vector<Kind> kinds);
    const Columns& agents() const { return agents_; }
    std::size_t size() const { return agents_.size(); }
    /// Agents [begin(voxel), begin(voxel + 1)) are in this voxel.
    std::size_t begin(std::size_t voxel) const { return begin_[voxel]; }
    /// Numbers that an agent carries, to be changed in place.
    std::span<double> carried(std::size_t column) { return agents_.carried[column]; }

    /// How strongly and where to an agent turns, one for each: a new heading h is drawn with density (1 + bias h)/4 pi,
    /// so it must not be longer than 1. All zero after each regroup().
    std::span<Vector> bias() { return bias_; }

    /// One step of walking and pushing. `floor` is the height of the floor, (y, x) with x fastest. Headings turn with
    /// probability 1 - exp(-step/persistence), then agents go on along them; overlaps shrink with the time constant
    /// `settling`. Who meets floor or ceiling is mirrored there, heading and all, and who meets a higher column's side
    /// turns round: so walkers without a bias stay evenly spread. Call regroup() afterwards.
    void move(std::uint32_t step_number, double step, double settling, std::span<const double> floor,
              std::size_t n_threads);

    /// A new agent, from the next regroup() on. Its number is the next one.
    void add(std::uint8_t kind, const Vector& position, const std::array<double, Columns::n_carried>& carried);
    /// Agent `index` is gone from the next regroup() on.
    void remove(std::size_t index) { removed_[index] = 1; }
    bool is_removed(std::size_t index) const { return removed_[index] != 0; }
    /// Puts agent `index` elsewhere, from the next regroup() on.
    void put(std::size_t index, const Vector& position);

    /// Sorts by voxel, stably: without those removed, with those added at the end of their voxel.
    void regroup(std::size_t n_threads);

    /// For a later restore(): the next agent's number.
    std::uint64_t next_id() const { return next_id_; }
    /// Takes over agents that were sorted already.
    void restore(Columns agents, std::uint64_t next_id);

    /// Memory per agent, everything included [bytes].
    std::size_t bytes_per_agent() const;

private:
    std::size_t voxel_of(double x, double y, double z) const;
    void push(std::size_t n_threads);
    void walk(std::size_t i, std::uint32_t step_number, double step, std::span<const double> floor);
    void find_places();

    fields::Grid grid_;
    std::vector<Kind> kinds_;
    std::uint64_t seed_;
    const PushEngine* engine_;
    std::uint64_t next_id_ = 0;
    std::size_t reach_ = 1; ///< voxels to either side in which neighbours may be
    Columns agents_, sorted_;
    std::vector<std::uint32_t> begin_;             ///< (voxel), and the end
    std::size_t most_together_ = 0;                ///< in one voxel
    std::vector<std::uint32_t> voxel_, order_;     ///< (agent): where it is; who comes next
    std::vector<double> radius_;                   ///< (agent): of those that push; not a number of others
    std::vector<double> push_x_, push_y_, push_z_; ///< (agent): sum of overlaps with neighbours [um]
    std::vector<double> turning_;                  ///< (kind): probability in the present step
    std::vector<Vector> bias_;                     ///< (agent)
    std::vector<std::uint8_t> removed_;            ///< (agent)
    std::vector<std::vector<double>> scratch_;     ///< (thread): for pushing
};

} // namespace osteoflare::solvers::agents
