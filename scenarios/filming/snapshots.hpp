#pragma once

#include "output/film/scene.hpp"
#include "output/results_reader.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// The snapshots of a run in space as scenes that a film shows: the tissue from above and in a section or, of a slice,
/// the section alone. Colours and section are the same in all of them, chosen from all snapshots of the file.
class Snapshots {
public:
    /// `field` is the substance shown as colour (empty: IL-1beta). The file must outlive this object. Throws FileError
    /// if the file has no snapshots or not all that belongs to them, InputError for a field that it does not hold.
    Snapshots(const output::ResultsReader& file, std::string file_name, const std::string& field);

    const std::vector<double>& days() const { return days_; }
    const output::film::Film& film() const { return film_; }
    /// "day 42"
    std::string label(std::size_t snapshot) const;
    output::film::Moment moment(std::size_t snapshot) const;

private:
    struct Agents;

    std::vector<double> rows(const std::string& variable, std::size_t snapshot) const;
    std::vector<double> surface(std::size_t snapshot) const;
    Agents agents(std::size_t snapshot) const;
    void choose_section();
    void choose_scale();
    void describe_kinds();
    void add_courses();
    output::film::Grid from_above(const std::vector<double>& field) const;
    output::film::Grid section(const std::vector<double>& field) const;
    output::film::View top_view(std::size_t snapshot, const Agents& agents) const;
    output::film::View side_view(std::size_t snapshot, const Agents& agents) const;

    const output::ResultsReader& file_;
    std::string file_name_, field_;
    std::size_t nx_ = 0, ny_ = 0, nz_ = 0;
    double voxel_ = 0; ///< [µm]
    std::vector<double> days_;
    std::vector<double> start_;                        ///< height of the surface in the first snapshot [µm]
    std::vector<double> vessel_x_, vessel_z_;          ///< [µm]
    double vessel_diameter_ = 10;                      ///< [µm]
    std::size_t section_row_ = 0, deepest_column_ = 0; ///< voxels
    std::size_t n_kinds_ = 0;                          ///< categories that are cells, before that of the vessels
    std::vector<std::size_t> look_of_kind_;            ///< category of each kind of agent
    output::film::Film film_;
};

/// The snapshots nearest to the wanted days, each once, in the order of time; all if none is wanted. Throws InputError
/// for a day that is no number.
std::vector<std::size_t> nearest_snapshots(const std::vector<double>& days, const std::vector<double>& wanted);

/// `n` snapshots, evenly spaced in number, first and last among them; all if there are no more than that.
std::vector<std::size_t> spaced_snapshots(std::size_t n_snapshots, std::size_t n);

} // namespace osteoflare::scenarios
