#include "output/results_writer.hpp"

#include "output/hdf5.hpp"
#include "output/labels.hpp"
#include "output/part_file.hpp"
#include "output/seal.hpp"
#include "output/streams.hpp"

#include <hdf5_hl.h>

#include <cerrno>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <set>

namespace osteoflare::output {
namespace {

using hdf5::Error;
using hdf5::Id;
using hdf5::must;

template <class Number>
constexpr Element element_of = std::is_same_v<Number, double>         ? Element::float64
                               : std::is_same_v<Number, std::int64_t> ? Element::int64
                                                                      : Element::uint8;

hid_t number_type(Element element)
{
    switch (element) {
    case Element::float32: return H5T_NATIVE_FLOAT;
    case Element::int64: return H5T_NATIVE_INT64;
    case Element::uint8: return H5T_NATIVE_UINT8;
    default: return H5T_NATIVE_DOUBLE;
    }
}

struct Variable {
    Id dataset;
    Element element = Element::float64;
    std::vector<hsize_t> shape;
};

struct Dimension {
    Id scale;
    hsize_t size = 0;
};

/// A variable that finish() writes.
struct Streamed {
    hid_t dataset = -1; ///< kept open elsewhere
    Stream stream;
};

bool is_floating(Element element)
{
    return element == Element::float64 || element == Element::float32;
}

hsize_t size_of(const std::vector<hsize_t>& shape)
{
    return std::accumulate(shape.begin(), shape.end(), hsize_t{1}, std::multiplies<>());
}

/// Allocated at once, and never filled with what would be overwritten anyway.
Id streamed_properties()
{
    Id properties = hdf5::dataset_properties();
    must(H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY), "HDF5 refuses a setting");
    must(H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER), "HDF5 refuses a setting");
    return properties;
}

} // namespace

struct ResultsWriter::File {
    PartFile part;
    hdf5::Sink sink; // before `file`, which writes to it until it is closed
    Id file;
    std::map<std::string, Dimension> dimensions;
    std::map<std::string, Variable> variables; // kept open: a sweep writes rows a million times
    std::set<std::string> names;               // of everything in the file
    std::vector<Id> kept;                      // datasets that are streamed
    std::vector<Streamed> streams;
    std::size_t n_fillable = 0;
    bool finished = false;

    File(std::filesystem::path path, bool overwrite)
        : part(std::move(path), overwrite), sink{.descriptor = part.descriptor()}
    {
    }
    ~File();
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    /// Runs `work` with HDF5 silent and gives its errors the file's name.
    template <class Work>
    void in_file(Work work)
    {
        const hdf5::Quiet quiet;
        try {
            if (finished) {
                throw misuse("cannot be written", "it is finished");
            }
            work();
            check_sink();
        } catch (const Error& error) {
            throw FileError(part.path(), error.what(), error.why,
                            error.suggestion.empty() ? write_advice(error.why) : error.suggestion);
        }
    }

    void check_sink() const
    {
        if (sink.error != 0) {
            throw Error("cannot be written", system_reason(sink.error));
        }
    }

    /// Makes the groups of "group/name" that do not exist yet.
    void make_groups(const std::string& name)
    {
        for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
            const std::string group = name.substr(0, slash);
            if (names.insert(group).second) {
                hdf5::create_group(file, group);
            }
        }
    }

    Id create_dataset(const std::string& name, hid_t type, const std::vector<hsize_t>& shape, hid_t properties)
    {
        check_name(name);
        make_groups(name);
        if (!names.insert(name).second) {
            throw misuse(quoted(name) + " cannot be declared", "the name is taken");
        }
        return Id(H5Dcreate2(file, name.c_str(), type, hdf5::space_of(shape), H5P_DEFAULT, properties, H5P_DEFAULT),
                  H5Dclose, quoted(name) + " cannot be declared");
    }

    const Dimension& dimension(const std::string& name, const std::string& variable) const
    {
        const auto found = dimensions.find(name);
        if (found == dimensions.end()) {
            throw misuse(quoted(variable) + " cannot be declared", "there is no dimension " + quoted(name));
        }
        return found->second;
    }

    /// netCDF and xarray find the dimensions of a variable through these.
    void attach_scales(hid_t dataset, const std::vector<std::string>& axes, const std::string& variable)
    {
        unsigned axis = 0;
        for (const std::string& name : axes) {
            must(H5DSattach_scale(dataset, dimension(name, variable).scale, axis++),
                 quoted(variable) + " cannot get its dimension " + quoted(name));
        }
    }

    /// Remembers a dataset that finish() writes.
    void stream(Id dataset, Stream::Kind kind, hsize_t n, std::size_t element_bytes)
    {
        streams.push_back({dataset, {.kind = kind, .variable = n_fillable, .n = n, .element_bytes = element_bytes}});
        n_fillable += kind == Stream::Kind::counted ? 0 : 1;
        kept.push_back(std::move(dataset));
    }

    Id declare(const std::string& name, const std::vector<std::string>& axes, Element element, const Labels& labels,
               const Id& properties, std::vector<hsize_t>& shape);
    std::vector<Stream> placed_streams();

    template <class Number>
    void add_dimension(const std::string& name, std::span<const Number> values, const Labels& labels);
    template <class Number>
    void write(const std::string& name, std::size_t first, std::span<const Number> values);
};

