#include "scenarios/analyses/fitting/measured.hpp"

#include <cmath>

namespace osteoflare::scenarios {

double value_of(const Factor& factor, const FitProblem& problem, std::span<const double> x)
{
    return factor.parameter ? problem.parameters[*factor.parameter].outward(x[*factor.parameter]) : factor.value;
}

double predicted(const FitProblem& problem, const Observable& observable, std::span<const double> x, double quantity)
{
    return value_of(observable.scale, problem, x) * (quantity / observable.unit_factor)
           + value_of(observable.offset, problem, x);
}

Measured measured(const FitProblem& problem, const FitDatum& datum, std::span<const double> x, double prediction)
{
    const Observable& observable = problem.observables[datum.observable];
    const double spread = observable.spread ? value_of(*observable.spread, problem, x) : datum.spread;
    if (datum.datum.noise != solvers::fitting::Noise::binomial) {
        return {prediction, spread / std::sqrt(datum.replicates)};
    }
    if (prediction <= 0) { // no factor lifts it above any level: next to nobody is ill, whatever the parameters
        constexpr double nobody = -37;
        return {nobody, 1};
    }
    // The share of animals whose factor lifts them above the level is Φ of this.
    return {std::log(prediction / observable.above) / spread, 1};
}

} // namespace osteoflare::scenarios
