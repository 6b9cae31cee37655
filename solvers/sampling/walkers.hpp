#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

/// Samples of a density that is known but for a factor.
namespace osteoflare::solvers::sampling {

/// Fills log densities of many points, (point, dimension): −infinity where the density is 0, NaN where it cannot be
/// computed. A point's value must depend on that point alone.
using LogDensity = std::function<void(std::span<const double> points, std::span<double> values)>;

/// Independent ensembles of walkers at one moment. Together with a seed, all that their future depends on: whoever
/// keeps this can go on to the same bits.
struct Walkers {
    std::size_t n_ensembles = 0, n_walkers = 0, n_dimensions = 0; ///< walkers of each ensemble
    std::uint64_t step = 0;
    std::vector<double> positions;               ///< (ensemble, walker, dimension)
    std::vector<double> log_densities;           ///< (ensemble, walker)
    std::vector<std::uint64_t> accepted, failed; ///< (ensemble): moves so far; failed ones could not be computed

    /// Fewer walkers could not move in all directions, or have nobody to look at.
    static std::size_t fewest(std::size_t n_dimensions);
};

/// Walkers at these places. Throws std::invalid_argument if sizes do not fit, the number of walkers is odd or below
/// Walkers::fewest, or a place has no density.
Walkers place_walkers(std::size_t n_ensembles, std::size_t n_walkers, std::size_t n_dimensions,
                      std::vector<double> positions, const LogDensity& log_density);

/// One step: every walker tries one move. Each ensemble is parted by chance into two halves that move in turn, and a
/// half looks at the other one only, so that all its moves are computed at once; so are those of all ensembles.
///
/// A move is one of three, drawn anew for each walker: four in ten are the stretch move (Goodman & Weare 2010, Commun
/// Appl Math Comput Sci 5:65, with a = 2); half go along the difference of two others (ter Braak 2006, Stat Comput
/// 16:239), one in five of these by the whole difference, which is how walkers change between modes; and the others
/// along the line to another walker (snooker, ter Braak & Vrugt 2008, Stat Comput 18:435). Random numbers are keyed by
/// (seed, step, walker, purpose).
void advance(Walkers& walkers, std::uint64_t seed, const LogDensity& log_density);

} // namespace osteoflare::solvers::sampling
