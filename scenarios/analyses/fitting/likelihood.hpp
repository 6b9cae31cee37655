#pragma once

#include "scenarios/analyses/fitting/measured.hpp"
#include "scenarios/run.hpp"
#include "solvers/fitting/likelihood.hpp"

#include <span>
#include <vector>

namespace osteoflare::scenarios {

/// A fit's experiments, ready to be run at any parameters: those that share all but their genotype are members of one
/// study, and run side by side in lanes. Predictions come with exact derivatives, from forward sensitivities.
class Likelihood {
public:
    /// Throws InputError if the model has no equations.
    explicit Likelihood(FitProblem problem);
    Likelihood(const Likelihood&) = delete;
    Likelihood& operator=(const Likelihood&) = delete;

    const FitProblem& problem() const { return problem_; }
    /// The problem as the optimiser sees it: data, then priors as measurements of parameters; refers to this.
    solvers::fitting::Problem as_seen_by_solver() const;
    /// The number of data without priors, which come last.
    std::size_t n_data() const { return problem_.data.size(); }

    /// Throws InputError naming a parameter that no datum moves with at `x`. True if that could be looked at.
    bool check_touched(std::span<const double> x) const;

    std::vector<double> inward(std::span<const double> values) const;
    std::vector<double> outward(std::span<const double> x) const;
    std::vector<double> start() const; ///< on the scale of the search

    /// −log likelihood with priors at many points x, (point, parameter), which lie within the bounds. The experiments
    /// of all points run side by side in lanes on `threads` threads (0: all), without derivatives. Infinite where the
    /// data are impossible, NaN where a simulation fails. A point's value depends on that point alone.
    std::vector<double> negative_logs(std::span<const double> points, std::size_t threads) const;

    /// What each experiment's observables would measure at parameters x: (experiment, observable, time), NaN where not
    /// reached or before or after the experiment. Of incidence: the share that is ill.
    std::vector<double> courses(std::span<const double> x, const std::vector<double>& times) const;

private:
    /// Experiments that differ by genotype alone.
    struct Group {
        Scenario scenario; ///< with the genotypes and the derivatives
        std::vector<std::size_t> experiments, genotypes;
        std::vector<std::size_t> parameters;   ///< that set something in one of them, in the order of the derivatives
        std::vector<Axis> axes;                ///< the genotype, then these parameters
        std::vector<std::vector<double>> base; ///< (parameter, experiment): the value where it is not set
        std::vector<double> times;
        std::vector<std::size_t> data; ///< indices into the problem's
    };
    std::vector<Group> grouped(bool all) const;
    void finish(Group& group, bool all) const;
    /// The group at these parameters, run at `times`.
    Block run(const Group& group, std::span<const double> x, std::span<const double> times) const;
    /// Observed quantities, (datum, point), at the data's times and at those since which animals fell ill.
    struct ManyQuantities {
        std::vector<double> now, before;
    };
    /// Fills those of the group's data at many points; NaN where a run ends early.
    void run_many(const Group& group, std::span<const double> points, std::size_t threads,
                  ManyQuantities& quantities) const;
    /// Where the prediction of a datum at a moment stands in what comes out of its group.
    struct Cell {
        std::size_t experiment = 0, time = 0, column = 0; ///< within the group's
    };
    Cell place_of(const FitDatum& datum, const Group& group, double time) const;
    bool predict(std::span<const double> x, solvers::fitting::Predictions& at) const;
    std::size_t column_of(const Observable& observable) const;
    /// Fills prediction and spread of a datum; `before` is the quantity at `since`, if there is one.
    void predict_one(const FitDatum& datum, std::span<const double> x, const Quantity& now, const Quantity& before,
                     std::size_t index, solvers::fitting::Predictions& at) const;

    FitProblem problem_;
    std::vector<std::size_t> species_, readouts_; ///< that are observed
    std::vector<Group> groups_;
};

} // namespace osteoflare::scenarios
