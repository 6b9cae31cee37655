#pragma once

#include "scenarios/scenario.hpp"
#include "solvers/designs.hpp"

#include <span>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// One animal of a study: what its run depends on beside what all members share (`Scenario`: model, start state, times,
/// tolerances). Made to be refilled: one that is used again costs no memory.
struct Member {
    std::size_t genotype = 0;                ///< index into Scenario::genotypes
    std::size_t replicate = 0;               ///< number of its chance: which of those that differ by it alone
    std::vector<double> settings;            ///< at the start
    std::vector<Change> changes;             ///< of settings, sorted by time
    std::vector<double> varied;              ///< value on each axis of the sweep, in its unit
    std::vector<Intervention> interventions; ///< its own, where a sweep varies them; else none: the scenario's hold
};

/// The members of a scenario: one without a sweep. A pure function of scenario and seed, drawn when asked for: a study
/// holds nothing that grows with the number of its members.
class Study {
public:
    /// Throws InputError if some member's events leave the run or overlap, or a value leaves its range.
    explicit Study(Scenario scenario);

    const Scenario& scenario() const { return scenario_; }
    std::size_t size() const { return size_; }
    const std::vector<Axis>& axes() const;

    /// Fills `member`, which may have been another one: a microsecond for a few axes, more where times vary.
    void member(std::size_t index, Member& member) const;
    Member member(std::size_t index) const;
    /// Where a point of the open unit cube lies on the axes of a drawn sweep, in their units (of a genotype, the
    /// index): what a member drawn there would have.
    std::vector<double> values_at(std::span<const double> point) const;
    /// What is done to this member.
    std::span<const Intervention> interventions(const Member& member) const;

private:
    double axis_value(std::size_t axis, std::size_t member, double default_value) const;
    void fill_genotype(std::size_t index, Member& member) const;
    void fill_interventions(std::size_t index, Member& member) const;

    void check_members() const;
    bool settings_stay_in_range(std::size_t axis) const;
    bool schedule_stays_possible() const;
    void check_settings(std::size_t index, const std::vector<std::size_t>& axes, Member& member) const;
    void check_schedule(std::size_t index, const std::vector<std::string>& names, Member& member) const;

    Scenario scenario_;
    std::size_t size_ = 1;
    solvers::UnitDesign design_;
    std::vector<std::vector<double>> base_settings_; ///< (genotype, setting): before any axis
    std::vector<Turn> turns_;                        ///< of the scenario's own interventions
    bool interventions_vary_ = false, times_vary_ = false;
};

/// The scenario with a sweep over chosen points instead of its own: member i has `values[a][i]` on axis a (in the unit
/// of what it varies; of a genotype, the index). The study of it checks that they stay in range.
Scenario at_points(Scenario scenario, std::vector<Axis> axes, std::vector<std::vector<double>> values);

} // namespace osteoflare::scenarios
