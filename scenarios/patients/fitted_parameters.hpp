#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace osteoflare::scenarios::patients {

/// A parameter as data determined it.
struct FittedParameter {
    std::string name, unit;
    double value = 0;
};

/// The parameters that a results file of `osteoflare fit` or `osteoflare sample` holds: the best ones of a fit; of a
/// sample the median of each, or all of one `draw` (of all chains and walkers, in the order of the file), which keeps
/// what the data say of them together. Throws InputError for another file or a draw that it lacks, or
/// output::FileError.
std::vector<FittedParameter> read_fitted_parameters(const std::filesystem::path& file, std::optional<std::size_t> draw);

} // namespace osteoflare::scenarios::patients
