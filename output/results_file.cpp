#include "output/results_file.hpp"

#include <hdf5_hl.h>

#include <cerrno>
#include <functional>
#include <limits>
#include <numeric>

namespace osteoflare::output {
namespace {

using hdf5::must;

bool is_floating(Element element)
{
    return element == Element::float64 || element == Element::float32;
}

} // namespace

std::size_t bytes_of(Element element)
{
    return element == Element::float32 ? 4 : element == Element::uint8 ? 1 : 8;
}

hid_t number_type(Element element)
{
    switch (element) {
    case Element::float32: return H5T_NATIVE_FLOAT;
    case Element::int64: return H5T_NATIVE_INT64;
    case Element::uint8: return H5T_NATIVE_UINT8;
    default: return H5T_NATIVE_DOUBLE;
    }
}

hdf5::Id streamed_properties()
{
    hdf5::Id properties = hdf5::dataset_properties();
    must(H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY), "HDF5 refuses a setting");
    must(H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER), "HDF5 refuses a setting");
    return properties;
}

ResultsWriter::File::~File()
{
    const hdf5::Quiet quiet;
    sink.error = ECANCELED; // nobody wants these bytes any more
    variables.clear();
    kept.clear();
    dimensions.clear();
    file.reset();
}

hdf5::Id ResultsWriter::File::declare(const std::string& name, const std::vector<std::string>& axes, Element element,
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

void ResultsWriter::File::check_sink() const
{
    if (sink.error != 0) {
        throw Error("cannot be written", system_reason(sink.error));
    }
}

void ResultsWriter::File::make_groups(const std::string& name)
{
    for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
        const std::string group = name.substr(0, slash);
        if (names.insert(group).second) {
            hdf5::create_group(file, group);
        }
    }
}

hdf5::Id ResultsWriter::File::create_dataset(const std::string& name, hid_t type, const std::vector<hsize_t>& shape,
                                             hid_t properties)
{
    check_name(name);
    make_groups(name);
    if (!names.insert(name).second) {
        throw misuse(quoted(name) + " cannot be declared", "the name is taken");
    }
    return Id(H5Dcreate2(file, name.c_str(), type, hdf5::space_of(shape), H5P_DEFAULT, properties, H5P_DEFAULT),
              H5Dclose, quoted(name) + " cannot be declared");
}

const ResultsWriter::File::Dimension& ResultsWriter::File::dimension(const std::string& name,
                                                                     const std::string& variable) const
{
    const auto found = dimensions.find(name);
    if (found == dimensions.end()) {
        throw misuse(quoted(variable) + " cannot be declared", "there is no dimension " + quoted(name));
    }
    return found->second;
}

void ResultsWriter::File::attach_scales(hid_t dataset, const std::vector<std::string>& axes,
                                        const std::string& variable)
{
    unsigned axis = 0;
    for (const std::string& name : axes) {
        must(H5DSattach_scale(dataset, dimension(name, variable).scale, axis++),
             quoted(variable) + " cannot get its dimension " + quoted(name));
    }
}

void ResultsWriter::File::stream(Id dataset, Stream::Kind kind, hsize_t n, std::size_t element_bytes)
{
    streams.push_back({dataset, {.kind = kind, .variable = n_fillable, .n = n, .element_bytes = element_bytes}});
    n_fillable += kind == Stream::Kind::counted ? 0 : 1;
    kept.push_back(std::move(dataset));
}

void ResultsWriter::File::add_dimension(const std::string& name, Element element, const void* values, hsize_t size,
                                        const Labels& labels)
{
    const std::string what = "dimension " + quoted(name) + " cannot be written";
    if (name.find('/') != std::string::npos) {
        throw misuse(what, "dimensions stand at the root");
    }
    Id scale = create_dataset(name, number_type(element), {size}, hdf5::dataset_properties());
    must(H5DSset_scale(scale, name.c_str()), what);
    if (size > 0) {
        must(H5Dwrite(scale, number_type(element), H5S_ALL, H5S_ALL, H5P_DEFAULT, values), what);
    }
    write_labels(scale, labels);
    dimensions[name] = {.scale = std::move(scale), .size = size};
}

void ResultsWriter::File::write(const std::string& name, std::size_t first, Element element, const void* values,
                                std::size_t n)
{
    const std::string what = quoted(name) + " cannot be written";
    const auto found = variables.find(name);
    if (found == variables.end()) {
        throw misuse(what, "there is no such variable of numbers");
    }
    const auto& [dataset, declared, shape] = found->second;
    if (declared != element) {
        throw misuse(what, "it holds another type of number");
    }
    if (n == 0) {
        return;
    }
    const hsize_t row = std::accumulate(shape.begin() + 1, shape.end(), hsize_t{1}, std::multiplies<>());
    if (row == 0 || n % row != 0) {
        throw misuse(what, std::to_string(n) + " values are no whole rows of " + std::to_string(row));
    }
    const hsize_t rows = n / row;
    if (first > shape[0] || rows > shape[0] - first) {
        throw misuse(what, "rows " + std::to_string(first) + " to " + std::to_string(first + rows) + " of "
                               + std::to_string(shape[0]) + " do not exist");
    }
    std::vector<hsize_t> start(shape.size(), 0), count = shape;
    start[0] = first;
    count[0] = rows;
    const Id target(H5Dget_space(dataset), H5Sclose, what);
    must(H5Sselect_hyperslab(target, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), what);
    must(H5Dwrite(dataset, number_type(element), hdf5::space_of(count), target, H5P_DEFAULT, values), what);
}

} // namespace osteoflare::output
