#pragma once

// Private to output/: no public header includes this one.

#include <hdf5.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace osteoflare::output::hdf5 {

/// What could not be done in a file, and the innermost reason for it; becomes a FileError where the file is known.
struct Error : std::runtime_error {
    Error(const std::string& what, std::string reason, std::string advice = {})
        : std::runtime_error(what), why(std::move(reason)), suggestion(std::move(advice))
    {
    }
    std::string why, suggestion;
};

/// Keeps HDF5 from printing its error stack; our exceptions carry the reason. The caller's own setting returns after.
class Quiet {
public:
    Quiet();
    ~Quiet();
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

private:
    H5E_auto2_t function_ = nullptr;
    void* data_ = nullptr;
};

/// The reason of the last failed call, in few words.
std::string innermost_reason();

/// Throws Error(what) if a call returned a negative value; else returns that value.
template <class Result>
Result must(Result result, const std::string& what)
{
    if (result < 0) {
        throw Error(what, innermost_reason());
    }
    return result;
}

/// An HDF5 identifier that closes itself.
class Id {
public:
    using Close = herr_t (*)(hid_t);

    Id() = default;
    /// Throws Error(what) if `number` is negative.
    Id(hid_t number, Close close, const std::string& what) : number_(must(number, what)), close_(close) {}
    ~Id() { reset(); }
    Id(Id&& other) noexcept : number_(std::exchange(other.number_, -1)), close_(other.close_) {}
    Id& operator=(Id&& other) noexcept
    {
        std::swap(number_, other.number_);
        std::swap(close_, other.close_);
        return *this;
    }

    operator hid_t() const { return number_; }
    /// Closes now; negative if HDF5 could not, as when the last bytes of a file do not fit on the disk.
    herr_t reset() noexcept { return number_ < 0 ? 0 : close_(std::exchange(number_, -1)); }

private:
    hid_t number_ = -1;
    Close close_ = nullptr;
};

/// Variable-length UTF-8, the only kind of text that Python, netCDF and HDF5 all read alike.
Id text_type();

/// Where the bytes of a new file go: an open, empty file.
///
/// HDF5 1.10 cannot live with a failed write: its caches jam, the file cannot be closed, and the process crashes when
/// it ends. So it is never told of one. The first error number is kept here, later bytes are dropped, and whoever owns
/// the sink asks for `error` after each call. To give a file up, set `error` before closing it.
struct Sink {
    int descriptor = -1;
    int error = 0;
    Id driver = {}; ///< set by create_file; HDF5 needs it until the file is closed
};

/// Makes the file that is created with this access list write to `sink`, which must outlive it.
void write_to_sink(hid_t access, Sink& sink);

/// A new file: equal calls make equal bytes (no times, objects in order of creation), metadata carries checksums, and
/// closing fails while objects are open.
Id create_file(Sink& sink);
/// Opens for reading.
Id open_file(const std::string& path);

Id create_group(hid_t parent, const std::string& name);
Id space_of(const std::vector<hsize_t>& shape);
/// Writes an attribute of any number of elements.
void write_attribute(hid_t object, const std::string& name, hid_t type, hid_t space, const void* value);
/// For a new dataset: contiguous, no times, attributes in order of creation, any number of them.
Id dataset_properties();

} // namespace osteoflare::output::hdf5
