#pragma once

#include "scenarios/run.hpp"
#include "scenarios/spatial/tissue.hpp"

namespace osteoflare::scenarios::spatial {

/// One member of a study, cell by cell: applies its events, and collects what the results keep of it.
class TissueRun {
public:
    TissueRun(const Scenario& scenario, const Member& member, std::span<const double> times);
    /// With the chance of this seed instead of the study's.
    TissueRun(const Scenario& scenario, const Member& member, std::span<const double> times, std::uint64_t seed);

    bool is_over() const { return now_ >= scenario_.end || !course_.report; }
    void step(std::size_t n_threads);

    Tick now() const { return now_; } ///< age
    const Tissue& tissue() const { return tissue_; }
    /// Complete when the run is over.
    const Course& course() const { return course_; }

    std::vector<std::byte> save() const;
    /// Goes on where save() was called, in a run of the same member. Throws std::invalid_argument for other bytes.
    void load(std::span<const std::byte> bytes);

private:
    void apply_changes();
    void look();
    void record();

    const Scenario& scenario_;
    Member member_;
    std::span<const double> times_;
    Tissue tissue_;
    Tick now_;
    std::size_t n_changes_ = 0, n_recorded_ = 0;
    Course course_;
    std::vector<double> before_; ///< quantities at the last look
    double looked_ = 0;          ///< when that was [d]
};

/// The seed of a member's chance: that of the study, and the member's replicate.
std::uint64_t seed_of(const Scenario& scenario, const Member& member);

} // namespace osteoflare::scenarios::spatial
