#include "scenarios/catalogue.hpp"

#include "model/agents/parameters.hpp"
#include "model/agents/readouts.hpp"
#include "model/classic/komarova2003.hpp"
#include "model/classic/lemaire2004.hpp"
#include "model/niche/niche.hpp"
#include "scenarios/kernels/osteoflare_kernels.hpp"
#include "scenarios/settings.hpp"

#include <algorithm>
#include <memory>
#include <type_traits>

namespace osteoflare::scenarios {
namespace {

using model::Description;
using Number = solvers::Dual<8>; // the one that make_system differentiates with

/// A set of named quantities from numbers in the order of its list.
template <class Set, class Real>
Set named(std::span<const Real> values)
{
    Set set{};
    take(values, set);
    return set;
}

/// Parameters and inputs in one number type.
template <class Model, class Real>
struct World {
    typename Model::template Parameters<Real> parameters{};
    typename Model::template Inputs<Real> inputs{};

    void set(std::span<const double> settings) { take(settings, parameters, inputs); }
};

template <class Model>
struct Worlds {
    World<Model, double> plain;
    World<Model, Number> dual;

    template <class Real>
    const World<Model, Real>& in() const
    {
        if constexpr (std::is_same_v<Real, double>) {
            return plain;
        } else {
            return dual;
        }
    }
};

template <class Model>
Instance make_instance()
{
    auto worlds = std::make_shared<Worlds<Model>>();
    const auto rates = [worlds](auto /*time*/, auto y, auto dydt) {
        using Real = std::remove_cvref_t<decltype(dydt[0])>;
        const auto& world = worlds->template in<Real>();
        const auto state = named<typename Model::template State<Real>>(std::span<const Real>(y));
        flat(Model::balance(Model::fluxes(state, world.inputs, world.parameters)), std::span<Real>(dydt));
    };
    const auto observe = [worlds](std::span<const double> y, std::span<double> observables) {
        const auto state = named<typename Model::template State<double>>(y);
        const auto& [parameters, inputs] = worlds->plain;
        const std::size_t n_readouts = flat(Model::readouts(state, inputs, parameters), observables);
        flat(Model::fluxes(state, inputs, parameters), observables.subspan(n_readouts));
    };
    const auto rates_by = [worlds](std::span<const double> y, std::size_t setting, std::span<double> by_setting) {
        auto world = worlds->dual;
        std::size_t count = 0;
        const auto seed = [&](Number& field, const Description&) { field.slope[0] = count++ == setting ? 1 : 0; };
        Model::template Parameters<Number>::visit(world.parameters, seed);
        Model::template Inputs<Number>::visit(world.inputs, seed);
        const std::vector<Number> numbers(y.begin(), y.end());
        std::vector<Number> slopes(y.size());
        const auto state = named<typename Model::template State<Number>>(std::span<const Number>(numbers));
        flat(Model::balance(Model::fluxes(state, world.inputs, world.parameters)), std::span<Number>(slopes));
        std::ranges::transform(slopes, by_setting.begin(), [](const Number& rate) { return rate.slope[0]; });
    };
    return {
        .set =
            [worlds](std::span<const double> settings) {
                worlds->plain.set(settings);
                worlds->dual.set(settings);
            },
        .system = solvers::make_system(model::count_of<typename Model::template State<double>>(), rates),
        .observe = observe,
        .rates_by = rates_by,
    };
}

template <class Model>
ModelEntry entry(std::span<const solvers::lanes::LaneEngine* const> engines)
{
    auto settings = descriptions<typename Model::template Parameters<double>>();
    const std::size_t n_parameters = settings.size();
    const auto inputs = descriptions<typename Model::template Inputs<double>>();
    settings.insert(settings.end(), inputs.begin(), inputs.end());
    return {
        .name = Model::name,
        .title = Model::title,
        .source = Model::source,
        .method = Model::default_method == "dopri5" ? solvers::Method::dopri5 : solvers::Method::rosenbrock4,
        .start_day = Model::start_day,
        .end_day = Model::end_day,
        .species = descriptions<typename Model::template State<double>>(),
        .settings = std::move(settings),
        .n_parameters = n_parameters,
        .n_inputs = inputs.size(),
        .has_genotypes = std::is_same_v<Model, model::niche::Model>,
        .intermediates = descriptions<typename Model::template Intermediates<double>>(),
        .fluxes = descriptions<typename Model::template Fluxes<double>>(),
        .readouts = descriptions<typename Model::template Readouts<double>>(),
        .life = {Model::life.begin(), Model::life.end()},
        .summaries = {Model::summaries.begin(), Model::summaries.end()},
        .make = make_instance<Model>,
        .equations = record_equations<Model>,
        .engines = engines,
    };
}

/// The niche cell by cell: the same quantities, more parameters, and no equations for the whole.
ModelEntry spatial(ModelEntry niche)
{
    ModelEntry agents = std::move(niche);
    agents.name = "agents";
    agents.title = "The niche cell by cell: agents, cytokine fields and a surface of bone";
    agents.is_spatial = true;
    const auto space = descriptions<model::agents::Parameters<double>>();
    agents.settings.insert(agents.settings.end(), space.begin(), space.end());
    const auto readouts = descriptions<model::agents::Readouts<double>>();
    agents.readouts.insert(agents.readouts.end(), readouts.begin(), readouts.end());
    agents.summaries.insert(agents.summaries.end(), model::agents::summaries.begin(), model::agents::summaries.end());
    agents.intermediates.clear();
    agents.fluxes.clear();
    agents.make = nullptr;
    agents.equations = nullptr;
    agents.engines = {};
    return agents;
}

std::vector<double> values_of(const std::vector<Description>& entries)
{
    std::vector<double> values(entries.size());
    std::ranges::transform(entries, values.begin(), &Description::value);
    return values;
}

} // namespace

std::vector<double> ModelEntry::start_state() const
{
    return values_of(species);
}

std::vector<double> ModelEntry::default_settings() const
{
    return values_of(settings);
}

const std::vector<ModelEntry>& models()
{
    static const std::vector<ModelEntry> all = {
        entry<model::niche::Model>(kernels::niche_engines),
        entry<model::lemaire2004::Model>(kernels::lemaire2004_engines),
        entry<model::komarova2003::Model>(kernels::komarova2003_engines),
        spatial(entry<model::niche::Model>(kernels::niche_engines)),
    };
    return all;
}

std::size_t index_of(const std::vector<Description>& entries, std::string_view name)
{
    const auto found = std::ranges::find(entries, name, &Description::name);
    return static_cast<std::size_t>(found - entries.begin());
}

} // namespace osteoflare::scenarios
