#include "scenarios/analyses/steady/steady_results.hpp"

#include "scenarios/analyses/steady/end_system.hpp"
#include "scenarios/recording/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace osteoflare::scenarios {

using output::Attribute;
using output::Element;

void write_end_settings(output::ResultsWriter& file, const Scenario& scenario, const std::vector<double>& settings,
                        const std::vector<std::size_t>& moved)
{
    for (std::size_t i = 0; i < settings.size(); ++i) {
        const model::Description& entry = scenario.model->settings[i];
        if (std::ranges::find(moved, i) != moved.end()) {
            continue;
        }
        const std::string name(entry.name);
        file.attribute("parameter", Attribute{name, settings[i]});
        file.attribute("parameter", Attribute{name + "_units", std::string(entry.unit)});
        file.attribute("parameter", Attribute{name + "_source", std::string(text(entry.origin))});
    }
}

void write_states(output::ResultsWriter& file, const Scenario& scenario, const std::vector<double>& settings,
                  const StateRows& rows)
{
    const ModelEntry& model = *scenario.model;
    StateReader reader(scenario, settings);
    std::vector<std::vector<double>> columns(model.species.size() + model.readouts.size(), std::vector<double>(rows.n));
    for (std::size_t i = 0; i < rows.n; ++i) {
        if (rows.set) {
            rows.set(i, reader);
        }
        const auto state = rows.state(i);
        const auto readouts = reader.readouts(state);
        for (std::size_t k = 0; k < columns.size(); ++k) {
            columns[k][i] = k < state.size() ? state[k] : readouts[k - state.size()];
        }
    }
    for (std::size_t k = 0; k < columns.size(); ++k) {
        const bool is_species = k < model.species.size();
        const model::Description& entry = is_species ? model.species[k] : model.readouts[k - model.species.size()];
        const std::string name = rows.group + std::string(entry.name);
        file.variable(name, {rows.dimension}, Element::float64,
                      {std::string(entry.unit), std::string(entry.meaning), std::string(entry.symbol), "computed"});
        file.write(name, 0, std::span<const double>(columns[k]));
    }
}

void record_steady(const Scenario& scenario, const std::vector<double>& settings, const SteadyStates& found,
                   output::ResultsWriter& file)
{
    write_provenance(file, scenario, "steady");
    file.attribute({"analysis", std::string("steady")});
    file.attribute({"n_starts", static_cast<std::int64_t>(found.n_starts)});
    file.attribute({"n_failed_starts", static_cast<std::int64_t>(found.n_failed)});
    file.attribute({"n_unsettled_starts", static_cast<std::int64_t>(found.n_unsettled)});
    write_end_settings(file, scenario, settings, {});
    const std::size_t n = found.states.size(), n_species = scenario.model->species.size();
    file.counted_dimension("steady_state", n, {"1", "steady state: stable ones first"});
    file.counted_dimension("eigenvalue", n_species, {"1", "eigenvalue: the greatest real part first"});
    write_states(file, scenario, settings, {"steady_state", "", n, [&](std::size_t i) {
                                                return std::span<const double>(found.states[i].state);
                                            }});

    std::vector<double> real, imaginary, share;
    std::vector<std::uint8_t> stable, ill;
    for (const SteadyState& state : found.states) {
        for (const auto& value : state.eigenvalues) {
            real.push_back(value.real());
            imaginary.push_back(value.imag());
        }
        share.push_back(static_cast<double>(state.n_starts) / static_cast<double>(found.n_starts));
        stable.push_back(state.is_stable() ? 1 : 0);
        ill.push_back(state.is_ill ? 1 : 0);
    }
    const auto numbers = [&](const std::string& name, const std::vector<std::string>& dimensions,
                             const output::Labels& labels, const std::vector<double>& values) {
        file.variable(name, dimensions, Element::float64, labels);
        file.write(name, 0, std::span<const double>(values));
    };
    const auto flags = [&](const std::string& name, const std::string& meaning,
                           const std::vector<std::uint8_t>& values) {
        file.variable(name, {"steady_state"}, Element::uint8, {"1", meaning, "", "computed"});
        file.write(name, 0, std::span<const std::uint8_t>(values));
    };
    numbers("eigenvalue_real", {"steady_state", "eigenvalue"}, {"1/d", "real part", "", "computed"}, real);
    numbers("eigenvalue_imaginary", {"steady_state", "eigenvalue"}, {"1/d", "imaginary part", "", "computed"},
            imaginary);
    numbers("share_of_starts", {"steady_state"}, {"1", "share of the starts that led here", "", "computed"}, share);
    flags("stable", "1 if small pushes die out", stable);
    flags("ill", "1 if above the model's level of onset", ill);
    file.finish();
}

SteadyStates record_steady(const Scenario& scenario, const StartDesign& design, std::size_t threads,
                           const std::filesystem::path& path, bool overwrite)
{
    require_equations(scenario, "steady states");
    output::ResultsWriter file(path, overwrite); // and nobody else makes it meanwhile
    const auto settings = settings_at_end(scenario);
    SteadyStates found = find_steady_states(scenario, settings, design, threads);
    record_steady(scenario, settings, found, file);
    return found;
}

Continuation record_continuation(const Scenario& scenario, std::size_t threads, const std::filesystem::path& path,
                                 bool overwrite)
{
    output::ResultsWriter file(path, overwrite); // and nobody else makes it meanwhile
    Continuation result = continue_states(scenario, threads);
    if (!result.branches.empty()) {
        record_continuation(scenario, result, file);
    }
    return result;
}

void require_continuation(const Scenario& scenario, const std::string& asked)
{
    require_equations(scenario, "continuation");
    if (!scenario.continuation) {
        throw InputError({asked, 1, 1}, {"the scenario has no [continue]", "it does not say which parameter moves",
                                         "add one, with parameter, from and to; or use osteoflare steady"});
    }
}

} // namespace osteoflare::scenarios
