#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace osteoflare::scenarios::spatial {

/// Bone as a height map: mineralised bone, woven bone on top of it, and the osteoblast precursors on it. What is eaten
/// and laid is kept count of, column by column. Columns are (y, x), periodic.
class BoneSurface {
public:
    BoneSurface(std::size_t nx, std::size_t ny, double spacing, double height, double ceiling);

    std::size_t n_columns() const { return bone_.size(); }
    double area() const { return static_cast<double>(n_columns()) * column_area(); } ///< [um^2]
    double column_area() const { return spacing_ * spacing_; }                       ///< [um^2]
    double first_height() const { return first_height_; }                            ///< [um]

    std::span<const double> bone() const { return bone_; }             ///< height [um]
    std::span<const double> woven() const { return woven_; }           ///< thickness on top of it [um]
    std::span<const double> total() const { return total_; }           ///< both: where marrow begins
    std::span<const double> precursors() const { return precursors_; } ///< of osteoblasts, fold of healthy
    std::span<const double> resorbed() const { return resorbed_; }     ///< since the start [um]
    std::span<const double> formed() const { return formed_; }         ///< since the start [um]

    void start(double bone, double woven, double precursors);
    /// Forgets the work of the last step.
    void clear_work();
    /// A disc that eats `volume_rate` [um^3/d] of bone of the first height, and less in proportion where less is left.
    void eat(double x, double y, double diameter, double volume_rate);
    /// Lays this much [um^3/d] on the lowest of the nine columns around a point.
    void lay(double x, double y, double volume_rate);
    /// One column's step: bone eaten and laid, woven bone (in units of the first height) made and removed, precursors.
    void advance(std::size_t column, double step, double woven_rate, double precursor_rate);

    /// The lowest voxel above the surface, for voxels of the column's width; keeps to `present` within a micrometre.
    std::uint32_t lowest_open(std::size_t column, std::uint32_t present, std::uint32_t n_layers) const;

    /// Calls see(column of numbers) for all that a checkpoint must hold.
    template <class Self, class See>
    static void visit(Self& self, See see)
    {
        see(self.bone_);
        see(self.woven_);
        see(self.total_);
        see(self.precursors_);
        see(self.resorbed_);
        see(self.formed_);
    }

private:
    std::size_t nx_, ny_;
    double spacing_, first_height_, ceiling_;
    std::vector<double> bone_, woven_, total_, precursors_, resorbed_, formed_;
    std::vector<double> eating_, laying_; ///< [1/d], [um/d]
};

} // namespace osteoflare::scenarios::spatial
