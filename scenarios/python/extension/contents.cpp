#include "scenarios/python/extension/contents.hpp"

#include <pybind11/stl.h>

#include <string>
#include <variant>

namespace osteoflare::python {

namespace py = pybind11;
using output::ResultsInMemory;

namespace {

py::object value_of(const output::AttributeValue& value)
{
    if (const auto* codes = std::get_if<std::vector<std::uint8_t>>(&value)) {
        return py::array_t<std::uint8_t>(static_cast<py::ssize_t>(codes->size()), codes->data());
    }
    return std::visit([](const auto& own) -> py::object { return py::cast(own); }, value);
}

py::dtype type_of(const ResultsInMemory::Variable& variable)
{
    if (variable.is_text) {
        return py::dtype::of<std::uint32_t>();
    }
    switch (variable.element) {
    case output::Element::float64: return py::dtype::of<double>();
    case output::Element::float32: return py::dtype::of<float>();
    case output::Element::int64: return py::dtype::of<std::int64_t>();
    case output::Element::uint8: break;
    }
    return py::dtype::of<std::uint8_t>();
}

} // namespace

py::tuple contents_of(const std::shared_ptr<const ResultsInMemory>& results)
{
    py::list attributes, variables;
    for (const auto& [group, attribute] : results->attributes()) {
        attributes.append(py::make_tuple(group, attribute.name, value_of(attribute.value)));
    }
    for (const auto& variable : results->variables()) {
        // What an array of numpy keeps alive while anything refers to its values.
        using Owner = std::shared_ptr<const ResultsInMemory>;
        const py::capsule owner(new Owner(results), [](void* own) { delete static_cast<Owner*>(own); });
        py::object values = py::array(type_of(variable), variable.shape, variable.values.get(), owner);
        if (variable.is_text) {
            values = py::make_tuple(variable.choices, values);
        }
        py::dict labels;
        for (const auto& attribute : variable.attributes) {
            labels[py::str(attribute.name)] = value_of(attribute.value);
        }
        variables.append(py::make_tuple(variable.name, py::tuple(py::cast(variable.dimensions)), labels, values));
    }
    return py::make_tuple(attributes, variables);
}

py::list descriptions(const std::vector<model::Description>& entries)
{
    py::list all;
    for (const auto& entry : entries) {
        all.append(
            py::make_tuple(entry.name, entry.symbol, entry.unit, entry.value, text(entry.origin), entry.meaning));
    }
    return all;
}

py::array_t<double> array_of(std::span<const double> values)
{
    return py::array_t<double>(static_cast<py::ssize_t>(values.size()), values.data());
}

} // namespace osteoflare::python
