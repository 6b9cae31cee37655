#pragma once

#include <pybind11/pybind11.h>

/// The parts of the extension `osteoflare._osteoflare`, which the package in scenarios/python/osteoflare makes
/// comfortable. They add themselves to the module.
namespace osteoflare::python {

void add_scenarios(pybind11::module_& module);
void add_problems(pybind11::module_& module);
void add_trials(pybind11::module_& module);
void add_models(pybind11::module_& module);
void add_files(pybind11::module_& module);

} // namespace osteoflare::python
