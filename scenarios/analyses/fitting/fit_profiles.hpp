#pragma once

#include "output/figures/figure.hpp"
#include "output/results_reader.hpp"
#include "output/results_writer.hpp"
#include "scenarios/analyses/fitting/likelihood.hpp"
#include "solvers/fitting/profile.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace osteoflare::scenarios {

/// The profiles of some parameters of a fit, around its optimum.
struct Profiles {
    solvers::fitting::Maximum best;
    std::vector<std::size_t> parameters; ///< indices into the problem's
    std::vector<solvers::fitting::Profile> profiles;
};

/// Profiles `parameters`, each on its own, on `threads` threads (0: all). `progress` is told when one is done.
Profiles profile(const Likelihood& likelihood, const solvers::fitting::Maximum& best,
                 const std::vector<std::size_t>& parameters, std::size_t threads,
                 const std::function<void(std::size_t parameter)>& progress);

/// The optimum that a fit's file holds, found again from there. Throws InputError if the file is no fit of this problem
/// and these data, and output::FileError if it cannot be read.
solvers::fitting::Maximum best_of_file(const Likelihood& likelihood, const std::filesystem::path& file);

/// Indices of the parameters with these names, all without any. Throws InputError at `where` for an unknown one.
std::vector<std::size_t> parameters_named(const FitProblem& problem, const std::vector<std::string>& names,
                                          const std::string& where);

/// Profiles and records it in a file, which is refused before `find_best` is asked if it cannot be made. Throws
/// output::FileError.
Profiles record_profiles(const Likelihood& likelihood, const std::function<solvers::fitting::Maximum()>& find_best,
                         const std::vector<std::size_t>& parameters, std::size_t threads,
                         const std::function<void(std::size_t parameter)>& progress, const std::filesystem::path& path,
                         bool overwrite);

/// A verdict in words: "identifiable", or why not and what makes up for the parameter.
std::string describe(const FitProblem& problem, std::size_t parameter, const solvers::fitting::Profile& profile);

/// Writes and finishes profiles (docs/reference/file_format.md). Throws output::FileError.
void write_profiles(const Likelihood& likelihood, const Profiles& profiles, output::ResultsWriter& file);

/// The picture of profiles: −log likelihood above its lowest for each parameter, with the threshold of the 95 %
/// interval.
output::Figure profiles_figure(const output::ResultsReader& file);

} // namespace osteoflare::scenarios
