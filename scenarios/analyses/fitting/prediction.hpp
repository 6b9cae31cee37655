#pragma once

#include "output/results_reader.hpp"
#include "scenarios/study.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// A scenario to be run at draws of a posterior.
struct PredictionAtDraws {
    Scenario scenario; ///< with a sweep over the draws
    std::vector<std::string> set,
        unused; ///< parameters of the posterior that act in the scenario, and those that do not
};

/// `scenario`, whose own sweep is left aside, at `n_members` draws of a sample's file: one at a random place in each of
/// as many equal parts of them. Parameters are found by their names. Throws InputError if the file holds no sample, or
/// one of another model, or if none of its parameters acts in the scenario.
PredictionAtDraws predict_at_draws(const output::ResultsReader& sample, const std::string& sample_name,
                                   Scenario scenario, std::size_t n_members);

} // namespace osteoflare::scenarios
