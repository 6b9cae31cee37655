#pragma once

#include "scenarios/analyses/fitting/fit_problem.hpp"

#include <optional>
#include <span>
#include <vector>

/// What a measurement should show, given what the model does. `x` are a problem's parameters on the scale of the
/// search.
namespace osteoflare::scenarios {

/// A number, and how it moves with each parameter (on the scale of the search); empty if nobody asks.
struct Quantity {
    double value = 0;
    std::vector<double> by_x = {};
};

/// Middle and spread of a datum's noise, as solvers::fitting::share_of reads them. Of incidence the middle is the
/// probit of the share that is ill, of a survival curve that of those who fell ill since.
struct Measured {
    Quantity m;
    double s = 0;
    std::optional<std::size_t> spread_parameter; ///< with which s moves, by `s_by_x`
    double s_by_x = 0;
};

/// `now` is the observed quantity at the datum's time, `before` that at `since`, both in the model's own unit.
Measured measured(const FitProblem& problem, const FitDatum& datum, std::span<const double> x, const Quantity& now,
                  const Quantity& before = {});

} // namespace osteoflare::scenarios
