#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace osteoflare::solvers {

/// A direction in the space of parameters, and how well data know a step along it.
struct InformationMode {
    double eigenvalue = 0;         ///< of the Fisher information
    double standard_error = 0;     ///< of the step: 1 / sqrt(eigenvalue), infinite where data see nothing
    std::vector<double> direction; ///< (parameter): an eigenvector of length 1; its largest component is positive
};

/// Eigenvalues and eigenvectors of the Fisher information J^T J, the least known direction first. `slopes` is J,
/// (datum, parameter): how many standard errors a datum moves per unit of a parameter. Taken from the singular values
/// of J, since squaring it would lose what data hardly see; those below `tolerance` times the largest count as zero. As
/// many modes as parameters. Throws std::invalid_argument for slopes that are not finite.
std::vector<InformationMode> information_modes(std::span<const double> slopes, std::size_t n_parameters,
                                               double tolerance);

} // namespace osteoflare::solvers
