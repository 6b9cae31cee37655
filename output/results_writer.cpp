#include "output/results_writer.hpp"

#include "output/results_file.hpp"
#include "output/seal.hpp"

#include <hdf5_hl.h>

#include <cerrno>
#include <functional>
#include <numeric>

namespace osteoflare::output {
namespace {

using hdf5::Error;
using hdf5::Id;
using hdf5::must;

hsize_t size_of(const std::vector<hsize_t>& shape)
{
    return std::accumulate(shape.begin(), shape.end(), hsize_t{1}, std::multiplies<>());
}

} // namespace

ResultsWriter::ResultsWriter(std::filesystem::path path, bool overwrite)
    : file_(std::make_unique<File>(std::move(path), overwrite))
{
    file_->in_file([&] { file_->file = hdf5::create_file(file_->sink); });
}

ResultsWriter::~ResultsWriter() = default;

void ResultsWriter::attribute(const Attribute& attribute)
{
    file_->in_file([&] { write_attribute(file_->file, attribute); });
}

void ResultsWriter::attribute(const std::string& group, const Attribute& attribute)
{
    file_->in_file([&] {
        check_name(group);
        file_->make_groups(group + '/');
        const Id object(H5Gopen2(file_->file, group.c_str(), H5P_DEFAULT), H5Gclose, quoted(group) + " is no group");
        write_attribute(object, attribute);
    });
}

void ResultsWriter::dimension(const std::string& name, std::span<const double> values, const Labels& labels)
{
    file_->in_file([&] { file_->add_dimension(name, Element::float64, values.data(), values.size(), labels); });
}

void ResultsWriter::dimension(const std::string& name, std::span<const std::int64_t> values, const Labels& labels)
{
    file_->in_file([&] { file_->add_dimension(name, Element::int64, values.data(), values.size(), labels); });
}

void ResultsWriter::variable(const std::string& name, const std::vector<std::string>& dimensions, Element element,
                             const Labels& labels)
{
    file_->in_file([&] {
        std::vector<hsize_t> shape;
        Id dataset = file_->declare(name, dimensions, element, labels, hdf5::dataset_properties(), shape);
        file_->variables[name] = {.dataset = std::move(dataset), .element = element, .shape = std::move(shape)};
    });
}

void ResultsWriter::counted_dimension(const std::string& name, std::uint64_t size, const Labels& labels)
{
    file_->in_file([&] {
        Id scale = file_->create_dataset(name, H5T_NATIVE_INT64, {size}, streamed_properties());
        must(H5DSset_scale(scale, name.c_str()), "dimension " + quoted(name) + " cannot be written");
        write_labels(scale, labels);
        file_->streams.push_back({scale, {.kind = Stream::Kind::counted, .n = size, .element_bytes = 8}});
        file_->dimensions[name] = {.scale = std::move(scale), .size = size};
    });
}

std::size_t ResultsWriter::streamed(const std::string& name, const std::vector<std::string>& dimensions,
                                    Element element, const Labels& labels)
{
    file_->in_file([&] {
        std::vector<hsize_t> shape;
        Id dataset = file_->declare(name, dimensions, element, labels, streamed_properties(), shape);
        file_->stream(std::move(dataset), Stream::Kind::values, size_of(shape), bytes_of(element));
    });
    return file_->n_fillable - 1;
}

std::size_t ResultsWriter::streamed_choices(const std::string& name, const std::string& dimension,
                                            const std::vector<std::string>& choices, const Labels& labels)
{
    file_->in_file([&] {
        const hsize_t size = file_->dimension(dimension, name).size;
        if (choices.size() > size) {
            throw misuse(quoted(name) + " cannot be written",
                         std::to_string(choices.size()) + " texts for " + std::to_string(size) + " values");
        }
        std::vector<const char*> characters;
        for (const std::string& choice : choices) {
            characters.push_back(checked_text(choice, quoted(name)));
        }
        const Id type = hdf5::text_type();
        const Id properties = hdf5::dataset_properties();
        must(H5Pset_fill_time(properties, H5D_FILL_TIME_IFSET), "HDF5 refuses a setting");
        Id dataset = file_->create_dataset(name, type, {size}, properties);
        file_->attach_scales(dataset, {dimension}, name);
        write_labels(dataset, labels);
        // HDF5 writes each text once, as the first values; what it puts there, a reference to the text, is then
        // repeated for every value: a million equal texts need not be a million texts.
        if (!choices.empty()) {
            const hsize_t first = 0, count = choices.size();
            const Id target = hdf5::space_of({size});
            must(H5Sselect_hyperslab(target, H5S_SELECT_SET, &first, nullptr, &count, nullptr), quoted(name));
            must(H5Dwrite(dataset, type, hdf5::space_of({count}), target, H5P_DEFAULT, characters.data()),
                 quoted(name) + " cannot be written");
        }
        file_->stream(std::move(dataset), Stream::Kind::choices, size, 16);
        file_->streams.back().stream.references.resize(choices.size());
    });
    return file_->n_fillable - 1;
}

void ResultsWriter::texts(const std::string& name, const std::string& dimension, const std::vector<std::string>& values,
                          const Labels& labels)
{
    file_->in_file([&] {
        const hsize_t size = file_->dimension(dimension, name).size;
        if (values.size() != size) {
            throw misuse(quoted(name) + " cannot be written", std::to_string(values.size()) + " texts for "
                                                                  + std::to_string(size) + " along "
                                                                  + quoted(dimension));
        }
        std::vector<const char*> characters;
        for (const std::string& value : values) {
            characters.push_back(checked_text(value, quoted(name)));
        }
        const Id type = hdf5::text_type();
        const Id dataset = file_->create_dataset(name, type, {size}, hdf5::dataset_properties());
        file_->attach_scales(dataset, {dimension}, name);
        write_labels(dataset, labels);
        if (size > 0) {
            must(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, characters.data()),
                 quoted(name) + " cannot be written");
        }
    });
}

void ResultsWriter::write(const std::string& name, std::size_t first, std::span<const double> values)
{
    file_->in_file([&] { file_->write(name, first, Element::float64, values.data(), values.size()); });
}

void ResultsWriter::write(const std::string& name, std::size_t first, std::span<const std::int64_t> values)
{
    file_->in_file([&] { file_->write(name, first, Element::int64, values.data(), values.size()); });
}

void ResultsWriter::write(const std::string& name, std::size_t first, std::span<const std::uint8_t> values)
{
    file_->in_file([&] { file_->write(name, first, Element::uint8, values.data(), values.size()); });
}

void ResultsWriter::finish(const Fill& fill, std::size_t threads, const std::function<void()>& before_name)
{
    file_->in_file([&] {
        auto streams = file_->placed_streams();
        file_->variables.clear();
        file_->kept.clear();
        file_->dimensions.clear();
        must(file_->file.reset(), "cannot be closed");
        file_->check_sink();
        const int descriptor = file_->part.descriptor();
        const auto size = file_size(descriptor);
        if (!size) {
            throw Error("cannot be written", system_reason(errno));
        }
        const auto pieces = pour(descriptor, static_cast<std::uint64_t>(*size), std::move(streams), fill, threads);
        const std::string seal = seal_line(pieces);
        if (!write_at(descriptor, *size, std::as_bytes(std::span(seal)))) {
            throw Error("cannot be sealed", system_reason(errno));
        }
        file_->part.sync();
        if (before_name) {
            before_name();
        }
        file_->finished = true;
        file_->part.take_name();
    });
}

} // namespace osteoflare::output
