#pragma once

#include "scenarios/scenario.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// A quantity of a model, the value it has here at the start, and where that value comes from.
struct Valued {
    const model::Description* quantity = nullptr;
    double value = 0;
    std::string origin;            ///< "calibrated", or "genotype cmo; the model's default is 1 (genotype)"
    bool is_changed_later = false; ///< by an event
};

/// A moment after the start at which settings change.
struct Moment {
    struct Assigned {
        std::size_t setting = 0;
        double value = 0;
        std::string reason; ///< title of the intervention, or "back to its base"
    };
    double day = 0;
    std::vector<Assigned> assigned;
};

/// What is exported: one animal of a scenario, as numbers with their origins.
struct Subject {
    const ModelEntry* model = nullptr;
    std::string name, title, question;
    std::string genotype; ///< its name and title; empty for a model without genotypes
    double start_day = 0, end_day = 0;
    std::vector<Valued> species, settings; ///< in the order of the model's lists
    std::vector<Moment> moments;
};

/// The first member of a scenario; its sweep is left aside. Throws InputError like Study.
Subject subject_of(Scenario scenario);

/// The usual run of a model, with changes from the command line. Throws InputError.
Scenario model_scenario(const ModelEntry& model, const Library& library, const Overrides& overrides);

} // namespace osteoflare::scenarios
