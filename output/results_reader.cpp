#include "output/results_reader.hpp"

#include "output/descriptor.hpp"
#include "output/format_version.hpp"
#include "output/hdf5.hpp"
#include "output/part_file.hpp"
#include "output/seal.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <map>
#include <new>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string_view>

namespace osteoflare::output {
namespace fs = std::filesystem;
namespace {

using hdf5::Error;
using hdf5::Id;
using hdf5::must;

constexpr int deepest_group = 16; // Osteoflare writes one level; a group that holds itself must not hang us
const std::string restore = "restore it from a copy or run the scenario again";

std::string quoted(const std::string& name)
{
    return '"' + name + '"';
}

/// Throws for a file that does not begin as HDF5 does.
void require_hdf5(int descriptor)
{
    constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
    std::string begin(signature.size(), '\0');
    if (!read_at(descriptor, 0, std::as_writable_bytes(std::span(begin))) || begin != signature) {
        throw Error("is no results file", "it does not begin as HDF5 does", "choose a results file");
    }
}

Id open_object(hid_t place, const std::string& name)
{
    return Id(H5Oopen(place, name.c_str(), H5P_DEFAULT), H5Oclose, quoted(name) + " cannot be read");
}

void collect(hid_t group, const std::string& prefix, int depth, std::map<std::string, Id>& datasets)
{
    H5G_info_t info{};
    must(H5Gget_info(group, &info), "a group cannot be read");
    for (hsize_t i = 0; i < info.nlinks; ++i) {
        const auto name_at = [&](char* to, std::size_t size) {
            return must(H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, to, size, H5P_DEFAULT),
                        "a group cannot be read");
        };
        std::string name(static_cast<std::size_t>(name_at(nullptr, 0)), '\0');
        name_at(name.data(), name.size() + 1);
        Id object = open_object(group, name);
        const H5I_type_t kind = H5Iget_type(object);
        if (kind == H5I_DATASET) {
            datasets[prefix + name] = std::move(object);
        } else if (kind == H5I_GROUP && depth < deepest_group) {
            collect(object, prefix + name + '/', depth + 1, datasets);
        }
    }
}

std::vector<hsize_t> extent_of(hid_t space, const std::string& what)
{
    std::vector<hsize_t> extent(static_cast<std::size_t>(must(H5Sget_simple_extent_ndims(space), what)));
    must(H5Sget_simple_extent_dims(space, extent.data(), nullptr), what);
    return extent;
}

std::size_t product(const std::vector<hsize_t>& extent)
{
    return std::accumulate(extent.begin(), extent.end(), std::size_t{1}, std::multiplies<>());
}

/// `n` texts through `read(memory type, buffer)`; a text type of HDF5 is either of variable or of fixed length.
template <class Read>
std::vector<std::string> read_texts(hid_t type, hid_t space, std::size_t n, const std::string& what, Read read)
{
    std::vector<std::string> texts;
    if (must(H5Tis_variable_str(type), what) > 0) {
        std::vector<char*> characters(n, nullptr);
        must(read(type, characters.data()), what);
        for (const char* text : characters) {
            texts.emplace_back(text == nullptr ? "" : text);
        }
        must(H5Dvlen_reclaim(type, space, H5P_DEFAULT, characters.data()), what);
    } else {
        const std::size_t width = H5Tget_size(type);
        std::vector<char> characters(n * width, '\0');
        must(read(type, characters.data()), what);
        for (std::size_t i = 0; i < n; ++i) {
            const std::string padded(characters.data() + i * width, width);
            texts.push_back(padded.substr(0, padded.find('\0')));
        }
    }
    return texts;
}

} // namespace

struct ResultsReader::File {
    fs::path path;
    Id file;
    std::map<std::string, Id> datasets;

