#include "output/file_error.hpp"
#include "scenarios/build_info.hpp"
#include "scenarios/python/extension/bindings.hpp"
#include "scenarios/reading/input_error.hpp"

#include <pybind11/pybind11.h>

namespace py = pybind11;
using namespace osteoflare;

PYBIND11_MODULE(_osteoflare, module)
{
    module.doc() = "The engine behind the package osteoflare; use that.";
    module.attr("version") = build::version;
    module.attr("commit") = build::commit;
    py::register_exception<scenarios::InputError>(module, "InputError", PyExc_ValueError);
    py::register_exception<output::FileError>(module, "FileError", PyExc_OSError);
    for (const char* name : {"InputError", "FileError"}) {
        module.attr(name).attr("__module__") = "osteoflare"; // where people find them
    }
    module.attr("InputError").attr("__doc__") =
        "Wrong input, found before any work: FILE:LINE:COLUMN: what (why); what to do.";
    module.attr("FileError").attr("__doc__") = "A file that cannot be read or written: FILE: what (why); what to do.";
    python::add_files(module);
    python::add_models(module);
    python::add_scenarios(module);
    python::add_problems(module);
    python::add_trials(module);
}
