#pragma once

#include "scenarios/exporting/subject.hpp"

#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// What stands under one number of the theory page: a balance with its fluxes, or some intermediates. Lines of LaTeX in
/// mathematics mode, left and right of their equals sign.
struct EquationBlock {
    struct Line {
        std::string left, right;
    };
    std::string number; ///< empty for what has none
    std::vector<Line> lines;
};

/// A model's equations in the order of their numbers, each quantity under the number of its entry.
std::vector<EquationBlock> equation_blocks(const ModelEntry& model);

/// A document for LaTeX, to be compiled as it is: the equations with the numbers of the theory page, the values with
/// their origins, and what happens to the animal.
std::string latex_document(const Subject& subject);

} // namespace osteoflare::scenarios