    /// Runs `work` with HDF5 silent and gives its errors the file's name.
    template <class Work>
    auto in_file(Work work) const
    {
        const hdf5::Quiet quiet;
        try {
            return work();
        } catch (const Error& error) {
            throw FileError(path, error.what(), error.why, error.suggestion.empty() ? restore : error.suggestion);
        } catch (const std::bad_alloc&) {
            throw FileError(path, "cannot be read", "it wants more memory than there is", restore);
        } catch (const std::length_error&) {
            throw FileError(path, "cannot be read", "it wants more memory than there is", restore);
        }
    }

    hid_t dataset(const std::string& variable) const
    {
        const auto found = datasets.find(variable);
        if (found == datasets.end()) {
            throw Error(quoted(variable) + " cannot be read", "there is no such variable in the file",
                        "choose one of: " + known());
        }
        return found->second;
    }

    std::string known() const
    {
        std::string list;
        for (const auto& [name, dataset] : datasets) {
            list += (list.empty() ? "" : ", ") + name;
        }
        return list;
    }

    /// Rows [first, first + n) of `extent`, already checked to exist.
    std::vector<double> read_rows(const std::string& variable, std::vector<hsize_t> extent, std::size_t first) const;
    std::vector<hsize_t> extent(const std::string& variable) const;

    /// An attribute of a variable, or of the file if `variable` is empty; nothing if it is absent.
    std::optional<Id> attribute(const std::string& variable, const std::string& name, const std::string& what) const
    {
        const hid_t object = variable.empty() ? static_cast<hid_t>(file) : dataset(variable);
        if (must(H5Aexists(object, name.c_str()), what) == 0) {
            return std::nullopt;
        }
        return Id(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, what);
    }
};

std::vector<hsize_t> ResultsReader::File::extent(const std::string& variable) const
{
    const std::string what = quoted(variable) + " cannot be read";
    const Id space(H5Dget_space(dataset(variable)), H5Sclose, what);
    return extent_of(space, what);
}

std::vector<double> ResultsReader::File::read_rows(const std::string& variable, std::vector<hsize_t> count,
                                                   std::size_t first) const
{
    const std::string what = quoted(variable) + " cannot be read";
    const Id type(H5Dget_type(dataset(variable)), H5Tclose, what);
    const H5T_class_t kind = H5Tget_class(type);
    if (kind != H5T_INTEGER && kind != H5T_FLOAT) {
        throw Error(what, "it holds no numbers", "ask for its texts");
    }
    std::vector<double> values(product(count));
    if (values.empty()) {
        return values;
    }
    const Id source(H5Dget_space(dataset(variable)), H5Sclose, what);
    if (!count.empty()) {
        std::vector<hsize_t> start(count.size(), 0);
        start[0] = first;
        must(H5Sselect_hyperslab(source, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), what);
    }
    const Id target = hdf5::space_of({values.size()});
    must(H5Dread(dataset(variable), H5T_NATIVE_DOUBLE, target, source, H5P_DEFAULT, values.data()), what);
    return values;
}

ResultsReader::ResultsReader(const fs::path& path) : file_(std::make_unique<File>())
{
    file_->path = path;
    file_->in_file([&] {
        const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (descriptor.number() < 0) {
            const std::string why = system_reason(errno);
            for (const char* ending : {".part", ".shards", ".checkpoint"}) {
                if (const fs::path rest = path.native() + ending; fs::exists(rest)) {
                    throw Error("is not finished", "what a run left of it until now is " + rest.filename().string(),
                                "wait for that run, or let it go on with --resume");
                }
            }
            throw Error("cannot be read", why, "check its name");
        }
        std::error_code error;
        if (!fs::is_regular_file(path, error)) {
            throw Error("cannot be read", "this is not a file", "choose a results file");
        }
        // Before HDF5 sees it: HDF5 trusts the inside of a file, and can crash on a damaged one.
        require_hdf5(descriptor.number());
        switch (check_seal(descriptor.number())) {
        case Seal::intact: break;
        case Seal::broken: throw Error("is damaged", "its content does not match the checksum at its end", restore);
        case Seal::absent:
            throw Error("carries no seal", "it is cut off, or another program has made or changed it", restore);
        }
        file_->file = hdf5::open_file(path.string());
        const auto format = static_cast<std::int64_t>(number_attribute("", "osteoflare_format").value_or(0));
        if (format > results_format) {
            throw later_format(path, format, results_format);
        }
        collect(file_->file, "", 0, file_->datasets);
    });
}

