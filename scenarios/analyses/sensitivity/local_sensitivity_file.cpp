#include "output/results_writer.hpp"
#include "scenarios/analyses/sensitivity/local_sensitivity.hpp"
#include "scenarios/recording/metadata.hpp"

#include <fmt/format.h>

namespace osteoflare::scenarios {

void write_local_sensitivity(const std::filesystem::path& path, bool overwrite, const LocalPlan& plan,
                             const LocalAnalysis& analysis)
{
    using output::Element;
    output::ResultsWriter file(path, overwrite);
    write_provenance(file, plan.scenario, "sensitivity --method local");
    file.attribute({"analysis", std::string("sensitivity")});
    file.attribute({"method", std::string("local")});
    file.attribute({"relative_error", plan.relative_error});
    file.counted_dimension("factor", plan.factors.size(), {"1", "what is changed"});
    file.texts("factor_name", "factor", plan.factors, {"", "name of what is changed"});
    file.texts("factor_units", "factor", plan.units, {"", "its unit"});
    file.dimension("time", plan.times, {"d", plan.scenario.genotypes.empty() ? "time" : "age of the animal", "t"});
    const auto write = [&](const std::string& name, const std::vector<std::string>& axes, const std::string& unit,
                           const std::string& meaning, std::span<const double> values) {
        file.variable(name, axes, Element::float64, {unit, meaning, "", "computed"});
        file.write(name, 0, values);
    };
    const std::size_t n_times = plan.times.size(), n = plan.factors.size();
    for (std::size_t o = 0; o < plan.observed.size(); ++o) {
        const std::string name(plan.observed[o].name);
        write("run/" + name, {"time"}, std::string(plan.observed[o].unit), std::string(plan.observed[o].meaning),
              std::span(analysis.courses).subspan(o * n_times, n_times));
        write("slope/" + name, {"time", "factor"}, "1", fmt::format("d ln {} / d ln of each factor", name),
              std::span(analysis.slopes).subspan(o * n_times * n, n_times * n));
    }
    if (!analysis.modes.empty()) {
        file.counted_dimension("mode", n, {"1", "combination of factors, the least known first"});
        std::vector<double> errors, directions;
        for (const auto& mode : analysis.modes) {
            errors.push_back(mode.standard_error);
            directions.insert(directions.end(), mode.direction.begin(), mode.direction.end());
        }
        write("mode_error", {"mode"}, "1", "standard error of the logarithm of the combination", errors);
        write("mode_direction", {"mode", "factor"}, "1", "exponent of each factor in the combination", directions);
    }
    file.finish();
}

} // namespace osteoflare::scenarios
