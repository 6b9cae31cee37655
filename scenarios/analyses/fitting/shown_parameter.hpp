#pragma once

#include "output/figures/figure.hpp"
#include "output/results_reader.hpp"

#include <string>
#include <vector>

/// What pictures of draws have in common.
namespace osteoflare::scenarios {

/// A parameter on the axis that shows it: log10 of what is searched on the scale of logarithms and spans much.
struct ShownParameter {
    std::string name, label;
    std::vector<double> x; ///< draws of equal weight
    double lower = 0, upper = 0;
    bool as_log = false, is_log = false;
    double kind = 0, prior_value = 0, prior_spread = 0;

    double on_axis(double value) const;
    /// The prior between two places on the axis, dotted; its area between the bounds is 1.
    output::Line prior(double from, double until) const;

private:
    double unscaled_prior(double at) const;
};

/// The parameters of a file with these draws, (draw, parameter), in their units. Whether an axis is one of logarithms
/// is decided by what it shows: the draws, or `with_bounds` all that lies between the bounds.
std::vector<ShownParameter> shown_parameters(const output::ResultsReader& file, const std::vector<double>& draws,
                                             bool with_bounds = false);

/// The pairs that go together most: three at most.
std::vector<output::Panel> pair_panels(const std::vector<ShownParameter>& all);

} // namespace osteoflare::scenarios
