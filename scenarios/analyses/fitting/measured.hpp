#pragma once

#include "scenarios/analyses/fitting/fit_problem.hpp"

#include <span>

/// What a measurement should show, given what the model does. `x` are a problem's parameters on the scale of the
/// search.
namespace osteoflare::scenarios {

double value_of(const Factor& factor, const FitProblem& problem, std::span<const double> x);

/// scale × quantity + offset, in the observable's unit; `quantity` in the model's own.
double predicted(const FitProblem& problem, const Observable& observable, std::span<const double> x, double quantity);

/// Middle and spread of a datum's noise, as solvers::fitting::share_of reads them: of incidence, m is the z-score of
/// the share that is ill.
struct Measured {
    double m = 0, s = 0;
};
Measured measured(const FitProblem& problem, const FitDatum& datum, std::span<const double> x, double prediction);

} // namespace osteoflare::scenarios
