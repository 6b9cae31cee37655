#pragma once

#include "scenarios/analyses/fitting/fit_problem.hpp"
#include "scenarios/study.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// Makes data as a problem's experiments would give them: runs the model, reads each datum's observable at its time,
/// and draws its noise as the problem states it.
///
/// Of a model whose cells act by chance, each animal or group that the data table names is a tissue of its own, and
/// rows that name none share one for each experiment. So a mean over n animals is measured in one tissue, with noise
/// smaller by √n: chance in the tissue is not averaged.
class DataSimulator {
public:
    explicit DataSimulator(FitProblem problem);

    const FitProblem& problem() const { return problem_; }

    /// The data as they are compared, (datum): values, under lognormal noise their logarithms, of incidence counts.
    /// What lies below its detection limit counts as if it lay at it.
    std::vector<double> observed() const;

    /// The same simulated at points on the scale of the search, (point, parameter), each with the chance of its seed,
    /// on `threads` threads (0: all): (point, datum). NaN where a run does not get that far, infinite where there is no
    /// logarithm. A point's data depend on that point and its seed alone.
    void simulate(std::span<const double> points, std::span<const std::uint64_t> seeds, std::size_t threads,
                  std::span<double> data) const;

private:
    /// One simulation for each point: an animal, or an experiment.
    struct Run {
        std::size_t experiment = 0;
        std::string animal;
        std::vector<std::size_t> data; ///< indices into the problem's
        std::vector<double> times;     ///< [d]
    };
    /// The experiment of a run at all points: a member for each, or one for all if no parameter acts in it.
    Study study_of(const Run& run, std::span<const double> points) const;
    /// Where an observed quantity stands among the columns of a run.
    std::size_t column_of(std::size_t quantity) const;
    /// What a datum needs of a run: the observed quantity at its time, and at `since` if it has one.
    struct Seen {
        double now = 0, before = 0;
    };
    /// Of the run's data, (datum of the run), by what stands in a column at a time; `column(c, t)`.
    template <class Column>
    void look_up(const Run& run, Column column, std::span<Seen> seen) const;
    /// Of the run's data at all points, (point, datum of the run); NaN where it ends early.
    std::vector<Seen> solve(const Run& run, std::span<const double> points, std::size_t threads) const;
    std::vector<Seen> live(const Run& run, const Study& study, std::size_t member, std::uint64_t seed) const;
    /// Puts data that are alike in order.
    void order(std::span<double> data) const;
    double noisy(std::size_t datum, std::span<const double> x, const Seen& seen, std::uint64_t seed) const;

    FitProblem problem_;
    std::vector<std::size_t> species_, readouts_; ///< that are observed
    std::vector<Run> runs_;
    std::vector<std::vector<std::size_t>> alike_; ///< data that differ by their animal alone
};

} // namespace osteoflare::scenarios
