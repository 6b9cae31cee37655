#include "output/results_in_memory.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace osteoflare::output {
namespace {

[[noreturn]] void misuse(const std::string& name, const char* why)
{
    throw std::logic_error("results in memory: \"" + name + "\" " + why);
}

std::vector<Attribute> attributes_of(const Labels& labels)
{
    std::vector<Attribute> attributes;
    const auto add = [&](const char* name, const std::string& text) {
        if (!text.empty()) {
            attributes.push_back({name, text});
        }
    };
    add("units", labels.units);
    add("long_name", labels.long_name);
    add("symbol", labels.symbol);
    add("source", labels.source);
    attributes.insert(attributes.end(), labels.more.begin(), labels.more.end());
    return attributes;
}

template <class Value>
void fill_missing(std::span<std::byte> bytes)
{
    const Value missing = std::numeric_limits<Value>::quiet_NaN();
    for (std::size_t at = 0; at < bytes.size(); at += sizeof missing) {
        std::memcpy(bytes.data() + at, &missing, sizeof missing);
    }
}

} // namespace

void ResultsInMemory::attribute(const Attribute& attribute)
{
    attributes_.push_back({"", attribute});
}

void ResultsInMemory::attribute(const std::string& group, const Attribute& attribute)
{
    attributes_.push_back({group, attribute});
}

ResultsInMemory::Variable& ResultsInMemory::add(const std::string& name, std::vector<std::string> dimensions,
                                                std::size_t element_bytes, const Labels& labels)
{
    Variable variable;
    variable.name = name;
    variable.dimensions = std::move(dimensions);
    for (const std::string& dimension : variable.dimensions) {
        const auto scale = std::ranges::find(variables_, dimension, &Variable::name);
        if (scale == variables_.end()) {
            misuse(name, "has a dimension that does not exist");
        }
        variable.shape.push_back(scale->shape.front());
    }
    variable.attributes = attributes_of(labels);
    variable.n_bytes =
        std::accumulate(variable.shape.begin(), variable.shape.end(), element_bytes, std::multiplies<>());
    variable.values = std::unique_ptr<std::byte[]>(new std::byte[variable.n_bytes]); // not zeroed: all is written once
    return variables_.emplace_back(std::move(variable));
}

ResultsInMemory::Variable& ResultsInMemory::add_dimension(const std::string& name, std::size_t size, Element element,
                                                          const Labels& labels)
{
    Variable& scale = add(name, {}, size * bytes_of(element), labels);
    scale.dimensions = {name};
    scale.shape = {size};
    scale.element = element;
    return scale;
}

void ResultsInMemory::dimension(const std::string& name, std::span<const double> values, const Labels& labels)
{
    Variable& scale = add_dimension(name, values.size(), Element::float64, labels);
    std::ranges::copy(std::as_bytes(values), scale.values.get());
}

void ResultsInMemory::dimension(const std::string& name, std::span<const std::int64_t> values, const Labels& labels)
{
    Variable& scale = add_dimension(name, values.size(), Element::int64, labels);
    std::ranges::copy(std::as_bytes(values), scale.values.get());
}

void ResultsInMemory::counted_dimension(const std::string& name, std::uint64_t size, const Labels& labels)
{
    std::vector<std::int64_t> numbers(size);
    std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
    dimension(name, std::span<const std::int64_t>(numbers), labels);
}

void ResultsInMemory::variable(const std::string& name, const std::vector<std::string>& dimensions, Element element,
                               const Labels& labels)
{
    Variable& variable = add(name, dimensions, bytes_of(element), labels);
    variable.element = element;
    const std::span bytes(variable.values.get(), variable.n_bytes);
    if (element == Element::float64) {
        fill_missing<double>(bytes);
    } else if (element == Element::float32) {
        fill_missing<float>(bytes);
    } else {
        std::ranges::fill(bytes, std::byte{0});
    }
}

void ResultsInMemory::texts(const std::string& name, const std::string& dimension,
                            const std::vector<std::string>& values, const Labels& labels)
{
    const std::size_t number = streamed_choices(name, dimension, values, labels);
    std::vector<std::uint32_t> indices(values.size());
    std::iota(indices.begin(), indices.end(), std::uint32_t{0});
    const auto bytes = std::as_bytes(std::span(indices));
    if (bytes.size() != values_of(number).size()) {
        misuse(name, "has another number of texts than its dimension has values");
    }
    std::ranges::copy(bytes, values_of(number).begin());
    streamed_.pop_back(); // its values are here
}

std::size_t ResultsInMemory::streamed(const std::string& name, const std::vector<std::string>& dimensions,
                                      Element element, const Labels& labels)
{
    add(name, dimensions, bytes_of(element), labels).element = element;
    streamed_.push_back(variables_.size() - 1);
    return streamed_.size() - 1;
}

std::size_t ResultsInMemory::streamed_choices(const std::string& name, const std::string& dimension,
                                              const std::vector<std::string>& choices, const Labels& labels)
{
    Variable& variable = add(name, {dimension}, sizeof(std::uint32_t), labels);
    variable.is_text = true;
    variable.choices = choices;
    streamed_.push_back(variables_.size() - 1);
    return streamed_.size() - 1;
}

void ResultsInMemory::write_bytes(const std::string& name, std::size_t first, Element element,
                                  std::span<const std::byte> values)
{
    const auto variable = std::ranges::find(variables_, name, &Variable::name);
    if (variable == variables_.end() || variable->is_text || variable->element != element) {
        misuse(name, "is no variable of these values");
    }
    const std::size_t rows = variable->shape.front();
    const std::size_t row_bytes = rows > 0 ? variable->n_bytes / rows : 0;
    if (first * row_bytes + values.size() > variable->n_bytes) {
        misuse(name, "has no such rows");
    }
    std::ranges::copy(values, variable->values.get() + first * row_bytes);
}

void ResultsInMemory::write(const std::string& name, std::size_t first, std::span<const double> values)
{
    write_bytes(name, first, Element::float64, std::as_bytes(values));
}

void ResultsInMemory::write(const std::string& name, std::size_t first, std::span<const std::int64_t> values)
{
    write_bytes(name, first, Element::int64, std::as_bytes(values));
}

void ResultsInMemory::write(const std::string& name, std::size_t first, std::span<const std::uint8_t> values)
{
    write_bytes(name, first, Element::uint8, std::as_bytes(values));
}

std::span<std::byte> ResultsInMemory::values_of(std::size_t streamed)
{
    Variable& variable = variables_.at(streamed_.at(streamed));
    return {variable.values.get(), variable.n_bytes};
}

} // namespace osteoflare::output