ResultsReader::~ResultsReader()
{
    const hdf5::Quiet quiet;
    file_.reset();
}

std::vector<std::string> ResultsReader::variables() const
{
    std::vector<std::string> names;
    for (const auto& [name, dataset] : file_->datasets) {
        names.push_back(name);
    }
    return names;
}

bool ResultsReader::has(const std::string& variable) const
{
    return file_->datasets.contains(variable);
}

std::vector<std::size_t> ResultsReader::shape(const std::string& variable) const
{
    return file_->in_file([&] {
        const auto extent = file_->extent(variable);
        return std::vector<std::size_t>(extent.begin(), extent.end());
    });
}

std::vector<double> ResultsReader::numbers(const std::string& variable) const
{
    return file_->in_file([&] { return file_->read_rows(variable, file_->extent(variable), 0); });
}

std::vector<double> ResultsReader::numbers(const std::string& variable, std::size_t first, std::size_t n) const
{
    return file_->in_file([&] {
        auto count = file_->extent(variable);
        if (count.empty() || first > count[0] || n > count[0] - first) {
            throw Error(quoted(variable) + " cannot be read",
                        "it has only " + std::to_string(count.empty() ? 1 : count[0]) + " rows", "ask for fewer");
        }
        count[0] = n;
        return file_->read_rows(variable, std::move(count), first);
    });
}

std::vector<std::string> ResultsReader::texts(const std::string& variable) const
{
    return file_->in_file([&] {
        const std::string what = quoted(variable) + " cannot be read";
        const hid_t dataset = file_->dataset(variable);
        const Id type(H5Dget_type(dataset), H5Tclose, what);
        if (H5Tget_class(type) != H5T_STRING) {
            throw Error(what, "it holds no texts", "ask for its numbers");
        }
        const Id space(H5Dget_space(dataset), H5Sclose, what);
        return read_texts(type, space, product(extent_of(space, what)), what, [&](hid_t memory_type, void* buffer) {
            return H5Dread(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
        });
    });
}

std::optional<std::string> ResultsReader::text_attribute(const std::string& variable, const std::string& name) const
{
    return file_->in_file([&]() -> std::optional<std::string> {
        const std::string what = "attribute " + quoted(name) + " cannot be read";
        const auto attribute = file_->attribute(variable, name, what);
        if (!attribute) {
            return std::nullopt;
        }
        const Id type(H5Aget_type(*attribute), H5Tclose, what);
        const Id space(H5Aget_space(*attribute), H5Sclose, what);
        if (H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1) {
            return std::nullopt;
        }
        return read_texts(type, space, 1, what,
                          [&](hid_t memory_type, void* buffer) { return H5Aread(*attribute, memory_type, buffer); })
            .front();
    });
}

std::optional<double> ResultsReader::number_attribute(const std::string& variable, const std::string& name) const
{
    return file_->in_file([&]() -> std::optional<double> {
        const std::string what = "attribute " + quoted(name) + " cannot be read";
        const auto attribute = file_->attribute(variable, name, what);
        if (!attribute) {
            return std::nullopt;
        }
        const Id type(H5Aget_type(*attribute), H5Tclose, what);
        const Id space(H5Aget_space(*attribute), H5Sclose, what);
        const H5T_class_t kind = H5Tget_class(type);
        if ((kind != H5T_INTEGER && kind != H5T_FLOAT) || H5Sget_simple_extent_npoints(space) != 1) {
            return std::nullopt;
        }
        double value = 0;
        must(H5Aread(*attribute, H5T_NATIVE_DOUBLE, &value), what);
        return value;
    });
}

} // namespace osteoflare::output