ResultsWriter::File::~File()
{
    const hdf5::Quiet quiet;
    sink.error = ECANCELED; // nobody wants these bytes any more
    variables.clear();
    kept.clear();
    dimensions.clear();
    file.reset();
}

Id ResultsWriter::File::declare(const std::string& name, const std::vector<std::string>& axes, Element element,
                                const Labels& labels, const Id& properties, std::vector<hsize_t>& shape)
{
    if (axes.empty()) {
        throw misuse(quoted(name) + " cannot be declared", "a variable needs a dimension; one number is an attribute");
    }
    for (const std::string& axis : axes) {
        shape.push_back(dimension(axis, name).size);
    }
    const double missing = std::numeric_limits<double>::quiet_NaN();
    const float missing_single = std::numeric_limits<float>::quiet_NaN();
    const void* fill = element == Element::float64 ? static_cast<const void*>(&missing) : &missing_single;
    if (is_floating(element)) {
        must(H5Pset_fill_value(properties, number_type(element), fill), "HDF5 refuses a fill value");
    }
    Id dataset = create_dataset(name, number_type(element), shape, properties);
    if (is_floating(element)) {
        hdf5::write_attribute(dataset, "_FillValue", number_type(element), hdf5::space_of({1}), fill);
    }
    attach_scales(dataset, axes, name);
    write_labels(dataset, labels);
    return dataset;
}

/// Where the streams begin in the file, and what HDF5 wrote for the texts to choose from.
std::vector<Stream> ResultsWriter::File::placed_streams()
{
    must(H5Fflush(file, H5F_SCOPE_GLOBAL), "cannot be written");
    check_sink();
    std::vector<Stream> placed;
    for (auto& [dataset, stream] : streams) {
        const haddr_t offset = stream.n > 0 ? H5Dget_offset(dataset) : 0;
        if (offset == HADDR_UNDEF) {
            throw Error("cannot be written", hdf5::innermost_reason());
        }
        stream.offset = offset;
        for (std::size_t i = 0; i < stream.references.size(); ++i) {
            const auto at = static_cast<off_t>(offset + i * stream.element_bytes);
            if (!read_at(part.descriptor(), at, stream.references[i])) {
                throw Error("cannot be read again", system_reason(errno));
            }
        }
        placed.push_back(stream);
    }
    return placed;
}

template <class Number>
void ResultsWriter::File::add_dimension(const std::string& name, std::span<const Number> values, const Labels& labels)
{
    const std::string what = "dimension " + quoted(name) + " cannot be written";
    if (name.find('/') != std::string::npos) {
        throw misuse(what, "dimensions stand at the root");
    }
    Id scale = create_dataset(name, number_type(element_of<Number>), {values.size()}, hdf5::dataset_properties());
    must(H5DSset_scale(scale, name.c_str()), what);
    if (!values.empty()) {
        must(H5Dwrite(scale, number_type(element_of<Number>), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), what);
    }
    write_labels(scale, labels);
    dimensions[name] = {.scale = std::move(scale), .size = values.size()};
}

template <class Number>
void ResultsWriter::File::write(const std::string& name, std::size_t first, std::span<const Number> values)
{
    const std::string what = quoted(name) + " cannot be written";
    const auto found = variables.find(name);
    if (found == variables.end()) {
        throw misuse(what, "there is no such variable of numbers");
    }
    const auto& [dataset, element, shape] = found->second;
    if (element != element_of<Number>) {
        throw misuse(what, "it holds another type of number");
    }
    if (values.empty()) {
        return;
    }
    const hsize_t row = std::accumulate(shape.begin() + 1, shape.end(), hsize_t{1}, std::multiplies<>());
    if (row == 0 || values.size() % row != 0) {
        throw misuse(what, std::to_string(values.size()) + " values are no whole rows of " + std::to_string(row));
    }
    const hsize_t rows = values.size() / row;
    if (first > shape[0] || rows > shape[0] - first) {
        throw misuse(what, "rows " + std::to_string(first) + " to " + std::to_string(first + rows) + " of "
                               + std::to_string(shape[0]) + " do not exist");
    }
    std::vector<hsize_t> start(shape.size(), 0), count = shape;
    start[0] = first;
    count[0] = rows;
    const Id target(H5Dget_space(dataset), H5Sclose, what);
    must(H5Sselect_hyperslab(target, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), what);
    must(H5Dwrite(dataset, number_type(element), hdf5::space_of(count), target, H5P_DEFAULT, values.data()), what);
}

std::size_t bytes_of(Element element)
{
    return element == Element::float32 ? 4 : element == Element::uint8 ? 1 : 8;
}

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
    file_->in_file([&] { file_->add_dimension(name, values, labels); });
}

void ResultsWriter::dimension(const std::string& name, std::span<const std::int64_t> values, const Labels& labels)
{
    file_->in_file([&] { file_->add_dimension(name, values, labels); });
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
    file_->in_file([&] { file_->write(name, first, values); });
}

void ResultsWriter::write(const std::string& name, std::size_t first, std::span<const std::int64_t> values)
{
    file_->in_file([&] { file_->write(name, first, values); });
}

void ResultsWriter::write(const std::string& name, std::size_t first, std::span<const std::uint8_t> values)
{
    file_->in_file([&] { file_->write(name, first, values); });
}

void ResultsWriter::finish(const Fill& fill, std::size_t threads)
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
        file_->finished = true;
        file_->part.take_name();
    });
}

} // namespace osteoflare::output
