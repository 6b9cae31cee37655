#pragma once

#include "scenarios/scenario.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// One animal of a study: everything that its run depends on.
struct Member {
    std::size_t genotype = 0;     ///< index into Scenario::genotypes
    std::vector<double> settings; ///< at the start
    std::vector<Intervention> interventions;
    std::vector<double> varied; ///< value on each axis of the sweep, in its unit
};

/// The members of a scenario: one without a sweep. A pure function of scenario and seed.
class Study {
public:
    /// Throws InputError if some member's events leave the run or overlap, or a value leaves its range.
    explicit Study(Scenario scenario);

    const Scenario& scenario() const { return scenario_; }
    std::size_t size() const { return size_; }
    const std::vector<Axis>& axes() const;
    Member member(std::size_t index) const;

private:
    double axis_value(std::size_t axis, std::size_t member, double default_value) const;
    void check_members() const;

    Scenario scenario_;
    std::size_t size_ = 1;
    std::vector<double> points_; ///< of drawn designs, (member, axis) in (0, 1)
};

} // namespace osteoflare::scenarios
