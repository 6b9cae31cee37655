#include "output/results_writer.hpp"

#include "output/hdf5.hpp"
#include "output/labels.hpp"
#include "output/part_file.hpp"
#include "output/seal.hpp"

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

} // namespace

struct ResultsWriter::File {
    PartFile part;
    hdf5::Sink sink; // before `file`, which writes to it until it is closed
    Id file;
    std::map<std::string, Dimension> dimensions;
    std::map<std::string, Variable> variables; // kept open: a sweep writes rows a million times
    std::set<std::string> names;               // of everything in the file
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
    dimensions.clear();
    file.reset();
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
        if (dimensions.empty()) {
            throw misuse(quoted(name) + " cannot be declared",
                         "a variable needs a dimension; one number is an attribute");
        }
        std::vector<hsize_t> shape;
        for (const std::string& dimension : dimensions) {
            shape.push_back(file_->dimension(dimension, name).size);
        }
        const double missing = std::numeric_limits<double>::quiet_NaN();
        const Id properties = hdf5::dataset_properties();
        if (element == Element::float64) {
            must(H5Pset_fill_value(properties, H5T_NATIVE_DOUBLE, &missing), "HDF5 refuses a fill value");
        }
        Id dataset = file_->create_dataset(name, number_type(element), shape, properties);
        if (element == Element::float64) {
            hdf5::write_attribute(dataset, "_FillValue", H5T_NATIVE_DOUBLE, hdf5::space_of({1}), &missing);
        }
        file_->attach_scales(dataset, dimensions, name);
        write_labels(dataset, labels);
        file_->variables[name] = {.dataset = std::move(dataset), .element = element, .shape = std::move(shape)};
    });
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

void ResultsWriter::finish()
{
    file_->in_file([&] {
        file_->variables.clear();
        file_->dimensions.clear();
        must(H5Fflush(file_->file, H5F_SCOPE_GLOBAL), "cannot be written");
        must(file_->file.reset(), "cannot be closed");
        file_->check_sink();
        if (!add_seal(file_->part.descriptor())) {
            const std::string reason = system_reason(errno);
            throw Error("cannot be sealed", reason);
        }
        file_->finished = true;
        file_->part.take_name();
    });
}

} // namespace osteoflare::output
