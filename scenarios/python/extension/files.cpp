#include "output/results_reader.hpp"
#include "scenarios/python/extension/asked_scenario.hpp"
#include "scenarios/python/extension/bindings.hpp"
#include "scenarios/reading/units.hpp"

#include <pybind11/stl.h>

#include <filesystem>
#include <string>
#include <vector>

namespace osteoflare::python {

namespace py = pybind11;

void add_files(py::module_& module)
{
    // Opening reads the whole file once, for its seal.
    module.def(
        "check_file", [](const std::string& file) { const output::ResultsReader reader(file); }, py::arg("file"),
        py::call_guard<py::gil_scoped_release>());
    module.def(
        "in_unit",
        [](const std::string& text, const std::string& unit) {
            try {
                return scenarios::parse_quantity(text, unit);
            } catch (const scenarios::UnitError& error) {
                throw scenarios::InputError({text, 1, 1}, error.problem);
            }
        },
        py::arg("text"), py::arg("unit"));
    module.def(
        "library",
        [](const std::string& folder) {
            const scenarios::Library library = library_at(folder);
            py::dict names;
            names["scenarios"] = scenarios::names_of_files(library.scenarios);
            names["problems"] = scenarios::names_of_files(library.problems);
            names["trials"] = scenarios::names_of_files(library.trials);
            names["genotypes"] = scenarios::names_of(library.genotypes);
            names["treatments"] = scenarios::names_of(library.treatments);
            return names;
        },
        py::arg("folder"));
}

} // namespace osteoflare::python
