#include "scenarios/catalogue.hpp"
#include "scenarios/python/extension/bindings.hpp"
#include "scenarios/python/extension/contents.hpp"
#include "scenarios/reading/input_error.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace osteoflare::python {

namespace py = pybind11;

namespace {

using Vector = py::array_t<double, py::array::c_style | py::array::forcecast>;
using scenarios::ModelEntry;

const ModelEntry& model_named(const std::string& name)
{
    const auto& all = scenarios::models();
    const auto found = std::ranges::find(all, name, &ModelEntry::name);
    if (found == all.end()) {
        throw scenarios::InputError(
            {"model", 1, 1}, {"unknown model '" + name + "'", "osteoflare has no such model",
                              scenarios::suggest_name(name, scenarios::names_of(all), "see osteoflare.models()")});
    }
    return *found;
}

/// The equations of a model under settings that stay as they are. Not for two threads at once: it is called with the
/// interpreter's lock.
class Rates {
public:
    Rates(const ModelEntry& model, const std::vector<double>& settings) : model_(&model)
    {
        if (model.is_spatial) {
            throw scenarios::InputError({"rates", 1, 1}, {"the model " + std::string(model.name) + " has no equations",
                                                          "it runs cell by cell", "use the model niche"});
        }
        if (settings.size() != model.settings.size()) {
            throw scenarios::InputError({"rates", 1, 1}, {std::to_string(settings.size()) + " settings",
                                                          "the model has " + std::to_string(model.settings.size()),
                                                          "give one for each"});
        }
        instance_ = model.make();
        instance_.set(settings);
    }

    py::array_t<double> rates(double time, const Vector& state) const
    {
        const auto y = checked(state);
        py::array_t<double> result(static_cast<py::ssize_t>(y.size()));
        instance_.system.rhs(time, y, {result.mutable_data(), y.size()});
        return result;
    }

    py::array_t<double> jacobian(double time, const Vector& state) const
    {
        const auto y = checked(state);
        py::array_t<double> result({y.size(), y.size()});
        std::vector<double> by_time(y.size());
        instance_.system.jacobian(time, y, {result.mutable_data(), y.size() * y.size()}, by_time);
        return result;
    }

    py::array_t<double> observables(const Vector& state) const
    {
        const auto y = checked(state);
        const std::size_t n = model_->readouts.size() + model_->fluxes.size();
        py::array_t<double> result(static_cast<py::ssize_t>(n));
        instance_.observe(y, {result.mutable_data(), n});
        return result;
    }

private:
    std::span<const double> checked(const Vector& state) const
    {
        const auto n = static_cast<std::size_t>(state.size());
        if (state.ndim() != 1 || n != model_->species.size()) {
            throw scenarios::InputError({"state", 1, 1},
                                        {std::to_string(n) + " numbers",
                                         "a state is a vector of " + std::to_string(model_->species.size()),
                                         "order them as in species"});
        }
        return {state.data(), n};
    }

    const ModelEntry* model_;
    scenarios::Instance instance_;
};

} // namespace

void add_models(py::module_& module)
{
    py::class_<ModelEntry>(module, "Model")
        .def_readonly("name", &ModelEntry::name)
        .def_readonly("title", &ModelEntry::title)
        .def_readonly("source", &ModelEntry::source)
        .def_readonly("is_spatial", &ModelEntry::is_spatial)
        .def_property_readonly("species", [](const ModelEntry& model) { return descriptions(model.species); })
        .def_property_readonly("settings", [](const ModelEntry& model) { return descriptions(model.settings); })
        .def_property_readonly("readouts", [](const ModelEntry& model) { return descriptions(model.readouts); })
        .def_property_readonly("fluxes", [](const ModelEntry& model) { return descriptions(model.fluxes); });
    py::class_<Rates>(module, "Rates")
        .def(py::init([](const std::string& model, const std::vector<double>& settings) {
                 return Rates(model_named(model), settings);
             }),
             py::arg("model"), py::arg("settings"))
        .def("__call__", &Rates::rates, py::arg("t"), py::arg("y"))
        .def("jacobian", &Rates::jacobian, py::arg("t"), py::arg("y"))
        .def("observables", &Rates::observables, py::arg("y"));
    module.def("model", &model_named, py::arg("name"), py::return_value_policy::reference);
    module.def("models", [] { return scenarios::names_of(scenarios::models()); });
}

} // namespace osteoflare::python
