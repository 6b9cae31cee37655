#pragma once

#include "output/file_error.hpp"
#include "output/results.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace osteoflare::output {

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
class ResultsWriter : public Results {
public:
    /// Throws FileError if `path` exists and `overwrite` is false, or cannot be written.
    ResultsWriter(std::filesystem::path path, bool overwrite);
    ~ResultsWriter() override;
    ResultsWriter(const ResultsWriter&) = delete;
    ResultsWriter& operator=(const ResultsWriter&) = delete;

    void attribute(const Attribute& attribute) override;
    void attribute(const std::string& group, const Attribute& attribute) override;
    void dimension(const std::string& name, std::span<const double> values, const Labels& labels) override;
    void dimension(const std::string& name, std::span<const std::int64_t> values, const Labels& labels) override;
    void counted_dimension(const std::string& name, std::uint64_t size, const Labels& labels) override;
    void variable(const std::string& name, const std::vector<std::string>& dimensions, Element element,
                  const Labels& labels) override;
    void texts(const std::string& name, const std::string& dimension, const std::vector<std::string>& values,
               const Labels& labels) override;
    /// Streamed variables are numbered for Fill, and written by finish().
    std::size_t streamed(const std::string& name, const std::vector<std::string>& dimensions, Element element,
                         const Labels& labels) override;
    std::size_t streamed_choices(const std::string& name, const std::string& dimension,
                                 const std::vector<std::string>& choices, const Labels& labels) override;
    void write(const std::string& name, std::size_t first, std::span<const double> values) override;
    void write(const std::string& name, std::size_t first, std::span<const std::int64_t> values) override;
    void write(const std::string& name, std::size_t first, std::span<const std::uint8_t> values) override;

    /// Writes what is streamed, syncs to disk and gives the file its name. Throws FileError when the disk is full or
    /// the like, and what `fill` throws. If somebody has made a file of that name since the start and `overwrite` is
    /// false, the result stays in PATH.part. `before_name` is called when all that can fail but the name is done: what
    /// stands beside the results takes its own there, so that results with a name are never without it.
    void finish(const Fill& fill = nullptr, std::size_t threads = 1,
                const std::function<void()>& before_name = nullptr);

private:
    struct File;
    std::unique_ptr<File> file_;
};

} // namespace osteoflare::output
