#pragma once

#include "scenarios/analyses/steady/steady.hpp"
#include "solvers/steady/branch.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

/// A scenario's steady states as one of its parameters moves, or two.
namespace osteoflare::scenarios {

/// What a site does in the long run, by the stable steady states that there are.
enum class Region : std::uint8_t {
    healthy = 0,  ///< only healthy ones; of a model that does not say what ill is: exactly one
    bistable = 1, ///< several: where it ends depends on where it was
    inflamed = 2, ///< only ill ones
    none = 3,     ///< no stable one was found: it oscillates, or leaves the range of what is possible
};

/// The regions at one value of the second parameter: region i lies below borders[i], the last one above them all.
struct MapRow {
    double second = 0;
    std::vector<double> borders; ///< values of the first parameter, ascending
    std::vector<Region> regions;
    std::vector<solvers::steady::FoldPoint> folds;
    std::size_t n_lost = 0; ///< branches that could not be followed to the end
};

struct RegionMap {
    std::vector<MapRow> rows; ///< evenly spaced in the second parameter
    std::vector<solvers::steady::FoldCurve> fold_curves;
};

struct Continuation {
    std::vector<double> settings;                  ///< at the end of the run
    std::vector<solvers::steady::Branch> branches; ///< in the first parameter, the second having its own value
    std::size_t n_seeds = 0;                       ///< steady states that branches were looked for through
    std::size_t n_failed = 0, n_unsettled = 0;     ///< starts that led to none
    std::size_t n_lost = 0;                        ///< branches that could not be followed to the end
    std::optional<RegionMap> map;
};

/// A steady state at a value of the first parameter.
struct Seed {
    double p = 0;
    std::vector<double> state;
};

/// The branches through all seeds, each once.
std::vector<solvers::steady::Branch> follow_branches(const Scenario& scenario, const std::vector<double>& settings,
                                                     const Moved& moved, const std::vector<Seed>& seeds);

/// Follows the plan in scenario.continuation, which must be there. Seeds are the states that find_steady_states finds
/// at five values of the first parameter; branches that none of them lies on are not seen. The same whatever the
/// threads.
Continuation continue_states(const Scenario& scenario, std::size_t threads);

/// The map of both parameters: rows of branches, and the fold curves through all folds on them.
RegionMap map_regions(const Scenario& scenario, const Continuation& along, const std::vector<Seed>& seeds,
                      std::size_t n_rows, std::size_t threads);

} // namespace osteoflare::scenarios
