#include "scenarios/patients/fitted_parameters.hpp"

#include "output/results_reader.hpp"
#include "scenarios/reading/input_error.hpp"

#include <fmt/format.h>

namespace osteoflare::scenarios::patients {
namespace {

/// One value of each parameter.
std::vector<double> values_of(const output::ResultsReader& file, const std::string& path, bool is_fit,
                              std::optional<std::size_t> draw, std::size_t n_parameters)
{
    if (!draw) {
        return file.numbers(is_fit ? "estimate" : "median");
    }
    const auto all = is_fit ? std::vector<double>{} : file.numbers("value");
    const std::size_t n_draws = all.size() / n_parameters;
    if (*draw >= n_draws) {
        throw InputError({"--draw", 1, 1}, {fmt::format("there is no draw {}", *draw),
                                            is_fit ? fmt::format("{} is a fit, which has one set of parameters", path)
                                                   : fmt::format("{} holds {}, counted from 0", path, n_draws),
                                            is_fit ? "leave --draw out" : "choose a smaller number"});
    }
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(*draw * n_parameters);
    return {from, from + static_cast<std::ptrdiff_t>(n_parameters)};
}

} // namespace

std::vector<FittedParameter> read_fitted_parameters(const std::filesystem::path& path, std::optional<std::size_t> draw)
{
    const output::ResultsReader file(path);
    const auto analysis = file.text_attribute("", "analysis");
    if (analysis != "fit" && analysis != "sample") {
        throw InputError({"--parameters", 1, 1}, {fmt::format("{} holds no fitted parameters", path.string()),
                                                  analysis ? fmt::format("it is the result of osteoflare {}", *analysis)
                                                           : "it is the result of a run",
                                                  "give a file of osteoflare fit or osteoflare sample"});
    }
    const auto names = file.texts("parameter_name"), units = file.texts("parameter_units");
    const auto values = values_of(file, path.string(), analysis == "fit", draw, names.size());
    std::vector<FittedParameter> all;
    for (std::size_t i = 0; i < names.size(); ++i) {
        all.push_back({names[i], units[i], values[i]});
    }
    return all;
}

} // namespace osteoflare::scenarios::patients
