#include "scenarios/catalogue.hpp"

#include "model/classic/komarova2003.hpp"
#include "model/classic/lemaire2004.hpp"
#include "model/niche/niche.hpp"
#include "scenarios/kernels/osteoflare_kernels.hpp"

#include <algorithm>
#include <memory>
#include <type_traits>

namespace osteoflare::scenarios {
namespace {

using model::Description;
using Number = solvers::Dual<8>; // the one that make_system differentiates with

template <class Set>
std::vector<Description> descriptions()
{
    std::vector<Description> list;
    Set set{};
    Set::visit(set, [&](auto&, const Description& entry) { list.push_back(entry); });
    return list;
}

/// Fills a set of named quantities from numbers in the order of its list.
template <class Set, class Real>
Set named(std::span<const Real> values)
{
    Set set{};
    auto next = values.begin();
    Set::visit(set, [&](auto& field, const Description&) { field = *next++; });
    return set;
}

/// The way back; returns how many numbers were written.
template <class Set, class Real>
std::size_t flat(const Set& set, std::span<Real> values)
{
    std::size_t count = 0;
    Set::visit(set, [&](const auto& field, const Description&) { values[count++] = field; });
    return count;
}

/// Parameters and inputs in one number type.
template <class Model, class Real>
struct World {
    typename Model::template Parameters<Real> parameters{};
    typename Model::template Inputs<Real> inputs{};

    void set(std::span<const double> settings)
    {
        const std::size_t n = model::count_of<typename Model::template Parameters<double>>();
        parameters = named<typename Model::template Parameters<Real>>(settings.first(n));
        inputs = named<typename Model::template Inputs<Real>>(settings.subspan(n));
    }
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
    return {
        .set =
            [worlds](std::span<const double> settings) {
                worlds->plain.set(settings);
                worlds->dual.set(settings);
            },
        .system = solvers::make_system(model::count_of<typename Model::template State<double>>(), rates),
        .observe = observe,
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
    };
    return all;
}

std::size_t index_of(const std::vector<Description>& entries, std::string_view name)
{
    const auto found = std::ranges::find(entries, name, &Description::name);
    return static_cast<std::size_t>(found - entries.begin());
}

} // namespace osteoflare::scenarios
