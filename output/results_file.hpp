#pragma once

// Private to output/: no public header includes this one.

#include "output/hdf5.hpp"
#include "output/labels.hpp"
#include "output/part_file.hpp"
#include "output/results_writer.hpp"
#include "output/streams.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace osteoflare::output {

hid_t number_type(Element element);

/// Allocated at once, and never filled with what would be overwritten anyway.
hdf5::Id streamed_properties();

/// A results file that is being written: what ResultsWriter does in HDF5's terms. Members throw hdf5::Error, which
/// in_file turns into FileError.
struct ResultsWriter::File {
    using Error = hdf5::Error;
    using Id = hdf5::Id;

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

    PartFile part;
    hdf5::Sink sink; // before `file`, which writes to it until it is closed
    Id file;
    std::map<std::string, Dimension> dimensions;
    std::map<std::string, Variable> variables; // kept open: rows may be written often
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

    void check_sink() const;
    /// Makes the groups of "group/name" that do not exist yet.
    void make_groups(const std::string& name);
    Id create_dataset(const std::string& name, hid_t type, const std::vector<hsize_t>& shape, hid_t properties);
    const Dimension& dimension(const std::string& name, const std::string& variable) const;
    /// netCDF and xarray find the dimensions of a variable through these.
    void attach_scales(hid_t dataset, const std::vector<std::string>& axes, const std::string& variable);
    /// Remembers a dataset that finish() writes.
    void stream(Id dataset, Stream::Kind kind, hsize_t n, std::size_t element_bytes);

    /// A new dataset over dimensions, with its labels; `shape` becomes theirs.
    Id declare(const std::string& name, const std::vector<std::string>& axes, Element element, const Labels& labels,
               const Id& properties, std::vector<hsize_t>& shape);
    /// Where the streams begin in the file, and what HDF5 wrote for the texts to choose from.
    std::vector<Stream> placed_streams();

    void add_dimension(const std::string& name, Element element, const void* values, hsize_t size,
                       const Labels& labels);
    /// Writes `n` values from row `first` on.
    void write(const std::string& name, std::size_t first, Element element, const void* values, std::size_t n);
};

} // namespace osteoflare::output
