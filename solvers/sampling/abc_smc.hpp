#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

/// Draws of a posterior where data can be simulated, but nobody can compute how probable they are: approximate Bayesian
/// computation by sequential Monte Carlo (Toni et al. 2009, J R Soc Interface 6:187; Beaumont et al. 2009, Biometrika
/// 96:983).
namespace osteoflare::solvers::sampling {

/// Numbers spread evenly over (0, 1), one after the other.
using EvenNumbers = std::function<double()>;

/// What is known before there are data.
struct AbcPrior {
    std::function<void(const EvenNumbers& next, std::span<double> point)> draw;
    /// But for a constant; −infinity where the density is 0. Points that are drawn have a finite one.
    std::function<double(std::span<const double> point)> log_density;
};

/// Fills the simulated data of many points, (point, summary), each with the chance of its seed. What is not finite
/// failed. A point's data must depend on that point and its seed alone.
using Simulate = std::function<void(std::span<const double> points, std::span<const std::uint64_t> seeds,
                                    std::span<double> summaries)>;

struct AbcProblem {
    std::size_t n_dimensions = 0;
    AbcPrior prior;
    std::vector<double> observed; ///< (summary)
    Simulate simulate;
};

struct AbcOptions {
    std::size_t particles = 500;
    std::size_t rounds = 20;      ///< at most, with the first, which is the prior
    double tolerance = 0;         ///< small enough: the round that reaches it is the last
    double least_accepted = 0.02; ///< a round that accepts a smaller share is the last; given up at half of it
    std::uint64_t seed = 1;
};

/// A weighted sample of the parameters under which simulated data come as close as `tolerance`.
struct AbcRound {
    double tolerance = std::numeric_limits<double>::infinity();
    std::vector<double> points;    ///< (particle, dimension)
    std::vector<double> distances; ///< (particle)
    std::vector<double> weights;   ///< (particle), of sum 1
    std::uint64_t n_simulated = 0; ///< up to the last that was accepted
    std::uint64_t n_failed = 0;    ///< of these; never accepted
    double share_accepted() const; ///< of those simulated
    double effective_size() const; ///< independent draws with equal weights that would say as much
};

enum class AbcEnd : std::uint8_t {
    not_yet,
    tolerance_reached,
    few_accepted, ///< a smaller share than asked for
    all_rounds,
    no_progress, ///< the distances do not get smaller: most are equal
};

/// Plain data, on which together with the options all that follows depends: whoever keeps this can go on to the same
/// bits.
struct AbcState {
    std::vector<double> scales;          ///< (summary): usual deviations under the prior; from the first round on
    std::vector<AbcRound> rounds;        ///< that are over
    AbcRound current;                    ///< under way; in the end one that was given up, or empty
    std::vector<double> first_summaries; ///< (particle, summary) of the first round, while it is under way
    AbcEnd end = AbcEnd::not_yet;
};

/// Simulates the next `batch` proposals, or fewer if a round is over before.
///
/// The first round draws from the prior. From it come the scales: the median absolute deviation of each summary
/// (Prangle 2017, Bayesian Anal 12:289); where that is 0, the mean absolute deviation; where that is 0 too, 1. The
/// distance is the root mean square of (simulated − observed)/scale. The next
/// tolerance is the median of a round's distances. Later rounds draw a particle of the last one by
/// its weight and move it by a normal step with twice the weighted covariance; what leaves the prior is drawn again.
/// Weights are those of importance sampling, prior/mixture of these steps.
///
/// Proposal number k of round r draws from numbers keyed by (seed, r, k), and accepted are the first ones in the order
/// of k: the result has the same bits whatever the batches and threads. Throws std::invalid_argument if there are no
/// more than twice as many particles as dimensions, or the options make no sense.
void advance(AbcState& state, const AbcProblem& problem, const AbcOptions& options, std::size_t batch);

} // namespace osteoflare::solvers::sampling
