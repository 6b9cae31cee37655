#include "scenarios/analyses/fitting/measured.hpp"

#include <cmath>

namespace osteoflare::scenarios {
namespace {

/// A factor's value, and by which parameter it moves how.
struct FactorAt {
    double value = 0;
    std::optional<std::size_t> parameter;
    double by_x = 0;
};

FactorAt at(const Factor& factor, const FitProblem& problem, std::span<const double> x)
{
    if (!factor.parameter) {
        return {factor.value, std::nullopt, 0};
    }
    const FitParameter& parameter = problem.parameters[*factor.parameter];
    const double value = parameter.outward(x[*factor.parameter]);
    return {value, factor.parameter, parameter.is_log ? value : 1};
}

/// scale × quantity + offset, in the observable's unit.
Quantity scaled(const FitProblem& problem, const Observable& observable, std::span<const double> x,
                const Quantity& quantity)
{
    const FactorAt scale = at(observable.scale, problem, x), offset = at(observable.offset, problem, x);
    const double unscaled = quantity.value / observable.unit_factor;
    Quantity scaled = quantity;
    scaled.value = scale.value * unscaled + offset.value;
    if (scaled.by_x.empty()) {
        return scaled;
    }
    for (double& derivative : scaled.by_x) {
        derivative *= scale.value / observable.unit_factor;
    }
    if (scale.parameter) {
        scaled.by_x[*scale.parameter] += unscaled * scale.by_x;
    }
    if (offset.parameter) {
        scaled.by_x[*offset.parameter] += offset.by_x;
    }
    return scaled;
}

/// The probit of the share of animals that are ill where the model has this quantity.
Quantity probit(const FitProblem& problem, const Observable& observable, std::span<const double> x,
                const Quantity& quantity)
{
    Quantity probit = scaled(problem, observable, x, quantity);
    const double m = probit.value;
    if (m <= 0) { // no factor lifts it above any level: next to nobody is ill, whatever the parameters
        constexpr double nobody = -37;
        return {nobody, std::vector<double>(probit.by_x.size(), 0)};
    }
    // The share of animals whose factor lifts them above the level is Φ of this.
    const FactorAt spread = at(*observable.spread, problem, x);
    probit.value = std::log(m / observable.above) / spread.value;
    for (double& derivative : probit.by_x) {
        derivative /= m * spread.value;
    }
    if (spread.parameter && !probit.by_x.empty()) {
        probit.by_x[*spread.parameter] -= probit.value / spread.value * spread.by_x;
    }
    return probit;
}

} // namespace

Measured measured(const FitProblem& problem, const FitDatum& datum, std::span<const double> x, const Quantity& now,
                  const Quantity& before)
{
    const Observable& observable = problem.observables[datum.observable];
    if (datum.datum.noise != solvers::fitting::Noise::binomial) {
        const FactorAt spread = observable.spread ? at(*observable.spread, problem, x) : FactorAt{datum.spread, {}, 0};
        const double replicates = std::sqrt(datum.replicates);
        return {scaled(problem, observable, x, now), spread.value / replicates, spread.parameter,
                spread.by_x / replicates};
    }
    Measured ill{probit(problem, observable, x, now), 1, std::nullopt, 0};
    if (datum.since) {
        const Quantity earlier = probit(problem, observable, x, before);
        const auto newly = solvers::fitting::conditional_probit(earlier.value, ill.m.value);
        ill.m.value = newly.z;
        for (std::size_t p = 0; p < ill.m.by_x.size(); ++p) {
            ill.m.by_x[p] = newly.by_now * ill.m.by_x[p] + newly.by_before * earlier.by_x[p];
        }
    }
    return ill;
}

} // namespace osteoflare::scenarios
