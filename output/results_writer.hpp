#pragma once

#include "output/file_error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace osteoflare::output {

/// The value of an attribute: text, a number, a whole number, or a list of small codes (flag_values).
using AttributeValue = std::variant<std::string, double, std::int64_t, std::vector<std::uint8_t>>;

struct Attribute {
    std::string name;
    AttributeValue value;
};

/// What stands beside a variable in the file. Empty texts are left out.
struct Labels {
    std::string units = {};     ///< UDUNITS text; "d" for days, never "days"
    std::string long_name = {}; ///< in words
    std::string symbol = {};    ///< as on paper
    std::string source = {};    ///< origin or citation
    std::vector<Attribute> more = {};
};

/// Element type of a variable. Missing floating values are NaN and declared as such (`_FillValue`).
enum class Element { float64, float32, int64, uint8 };

std::size_t bytes_of(Element element);

/// Gives the values of streamed variables when the file asks for them: elements from `first` on (row-major, all rows
/// together) of the streamed variable with this number, as many as `to` has room for. Streamed choices are uint32
/// indices. Called once for each element, from several threads.
using Fill = std::function<void(std::size_t variable, std::uint64_t first, std::span<std::byte> to)>;

/// Writes one results file: HDF5 that is also valid netCDF-4 (docs/reference/file_format.md).
///
/// The file grows as PATH.part, locked against a second run, and takes its name only in finish(); a writer that is
/// destroyed before leaves nothing behind. One thread writes. Equal calls give equal bytes. Every failure is a
/// FileError: a full disk as well as a name that is taken, a text that is not UTF-8, or rows that do not exist.
///
/// Small variables are written at once. Streamed variables, however large, are declared first and written by finish(),
/// past HDF5: each byte once, in the order of the file, by several threads.
///
/// Behind the HDF5 content stands one line with its checksum, which other readers ignore and ResultsReader checks.
class ResultsWriter {
public:
    /// Throws FileError if `path` exists and `overwrite` is false, or cannot be written.
    ResultsWriter(std::filesystem::path path, bool overwrite);
    ~ResultsWriter();
    ResultsWriter(const ResultsWriter&) = delete;
    ResultsWriter& operator=(const ResultsWriter&) = delete;

    /// An attribute of the file itself.
    void attribute(const Attribute& attribute);
    /// An attribute of a group, which is made if it does not exist.
    void attribute(const std::string& group, const Attribute& attribute);

    /// A dimension with coordinate values (a dimension scale at the root).
    void dimension(const std::string& name, std::span<const double> values, const Labels& labels);
    void dimension(const std::string& name, std::span<const std::int64_t> values, const Labels& labels);

    /// A dimension of `size` members, counted from 0.
    void counted_dimension(const std::string& name, std::uint64_t size, const Labels& labels);

    /// Declares a variable over `dimensions`, which must exist; `name` may be "group/name". Every value starts missing
    /// (NaN; 0 for integers).
    void variable(const std::string& name, const std::vector<std::string>& dimensions, Element element,
                  const Labels& labels);
    /// A variable of texts (variable-length UTF-8), written at once.
    void texts(const std::string& name, const std::string& dimension, const std::vector<std::string>& values,
               const Labels& labels);

    /// Declares a variable that finish() writes; returns its number for Fill.
    std::size_t streamed(const std::string& name, const std::vector<std::string>& dimensions, Element element,
                         const Labels& labels);
    /// The same for a variable of texts, of which there are few: each value is an index into `choices`, which are no
    /// more than the dimension has values.
    std::size_t streamed_choices(const std::string& name, const std::string& dimension,
                                 const std::vector<std::string>& choices, const Labels& labels);

    /// Writes rows [first, first + n) along the first dimension, where n = values.size() / (size of one row).
    void write(const std::string& name, std::size_t first, std::span<const double> values);
    void write(const std::string& name, std::size_t first, std::span<const std::int64_t> values);
    void write(const std::string& name, std::size_t first, std::span<const std::uint8_t> values);

    /// Writes what is streamed, syncs to disk and gives the file its name. Throws FileError when the disk is full or
    /// the like, and what `fill` throws. If somebody has made a file of that name since the start and `overwrite` is
    /// false, the result stays in PATH.part.
    void finish(const Fill& fill = nullptr, std::size_t threads = 1);

private:
    struct File;
    std::unique_ptr<File> file_;
};

} // namespace osteoflare::output
