#include "scenarios/patients/trial_record.hpp"
#include "scenarios/python/extension/asked_scenario.hpp"
#include "scenarios/python/extension/bindings.hpp"
#include "scenarios/python/extension/errand.hpp"

#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <vector>

namespace osteoflare::python {

namespace py = pybind11;
namespace patients = scenarios::patients;

namespace {

patients::Trial read(const std::string& name, std::vector<std::string> set, std::optional<std::size_t> children,
                     std::optional<std::uint64_t> seed, const std::string& parameters, std::optional<std::size_t> draw,
                     const std::string& folder)
{
    patients::TrialOverrides overrides;
    overrides.set = std::move(set);
    overrides.n_children = children;
    overrides.seed = seed;
    if (!parameters.empty()) {
        overrides.fit_from(parameters, draw);
    }
    const scenarios::Library library = library_at(folder);
    return patients::read_trial(patients::find_trial(name, library), library, overrides);
}

using Record = patients::TrialResults (*)(const patients::Trial&, const scenarios::RecordOptions&,
                                          const patients::TrialProgress&);

void record(const patients::Trial& trial, const Errand& errand, Record verb)
{
    in_background(errand.listeners, [&](Told& told) {
        const auto tell = [&told](std::size_t n_members) { return members_told(told, n_members); };
        return verb(trial, errand.record_options(told), {.children = tell, .patients = tell});
    });
}

} // namespace

void add_trials(py::module_& module)
{
    using patients::Trial;
    py::class_<Trial>(module, "Trial")
        .def(py::init(&read), py::arg("name"), py::arg("set"), py::arg("children"), py::arg("seed"),
             py::arg("parameters"), py::arg("draw"), py::arg("library"))
        .def_readonly("name", &Trial::name)
        .def_readonly("title", &Trial::title)
        .def_readonly("question", &Trial::question)
        .def_readonly("text", &Trial::text)
        .def_readonly("notes", &Trial::notes)
        .def_property_readonly("arms", [](const Trial& trial) { return scenarios::names_of(trial.arms); })
        .def("check", [](const Trial& trial) { return patients::describe_check(trial); })
        .def("cohort", [](const Trial& trial, const Errand& errand) { record(trial, errand, patients::record_cohort); })
        .def("trial", [](const Trial& trial, const Errand& errand) { record(trial, errand, patients::record_trial); });
}

} // namespace osteoflare::python
