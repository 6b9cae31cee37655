#pragma once

#include "model/description.hpp"
#include "output/results_in_memory.hpp"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <memory>
#include <span>
#include <vector>

namespace osteoflare::python {

/// (attributes, variables) of results: attributes as (group, name, value), variables as (name, dimensions, attributes,
/// values). Values are arrays that own a share of `results` and copy nothing; of texts, (choices, index of each).
pybind11::tuple contents_of(const std::shared_ptr<const output::ResultsInMemory>& results);

/// (name, symbol, unit, default, origin, meaning) of each.
pybind11::list descriptions(const std::vector<model::Description>& entries);

/// A copy, of a small array.
pybind11::array_t<double> array_of(std::span<const double> values);

} // namespace osteoflare::python
