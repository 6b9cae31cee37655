#include "scenarios/analyses/fitting/parameters_file.hpp"

#include <cmath>

namespace osteoflare::scenarios {
namespace {

using output::Element;
using output::ResultsWriter;

void codes(ResultsWriter& file, const std::string& name, const char* meaning, const std::vector<std::uint8_t>& values,
           const std::vector<std::uint8_t>& known, const char* meanings)
{
    file.variable(name, {"parameter"}, Element::uint8,
                  {"1", meaning, "", "", {{"flag_values", known}, {"flag_meanings", std::string(meanings)}}});
    file.write(name, 0, std::span<const std::uint8_t>(values));
}

} // namespace

void write_numbers(ResultsWriter& file, const std::string& name, const std::vector<std::string>& axes,
                   const char* meaning, const std::vector<double>& values)
{
    file.variable(name, axes, Element::float64, {"1", meaning});
    file.write(name, 0, std::span<const double>(values));
}

void write_parameters_with_priors(ResultsWriter& file, const FitProblem& problem)
{
    std::vector<std::string> names, units;
    std::vector<double> lower, upper, prior_value, prior_spread;
    std::vector<std::uint8_t> is_log, is_free, prior;
    for (const FitParameter& parameter : problem.parameters) {
        names.push_back(parameter.name);
        units.push_back(parameter.unit);
        lower.push_back(parameter.lower);
        upper.push_back(parameter.upper);
        is_log.push_back(parameter.is_log ? 1 : 0);
        is_free.push_back(parameter.is_free ? 1 : 0);
        const bool is_normal = parameter.prior && parameter.prior->noise == solvers::fitting::Noise::normal;
        prior.push_back(!parameter.prior ? 0 : is_normal ? 1 : 2);
        prior_value.push_back(parameter.prior ? parameter.prior->value : std::nan(""));
        prior_spread.push_back(parameter.prior ? parameter.prior->spread : std::nan(""));
    }
    file.texts("parameter_name", "parameter", names, {"", "name of the parameter"});
    file.texts("parameter_units", "parameter", units, {"", "unit of the parameter"});
    write_numbers(file, "lower", {"parameter"}, "lower bound, in the parameter's unit", lower);
    write_numbers(file, "upper", {"parameter"}, "upper bound, in the parameter's unit", upper);
    codes(file, "is_log", "whether the scale of the search is that of logarithms", is_log, {0, 1},
          "linear logarithmic");
    codes(file, "is_free", "whether it is a scale, offset or spread of observables", is_free, {0, 1},
          "of_the_model of_observables");
    codes(file, "prior", "what multiplies the uniform density on the scale of the search", prior, {0, 1, 2},
          "nothing normal lognormal");
    write_numbers(file, "prior_value", {"parameter"}, "middle of the prior, in the parameter's unit; NaN without",
                  prior_value);
    write_numbers(file, "prior_spread", {"parameter"}, "spread of the prior, of logarithms if lognormal; NaN without",
                  prior_spread);
}

} // namespace osteoflare::scenarios
